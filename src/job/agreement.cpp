#include "agreement.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "publish.hpp"

#include "binrip/base/file.hpp"
#include "binrip/cd/lba_ranges.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/rip/engine.hpp"

namespace binrip::job {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;

namespace {

constexpr cd::SectorCount kSectorsAPlace{2};
// Where drives differ in what they reach; silence may stand there.
constexpr cd::SectorCount kEdge{12};

// Places spread evenly over all sectors in these states.
std::vector<LbaRange> places(const KnownSectors& known, SectorState lowest, SectorState highest) {
  const rip::SectorMap& map = known.map;
  const std::int64_t most = known.places;
  std::vector<LbaRange> candidates;
  for (const auto& [range, state] : map.runs()) {
    if (state < lowest || state > highest) continue;
    LbaRange inner = range;
    for (const LbaRange& session : map.ranges()) {
      if (!session.contains(range.begin)) continue;
      inner.begin = std::max(inner.begin, session.begin + kEdge);
      inner.end = std::min(inner.end, session.end - kEdge);
    }
    if (!(inner.begin < inner.end)) continue;
    candidates.push_back(inner);
  }
  const std::int64_t total = cd::total_size(candidates);
  std::vector<LbaRange> found;
  std::int64_t before = 0;
  std::int64_t next = 0;  // number of the place
  for (const LbaRange& range : candidates) {
    for (; next < most && next * total / most < before + range.size().value; ++next) {
      const Lba at = range.begin + cd::SectorCount{static_cast<std::int32_t>(next * total / most - before)};
      const Lba begin = found.empty() ? at : std::max(at, found.back().end);
      const Lba end = std::min(at + kSectorsAPlace, range.end);
      if (begin < end) found.push_back({begin, end});
    }
    before += range.size().value;
  }
  return found;
}

// A map on which only these sectors are left to read.
rip::SectorMap map_of_places(const rip::SectorMap& image, const std::vector<LbaRange>& targets) {
  rip::SectorMap map(image.disc_identity(), image.ranges());
  Lba done = image.ranges().front().begin;
  for (const LbaRange& range : targets) {
    map.raise({done, range.begin}, SectorState::proven);
    done = range.end;
  }
  map.raise({done, image.ranges().back().end}, SectorState::proven);
  for (const LbaRange& range : image.ranges()) map.raise_sub(range, rip::SubState::right);
  return map;
}

struct Comparison {
  std::int64_t same = 0, different = 0;
  std::optional<Lba> first_different;
};

class AgreementCheck {
 public:
  AgreementCheck(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile,
                 const KnownSectors& known, std::stop_token stop)
      : drive_(drive), disc_(disc), profile_(profile), known_(known), stop_(std::move(stop)) {}

  Result<Comparison> compare(const std::vector<LbaRange>& targets) {
    TRY(rip::Capture capture, rip::Capture::open(known_.folder / kCheck, known_.map.disc_identity(),
                                                 known_.map.ranges(), rip::Capture::Begin::anew));
    TRY_VOID(capture.restore(map_of_places(known_.map, targets)));
    rip::Listener nobody;
    rip::EngineOptions options;
    options.retries = 0;
    options.sub_goal = rip::SubGoal::by_the_way;
    rip::Engine engine(drive_, disc_, profile_, capture, nobody, std::move(options));
    TRY_VOID(engine.run(stop_));
    Comparison result;
    std::array<Byte, cd::kSectorSize> here, before;
    for (const LbaRange& range : targets) {
      for (Lba lba = range.begin; lba < range.end; ++lba) {
        if (capture.map().state(lba) < SectorState::consistent) continue;
        TRY_VOID(capture.read_main(lba, here));
        TRY_VOID(known_.read_main(lba, before));
        if (here == before) {
          ++result.same;
        } else {
          ++result.different;
          if (!result.first_different) result.first_different = lba;
        }
      }
    }
    return result;
  }

 private:
  drive::Drive& drive_;
  const cd::Disc& disc_;
  drive::Profile& profile_;
  const KnownSectors& known_;
  std::stop_token stop_;
};

Error contradiction(const KnownSectors& known, const Comparison& found, const drive::Profile& profile) {
  return {
      ErrorKind::mismatch,
      fmt::format("the disc differs from {}: {} of {} sectors that were compared, first LBA {}",
                  known.name.string(), found.different, found.different + found.same,
                  found.first_different->value),
      fmt::format("another pressing with the same tracks, or a wrong read offset (here {:+}); the image was "
                  "not changed",
                  profile.read_offset.value)};
}

// What the image is sure of must be the same.
Result<void> check_good(AgreementCheck& check, const KnownSectors& known, const drive::Profile& profile) {
  const std::vector<LbaRange> good = places(known, SectorState::consistent, SectorState::proven);
  if (good.empty()) return {};
  TRY(const Comparison found, check.compare(good));
  if (found.different > 0) return fail(contradiction(known, found, profile));
  if (found.same > 0) return {};
  return fail(ErrorKind::medium,
              fmt::format("none of {} good sectors of {} could be read well enough to compare them",
                          cd::total_size(good), known.name.string()),
              "whether this is the same disc is not known; nothing was changed");
}

// Where much of the image is unproven, most of that must be the same. A few may well be wrong: they are what
// reading goes on for.
Result<void> check_unproven(AgreementCheck& check, const KnownSectors& known, const drive::Profile& profile) {
  constexpr std::int64_t kMuch = 4;  // a quarter of the disc
  const cd::StateCounts counts = known.map.counts();
  const std::int64_t unproven = counts[static_cast<std::size_t>(SectorState::unproven)];
  if (unproven * kMuch < cd::total_size(known.map.ranges())) return {};
  TRY(const Comparison found, check.compare(places(known, SectorState::unproven, SectorState::unproven)));
  if (found.different > found.same) return fail(contradiction(known, found, profile));
  return {};
}

}  // namespace

KnownSectors known_sectors(const PublishedImage& published) {
  return {
      .map = published.map,
      .read_main = [&published](Lba lba,
                                cd::MutableSectorBytes out) { return published.image->read_main(lba, out); },
      .name = published.names.with(".cue"),
      .folder = published.names.partial(),
      .places = kPlacesOfAnImage};
}

Result<void> check_agreement(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile,
                             const KnownSectors& known, std::stop_token stop) {
  namespace fs = std::filesystem;
  const fs::path partial = known.folder;
  std::error_code error;
  const bool was_there = fs::exists(partial, error);
  fs::create_directory(partial, error);
  if (error) return fail(errno_error(error.value(), "create", partial));
  TRY_VOID(sync_folder(partial.parent_path()));
  AgreementCheck agreement(drive, disc, profile, known, std::move(stop));
  Result<void> result = check_good(agreement, known, profile);
  if (result) result = check_unproven(agreement, known, profile);
  fs::remove_all(partial / kCheck, error);
  if (!result && !was_there) fs::remove(partial, error);
  return result;
}

}  // namespace binrip::job
