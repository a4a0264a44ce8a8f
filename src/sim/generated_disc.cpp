#include "binrip/sim/generated_disc.hpp"

#include <algorithm>
#include <map>

#include "content.hpp"
#include "layout.hpp"
#include "noise.hpp"

#include "binrip/sim/toc_source.hpp"

namespace binrip::sim {
namespace {

constexpr cd::SectorCount kFileSystemSectors{96};  // at most; what follows in the track is noise

struct SampleRange {
  std::int64_t begin, end;
};
std::int64_t first_sample(cd::Lba lba) { return std::int64_t{lba.value} * cd::kSamplesPerSector; }

class GeneratedDisc final : public image::DiscImage, public TocSource {
 public:
  explicit GeneratedDisc(DiscRecipe recipe);

  const cd::Disc& disc() const override { return recipe_.disc; }
  const cd::Disc& toc() const override { return toc_; }
  std::optional<cd::Atip> atip() const override { return recipe_.atip; }
  Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) override;
  Result<bool> read_sub(cd::Lba lba, cd::MutableSubBytes out) override;

 private:
  struct FileSystem {
    cd::Lba first;
    ByteVector data;
  };
  void find_sounding_samples();
  void make_file_systems();
  Result<void> check_reach(cd::Lba lba) const;
  void read_audio(cd::Lba lba, cd::MutableSectorBytes out) const;
  void read_data(const Area& area, cd::Lba lba, cd::MutableSectorBytes out) const;
  Bytes file_system_sector(cd::Lba lba) const;

  DiscRecipe recipe_;
  cd::Disc toc_;
  cd::Disc sub_disc_;  // what the subchannel tells
  std::map<cd::Lba, cd::QBytes> wrong_q_;
  Layout layout_;
  std::vector<SampleRange> sounding_;  // ascending: where audio is not silent
  std::vector<FileSystem> file_systems_;
};

GeneratedDisc::GeneratedDisc(DiscRecipe recipe)
    : recipe_(std::move(recipe)), toc_(recipe_.disc), sub_disc_(recipe_.disc), layout_(recipe_.disc) {
  const SubQuirks& quirks = recipe_.quirks;
  wrong_q_.insert(quirks.wrong_q.begin(), quirks.wrong_q.end());
  if (!quirks.mcn) sub_disc_.mcn.clear();
  for (cd::Session& session : sub_disc_.sessions) {
    for (cd::Track& track : session.tracks) {
      if (!quirks.isrc) track.isrc.clear();
    }
  }
  for (cd::Session& session : toc_.sessions) {
    for (cd::Track& track : session.tracks) {
      for (const auto& [number, control] : quirks.toc_control) {
        if (track.number == number) track.control = control;
      }
    }
  }
  find_sounding_samples();
  make_file_systems();
}

// Adjoining audio tracks are one run; a run's edges are silent.
void GeneratedDisc::find_sounding_samples() {
  cd::LbaRange run{};
  const auto finish = [&] {
    if (!run.empty()) {
      sounding_.push_back(
          {first_sample(run.begin) + recipe_.silent_edge, first_sample(run.end) - recipe_.silent_edge});
    }
    run = {};
  };
  for (const Area& area : layout_.areas()) {
    if (area.kind != AreaKind::track || area.is_data()) {
      finish();
    } else if (run.empty()) {
      run = area.range;
    } else {
      run.end = area.range.end;
    }
  }
  finish();
}

void GeneratedDisc::make_file_systems() {
  for (const cd::Session& session : recipe_.disc.sessions) {
    const auto track = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [](const cd::Track& t) { return t.is_data(); });
    if (track == session.tracks.end()) continue;
    const cd::SectorCount room = layout_.at(track->start()).range.end - track->start();
    const std::string volume = "BINRIP_" + std::to_string(session.number);
    file_systems_.push_back(
        {track->start(), iso_filesystem(track->start(), std::min(room, kFileSystemSectors), volume)});
  }
}

Result<void> GeneratedDisc::check_reach(cd::Lba lba) const {
  const auto areas = layout_.areas();
  if (lba >= areas.front().range.begin && lba < areas.back().range.end) return {};
  return fail(ErrorKind::invalid, "sector " + std::to_string(lba.value) + " lies outside of the disc");
}

