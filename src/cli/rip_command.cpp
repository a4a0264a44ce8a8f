#include "rip_command.hpp"

#include <csignal>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diagnostics.hpp"
#include "lookup.hpp"
#include "print_result.hpp"
#include "slow_notice.hpp"
#include "words.hpp"

#include "binrip/cli/display.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/rip_invocation.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/image/damage_strip.hpp"
#include "binrip/job/rip_job.hpp"

namespace binrip::cli {
namespace {

constexpr int kSignalled = 128;  // the shell's convention: 128 + number

std::int64_t reported_count(const image::Report& report, cd::SectorState state) {
  return report.states[static_cast<std::size_t>(state)];
}

// "12 sectors unproven, 3 failed": what is below consistent.
std::string shortfall(const image::Report& report) {
  std::string text;
  for (const cd::SectorState state : {cd::SectorState::failed, cd::SectorState::damaged,
                                      cd::SectorState::unproven, cd::SectorState::untried}) {
    const std::int64_t count = reported_count(report, state);
    if (count == 0) continue;
    const std::string number = text.empty() ? counted(count, "sector") : grouped(count);
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, cd::to_string(state));
  }
  return text;
}

std::string length_of(std::int64_t sectors) {
  return clock_time(std::chrono::seconds((sectors + cd::kSectorsPerSecond / 2) / cd::kSectorsPerSecond));
}

// What rip_disc gave, for people: verdict, tracks, speed, files, notes.
std::string rip_summary(const job::RipOutcome& outcome) {
  const image::Report& report = outcome.report;
  std::string text = safe_text(report.verdict) + '\n';
  const auto row = [&](std::string_view name, const std::string& value) {
    text += fmt::format("  {:<7} {}\n", name, value);
  };
  const auto sectors = static_cast<std::int64_t>(report.whole_disc.size / cd::kSectorSize);
  std::string tracks = counted(static_cast<std::int64_t>(report.tracks.size()), "track");
  if (report.disc.sessions.size() > 1) {
    tracks += fmt::format(" in {} sessions", report.disc.sessions.size());
  }
  row("disc", fmt::format("{}, {}, {}", tracks, counted(sectors, "sector"), length_of(sectors)));
  for (const image::ReportSource& source : report.sources) {
    row("from", fmt::format("{}: {}", safe_text(source.name), counted(source.sectors, "sector")));
  }
  if (report.sources.empty()) {
    row("speed",
        fmt::format("{:.1f}x on average, {} in the drive", report.reading.average_speed,
                    clock_time(std::chrono::seconds(static_cast<std::int64_t>(report.reading.seconds)))));
  }
  for (const image::ReportDatabase& database : report.databases) {
    row("known", safe_text(database_summary(database)));
  }
  std::vector<std::string> names;
  for (const auto& file : outcome.files) names.push_back(safe_text(file.filename().string()));
  // A name for each track would bury the rest.
  constexpr std::size_t kMostNames = 8;
  if (names.size() > kMostNames) {
    const std::size_t left_out = names.size() - kMostNames;
    names.erase(names.begin() + 2, names.begin() + 2 + static_cast<std::ptrdiff_t>(left_out));
    names.insert(names.begin() + 2, fmt::format("{} more", left_out));
  }
  row("files", fmt::format("{}", fmt::join(names, ", ")));
  if (!report.notes.empty()) {
    row("notes", fmt::format("{}, in the log", report.notes.size()));
  }
  return text;
}

// What makes an image, with everything around it: one object, so that each step is short.
class ImageRun {
 public:
  ImageRun(ProgressKind progress, Verbosity verbosity, Host& host)
      : progress_(progress),
        verbosity_(verbosity),
        host_(host),
        console_(host.err, host.terminal),
        display_(progress == ProgressKind::json ? json_display(host.out)
                                                : people_display(console_, progress, verbosity)),
        interruption_(host.watch_signals()) {
    if (verbosity == Verbosity::verbose) logger_ = verbose_logger(console_);
  }

  int rip(const RipInvocation& invocation) { return end(rip_outcome(invocation)); }
  int merge(const MergeInvocation& invocation) {
    const std::stop_callback tell(interruption_->token(), [this] { tell_of_stopping(""); });
    return end(host_.merge(invocation.merge, *display_, interruption_->token()));
  }

 private:
  int end(const Result<job::RipOutcome>& outcome) {
    console_.clear();
    return outcome ? ended(*outcome) : failed(outcome.error());
  }

