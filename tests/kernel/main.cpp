// binrip-kernel-bed: runs a command on a machine to which optical drives have been plugged that are software,
// and ends with its exit code. The command finds them by BINRIP_BED_DEVICES: "/dev/sr0 /dev/sr1".
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.hpp"
#include "options.hpp"
#include "software_drives.hpp"
#include "tcmu_drive.hpp"

#include "binrip/base/file.hpp"

namespace binrip::kernel {
namespace {

int complain(std::string_view what) {
  fmt::print(stderr, "binrip-kernel-bed: {}\n", what);
  return bed::kBedFailed;
}

// Who runs the command where something is denied: a user who is in the drives' group, or not.
constexpr uid_t kUser = 1000;
constexpr gid_t kUsersGroup = 1000, kDrivesGroup = 24;
constexpr const char* kAsUser = "--as-user";

// Set by init.sh for jobs in the background: those beside them take the drive at /dev/sr0 for theirs.
constexpr const char* kSpareFirst = "BINRIP_BED_SPARE_FIRST";

// As udev's rules leave them, but for what is denied; where nothing is, the nodes stay as they were made.
Result<void> set_permissions(const TcmuDrive& drive, const std::string& deny) {
  if (deny.empty()) return {};
  const mode_t block = deny == "write" || deny == "block" ? 0440 : 0660;
  const mode_t generic = deny == "write" ? 0440 : 0660;
  for (const auto& [node, mode] :
       {std::pair(drive.block_node(), block), std::pair(drive.generic_node(), generic)}) {
    if (chown(node.c_str(), 0, kDrivesGroup) != 0 || chmod(node.c_str(), mode) != 0) {
      return fail(errno_error(errno, "give away", node));
    }
  }
  return {};
}

std::vector<std::string> as_user(const bed::Options& options) {
  if (options.deny.empty()) return options.command;
  std::vector<std::string> command{"/proc/self/exe", kAsUser, options.deny == "all" ? "alone" : "drives"};
  command.insert(command.end(), options.command.begin(), options.command.end());
  return command;
}

// What this program does when it is started by itself so.
int become_user(char** argv) {
  const gid_t group = kDrivesGroup;
  const std::size_t groups = std::string_view(argv[2]) == "drives" ? 1 : 0;
  if (setgroups(groups, &group) != 0 || setgid(kUsersGroup) != 0 || setuid(kUser) != 0) {
    return complain("cannot become another user");
  }
  execvp(argv[3], argv + 3);
  return complain(fmt::format("cannot run {}: {}", argv[3], std::strerror(errno)));
}

struct Machine {
  std::vector<bed::BedDrive> discs;
  std::vector<std::unique_ptr<TcmuDrive>> drives;
};

Result<Machine> build(const bed::Options& options) {
  Machine machine;
  for (std::size_t i = 0; i < options.numbers.size(); ++i) {
    bed::Options own = options;
    if (i > 0) own.habits.serial += fmt::format("-{}", i);
    TRY(bed::BedDrive made, make_drive(own, disc_name(options, i)));
    const Fate fate{.spare_first_numbers = std::getenv(kSpareFirst) != nullptr,
                    .offline_after_timeout = options.offline,
                    .back_after = options.back_after};
    TRY(auto plugged, TcmuDrive::attach(*made.transport, static_cast<int>(i), fate));
    TRY_VOID(set_permissions(*plugged, options.deny));
    made.transport->begin_trouble();
    machine.discs.push_back(std::move(made));
    machine.drives.push_back(std::move(plugged));
  }
  return machine;
}

int wait_for(pid_t child) {
  const sigset_t signals = bed::handled_signals();
  for (;;) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) return bed::exit_code(status);
    const int signal = sigwaitinfo(&signals, nullptr);
    if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP) kill(child, signal);
  }
}

Result<int> run(const bed::Options& options) {
  TRY_VOID(tell_of_discs(options));
  if (options.command.empty()) return 0;
  int code = 0;
  TRY(Machine machine, build(options));
  std::string devices;
  for (const auto& drive : machine.drives) devices += (devices.empty() ? "" : " ") + drive->block_node();
  setenv("BINRIP_BED_DEVICES", devices.c_str(), 1);
  const auto began = machine.discs.front().drive->now();
  const pid_t child = bed::start(as_user(options));
  if (child < 0) return complain(fmt::format("cannot run {}: {}", options.command[0], std::strerror(errno)));
  code = wait_for(child);
  for (const bed::BedDrive& disc : machine.discs) disc.transport->end_trouble();
  machine.drives.clear();
  if (!options.statistics.empty())
    bed::write_statistics(*machine.discs.front().drive, began, options.statistics);
  return code;
}

}  // namespace
}  // namespace binrip::kernel

int main(int argc, char** argv) {
  using namespace binrip;
  if (argc > 3 && std::strcmp(argv[1], kernel::kAsUser) == 0) return kernel::become_user(argv);
  const bed::Options options = bed::parse_options(argc, argv);
  const sigset_t signals = bed::handled_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  try {
    const auto code = kernel::run(options);
    return code ? *code : kernel::complain(code.error().message);
  } catch (const std::exception& error) {
    return kernel::complain(error.what());
  }
}
