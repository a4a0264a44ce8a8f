// A whole station on this machine: `binrip batch` and its worker processes, all of it the ordinary program,
// over software drives that keep their time model's pace in real time. Tells how long drives waited for the
// host, and what that took of processor and memory.
//   tower [--drives N] [--sectors N] [--speed X] [--kind audio|data|mix] [--into FOLDER] [--slow MS]
//   tower --check      a short run with two drives, one of whose hosts sleeps 100 ms before each read; fails
//   unless
//                      that shows, and both discs come out whole
// This program plays three parts. Started by hand, it starts itself as `binrip batch`, which starts it as
// `binrip rip` and so on. In both of those only two things of the program are exchanged: which drives are
// found, and what stands behind a drive's node.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "binrip/cli/device.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/run.hpp"
#include "binrip/drive/discovery.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace {

using namespace binrip;
namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr const char* kSettings =
    "BINRIP_TOWER";  // the environment variable that tells workers what they work on
constexpr int kTracksOfAudio = 12;
constexpr int kLeastSectors = 2 * kTracksOfAudio * 300;

enum class Kind { audio, data, mix };
constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"audio", Kind::audio}, {"data", Kind::data}, {"mix", Kind::mix}};

struct Settings {
  int drives = 32;
  int sectors = 100'000;  // of the largest disc; the smallest is half as large
  int speed = 48;         // ×, CAV
  Kind kind = Kind::mix;
  int slow_ms = 0;  // the host of every second drive sleeps so long before each read
  fs::path into = "/var/tmp";
};

std::string to_text(const Settings& s) {
  return fmt::format("{} {} {} {} {} {}", s.drives, s.sectors, s.speed, static_cast<int>(s.kind), s.slow_ms,
                     s.into.string());
}
Settings from_text(const std::string& text) {
  Settings s;
  int kind = 0;
  std::string into;
  std::istringstream words(text);
  words >> s.drives >> s.sectors >> s.speed >> kind >> s.slow_ms;
  std::getline(words >> std::ws, into);
  s.kind = static_cast<Kind>(kind);
  s.into = into;
  return s;
}

// --- one process ---

double cpu_seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// What a process leaves behind in the file of records, a line.
struct Record {
  std::string task;  // "rip", "tray-open"
  int drive = -1, exit_code = 0;
  double cpu = 0;      // seconds, all of it
  double sim_cpu = 0;  // of that, the software drive's
  double wall = 0;     // seconds
  std::int64_t peak_kib = 0;
  std::int64_t sectors = 0;                      // that the drive handed over
  double host_wait = 0, reading = 0, ideal = 0;  // seconds
  std::int64_t times_full = 0;
  double last_read = 0, ended = 0;  // seconds, monotonic
};

// The peak of this image of the process: that of getrusage() counts what was before exec, too.
std::int64_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t value = 0;
    if (word == "VmHWM:" && status >> value) return value;
  }
  return 0;
}

void write_down(const Record& r, const fs::path& file) {
  const std::string line = fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {}\n", r.task, r.drive,
                                       r.exit_code, r.cpu, r.sim_cpu, r.wall, r.peak_kib, r.sectors,
                                       r.host_wait, r.reading, r.ideal, r.times_full, r.last_read, r.ended);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  static_cast<void>(::write(descriptor, line.data(), line.size()));
  ::close(descriptor);
}

std::vector<Record> records_in(const fs::path& file) {
  std::vector<Record> records;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    Record r;
    if (std::istringstream(line) >> r.task >> r.drive >> r.exit_code >> r.cpu >> r.sim_cpu >> r.wall >>
        r.peak_kib >> r.sectors >> r.host_wait >> r.reading >> r.ideal >> r.times_full >> r.last_read >>
        r.ended) {
      records.push_back(r);
    }
  }
  return records;
}