Result<void> GeneratedDisc::read_main(cd::Lba lba, cd::MutableSectorBytes out) {
  TRY_VOID(check_reach(lba));
  const Area& area = layout_.at(lba);
  if (area.kind != AreaKind::track) {
    fill_blank(area.mode, lba, out);
  } else if (area.is_data()) {
    read_data(area, lba, out);
  } else {
    read_audio(lba, out);
  }
  return {};
}

void GeneratedDisc::read_audio(cd::Lba lba, cd::MutableSectorBytes out) const {
  const std::int64_t begin = first_sample(lba);
  const std::int64_t end = begin + cd::kSamplesPerSector;
  for (const SampleRange& range : sounding_) {
    if (range.end <= begin || end <= range.begin) continue;
    fill_audio(recipe_.seed, lba, out);
    const auto silence = [&](std::int64_t from, std::int64_t to) {
      if (from < to) std::fill(out.begin() + from * 4, out.begin() + to * 4, Byte{0});
    };
    silence(0, range.begin - begin);
    silence(std::max<std::int64_t>(0, range.end - begin), cd::kSamplesPerSector);
    return;
  }
  std::fill(out.begin(), out.end(), Byte{0});
}

Bytes GeneratedDisc::file_system_sector(cd::Lba lba) const {
  for (const FileSystem& fs : file_systems_) {
    const auto at = static_cast<std::size_t>((lba - fs.first).value) * cd::kUserDataSize;
    if (lba >= fs.first && at + cd::kUserDataSize <= fs.data.size()) {
      return Bytes(fs.data).subspan(at, cd::kUserDataSize);
    }
  }
  return {};
}

void GeneratedDisc::read_data(const Area& area, cd::Lba lba, cd::MutableSectorBytes out) const {
  const cd::Track& track = recipe_.disc.sessions[area.session].tracks[area.track];
  if (lba < track.start()) return fill_blank(area.mode, lba, out);
  std::array<Byte, cd::kForm2DataSize> noise{};
  Bytes data = file_system_sector(lba);
  const bool from_file_system = !data.empty();
  if (!from_file_system) {
    fill_noise(recipe_.seed, lba, noise);
    data = noise;
  }
  if (area.mode == cd::TrackMode::mode1) {
    return cd::build_mode1(out, lba, data.first(cd::kUserDataSize));
  }
  const bool form2 =
      !from_file_system && recipe_.form2_every > 0 && (lba - track.start()).value % recipe_.form2_every == 0;
  if (form2)
    return cd::build_mode2(out, lba, {1, 1, cd::kSubmodeForm2 | 0x44, 0x01}, data);  // real-time audio
  cd::build_mode2(out, lba, {0, 0, 0x08, 0}, data.first(cd::kUserDataSize));
}

Result<bool> GeneratedDisc::read_sub(cd::Lba lba, cd::MutableSubBytes out) {
  TRY_VOID(check_reach(lba));
  fill_sub(sub_disc_, lba, out);
  if (const auto wrong = wrong_q_.find(lba); wrong != wrong_q_.end()) {
    std::copy(wrong->second.begin(), wrong->second.end(), out.begin() + cd::kQOffset);
  }
  const Area& area = layout_.at(lba);
  if (area.kind != AreaKind::track) return true;
  const cd::Track& track = recipe_.disc.sessions[area.session].tracks[area.track];
  const auto& cdg = recipe_.quirks.cdg_tracks;
  const bool has_graphics = std::find(cdg.begin(), cdg.end(), track.number) != cdg.end();
  if (has_graphics && lba >= track.start() &&
      mix64(recipe_.seed ^ static_cast<std::uint32_t>(lba.value)) % 3 != 0) {
    add_cdg(recipe_.seed, lba, out);
  }
  return true;
}

}  // namespace

std::shared_ptr<image::DiscImage> make_disc(DiscRecipe recipe) {
  return std::make_shared<GeneratedDisc>(std::move(recipe));
}

}  // namespace binrip::sim
