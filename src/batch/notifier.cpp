#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "binrip/base/program.hpp"
#include "binrip/batch/notices.hpp"

namespace binrip::batch {
namespace {

constexpr std::string_view kDesktop = "desktop";
constexpr std::chrono::hours kForever{24};

// notify-send takes a little markup in the text.
std::string without_markup(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return escaped;
}

ProgramRun run_of(const Notice& notice, const NotifyOptions& options) {
  ProgramRun run;
  run.limit = options.limit;
  if (options.command == kDesktop) {
    const char* const urgency = notice.kind == NoticeKind::needs_a_hand ? "critical" : "normal";
    run.arguments = {"notify-send", "--app-name=binrip", std::string("--urgency=") + urgency,
                     "--",          notice.title,        without_markup(notice.text)};
    return run;
  }
  const std::string event(to_string(notice.kind));
  run.arguments = {options.command, event, notice.title, notice.text};
  run.environment = {{"BINRIP_EVENT", event},         {"BINRIP_TITLE", notice.title},
                     {"BINRIP_TEXT", notice.text},    {"BINRIP_DRIVE", notice.drive},
                     {"BINRIP_DISC", notice.disc},    {"BINRIP_END", notice.end},
                     {"BINRIP_FOLDER", notice.folder}};
  return run;
}

class CommandNotifier : public Notifier {
 public:
  CommandNotifier(NotifyOptions options, const ViewBoard& board,
                  std::function<void(const std::string&)> on_problem)
      : options_(std::move(options)),
        board_(board),
        on_problem_(std::move(on_problem)),
        thread_([this](const std::stop_token& stop) { follow(stop); }) {}

 private:
  // What is still to be told when it is stopped is told, each for as long as a command may take at all.
  void follow(const std::stop_token& stop) {
    std::uint64_t version = 0;
    while (true) {
      const bool last = stop.stop_requested();
      const PostedView posted = board_.wait_newer(version, kForever, stop);
      version = posted.version;
      for (const Notice& notice : writer_.update(*posted.view, NoticeWriter::Clock::now())) tell(notice);
      if (last) return;
    }
  }

  void tell(const Notice& notice) {
    const auto end = run_program(run_of(notice, options_));
    std::string problem;
    if (!end) {
      problem = end.error().message;
    } else if (end->exit_code != 0) {
      problem = fmt::format("{} ended with {}", options_.command, end->exit_code);
      if (!end->output.empty()) problem += ": " + end->output.substr(0, end->output.find('\n'));
    }
    if (!problem.empty() && works_) on_problem_("cannot notify: " + problem);
    works_ = problem.empty();
  }

  NotifyOptions options_;
  const ViewBoard& board_;
  std::function<void(const std::string&)> on_problem_;
  NoticeWriter writer_;
  bool works_ = true;
  std::jthread thread_;
};

bool has_desktop() {
  const auto is_set = [](const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  return is_set("DBUS_SESSION_BUS_ADDRESS") || is_set("WAYLAND_DISPLAY") || is_set("DISPLAY");
}

bool can_run(const std::string& command) {
  if (command.empty()) return false;
  return command.find('/') != std::string::npos ? ::access(command.c_str(), X_OK) == 0
                                                : find_program(command).has_value();
}

}  // namespace

Result<std::unique_ptr<Notifier>> Notifier::start(NotifyOptions options, const ViewBoard& board,
                                                  std::function<void(const std::string&)> on_problem) {
  if (options.command == kDesktop) {
    if (!find_program("notify-send")) {
      return fail(ErrorKind::usage, "cannot notify: notify-send is not installed",
                  "it is in the package libnotify-bin");
    }
    if (!has_desktop()) {
      return fail(ErrorKind::usage, "cannot notify: there is no desktop session",
                  "give a program instead, such as one that sends a message");
    }
  } else if (!can_run(options.command)) {
    return fail(ErrorKind::usage, fmt::format("cannot notify: no program {}", options.command),
                "its path, or its name in PATH, without arguments");
  }
  return std::unique_ptr<Notifier>(
      std::make_unique<CommandNotifier>(std::move(options), board, std::move(on_problem)));
}

}  // namespace binrip::batch
