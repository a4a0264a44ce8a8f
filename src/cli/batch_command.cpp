#include <csignal>

#include <fmt/format.h>

#include "commands.hpp"

#include "binrip/batch/supervisor.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

class BatchRun {
 public:
  BatchRun(const BatchInvocation& invocation, Host& host)
      : invocation_(invocation),
        host_(host),
        console_(host.err, host.terminal),
        interruption_(host.watch_signals()) {}

  int run() {
    const auto outcome = supervise();
    if (!outcome) {
      print_error(host_.err, outcome.error());
      return kFailure;
    }
    if (*outcome == batch::BatchOutcome::complete) return kSuccess;
    constexpr int kSignalled = 128;
    const int signal = interruption_->signal();
    console_.line("binrip: stopped; the same command goes on from here");
    return kSignalled + (signal != 0 ? signal : SIGINT);
  }

 private:
  Result<batch::BatchOutcome> supervise() {
    TRY(batch::BatchOptions options, batch_options());
    TRY(const auto supervisor,
        batch::Supervisor::open(
            std::move(options),
            {.find_drives = host_.find_drives,
             .on_finished = [this](const batch::FinishedDisc& disc) { tell(disc); },
             .on_warning =
                 [this](const std::string& text) { console_.line("binrip: warning: " + safe_text(text)); }}));
    return supervisor->run(interruption_->token());
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
    if (!invocation_.hooks.empty()) {
      TRY(options.loader, batch::open_hooks({.folder = invocation_.hooks,
                                             .log = [this](const batch::LoaderStep& step) { tell(step); }}));
    }
    return options;
  }

  // From the loader's thread: Console takes lines from any.
  void tell(const batch::LoaderStep& step) {
    if (step.end == "exit code 0") return;
    console_.line(safe_text(fmt::format("binrip: warning: {}{}: {}", step.what,
                                        step.drive_node.empty() ? "" : " for " + step.drive_node, step.end)));
  }

  void tell(const batch::FinishedDisc& disc) {
    const std::string what = disc.disc.empty() ? "a disc in " + disc.drive_id : disc.disc;
    console_.line(safe_text(fmt::format("{}: {}: {}", what, to_string(disc.end), disc.verdict)));
  }

  const BatchInvocation& invocation_;
  Host& host_;
  Console console_;
  std::unique_ptr<Interruption> interruption_;
};

}  // namespace

int batch_command(const BatchInvocation& options, Host& host) { return BatchRun(options, host).run(); }

}  // namespace binrip::cli