// A software drive that keeps count of its own work, and of what it did until it went.
class MeteredDrive : public drive::Transport {
 public:
  MeteredDrive(const Settings& settings, int number, Record& record)
      : drive_(disc(settings, number), habits(settings, number), sim::Clock::real_time),
        sleep_(number % 2 == 1 ? settings.slow_ms : 0),
        record_(record) {}
  MeteredDrive(const MeteredDrive&) = delete;
  MeteredDrive& operator=(const MeteredDrive&) = delete;
  ~MeteredDrive() override {
    const auto& statistics = drive_.statistics();
    record_.sectors += statistics.sectors_read;
    record_.host_wait += Seconds(statistics.host_wait).count();
    record_.times_full += statistics.times_full;
    record_.reading += Seconds(last_read_ - first_read_).count();
    record_.ideal += Seconds(drive_.ideal_pass()).count();
  }

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override {
    constexpr Byte kReadCd = 0xBE;
    const bool reads = cdb.opcode() == kReadCd;
    if (reads && sleep_.count() > 0) std::this_thread::sleep_for(sleep_);
    if (reads && first_read_.count() == 0) first_read_ = drive_.now();
    const double before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    auto result = drive_.execute(cdb, direction, data, timeout);
    record_.sim_cpu += cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - before;
    if (reads) {
      last_read_ = drive_.now();
      record_.last_read = Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
    return result;
  }
  std::size_t max_transfer() const override { return drive_.max_transfer(); }
  std::string name() const override { return drive_.name(); }
  std::chrono::nanoseconds now() const override { return drive_.now(); }
  void wait(std::chrono::milliseconds duration) override { drive_.wait(duration); }

 private:
  // No two of a size, and the smallest half as large as the largest: while some are read, others are
  // verified.
  static std::shared_ptr<image::DiscImage> disc(const Settings& s, int number) {
    const bool audio = s.kind == Kind::audio || (s.kind == Kind::mix && number % 2 == 0);
    const std::int64_t sectors = s.sectors - std::int64_t{s.sectors} * number / (2 * s.drives);
    sim::DiscRecipe recipe =
        sim::plain_recipe(audio ? cd::TrackMode::audio : cd::TrackMode::mode1, audio ? kTracksOfAudio : 1,
                          cd::SectorCount{static_cast<std::int32_t>(sectors)});
    recipe.seed = static_cast<std::uint64_t>(number) + 1;
    return sim::make_disc(std::move(recipe));
  }
  static sim::Habits habits(const Settings& s, int number) {
    sim::Habits habits;
    habits.name = fmt::format("/dev/sr{}", number);
    habits.serial = fmt::format("TOWER{:03}", number);
    habits.max_speed = s.speed;
    return habits;
  }

  sim::SimDrive drive_;
  std::chrono::milliseconds sleep_;
  Record& record_;
  std::chrono::nanoseconds first_read_{}, last_read_{};
};

std::vector<drive::FoundDrive> drives_of(const Settings& settings) {
  std::vector<drive::FoundDrive> drives;
  for (int i = 0; i < settings.drives; ++i) {
    drive::FoundDrive drive;
    drive.node = fmt::format("/dev/sr{}", i);
    drive.vendor = "BINRIP";
    drive.model = "SOFTWARE DRIVE";
    drive.serial = fmt::format("TOWER{:03}", i);
    drive.media_present = true;
    drives.push_back(std::move(drive));
  }
  return drives;
}

int number_of(const std::string& node) {
  constexpr std::string_view kPrefix = "/dev/sr";
  int number = -1;
  if (node.starts_with(kPrefix))
    std::from_chars(node.data() + kPrefix.size(), node.data() + node.size(), number);
  return number;
}

// binrip, as the command line says, over the drives of the settings.
int run_binrip(int argc, char** argv, const Settings& settings) {
  Record record;
  record.task = argc > 1 ? argv[1] : "";
  if (record.task == "tray" && argc > 3 && std::string_view(argv[3]) == "open") record.task = "tray-open";
  if (argc > 2) record.drive = number_of(argv[2]);
  const auto began = std::chrono::steady_clock::now();
  record.exit_code = cli::run_program(argc, argv, [&](cli::Host& host) {
    host.find_drives = [&]() -> Result<std::vector<drive::FoundDrive>> { return drives_of(settings); };
    host.open_device = [&](const cli::DeviceOptions& options) -> Result<cli::OpenDevice> {
      const int number = number_of(options.name);
      if (number < 0 || number >= settings.drives) return cli::open_device(options);
      return cli::OpenDevice{nullptr, std::make_unique<MeteredDrive>(settings, number, record), {}};
    };
  });
  const auto ended = std::chrono::steady_clock::now();
  record.wall = Seconds(ended - began).count();
  record.ended = Seconds(ended.time_since_epoch()).count();
  record.cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  record.peak_kib = peak_kib();
  write_down(record, settings.into / "records");
  return record.exit_code;
}

// --- the station ---

pid_t start_station(const Settings& settings) {
  const std::string archive = (settings.into / "archive").string(), log = (settings.into / "log").string();
  ::setenv(kSettings, to_text(settings).c_str(), 1);
  ::setenv("BINRIP_OFFLINE", "1", 1);
  ::setenv("HOME", settings.into.c_str(), 1);
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) ::unsetenv(name);
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0 || ::dup2(file, STDOUT_FILENO) < 0 || ::dup2(file, STDERR_FILENO) < 0) ::_exit(127);
  ::execl("/proc/self/exe", "binrip", "batch", "--into", archive.c_str(), "--", "--read-offset", "0",
          nullptr);
  ::_exit(127);
}

