// binrip-bed: runs a command on a machine whose optical drives are software, and ends with its exit code.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.hpp"
#include "options.hpp"
#include "software_drives.hpp"
#include "station.hpp"
#include "testbed.hpp"
#include "truth.hpp"

namespace binrip::bed {
namespace {

int complain(std::string_view what) {
  fmt::print(stderr, "binrip-bed: {}\n", what);
  return kBedFailed;
}

std::string preloads(bool with_sanitizer) {
  std::string libraries = BINRIP_BED_PRELOAD ":libumockdev-preload.so.0";
  const std::string sanitizer = BINRIP_BED_SANITIZER;  // its runtime wants to be the first
  return with_sanitizer && !sanitizer.empty() ? sanitizer + ":" + libraries : libraries;
}

// umockdev reaches programs by LD_PRELOAD, and its uevents need this program to be reached too.
void run_under_preload(char** argv) {
  if (std::getenv("BINRIP_BED_PRELOADED") != nullptr) return;
  setenv("LD_PRELOAD", preloads(true).c_str(), 1);
  setenv("BINRIP_BED_PRELOADED", "1", 1);
  execv("/proc/self/exe", argv);
  std::exit(complain("cannot run itself again"));
}

DriveLook look_of(const Options& options, int number, UdevMedia media) {
  const sim::Habits& habits = options.habits;
  DriveLook look;
  look.number = number;
  look.vendor = habits.vendor;
  look.model = habits.product;
  look.revision = habits.revision;
  look.serial = serial_of(options, number);
  look.media = media;
  look.max_transfer = habits.transfer_limit;
  look.hang_milliseconds = options.hang_milliseconds;
  look.bus = options.bus;
  return look;
}

mode_t mode_of(const Options& options) {
  if (options.deny.empty()) return 0660;
  return options.deny == "all" ? 0 : 0440;
}

Result<std::vector<BedDrive>> add_drives(const Options& options, Testbed& testbed) {
  std::vector<BedDrive> drives;
  for (std::size_t i = 0; i < options.numbers.size(); ++i) {
    const std::string& name = disc_name(options, i);
    const bool media = is_disc(name) && options.tray == sim::Tray::closed;
    Options own = options;
    own.habits.serial = serial_of(options, options.numbers[i]);
    TRY(BedDrive made, make_drive(own, name));
    sim::SimDrive* drive = made.drive.get();
    std::function<void()> before;
    if (options.vanish_after >= 0) {
      before = [drive, limit = options.vanish_after] {
        if (drive->statistics().commands >= limit) drive->vanish();
      };
    }
    const UdevMedia found = media ? UdevMedia::cd : UdevMedia::none;
    testbed.add_drive(look_of(options, options.numbers[i], found), *made.transport, std::move(before),
                      options.keep_unit_attention ? Probe::no : Probe::yes);
    if (media) TRY_VOID(write_block_contents(*made.disc, testbed.node_contents(options.numbers[i])));
    made.transport->begin_trouble();
    testbed.set_mode(options.numbers[i], mode_of(options));
    drives.push_back(std::move(made));
  }
  return drives;
}

// The same drive under another number, as when its cable was out for a moment.
void plug_in_again(const Options& options, Testbed& testbed, BedDrive& drive) {
  drive.drive->come_back();
  DriveLook look = look_of(options, options.reappear_as, UdevMedia::cd);
  look.serial = options.habits.serial;
  testbed.add_drive(look, *drive.drive);
  testbed.set_mode(options.reappear_as, mode_of(options));
}

// Serves until the command ends; hands it the signals that are meant to end it. `on_gone` is called for each
// drive whose nodes have been taken away.
int wait_for(pid_t child, Testbed& testbed, const std::function<void(int)>& on_gone, Station* station) {
  const sigset_t signals = handled_signals();
  for (;;) {
    const timespec moment{0, 20'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &moment);
    if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP) kill(child, signal);
    for (const int number : testbed.remove_gone()) on_gone(number);
    if (station != nullptr) station->tick();
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) return exit_code(status);
  }
}

Result<std::unique_ptr<Station>> open_station(const Options& options, Testbed& testbed,
                                              std::vector<BedDrive>& drives) {
  if (options.control.empty()) return nullptr;
  setenv("BINRIP_BED_CONTROL", options.control.c_str(), 1);
  return Station::open(options, testbed, drives, [&](std::size_t index, int number, UdevMedia media) {
    DriveLook look = look_of(options, number, media);
    look.serial = serial_of(options, options.numbers[index]);
    testbed.add_drive(look, *drives[index].transport, {},
                      options.keep_unit_attention ? Probe::no : Probe::yes);
    testbed.set_mode(number, mode_of(options));
  });
}

Result<int> run(const Options& options) {
  TRY_VOID(tell_of_discs(options));
  if (options.command.empty()) return 0;
  if (!options.disk.empty()) {
    setenv("BINRIP_BED_DISK", std::filesystem::weakly_canonical(options.disk).c_str(), 1);
  }
  if (!options.deny.empty()) setenv("BINRIP_BED_DENY", options.deny.c_str(), 1);
  std::vector<BedDrive> drives;
  int code = 0;
  std::chrono::nanoseconds began{};
  {
    Testbed testbed;
    TRY(drives, add_drives(options, testbed));
    TRY(const auto station, open_station(options, testbed, drives));
    began = drives.front().drive->now();
    if (options.plain) setenv("LD_PRELOAD", preloads(false).c_str(), 1);
    unsetenv("BINRIP_BED_PRELOADED");
    const pid_t child = start(options.command);
    if (child < 0)
      return complain(fmt::format("cannot run {}: {}", options.command[0], std::strerror(errno)));
    const auto on_gone = [&](int number) {
      if (station) station->on_gone(number);
      if (options.reappear_as < 0 || number != options.numbers.front()) return;
      plug_in_again(options, testbed, drives.front());
    };
    code = wait_for(child, testbed, on_gone, station.get());
  }
  if (!options.statistics.empty()) write_statistics(*drives.front().drive, began, options.statistics);
  return code;
}

}  // namespace
}  // namespace binrip::bed

int main(int argc, char** argv) {
  using namespace binrip::bed;
  run_under_preload(argv);
  const Options options = parse_options(argc, argv);
  // Before the testbed's thread starts, so that it inherits the mask.
  const sigset_t signals = handled_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  try {
    const auto code = run(options);
    return code ? *code : complain(code.error().message);
  } catch (const std::exception& error) {
    return complain(error.what());
  }
}

// umockdev and GLib keep what they allocate; leaks are looked for in the command, not here.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

// Their threads hand things over with locks that the thread sanitizer does not see.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libumockdev.so\ncalled_from_lib:libglib-2.0.so\ncalled_from_lib:libgobject-2.0.so\n"
         "called_from_lib:libgio-2.0.so\nrace:libumockdev.so\nrace:libglib-2.0.so\n";
}
