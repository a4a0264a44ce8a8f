#include "processes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "binrip/base/file.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kMaxWorkerOutput = 8U << 20;  // of a worker whose output is read as a whole
constexpr std::size_t kMostProblem = 64U << 10;     // of its standard error
constexpr std::size_t kMostLine = 256U << 10;
constexpr int kExitBySignal = 128;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

// Readable when the process has ended. glibc 2.36 declares pidfd_open() for C alone.
Descriptor process_handle(pid_t id) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))); }

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errno_error(errno, "make", "a pipe"));
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const char* program, char* const* arguments, int out, int err, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  constexpr int kCannotRun = 127;
  if (::getppid() != parent) ::_exit(kCannotRun);  // it was gone before
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
  const int input = ::open("/dev/null", O_RDONLY);
  ::dup2(input, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  // Whatever else this process has open is none of the worker's.
  ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
  ::execv(program, arguments);
  ::_exit(kCannotRun);
}

}  // namespace

class Processes::Process {
 public:
  Process(std::string drive, TaskKind kind, pid_t id, Descriptor handle, Descriptor out, Descriptor err)
      : drive_(std::move(drive)),
        by_line_(kind == TaskKind::rip || kind == TaskKind::refine),
        id_(id),
        handle_(std::move(handle)),
        out_(std::move(out)),
        err_(std::move(err)) {}
  ~Process() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, WNOHANG);  // one that hangs in the kernel is not waited for
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& drive() const { return drive_; }
  void signal(int number) const { ::kill(id_, number); }
  void add_to(std::vector<pollfd>& waiting) const {
    for (const Descriptor* descriptor : {&handle_, &out_, &err_}) {
      if (descriptor->get() >= 0) waiting.push_back({descriptor->get(), POLLIN, 0});
    }
  }
  void read(WorkerListener& listener) {
    read_from(out_, [&](std::string_view text) {
      if (by_line_) {
        take_lines(text, listener);
      } else {
        output_.append(text.substr(0, kMaxWorkerOutput - std::min(kMaxWorkerOutput, output_.size())));
      }
    });
    // The end of it is what tells why.
    read_from(err_, [&](std::string_view text) {
      problem_ += text;
      if (problem_.size() > kMostProblem) problem_.erase(0, problem_.size() - kMostProblem);
    });
  }
  bool ended() {
    int status = 0;
    const pid_t result = ::waitpid(id_, &status, WNOHANG);
    if (result == 0 || (result < 0 && errno == EINTR)) return false;
    id_ = 0;
    end_.exit_code = result > 0 && WIFEXITED(status)     ? WEXITSTATUS(status)
                     : result > 0 && WIFSIGNALED(status) ? kExitBySignal + WTERMSIG(status)
                                                         : kExitBySignal;
    return true;
  }
  TaskEnd end() {
    end_.output = std::move(output_);
    end_.problem = last_error(problem_);
    return std::move(end_);
  }

 private:
  template <class Take>
  static void read_from(Descriptor& from, Take take) {
    std::array<char, 16384> buffer;
    while (from.get() >= 0) {
      const ssize_t n = ::read(from.get(), buffer.data(), buffer.size());
      if (n > 0) {
        take(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
      } else if (n < 0 && errno == EINTR) {
        continue;
      } else {
        if (n == 0 || errno != EAGAIN) from.close();
        return;
      }
    }
  }
  void take_lines(std::string_view text, WorkerListener& listener) {
    line_ += text;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = line_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      listener.on_line(drive_, std::string_view(line_).substr(begin, end - begin));
    }
    line_.erase(0, begin);
    if (line_.size() > kMostLine) line_.clear();
  }

  std::string drive_;
  bool by_line_;
  pid_t id_;
  Descriptor handle_, out_, err_;
  std::string line_, output_, problem_;
  TaskEnd end_;
};

Processes::Processes(WorkerProgram program) : program_(std::move(program)) {}
Processes::~Processes() = default;

Result<void> Processes::start(const std::string& drive, const Task& task) {
  TRY(Pipe out, make_pipe());
  TRY(Pipe err, make_pipe());
  std::vector<std::string> arguments = arguments_of(task, program_.rip_options);
  arguments.insert(arguments.begin(), "binrip");
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(errno_error(errno, "start", "a worker"));
  if (child == 0) become(program_.path.c_str(), pointers.data(), out.write.get(), err.write.get(), self);
  // Where the kernel has no pidfd, the end is seen when the pipes close.
  running_.push_back(std::make_unique<Process>(drive, task.kind, child, process_handle(child),
                                               std::move(out.read), std::move(err.read)));
  return {};
}

void Processes::stop(const std::string& drive, StopHow how) {
  for (const auto& process : running_) {
    if (process->drive() == drive) process->signal(how == StopHow::kill ? SIGKILL : SIGTERM);
  }
}

std::vector<pollfd> Processes::waiting() const {
  std::vector<pollfd> waiting;
  for (const auto& process : running_) process->add_to(waiting);
  return waiting;
}

void Processes::serve(WorkerListener& listener) {
  // Those that the listener starts meanwhile come later.
  for (std::size_t i = 0; i < running_.size();) {
    Process& process = *running_[i];
    process.read(listener);
    if (!process.ended()) {
      ++i;
      continue;
    }
    process.read(listener);
    const std::string drive = process.drive();
    const TaskEnd end = process.end();
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
    listener.on_end(drive, end);
  }
}

std::vector<std::string> arguments_of(const Task& task, const std::vector<std::string>& rip_options) {
  const std::string cue = task.cue.string();
  std::vector<std::string> arguments;
  switch (task.kind) {
    case TaskKind::tray:
      return {"tray", task.node, "--json"};
    case TaskKind::open_tray:
      return {"tray", task.node, "open", "--json"};
    case TaskKind::close_tray:
      return {"tray", task.node, "close", "--json"};
    case TaskKind::identify:
      return {"info", task.node, "--json"};
    case TaskKind::verify:
      // The databases were asked during the rip; what they said is at hand.
      return {"verify", cue, "--json", "--offline"};
    case TaskKind::rip:
      arguments = {"rip", task.node, cue, "--progress", "json"};
      arguments.insert(arguments.end(), rip_options.begin(), rip_options.end());
      return arguments;
    case TaskKind::refine:
      return {"refine", cue, task.node, "--progress", "json"};
  }
  return arguments;
}

}  // namespace binrip::batch