// How long the machine's processors have worked since it was started, for whomever: seconds.
double machine_cpu() {
  std::ifstream file("/proc/stat");
  std::string word;
  file >> word;
  double busy = 0, ticks = 0;
  for (int column = 0; column < 8 && file >> ticks; ++column) {
    if (column != 3 && column != 4) busy += ticks;  // idle, waiting for disks
  }
  return busy / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t count_of(const std::vector<Record>& records, std::string_view task) {
  return static_cast<std::size_t>(
      std::count_if(records.begin(), records.end(), [&](const Record& r) { return r.task == task; }));
}

// Until every drive has given its disc back; false when the station has ended before, or takes an hour.
bool wait_for_discs(pid_t station, const Settings& settings) {
  const auto begun = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begun < std::chrono::hours(1)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (::waitpid(station, nullptr, WNOHANG) != 0) return false;
    if (count_of(records_in(settings.into / "records"), "tray-open") >=
        static_cast<std::size_t>(settings.drives)) {
      return true;
    }
  }
  return false;
}

struct Run {
  std::vector<Record> records;
  double wall = 0, machine = 0;
  std::string log;
};

std::optional<Run> run_station(const Settings& settings) {
  Run run;
  const auto began = std::chrono::steady_clock::now();
  const double busy = machine_cpu();
  const pid_t station = start_station(settings);
  if (station < 0) return std::nullopt;
  const bool complete = wait_for_discs(station, settings);
  run.wall = Seconds(std::chrono::steady_clock::now() - began).count();
  run.machine = machine_cpu() - busy;
  ::kill(station, SIGTERM);
  ::waitpid(station, nullptr, 0);
  std::ifstream log(settings.into / "log");
  run.log.assign(std::istreambuf_iterator<char>(log), {});
  run.records = records_in(settings.into / "records");
  if (complete) return run;
  fmt::print(stderr, "tower: error: the station ended before its discs were done\n{}", run.log);
  return std::nullopt;
}

// --- what is told ---

struct Spread {
  double sum = 0, worst = 0;
  int count = 0;
  void add(double value) {
    sum += value;
    worst = std::max(worst, value);
    ++count;
  }
  double mean() const { return count > 0 ? sum / count : 0; }
};

void tell(const char* what, const Spread& spread, double factor, const char* unit) {
  fmt::print("{:<48} {:>9.3f} {:>9.3f} {}\n", what, spread.mean() * factor, spread.worst * factor, unit);
}

double share_waited(const Record& rip) { return rip.reading > 0 ? rip.host_wait / rip.reading : 1; }

// What the rips were for their drives, and for this machine.
void tell_of_rips(const std::vector<Record>& records) {
  Spread waited, full, pace, cpu, sim, a_sector, memory, speed;
  for (const Record& r : records) {
    if (r.task != "rip") continue;
    const double own = r.cpu - r.sim_cpu;
    const auto sectors = static_cast<double>(std::max<std::int64_t>(r.sectors, 1));
    waited.add(share_waited(r));
    full.add(static_cast<double>(r.times_full));
    pace.add(r.reading / r.ideal);
    speed.add(sectors / cd::kSectorsPerSecond / r.reading);
    cpu.add(own / r.wall);
    a_sector.add(own / sectors);
    sim.add(r.sim_cpu / r.wall);
    memory.add(static_cast<double>(r.peak_kib));
  }
  fmt::print("{:<48} {:>9} {:>9}\n", "for each drive", "mean", "most");
  tell("of its reading time it waited for the host", waited, 100, "%");
  tell("left off reading ahead, its buffer being full", full, 1, "times");
  tell("reading time / ideal pass", pace, 1, "");
  tell("speed of reading, spin-up among it", speed, 1, "x");
  tell("CPU of its rip, of a core", cpu, 100, "%");
  tell("CPU of its rip, a sector", a_sector, 1e6, "us");
  tell("CPU of its simulation, of a core", sim, 100, "%");
  tell("peak memory of its rip, the simulation among it", memory, 1.0 / 1024, "MiB");
}

void tell_of_the_rest(const Run& run) {
  Spread verifying, others, back;
  double all = 0, simulation = 0;
  std::map<int, double> last_read;
  for (const Record& r : run.records) {
    all += r.cpu;
    simulation += r.sim_cpu;
    if (r.task == "rip") last_read[r.drive] = r.last_read;
    if (r.task == "verify") verifying.add(r.cpu);
    if (r.task == "tray" || r.task == "tray-open" || r.task == "info") others.add(r.cpu - r.sim_cpu);
  }
  for (const Record& r : run.records) {
    if (r.task == "tray-open") back.add(r.ended - last_read[r.drive]);
  }
  tell("CPU of verifying its image", verifying, 1, "s");
  tell("CPU of another worker (tray, info)", others, 1, "s");
  tell("from the last sector to the open tray", back, 1, "s");
  for (const Record& r : run.records) {
    if (r.task != "batch") continue;
    fmt::print("supervisor: {:.2f} s of CPU, {:.2f} % of a core; {:.1f} MiB\n", r.cpu, 100 * r.cpu / r.wall,
               static_cast<double>(r.peak_kib) / 1024);
  }
  fmt::print(
      "{:.2f} cores were busy: binrip {:.2f}, the simulation {:.2f}, all else (also kernel threads) {:.2f}\n",
      run.machine / run.wall, (all - simulation) / run.wall, simulation / run.wall,
      (run.machine - all) / run.wall);
}

