#include "batch_command.hpp"

#include <csignal>
#include <mutex>

#include <fmt/format.h>

#include "print_result.hpp"

#include "binrip/batch/notices.hpp"
#include "binrip/batch/supervisor.hpp"
#include "binrip/batch/web_server.hpp"
#include "binrip/cli/batch_invocation.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/station_display.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr int kNeedsAHand = 2;                                 // exit code
constexpr const char* kChangerMarks = ".binrip/changer.json";  // in the archive

// Warnings come from any thread, also before there is a display and when it is gone again.
class Warnings {
 public:
  Warnings(std::ostream& err, const Terminal& terminal) : console_(err, terminal) {}

  void show_on(StationDisplay* display) {
    const std::lock_guard lock(mutex_);
    display_ = display;
  }
  void warn(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (display_ != nullptr) return display_->warn(text);
    console_.line("binrip: warning: " + safe_text(text));
  }
  void line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    console_.line(safe_text(text));
  }

 private:
  std::mutex mutex_;
  Console console_;
  StationDisplay* display_ = nullptr;
};

class BatchRun {
 public:
  BatchRun(const BatchInvocation& invocation, Host& host)
      : invocation_(invocation),
        host_(host),
        warnings_(host.err, host.terminal),
        interruption_(host.watch_signals()) {}

  int run() {
    const auto outcome = supervise();
    if (!outcome) {
      print_error(host_.err, outcome.error());
      return kFailure;
    }
    if (*outcome == batch::BatchOutcome::complete) return kSuccess;
    if (*outcome == batch::BatchOutcome::needs_a_hand) return kNeedsAHand;
    constexpr int kSignalled = 128;
    const int signal = interruption_->signal();
    warnings_.line("binrip: stopped; the same command goes on from here");
    return kSignalled + (signal != 0 ? signal : SIGINT);
  }

 private:
  Result<batch::BatchOutcome> supervise() {
    std::string token;
    if (!invocation_.control_token.empty()) {
      TRY(token, batch::read_control_token(invocation_.control_token));
    }
    TRY(batch::BatchOptions options, batch_options());
    TRY(const auto supervisor,
        batch::Supervisor::open(std::move(options),
                                {.find_drives = host_.find_drives,
                                 .on_warning = [this](const std::string& text) { warnings_.warn(text); }}));
    // All that looks at the station's board ends before the station does.
    TRY(const auto web, web_server(*supervisor, std::move(token)));
    TRY(const auto notifier, notifier_of(*supervisor));
    const auto display = show_station(supervisor->board(), {host_.out, host_.err, host_.terminal},
                                      invocation_.progress, Verbosity::normal);
    warnings_.show_on(display.get());
    auto outcome = supervisor->run(interruption_->token());
    warnings_.show_on(nullptr);
    return outcome;
  }

  Result<batch::BatchOptions> batch_options() {
    batch::BatchOptions options;
    options.archive = invocation_.archive;
    options.drives = invocation_.drives;
    if (!invocation_.name_template.empty()) options.name_template = invocation_.name_template;
    options.list = invocation_.list;
    options.on_copy = invocation_.on_copy;
    options.silence = invocation_.silence;
    options.rip_options = invocation_.rip_options;
    TRY(options.loader, loader());
    return options;
  }

  // Nothing: a person.
  Result<std::unique_ptr<batch::Loader>> loader() {
    const batch::LoaderLog log = [this](const batch::LoaderStep& step) { tell(step); };
    if (!invocation_.hooks.empty()) return batch::open_hooks({.folder = invocation_.hooks, .log = log});
    if (invocation_.changer.empty()) return nullptr;
    return batch::open_changer({.device = invocation_.changer,
                                .marks = invocation_.archive / kChangerMarks,
                                .elements = invocation_.changer_drives,
                                .reject_slots = invocation_.changer_rejects,
                                .done = invocation_.changer_done,
                                .log = log});
  }

  Result<std::unique_ptr<batch::WebServer>> web_server(batch::Supervisor& supervisor, std::string token) {
    if (!invocation_.listen) return nullptr;
    TRY(auto server,
        batch::WebServer::start({.address = *invocation_.listen, .token = std::move(token), .names = {}},
                                supervisor.board(), &supervisor));
    if (!server->warning().empty()) warnings_.warn(server->warning());
    if (invocation_.progress == ProgressKind::automatic) {
      warnings_.line(fmt::format("The station is shown at {}", server->url()));
    }
    return server;
  }

  Result<std::unique_ptr<batch::Notifier>> notifier_of(const batch::Supervisor& supervisor) {
    if (invocation_.notify.empty()) return nullptr;
    return batch::Notifier::start({.command = invocation_.notify}, supervisor.board(),
                                  [this](const std::string& text) { warnings_.warn(text); });
  }

  // From the loader's thread.
  void tell(const batch::LoaderStep& step) {
    const bool no_more = step.end == fmt::format("exit code {}", batch::kHookNoMore);
    if (step.end == "exit code 0" || (no_more && !invocation_.hooks.empty())) return;
    warnings_.warn(fmt::format("{}{}: {}", step.what,
                               step.drive_node.empty() ? "" : " for " + step.drive_node, step.end));
  }

  const BatchInvocation& invocation_;
  Host& host_;
  Warnings warnings_;
  std::unique_ptr<Interruption> interruption_;
};

}  // namespace

int batch_command(const BatchInvocation& options, Host& host) { return BatchRun(options, host).run(); }

}  // namespace binrip::cli
