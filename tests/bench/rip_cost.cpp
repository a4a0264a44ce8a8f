// What a rip costs the processor, from the drive to the published files, over the four digests of the same
// bytes; and the memory that it takes. The drive is the software one; its own work is measured and left out.
//   rip_cost [audio|mode1 [SECTORS [FOLDER]]]    333,000 sectors by default, in /var/tmp
// One disc a run, so that the peak of memory is that rip's.
#include <charconv>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace {

using namespace binrip;

double cpu_seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Commands come from one thread at a time.
class Metered : public drive::Transport {
 public:
  explicit Metered(drive::Transport& inner) : inner_(inner) {}
  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override {
    const double before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    auto result = inner_.execute(cdb, direction, data, timeout);
    seconds_ += cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - before;
    return result;
  }
  std::size_t max_transfer() const override { return inner_.max_transfer(); }
  std::string name() const override { return inner_.name(); }
  std::chrono::nanoseconds now() const override { return inner_.now(); }
  void wait(std::chrono::milliseconds duration) override { inner_.wait(duration); }
  double seconds() const { return seconds_; }

 private:
  drive::Transport& inner_;
  double seconds_ = 0;
};

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

int measure(cd::TrackMode mode, int sectors, const std::filesystem::path& folder) {
  const int tracks = mode == cd::TrackMode::audio ? 12 : 1;
  const auto disc = sim::make_disc(sim::plain_recipe(mode, tracks, cd::SectorCount{sectors}));
  sim::SimDrive drive(disc, {});
  Metered metered(drive);
  job::RipOptions options;
  options.cue = folder / "bench.cue";
  rip::Listener listener;
  const double before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const auto outcome = job::rip_disc(metered, options, listener, {});
  const double rip = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - before - metered.seconds();
  const long peak = peak_kib();
  if (!outcome) {
    fmt::print(stderr, "rip_cost: error: {}\n", outcome.error().message);
    return 1;
  }
  const double begun = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  const auto digests = verify::hash_file(folder / "bench.bin");
  const double hashes = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - begun;
  if (!digests) {
    fmt::print(stderr, "rip_cost: error: {}\n", digests.error().message);
    return 1;
  }
  const double a_sector = rip / sectors;
  fmt::print("{} sectors, exit code {}\n", sectors, outcome->report.exit_code);
  fmt::print("CPU of the rip         {:8.2f} s, {:.0f} ns a sector, without {:.2f} s of the software drive\n",
             rip, a_sector * 1e9, metered.seconds());
  fmt::print("CPU of the digests     {:8.2f} s, reading the file once more\n", hashes);
  fmt::print("rip / digests          {:8.3f}\n", rip / hashes);
  fmt::print("40 drives at 34.3x     {:8.2f} cores\n", a_sector * 40 * 34.3 * cd::kSectorsPerSecond);
  fmt::print("peak memory            {:8.1f} MiB, the software drive's among it\n",
             static_cast<double>(peak) / 1024);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc > 1 ? argv[1] : "mode1";
  int sectors = 333'000;
  if (argc > 2) std::from_chars(argv[2], argv[2] + std::string_view(argv[2]).size(), sectors);
  if ((kind != "audio" && kind != "mode1") || sectors < 12 * 300 || sectors > 400'000) {
    fmt::print(stderr, "usage: rip_cost [audio|mode1 [SECTORS [FOLDER]]]    3600 to 400000 sectors\n");
    return 1;
  }
  std::string made = std::string(argc > 3 ? argv[3] : "/var/tmp") + "/binrip-bench-XXXXXX";
  if (::mkdtemp(made.data()) == nullptr) {
    std::perror("rip_cost: error");
    return 1;
  }
  const int code = measure(kind == "audio" ? cd::TrackMode::audio : cd::TrackMode::mode1, sectors, made);
  std::error_code ignored;
  std::filesystem::remove_all(made, ignored);
  return code;
}
