#include "binrip/base/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "binrip/base/bytes.hpp"

namespace binrip {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPace{20};
constexpr std::chrono::seconds kGrace{1};

std::string words_of(int error_number) { return std::generic_category().message(error_number); }

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) error_ = errno;
  }
  ~Pipe() {
    close_writing();
    if (ends_[0] >= 0) ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int error() const { return error_; }
  int writing() const { return ends_[1]; }
  void close_writing() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  // Adds what is there within `wait`, as far as `text` is not longer than `most`. Whether something was
  // there.
  bool read_some(std::string& text, std::size_t most, std::chrono::milliseconds wait) {
    if (at_end_) {
      std::this_thread::sleep_for(wait);
      return false;
    }
    pollfd waiting{ends_[0], POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(wait.count())) <= 0) return false;
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(ends_[0], buffer.data(), buffer.size());
    at_end_ = n == 0;
    if (n > 0) text.append(buffer.data(), std::min(static_cast<std::size_t>(n), most - text.size()));
    return n > 0;
  }
  // What a program that has ended has left there. Those that it has started may go on writing: no more is
  // read than is kept.
  void read_rest(std::string& text, std::size_t most) {
    while (text.size() < most && read_some(text, most, std::chrono::milliseconds(0))) continue;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
  int error_ = 0;
  bool at_end_ = false;
};

// The settings of the terminal, as a program that is ended in the middle of a question may not leave them.
class TerminalSettings {
 public:
  TerminalSettings() : known_(::tcgetattr(STDIN_FILENO, &settings_) == 0) {}
  void restore() const {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSANOW, &settings_);
  }

 private:
  termios settings_{};
  bool known_;
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Ours, with what the program gets in addition, "NAME=value".
std::vector<std::string> environment_of(const ProgramRun& program) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!program.environment.contains(std::string(text.substr(0, text.find('='))))) result.emplace_back(text);
  }
  for (const auto& [name, value] : program.environment) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

// Our own settings of signals are not the program's. Without a terminal it gets a session of its own, so that
// it finds none to ask on.
class Spawning {
 public:
  Spawning(const ProgramRun& program, int output) : program_(program) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    const bool alone = program.ask == AskUser::none;
    if (alone) {
      ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, program.input.c_str(), O_RDONLY, 0);
      ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
      ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    } else {
      ::posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none, changed;
    sigemptyset(&none);
    sigemptyset(&changed);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&changed, number);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &changed);
    const int own_session = alone ? POSIX_SPAWN_SETSID : 0;
    ::posix_spawnattr_setflags(
        &attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | own_session));
  }
  ~Spawning() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  Result<pid_t> start() const {
    std::vector<std::string> arguments = program_.arguments;
    std::vector<std::string> environment = environment_of(program_);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, arguments.front().c_str(), &actions_, &attributes_,
                                     pointers_to(arguments).data(), pointers_to(environment).data());
    if (error == 0) return child;
    return fail(ErrorKind::io, fmt::format("cannot run {}: {}", arguments.front(), words_of(error)));
  }

 private:
  const ProgramRun& program_;
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

class Child {
 public:
  Child(pid_t id, AskUser ask) : id_(id), alone_(ask == AskUser::none) {}
  // Its exit code once it has ended.
  std::optional<int> ended() const {
    int status = 0;
    const pid_t result = ::waitpid(id_, &status, WNOHANG);
    if (result == 0 || (result < 0 && errno == EINTR)) return std::nullopt;
    constexpr int kSignalled = 128;
    if (result < 0) return kSignalled;  // somebody else waits for all children
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  }
  // All of its group, where it has a session of its own. Not even SIGKILL ends what waits for a device in the
  // kernel: that is left behind.
  void end() {
    for (const int signal : {SIGTERM, SIGKILL}) {
      ::kill(target(), signal);
      if (wait_until([&] { return gone() && (!alone_ || ::kill(target(), 0) != 0); })) return;
    }
  }

 private:
  pid_t target() const { return alone_ ? -id_ : id_; }
  bool gone() {
    gone_ = gone_ || ended().has_value();
    return gone_;
  }
  template <class Condition>
  static bool wait_until(Condition condition) {
    const Clock::time_point last = Clock::now() + kGrace;
    while (Clock::now() < last) {
      if (condition()) return true;
      std::this_thread::sleep_for(kPace);
    }
    return false;
  }

  pid_t id_;
  bool alone_;  // its group has its number
  bool gone_ = false;
};

}  // namespace

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "/usr/bin:/bin" : variable;
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    std::filesystem::path path = std::filesystem::path(folder) / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0) return path;
  }
  return std::nullopt;
}

Result<ProgramEnd> run_program(const ProgramRun& program, const std::stop_token& stop) {
  Pipe pipe;
  if (pipe.error() != 0) return fail(ErrorKind::io, "cannot make a pipe: " + words_of(pipe.error()));
  const TerminalSettings terminal;
  TRY(const pid_t id, Spawning(program, pipe.writing()).start());
  pipe.close_writing();
  Child child(id, program.ask);
  const Clock::time_point last = Clock::now() + program.limit;
  ProgramEnd end;
  for (;;) {
    if (const std::optional<int> code = child.ended()) {
      pipe.read_rest(end.output, program.most_output);
      end.exit_code = *code;
      return end;
    }
    pipe.read_some(end.output, program.most_output, kPace);
    const bool late = Clock::now() >= last;
    if (!late && !stop.stop_requested()) continue;
    child.end();
    pipe.read_rest(end.output, program.most_output);
    if (program.said_until_ended != nullptr) *program.said_until_ended = end.output;
    if (program.ask == AskUser::kept) terminal.restore();
    if (!late) return fail(ErrorKind::cancelled, "interrupted");
    return fail(ErrorKind::timeout,
                fmt::format("{} did not end in {} s", program.arguments.front(), program.limit.count()));
  }
}

}  // namespace binrip
