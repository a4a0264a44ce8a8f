#include "signals.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <string_view>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace binrip::cli {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

// timeout(1) and some supervisors signal the process and then its group: that is one wish, not two.
constexpr std::chrono::milliseconds kSameWish{250};

class SignalWatch : public Interruption {
 public:
  SignalWatch() {
    ::sigemptyset(&watched_);
    for (const int number : kSignals) {
      struct sigaction action {};
      ::sigaction(number, nullptr, &action);
      if (action.sa_handler != SIG_IGN) ::sigaddset(&watched_, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
    signals_ = ::signalfd(-1, &watched_, SFD_CLOEXEC);
    end_ = ::eventfd(0, EFD_CLOEXEC);
    if (signals_ >= 0 && end_ >= 0) {
      thread_ = std::thread([this] { watch(); });
    } else {
      // Without descriptors signals do what they do by default.
      ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
  }

  ~SignalWatch() override {
    if (thread_.joinable()) {
      ::eventfd_write(end_, 1);
      thread_.join();
      ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    if (signals_ >= 0) ::close(signals_);
    if (end_ >= 0) ::close(end_);
  }

 private:
  void watch() {
    std::array<pollfd, 2> descriptors = {pollfd{signals_, POLLIN, 0}, pollfd{end_, POLLIN, 0}};
    while (true) {
      if (::poll(descriptors.data(), descriptors.size(), -1) < 0) continue;  // EINTR
      if (descriptors[1].revents != 0) return;
      signalfd_siginfo info{};
      if (::read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
      const int number = static_cast<int>(info.ssi_signo);
      const auto now = std::chrono::steady_clock::now();
      if (signal() == 0) {
        first_ = now;
        request(number);
      } else if (now - first_ > kSameWish) {
        end_at_once(number);
      }
    }
  }

  // Dies of the signal itself, so that whoever waits for the process sees it.
  static void end_at_once(int number) {
    // The live line goes, and a table of drives with the other screen that it stands on.
    constexpr std::string_view kRestore = "\x1b[?1047l\x1b[?25h\r\x1b[K";
    if (::isatty(STDERR_FILENO) == 1) [[maybe_unused]]
      const auto ignored = ::write(STDERR_FILENO, kRestore.data(), kRestore.size());
    std::signal(number, SIG_DFL);
    sigset_t only{};
    ::sigemptyset(&only);
    ::sigaddset(&only, number);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(number);
    ::_exit(128 + number);
  }

  sigset_t watched_{};
  sigset_t before_{};
  int signals_ = -1;
  int end_ = -1;
  std::chrono::steady_clock::time_point first_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Interruption> watch_signals() { return std::make_unique<SignalWatch>(); }

}  // namespace binrip::cli
