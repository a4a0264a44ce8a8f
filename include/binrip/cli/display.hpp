// Those who listen to a rip and tell of it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "binrip/base/result.hpp"
#include "binrip/cli/console.hpp"
#include "binrip/cli/output_options.hpp"
#include "binrip/rip/events.hpp"

namespace binrip::job {
struct RipOutcome;
}

namespace binrip::cli {

// A listener that also tells how it ended.
class Display : public rip::Listener {
 public:
  virtual void on_done(const job::RipOutcome&) {}
  virtual void on_error(const Error&, int /*exit_code*/) {}
};

// Lets through one event in that time.
class RateLimit {
 public:
  explicit RateLimit(std::chrono::milliseconds interval) : interval_(interval) {}
  bool due() {
    const auto now = std::chrono::steady_clock::now();
    if (last_ && now - *last_ < interval_) return false;
    last_ = now;
    return true;
  }

 private:
  std::chrono::milliseconds interval_;
  std::optional<std::chrono::steady_clock::time_point> last_;
};

// For people: on a terminal one line rewritten ten times a second at most, else a line for each stage and
// each tenth. Messages by verbosity: warnings unless quiet, notes and others when verbose.
std::unique_ptr<Display> people_display(Console& console, ProgressKind kind, Verbosity verbosity);

// For programs: one JSON object a line on `out`; see binrip(1).
std::unique_ptr<Display> json_display(std::ostream& out);

}  // namespace binrip::cli
