// Drive time of a whole rip over one ideal pass, in the time model of the software drive: what a strategy
// costs on the drive, whatever the speed of this machine.
//   drive_time [SECTORS]     333,000 by default: a full 74-minute disc
//   drive_time --check       fails unless a clean one is read in 1.01 of the ideal pass, probing and all, and
//                            in SECTORS / 20 + 200 commands
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace {

using namespace binrip;

struct Case {
  std::string_view name;
  cd::TrackMode mode;
  sim::Habits habits;
  // Damaged spots spread evenly over the disc; each sector of them reads well with chance 0.3, Q with none.
  int spots = 0, spot_size = 0;
  sim::Fault::Kind kind = sim::Fault::Kind::c2;
  rip::Paranoia paranoia = rip::Paranoia::automatic;
};

sim::FaultMap faults_of(const Case& c, int sectors) {
  sim::FaultMap faults;
  for (int spot = 0; spot < c.spots; ++spot) {
    const int begin = (2 * spot + 1) * (sectors / c.spots) / 2;
    for (int lba = begin; lba < begin + c.spot_size; ++lba) {
      const double success = c.kind == sim::Fault::Kind::q ? 0 : 0.3;
      faults.emplace(lba, sim::Fault{.kind = c.kind, .bytes = 300, .success = success});
    }
  }
  return faults;
}

double seconds(std::chrono::nanoseconds t) { return std::chrono::duration<double>(t).count(); }

constexpr double kMostTime = 1.01;
constexpr std::int64_t most_commands(int sectors) { return sectors / 20 + 200; }

enum class Limits { shown, kept };

int measure(const Case& c, int sectors, const std::filesystem::path& folder, Limits limits) {
  const auto disc = sim::make_disc(sim::plain_recipe(c.mode, 12, cd::SectorCount{sectors}));
  sim::SimDrive drive(disc, c.habits);
  drive.set_faults(faults_of(c, sectors));
  job::RipOptions options;
  options.cue = folder / "bench.cue";
  options.existing = job::Existing::overwrite;
  options.retries = 20;
  options.paranoia = c.paranoia;
  rip::Listener listener;
  const auto began = drive.now();
  const auto outcome = job::rip_disc(drive, options, listener, {});
  if (!outcome) {
    fmt::print(stderr, "{}: {}\n", c.name, outcome.error().message);
    return 1;
  }
  const image::Report& report = outcome->report;
  const auto& statistics = drive.statistics();
  const int size = cd::image_size(disc->disc()).value;
  const double all = seconds(drive.now() - began) / seconds(drive.ideal_pass());
  fmt::print("{:<34} {:>8} {:>9} {:>9} {:>8.1f} {:>8.3f} {:>8.3f}  exit {}, {} bad\n", c.name, size,
             statistics.commands, most_commands(size), report.reading.seconds,
             report.reading.seconds / seconds(drive.ideal_pass()), all, report.exit_code,
             size - report.states[4] - report.states[5]);
  if (limits == Limits::shown) return 0;
  const bool kept = report.exit_code == 0 && all <= kMostTime && statistics.commands <= most_commands(size);
  if (!kept) fmt::print(stderr, "{}: above the limits\n", c.name);
  return kept ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc > 1 && std::string_view(argv[1]) == "--check";
  const int sectors = argc > 1 && !check ? std::atoi(argv[1]) : 333'000;
  if (sectors < 12 * 300 || sectors > 400'000) {
    fmt::print(stderr, "drive_time: error: SECTORS is 3600 to 400000\n");
    return 1;
  }
  char pattern[] = "/var/tmp/binrip-bench-XXXXXX";
  const char* made = ::mkdtemp(pattern);
  if (made == nullptr) return 1;
  const std::filesystem::path folder = made;
  sim::Habits no_c2;
  no_c2.c2 = drive::C2Support::none;
  sim::Habits small;
  small.transfer_limit = 64 * 1024;
  sim::Habits jittery;
  jittery.jitter = 40;
  jittery.jitter_chance = 0.2;
  sim::Habits jittery_no_c2 = jittery;
  jittery_no_c2.c2 = drive::C2Support::none;
  const Case cases[] = {
      {"audio, C2 and subchannel", cd::TrackMode::audio, {}},
      {"audio, 64 KiB transfers", cd::TrackMode::audio, small},
      {"Mode 1, C2 and subchannel", cd::TrackMode::mode1, {}},
      {"audio, no C2 (read twice)", cd::TrackMode::audio, no_c2},
      {"audio, 20 spots of 30, C2", cd::TrackMode::audio, {}, 20, 30},
      {"audio, 60 spots of 60, C2", cd::TrackMode::audio, {}, 60, 60},
      {"Mode 1, 60 spots of 60, C2", cd::TrackMode::mode1, {}, 60, 60},
      {"audio, 20 spots of 30, hard", cd::TrackMode::audio, {}, 20, 30, sim::Fault::Kind::hard},
      {"audio, 60 spots of 60, hard", cd::TrackMode::audio, {}, 60, 60, sim::Fault::Kind::hard},
      {"audio, 1 wrong Q", cd::TrackMode::audio, {}, 1, 1, sim::Fault::Kind::q},
      {"audio, 30 wrong Qs", cd::TrackMode::audio, {}, 30, 1, sim::Fault::Kind::q},
      {"audio, 100 wrong Qs", cd::TrackMode::audio, {}, 100, 1, sim::Fault::Kind::q},
      {"audio, 1000 wrong Qs", cd::TrackMode::audio, {}, 1000, 1, sim::Fault::Kind::q},
      {"audio, jitter, C2", cd::TrackMode::audio, jittery},
      {"audio, jitter, no C2", cd::TrackMode::audio, jittery_no_c2},
      {.name = "audio, jitter, no paranoia",
       .mode = cd::TrackMode::audio,
       .habits = jittery_no_c2,
       .paranoia = rip::Paranoia::never}};
  fmt::print("{:<34} {:>8} {:>9} {:>9} {:>8} {:>8} {:>8}\n", "disc and drive", "sectors", "commands",
             "n/20+200", "read s", "x ideal", "all");
  int failed = 0;
  for (const Case& c : cases) {
    if (!check) failed += measure(c, sectors, folder, Limits::shown);
  }
  if (check) failed += measure(cases[0], sectors, folder, Limits::kept);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return failed == 0 ? 0 : 1;
}