  Result<job::RipOutcome> rip_outcome(const RipInvocation& invocation) {
    job::RipOptions options = invocation.rip;
    for (const std::string& text : invocation.texts) {
      TRY(auto field, job::parse_set_option(text));
      options.texts.push_back(std::move(field));
    }
    TRY(options.config, host_.load_config());
    options.network = host_.fetcher(access_of(invocation.access, options.config));
    options.databases = database_servers(options.config, invocation.device.name);
    // Only seen on a terminal, when the drive is slow: a line in a log would stand before every error.
    if (shows_progress()) console_.live_stage("opening " + safe_text(invocation.device.name));
    const DeviceOptions wanted = with_config(invocation.device, options.config);
    TRY(OpenDevice device, invocation.verbosity == Verbosity::quiet
                               ? host_.open_device(wanted)
                               : open_patiently(wanted, host_, console_));
    for (const std::string& warning : device.warnings) display_->on_message(rip::Severity::warning, warning);
    if (logger_) {
      log_opening(device, *logger_);
      device.transport = log_commands(std::move(device.transport), logger_);
    }
    const std::stop_callback tell(interruption_->token(),
                                  [this] { tell_of_stopping(" after this command of the drive"); });
    auto outcome = host_.rip(*device.transport, options, *display_, interruption_->token());
    device.transport.reset();
    if (device.trace && !device.trace->flush()) {
      display_->on_message(rip::Severity::warning,
                           fmt::format("the trace {} is not whole", invocation.device.record_trace.string()));
    }
    return outcome;
  }

  bool shows_progress() const {
    return progress_ == ProgressKind::automatic && verbosity_ != Verbosity::quiet;
  }

  void tell_of_stopping(std::string_view when) {
    if (verbosity_ == Verbosity::quiet) return;
    console_.line(fmt::format("binrip: stopping{}; once more ends at once", when));
  }

  int ended(const job::RipOutcome& outcome) {
    const image::Report& report = outcome.report;
    const int exit_code = outcome.not_signed ? kFailure : report.exit_code;
    display_->on_done(outcome);
    if (verbosity_ != Verbosity::quiet) summarize(outcome);
    if (outcome.not_signed) {
      Error error = *outcome.not_signed;
      error.message = "the image is there, but its log is not signed: " + error.message;
      print_error(host_.err, error);
    }
    return exit_code;
  }

  void summarize(const job::RipOutcome& outcome) {
    const image::Report& report = outcome.report;
    if (progress_ != ProgressKind::json) host_.out << rip_summary(outcome) << std::flush;
    if (const std::string missing = shortfall(report); !missing.empty()) {
      console_.line(fmt::format("binrip: warning: {}", missing));
      if (progress_ != ProgressKind::json) show_damage(report);
      console_.line("hint: the .map beside the sheet says which they are");
    }
  }

  void show_damage(const image::Report& report) {
    constexpr int kColumnsOfAFile = 72;
    const Terminal& terminal = console_.terminal();
    image::StripStyle style{.columns = kColumnsOfAFile};
    if (terminal.present) {
      style = {.columns = terminal.columns(),
               .glyphs = terminal.glyphs == Glyphs::unicode ? image::StripGlyphs::unicode
                                                            : image::StripGlyphs::ascii,
               .colour = terminal.colour == Colour::on ? image::StripColour::on : image::StripColour::off};
    }
    for (const std::string& line : image::damage_strip(report, style)) console_.line(line);
  }

  int failed(const Error& error) {
    if (error.kind == ErrorKind::cancelled) return interrupted();
    display_->on_error(error, kFailure);
    print_error(host_.err, error);
    return kFailure;
  }

  int interrupted() {
    const int signal = interruption_->signal();
    const int exit_code = kSignalled + (signal != 0 ? signal : SIGINT);
    const Error error{ErrorKind::cancelled, "interrupted", "the same command goes on from here"};
    display_->on_error(error, exit_code);
    print_error(host_.err, error);
    return exit_code;
  }

  ProgressKind progress_;
  Verbosity verbosity_;
  Host& host_;
  Console console_;
  std::unique_ptr<Display> display_;
  std::unique_ptr<Interruption> interruption_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace

int rip_command(const RipInvocation& options, Host& host) {
  return ImageRun(options.progress, options.verbosity, host).rip(options);
}

int merge_command(const MergeInvocation& options, Host& host) {
  return ImageRun(options.progress, options.verbosity, host).merge(options);
}

}  // namespace binrip::cli
