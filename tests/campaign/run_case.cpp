#include "run_case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "oracle.hpp"

#include "binrip/base/file.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::campaign {
namespace {

namespace fs = std::filesystem;
using cd::SectorState;

// A rip that asks more, or takes longer on the drive's clock, hangs.
constexpr std::int64_t kMostCommands = 100'000;
constexpr double kMostSeconds = 4 * 3600.0;

// What is on disk when the rip has ended: published, or left to be resumed.
struct Found {
  fs::path main;
  std::optional<rip::SectorMap> map;  // nothing: every sector is good
};

Result<Found> find_image(const fs::path& folder, const Result<job::RipOutcome>& outcome) {
  Found found;
  fs::path map = folder / "out.map";
  found.main = folder / "out.bin";
  if (!outcome) {
    const fs::path partial = folder / "out.partial";
    map = rip::Capture::map_path(partial);
    found.main = partial / "main";
    if (!fs::exists(map)) return found;
  } else if (outcome->report.exit_code == 0) {
    return found;
  }
  TRY(const std::string text, read_text(map));
  TRY(found.map, rip::parse_map(text, map.string()));
  return found;
}

// The oracle begins when the stage after the probing does.
class Stages : public rip::Listener {
 public:
  explicit Stages(Oracle& oracle) : oracle_(oracle) {}
  void on_stage(const std::string& stage) override {
    if (probed_) oracle_.begin();
    probed_ = probed_ || stage.starts_with("probing");
  }

 private:
  Oracle& oracle_;
  bool probed_ = false;
};

class Judgement {
 public:
  Judgement(const Oracle& oracle, const cd::Disc& disc, CaseResult& result)
      : oracle_(oracle), disc_(disc), result_(result) {}

  void look_at(const Found& found) {
    auto file = File::open_read(found.main);
    if (!file) return complain(file.error().message);
    std::int64_t at = 0;
    for (const cd::LbaRange& range : cd::image_ranges(disc_)) {
      for (cd::Lba lba = range.begin; lba < range.end; ++lba, ++at) {
        const SectorState state = found.map ? found.map->state(lba) : SectorState::consistent;
        Sector image{};
        const auto got = file->read_at(image, at * static_cast<std::int64_t>(cd::kSectorSize));
        if (!got || *got != image.size()) return complain("the image is too short");
        sector(lba, state, image);
      }
    }
  }

  void complain(const std::string& what) {
    if (result_.complaints.size() < 8) result_.complaints.push_back(what);
  }

 private:
  void sector(cd::Lba lba, SectorState state, const Sector& image) {
    Tally& t = result_.tally;
    ++t.sectors;
    const bool good = state >= SectorState::consistent;
    const bool right = image == oracle_.truth(lba);
    if (good) {
      ++t.good;
    } else if (state == SectorState::unproven) {
      ++t.unproven;
    } else if (state == SectorState::damaged) {
      ++t.damaged;
    } else {
      ++t.failed;
    }
    if (good && !right) wrong(lba, state, image);
    if (!oracle_.hurt(lba)) return;
    ++t.hurt;
    if (!oracle_.restorable(lba)) return;
    ++t.restorable;
    if (good && right) {
      ++t.restored;
    } else {
      result_.missed.push_back(lba.value);
    }
  }

  void wrong(cd::Lba lba, SectorState state, const Sector& image) {
    switch (oracle_.lie(lba, image)) {
      case Oracle::Lie::under_c2:
        ++result_.tally.lied_under_c2;
        return;
      case Oracle::Lie::repeatedly:
        ++result_.tally.lied_repeatedly;
        return;
      case Oracle::Lie::none:
        break;
    }
    ++result_.tally.wrong;
    int bytes = 0;
    for (std::size_t i = 0; i < image.size(); ++i) bytes += image[i] != oracle_.truth(lba)[i] ? 1 : 0;
    complain(fmt::format("sector {} is called {}, and {} of its bytes are not the disc's", lba.value,
                         cd::to_string(state), bytes));
  }

  const Oracle& oracle_;
  const cd::Disc& disc_;
  CaseResult& result_;
};

int expected_exit(const Tally& t) {
  if (t.damaged + t.failed > 0) return 3;
  return t.unproven > 0 ? 2 : 0;
}

}  // namespace

void Tally::add(const Tally& other) {
  cases += other.cases;
  sectors += other.sectors;
  good += other.good;
  unproven += other.unproven;
  damaged += other.damaged;
  failed += other.failed;
  wrong += other.wrong;
  lied_under_c2 += other.lied_under_c2;
  lied_repeatedly += other.lied_repeatedly;
  hurt += other.hurt;
  restorable += other.restorable;
  restored += other.restored;
}

CaseResult run_case(const Case& c, const fs::path& folder, std::optional<cd::Lba> watched) {
  CaseResult result;
  result.tally.cases = 1;
  const auto disc = sim::make_disc(c.disc);
  sim::SimDrive drive(disc, c.habits, sim::Clock::virtual_time, c.seed);
  if (c.laid_by) drive.lay_by(sim::make_disc(*c.laid_by));
  drive.set_faults(c.faults);
  Oracle oracle(drive, *disc, c.habits, kMostCommands);
  if (watched) oracle.watch(*watched);
  job::RipOptions options;
  options.cue = folder / "out.cue";
  options.retries = c.retries;
  options.overrides.read_offset = c.habits.read_offset;
  Stages listener(oracle);
  const auto outcome = job::rip_disc(oracle, options, listener, {});
  result.drive_seconds = std::chrono::duration<double>(drive.now()).count();

  Judgement judgement(oracle, disc->disc(), result);
  result.ending = outcome ? fmt::format("exit {}", outcome->report.exit_code) : outcome.error().message;
  if (outcome && !oracle.begun()) judgement.complain("nothing was read");
  if (oracle.hung()) judgement.complain("too many commands");
  if (result.drive_seconds > kMostSeconds) judgement.complain("too much time on the drive");
  if (!outcome &&
      std::find(c.may_end_with.begin(), c.may_end_with.end(), outcome.error().kind) == c.may_end_with.end()) {
    judgement.complain("the rip failed: " + outcome.error().message);
  }
  const auto found = find_image(folder, outcome);
  if (!found) {
    judgement.complain(found.error().message);
  } else if (outcome || found->map) {
    judgement.look_at(*found);
    if (!outcome) result.tally.hurt = result.tally.restorable = result.tally.restored = 0;
  }
  if (outcome && outcome->report.exit_code != expected_exit(result.tally)) {
    judgement.complain(fmt::format("exit code {} over {} unproven, {} damaged, {} failed sectors",
                                   outcome->report.exit_code, result.tally.unproven, result.tally.damaged,
                                   result.tally.failed));
  }
  for (const auto& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
  return result;
}

}  // namespace binrip::campaign
