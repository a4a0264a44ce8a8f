#include <fmt/format.h>

#include "binrip/cli/display.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr std::chrono::milliseconds kRedrawInterval{100};
constexpr int kPercentStep = 10;

// What both forms have in common: which messages are shown, and how.
class PeopleDisplay : public Display {
 public:
  PeopleDisplay(Console& console, Verbosity verbosity) : console_(console), verbosity_(verbosity) {}

  void on_message(rip::Severity severity, const std::string& text) override {
    if (verbosity_ == Verbosity::quiet) return;
    if (severity == rip::Severity::warning) {
      console_.line("binrip: warning: " + safe_text(text));
    } else if (verbosity_ == Verbosity::verbose) {
      const bool note = severity == rip::Severity::note;
      console_.line((note ? "binrip: note: " : "binrip: ") + safe_text(text));
    }
  }

 protected:
  Console& console_;
  Verbosity verbosity_;
};

// A live line: the stage until sectors come, then how far they are.
class LineDisplay : public PeopleDisplay {
 public:
  using PeopleDisplay::PeopleDisplay;

  void on_stage(const std::string& stage) override { console_.live_stage(safe_text(stage)); }
  void on_progress(const rip::Progress& progress) override {
    const bool whole = progress.sectors_done >= progress.sectors_total;
    if (rate_.due() || whole) console_.live(progress_line(progress, console_.style()));
  }

 private:
  RateLimit rate_{kRedrawInterval};
};

// Lines that stay: for log files and pipes.
class PlainDisplay : public PeopleDisplay {
 public:
  using PeopleDisplay::PeopleDisplay;

  void on_stage(const std::string& stage) override {
    last_percent_ = 0;
    console_.line("binrip: " + safe_text(stage));
  }
  void on_progress(const rip::Progress& progress) override {
    if (progress.pass != pass_) {
      pass_ = progress.pass;
      last_percent_ = 0;
    }
    const int percent = percent_done(progress);
    if (percent < last_percent_ + kPercentStep) return;
    last_percent_ = percent - percent % kPercentStep;
    console_.line("binrip: " + progress_sentence(progress));
  }

 private:
  int last_percent_ = 0;
  int pass_ = 1;
};

}  // namespace

std::unique_ptr<Display> people_display(Console& console, ProgressKind kind, Verbosity verbosity) {
  if (kind == ProgressKind::none || verbosity == Verbosity::quiet) {
    return std::make_unique<PeopleDisplay>(console, verbosity);
  }
  if (console.terminal().present) return std::make_unique<LineDisplay>(console, verbosity);
  return std::make_unique<PlainDisplay>(console, verbosity);
}

}  // namespace binrip::cli
