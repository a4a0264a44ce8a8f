#include "binrip/verify/audit.hpp"

#include <algorithm>
#include <array>

#include "background_hasher.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kAuditBlock = 446;  // about a MiB

bool mode_fits(cd::SectorBytes sector, cd::SectorKind kind, cd::TrackMode mode) {
  switch (kind) {
    case cd::SectorKind::mode0:
      return all_zero(sector.subspan<cd::kHeaderOffset + 4>());
    case cd::SectorKind::mode1:
      return mode == cd::TrackMode::mode1;
    case cd::SectorKind::mode2_form1:
    case cd::SectorKind::mode2_form2:
    case cd::SectorKind::mode2_formless:
      return mode != cd::TrackMode::mode1;
    case cd::SectorKind::audio:
    case cd::SectorKind::unknown_mode:
      break;
  }
  return false;
}

class Auditor {
 public:
  Auditor(image::DiscImage& image, DigestSet whole, std::stop_token stop)
      : image_(image), stop_(std::move(stop)), whole_(whole) {}

  Result<Audit> run() {
    const std::vector<cd::TrackRef> tracks = cd::track_ranges(image_.disc());
    const bool single = tracks.size() == 1;  // the whole is the track
    for (const cd::TrackRef& ref : tracks) TRY_VOID(audit_track(ref, single ? nullptr : &whole_));
    audit_.whole = single ? audit_.tracks.front().digests : whole_.finish();
    return std::move(audit_);
  }

 private:
  Result<void> audit_track(const cd::TrackRef& ref, BackgroundHasher* whole) {
    TrackAudit track{.session = ref.session->number,
                     .number = ref.track->number,
                     .mode = ref.track->mode,
                     .range = ref.range,
                     .digests = {}};
    for (cd::Lba at = ref.range.begin; at < ref.range.end;) {
      if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      const auto count =
          std::min<std::size_t>(kAuditBlock, static_cast<std::size_t>((ref.range.end - at).value));
      MutableBytes block = MutableBytes(buffers_[next_]).first(count * cd::kSectorSize);
      next_ = 1 - next_;
      TRY_VOID(image_.read_run({at, at + cd::SectorCount{static_cast<std::int32_t>(count)}}, block));
      for (std::size_t i = 0; i < count; ++i, ++at) {
        const cd::SectorBytes sector = block.subspan(i * cd::kSectorSize).first<cd::kSectorSize>();
        check_main(sector, at, *ref.track, track);
        TRY_VOID(check_sub(at));
      }
      for (BackgroundHasher* hasher : {&track_, whole}) {
        if (hasher == nullptr) continue;
        hasher->wait();
        hasher->start(block);
      }
    }
    track.digests = track_.finish();
    audit_.tracks.push_back(std::move(track));
    return {};
  }

  void check_main(cd::SectorBytes sector, cd::Lba lba, const cd::Track& track, TrackAudit& result) {
    if (!track.is_data()) return;
    const bool may_be_audio = lba < track.start() && result.checked == 0;
    if (may_be_audio && !cd::has_sync(sector)) return;
    const image::StoredPart stored = image_.stored_part(lba);
    if (stored == image::StoredPart::user_data || stored == image::StoredPart::nothing) return;
    ++result.checked;
    const std::optional<SectorFault> fault = fault_of(sector, lba, track.mode, stored);
    if (!fault) return;
    ++result.faulty;
    std::vector<FaultRun>& runs = audit_.faults;
    if (!runs.empty() && runs.back().range.end == lba && runs.back().fault == *fault) {
      ++runs.back().range.end;
    } else {
      runs.push_back({{lba, lba + cd::SectorCount{1}}, *fault});
    }
  }

  Result<void> check_sub(cd::Lba lba) {
    std::array<Byte, cd::kSubSize> record;
    TRY(const bool there, image_.read_sub(lba, record));
    if (!there) return {};
    ++audit_.records;
    const cd::QBytes q = cd::q_of(record);
    ++(!cd::q_crc_right(q)   ? audit_.q_wrong_crc
       : !cd::q_fits(q, lba) ? audit_.q_wrong_address
                             : audit_.q_right);
    return {};
  }

  image::DiscImage& image_;
  std::stop_token stop_;
  Audit audit_;
  std::array<ByteVector, 2> buffers_ = {ByteVector(kAuditBlock * cd::kSectorSize),
                                        ByteVector(kAuditBlock* cd::kSectorSize)};
  std::size_t next_ = 0;
  BackgroundHasher track_, whole_;  // last: they read the buffers
};

}  // namespace

std::string_view to_string(SectorFault fault) {
  switch (fault) {
    case SectorFault::no_sync:
      return "no sync";
    case SectorFault::wrong_address:
      return "wrong address";
    case SectorFault::wrong_mode:
      return "wrong mode";
    case SectorFault::wrong_edc:
      return "wrong EDC";
    case SectorFault::wrong_ecc:
      return "wrong ECC";
  }
  return "";
}

std::optional<SectorFault> fault_of(cd::SectorBytes sector, cd::Lba lba, cd::TrackMode mode,
                                    image::StoredPart stored) {
  if (stored == image::StoredPart::user_data || stored == image::StoredPart::nothing) return std::nullopt;
  const cd::SectorCheck check = cd::check_sector(sector);
  if (check.kind == cd::SectorKind::audio) return SectorFault::no_sync;
  if (check.address != lba) return SectorFault::wrong_address;
  if (!mode_fits(sector, check.kind, mode)) return SectorFault::wrong_mode;
  if (check.edc == cd::EdcState::wrong) return SectorFault::wrong_edc;
  if (check.ecc == cd::EccState::wrong) return SectorFault::wrong_ecc;
  return std::nullopt;
}

Result<Audit> audit_image(image::DiscImage& image, std::stop_token stop, DigestSet whole) {
  return Auditor(image, whole, std::move(stop)).run();
}

}  // namespace binrip::verify