// How many discs the supervisor says are in the archive.
int published(const Run& run) {
  int count = 0;
  std::istringstream lines(run.log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(": published: ") != std::string::npos) ++count;
  }
  return count;
}

// The exit code.
int tell(const Settings& settings, const Run& run) {
  const int whole = published(run);
  fmt::print("{} drives at {}x CAV, discs of {} to {} sectors, {} published, after {:.0f} s\n",
             settings.drives, settings.speed, settings.sectors / 2, settings.sectors, whole, run.wall);
  tell_of_rips(run.records);
  tell_of_the_rest(run);
  if (whole == settings.drives) return 0;
  fmt::print(stderr, "tower: error: not every disc was published\n{}", run.log);
  return 1;
}

// Of two drives the second one's host sleeps before each read.
int check(const Run& run) {
  std::map<int, Record> rips;
  for (const Record& r : run.records) {
    if (r.task == "rip") rips[r.drive] = r;
  }
  constexpr double kSlowAtLeast = 0.5;  // 100 ms of the host, 10 to 20 of the drive
  const bool seen = rips.size() == 2 && share_waited(rips[1]) > kSlowAtLeast &&
                    share_waited(rips[0]) < share_waited(rips[1]);
  const bool whole = count_of(run.records, "verify") == 2 && rips[0].exit_code == 0 && rips[1].exit_code == 0;
  const bool counted = count_of(run.records, "batch") == 1 && rips[0].cpu > rips[0].sim_cpu &&
                       rips[0].sim_cpu > 0 && rips[0].peak_kib > 0;
  if (!seen) fmt::print(stderr, "tower: error: that a host is slow does not show\n");
  if (!whole) fmt::print(stderr, "tower: error: not every disc was read and verified\n{}", run.log);
  if (!counted) fmt::print(stderr, "tower: error: processor time or memory was not counted\n");
  return seen && whole && counted ? 0 : 1;
}

// --- the command line ---

[[noreturn]] void usage() {
  fmt::print(stderr,
             "usage: tower [--drives 1..64] [--sectors {}..400000] [--speed 1..100] [--kind audio|data|mix]\n"
             "             [--into FOLDER] [--slow MS]\n"
             "       tower --check [--into FOLDER]\n",
             kLeastSectors);
  std::exit(1);
}

int number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) usage();
  return value;
}

Kind kind_of(std::string_view word) {
  for (const auto& [name, kind] : kKinds) {
    if (name == word) return kind;
  }
  usage();
}

enum class Mode { measure, check };

Mode parse(const std::vector<std::string_view>& words, Settings& settings) {
  Mode mode = Mode::measure;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--check") {
      mode = Mode::check;
      settings = {.drives = 2, .sectors = kLeastSectors, .speed = 100, .slow_ms = 100, .into = settings.into};
      continue;
    }
    if (++i == words.size()) usage();
    const std::string_view value = words[i];
    if (word == "--drives") {
      settings.drives = number(value, 1, 64);
    } else if (word == "--sectors") {
      settings.sectors = number(value, kLeastSectors, 400'000);
    } else if (word == "--speed") {
      settings.speed = number(value, 1, 100);
    } else if (word == "--kind") {
      settings.kind = kind_of(value);
    } else if (word == "--into") {
      settings.into = value;
    } else if (word == "--slow") {
      settings.slow_ms = number(value, 0, 10'000);
    } else {
      usage();
    }
  }
  return mode;
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* settings = std::getenv(kSettings)) return run_binrip(argc, argv, from_text(settings));
  Settings settings;
  const Mode mode = parse({argv + 1, argv + argc}, settings);
  std::string made = (settings.into / "binrip-tower-XXXXXX").string();
  if (::mkdtemp(made.data()) == nullptr) {
    std::perror("tower: error");
    return 1;
  }
  settings.into = made;
  const auto run = run_station(settings);
  std::error_code ignored;
  fs::remove_all(made, ignored);
  if (!run) return 1;
  const int code = tell(settings, *run);
  return code == 0 && mode == Mode::check ? check(*run) : code;
}
