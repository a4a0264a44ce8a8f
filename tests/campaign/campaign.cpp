// Seeded campaigns: small discs, drives of all habits, faults of all kinds, each ripped in process and in
// virtual time, and held against the truth.
//   campaign SEEDS [FIRST] [--jobs N] [--share PERCENT] [--show] [--sector LBA] [--rotate RUNS] [--list]
//
// With --rotate, a run takes the next SEEDS seeds: RUNS runs go through RUNS times SEEDS of them, and
// BINRIP_ROTATION says which run it is (support/rotation.hpp). --list names the seeds and runs none.
//
// INVARIANT: no sector called consistent or proven differs from the disc. What no reader can know is counted
// apart, as undetectable, and is this and nothing else:
//   lied under C2   each wrong byte came in its place (right Q or header) with C2 clear, and one read under
//                   C2 is what was asked for; or C2 was clear in one read and the place right in another
//   lied alike      the drive gave the same wrong sector, in its place, in two independent reads
// ORACLE: of the sectors of which some read was not good (hurt), those that could be had from what the drive
// delivered (restorable; oracle.hpp says exactly when), and those that were (restored).
// At least 99.9 % of them must be, or --share.
// A rip ends with an image, and with the exit code that its map stands for; but for drives that vanish and
// discs that are changed, where what is left to be resumed must hold nothing that is not the first disc's.
// `campaign 1 SEED --show` runs a single case and tells what came of it; with --sector, of each time that the
// drive delivered that sector.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "run_case.hpp"
#include "support/rotation.hpp"

namespace {

using namespace binrip::campaign;

struct Options {
  std::uint64_t seeds = 0, first = 1;
  unsigned jobs = 1;
  double least_share = 0.999;  // of restorable sectors, over the whole campaign
  bool show = false;
  bool list = false;
  std::optional<binrip::cd::Lba> watched;
};

// Seeds next to each other stay together: a seed's class of fault is its remainder, so each run has every
// class about as often as any other.
void rotate(Options& options, binrip::test::Rotation rotation, std::uint64_t runs) {
  if (rotation.is_all()) {
    options.seeds *= runs;
  } else {
    options.first += rotation.number() % runs * options.seeds;
  }
}

bool parse(int argc, char** argv, Options& options) {
  int numbers = 0;
  std::uint64_t runs = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--show") {
      options.show = true;
    } else if (arg == "--list") {
      options.list = true;
    } else if (arg == "--rotate" && i + 1 < argc) {
      runs = std::strtoull(argv[++i], nullptr, 10);
      if (runs == 0) return false;
    } else if (arg == "--share" && i + 1 < argc) {
      options.least_share = std::atof(argv[++i]) / 100;
    } else if (arg == "--sector" && i + 1 < argc) {
      options.watched = binrip::cd::Lba{std::atoi(argv[++i])};
    } else if (arg == "--jobs" && i + 1 < argc) {
      options.jobs = static_cast<unsigned>(std::atoi(argv[++i]));
    } else {
      char* end = nullptr;
      const std::uint64_t value = std::strtoull(argv[i], &end, 10);
      if (*end != '\0' || numbers > 1) return false;
      (numbers++ == 0 ? options.seeds : options.first) = value;
    }
  }
  if (runs > 1) rotate(options, binrip::test::Rotation::from_environment(), runs);
  return numbers > 0 && options.seeds > 0 && options.jobs > 0 && options.jobs <= 64;
}

// A folder in memory where there is one: a rip syncs what it writes.
class Folder {
 public:
  Folder() {
    const bool in_memory = ::access("/dev/shm", W_OK) == 0;
    std::string pattern = in_memory ? "/dev/shm/binrip-campaign-XXXXXX" : "/var/tmp/binrip-campaign-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options) {}

  void run() {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options_.jobs; ++i) threads.emplace_back([this] { work(); });
  }

  // True when all is as it must be.
  bool report() const {
    fmt::print("{:<18} {:>6} {:>9} {:>9} {:>8} {:>7} {:>6} {:>6} {:>8} {:>10} {:>8} {:>8} {:>8} {:>6}\n",
               "class", "cases", "sectors", "good", "unproven", "damaged", "failed", "wrong", "hurt",
               "restorable", "restored", "share", "under C2", "alike");
    Tally all;
    for (const std::string_view kind : kinds()) {
      const auto found = tallies_.find(kind);
      if (found == tallies_.end()) continue;
      print(kind, found->second);
      all.add(found->second);
    }
    print("all", all);
    const bool enough = share(all) >= options_.least_share;
    if (!enough) fmt::print("too few of the restorable sectors were restored\n");
    fmt::print("{} failing seeds\n", failing_);
    return failing_ == 0 && enough;
  }

 private:
  static double share(const Tally& t) {
    return t.restorable == 0 ? 1.0 : static_cast<double>(t.restored) / static_cast<double>(t.restorable);
  }
  static void print(std::string_view kind, const Tally& t) {
    fmt::print("{:<18} {:>6} {:>9} {:>9} {:>8} {:>7} {:>6} {:>6} {:>8} {:>10} {:>8} {:>7.3f}% {:>8} {:>6}\n",
               kind, t.cases, t.sectors, t.good, t.unproven, t.damaged, t.failed, t.wrong, t.hurt,
               t.restorable, t.restored, 100 * share(t), t.lied_under_c2, t.lied_repeatedly);
  }

  void work() {
    const Folder folder;
    for (;;) {
      const std::uint64_t n = next_++;
      if (n >= options_.seeds) return;
      const Case c = make_case(options_.first + n);
      const CaseResult result = run_case(c, folder.path(), options_.watched);
      const std::lock_guard lock(mutex_);
      tallies_[c.kind].add(result.tally);
      if (!result.complaints.empty()) ++failing_;
      tell(c, result);
    }
  }

  void tell(const Case& c, const CaseResult& result) const {
    for (const std::string& complaint : result.complaints) {
      fmt::print("seed {} ({}): {}; alone: campaign 1 {} --show\n", c.seed, c.kind, complaint, c.seed);
    }
    if (!options_.show) return;
    fmt::print("seed {}: {}\n  {} after {:.1f} s of drive time\n", c.seed, describe(c), result.ending,
               result.drive_seconds);
    if (result.missed.empty()) return;
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(result.missed.size(), 12); ++i)
      list += fmt::format(" {}", result.missed[i]);
    fmt::print("  {} restorable sectors were not restored:{}{}\n", result.missed.size(), list,
               result.missed.size() > 12 ? " …" : "");
  }

  Options options_;
  std::atomic<std::uint64_t> next_ = 0;
  std::mutex mutex_;
  std::map<std::string_view, Tally> tallies_;
  int failing_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    fmt::print(stderr,
               "usage: campaign SEEDS [FIRST] [--jobs N] [--share PERCENT] [--show] [--sector LBA] "
               "[--rotate RUNS] [--list]\n");
    return 2;
  }
  if (options.list) {
    for (std::uint64_t n = 0; n < options.seeds; ++n) fmt::print("seed {}\n", options.first + n);
    return 0;
  }
  Campaign campaign(options);
  campaign.run();
  return campaign.report() ? 0 : 1;
}
