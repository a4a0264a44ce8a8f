#include "understanding.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace binrip::job {

using cd::Lba;
using cd::LbaRange;

namespace {

constexpr std::int64_t kSectorsAtOnce = 512;

// Calls f(lba, record) for every sector of `range`; `position` is its place in the file, in records.
Result<void> for_each_record(const File& file, LbaRange range, std::int64_t position, std::size_t record_size,
                             const std::function<void(Lba, Bytes)>& f) {
  ByteVector buffer(static_cast<std::size_t>(kSectorsAtOnce) * record_size);
  for (Lba lba = range.begin; lba < range.end;) {
    const std::int64_t count = std::min<std::int64_t>(kSectorsAtOnce, (range.end - lba).value);
    const MutableBytes block(buffer.data(), static_cast<std::size_t>(count) * record_size);
    TRY(const std::size_t got, file.read_at(block, position * static_cast<std::int64_t>(record_size)));
    if (got != block.size())
      return fail(ErrorKind::io, fmt::format("{} is shorter than it was", file.path().string()));
    for (std::int64_t i = 0; i < count; ++i, ++lba) {
      f(lba, Bytes(block).subspan(static_cast<std::size_t>(i) * record_size, record_size));
    }
    position += count;
  }
  return {};
}

Result<void> analyse_q(const rip::Capture& capture, cd::QAnalysis& analysis) {
  TRY(const File sub, File::open_read(capture.sub_path()));
  std::int64_t position = 0;
  for (const LbaRange& range : capture.map().ranges()) {
    TRY_VOID(for_each_record(sub, range, position, cd::kSubSize, [&](Lba lba, Bytes bytes) {
      const cd::SubBytes record = bytes.first<cd::kSubSize>();
      analysis.add(lba, cd::q_of(record));
      analysis.add_rw(lba, cd::has_rw(record));
    }));
    position += range.size().value;
  }
  return {};
}

void count_kind(cd::SectorKind kind, SectorKinds& kinds) {
  switch (kind) {
    case cd::SectorKind::mode1:
      ++kinds.mode1;
      break;
    case cd::SectorKind::mode2_form1:
      ++kinds.form1;
      break;
    case cd::SectorKind::mode2_form2:
      ++kinds.form2;
      break;
    default:
      ++kinds.other;
      break;
  }
}

// Only what is known to be right may say what a track is.
Result<SectorKinds> count_kinds(const File& main, const rip::SectorMap& map, LbaRange range,
                                std::int64_t position) {
  SectorKinds kinds;
  TRY_VOID(for_each_record(main, range, position, cd::kSectorSize, [&](Lba lba, Bytes bytes) {
    if (map.state(lba) >= cd::SectorState::unproven)
      count_kind(cd::classify(bytes.first<cd::kSectorSize>()), kinds);
  }));
  return kinds;
}

cd::TrackMode mode_of(const SectorKinds& kinds, const cd::Track& track, cd::DiscType type) {
  const std::int64_t mode2 = kinds.form1 + kinds.form2;
  if (kinds.mode1 + mode2 == 0) return track.mode;
  if (kinds.mode1 >= mode2) return cd::TrackMode::mode1;
  return type == cd::DiscType::cd_i ? cd::TrackMode::cdi : cd::TrackMode::mode2;
}

Result<void> find_modes(const rip::Capture& capture, Understanding& result) {
  TRY(const File main, File::open_read(capture.main_path()));
  const std::vector<cd::TrackRef> refs = cd::track_ranges(result.disc);
  std::size_t index = 0;
  for (cd::Session& session : result.disc.sessions) {
    for (cd::Track& track : session.tracks) {
      SectorKinds kinds;
      const LbaRange range = refs[index++].range;
      if (track.is_data()) {
        const auto position = cd::image_position(result.disc, range.begin);
        TRY(kinds, count_kinds(main, capture.map(), range, position ? position->value : 0));
        track.mode = mode_of(kinds, track, session.type);
        if (kinds.mode1 > 0 && kinds.form1 + kinds.form2 > 0) {
          result.notes.push_back(fmt::format("track {}: {} sectors of Mode 1 among {} of Mode 2",
                                             track.number, kinds.mode1, kinds.form1 + kinds.form2));
        }
      }
      result.kinds.push_back(kinds);
    }
  }
  return {};
}

}  // namespace

Result<Understanding> understand(const rip::Capture& capture, const cd::Disc& toc_disc,
                                 drive::SubSupport sub) {
  Understanding result;
  result.disc = toc_disc;
  if (sub != drive::SubSupport::none) {
    cd::QAnalysis analysis(toc_disc);
    TRY_VOID(analyse_q(capture, analysis));
    cd::QAnalysis::Findings found = analysis.finish();
    result.disc = std::move(found.disc);
    result.q_right = found.q_right;
    result.q_wrong_crc = found.q_wrong_crc;
    result.q_wrong_address = found.q_wrong_address;
    result.has_cdg = found.has_cdg;
    result.notes = std::move(found.notes);
  }
  TRY_VOID(find_modes(capture, result));
  return result;
}

}  // namespace binrip::job
