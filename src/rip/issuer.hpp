// Sends one READ CD and answers whatever comes back: asks again, waits, sets the drive up anew, opens it
// anew, or says that this place gives nothing now.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "passes.hpp"
#include "transfer.hpp"

#include "binrip/rip/engine.hpp"

namespace binrip::rip {

struct ReaderCounts {  // since the rip began
  std::int64_t commands = 0, sectors = 0, medium_errors = 0, other_errors = 0;
};

struct Attempt {
  enum class Kind {
    delivered,
    smaller,  // fewer sectors at once may do
    failed,
  };
  Kind kind = Kind::delivered;
  std::optional<cd::Lba> bad;  // failed: the sector that stopped it, where the drive says
};

class Issuer {
 public:
  Issuer(drive::Drive& drive, drive::Profile& profile, const EngineOptions& options);

  // Sets speed and error recovery as the pass wants them. False: the drive does not take the source.
  bool begin_pass(const Pass& pass);
  // Puts error recovery back.
  void end_pass();
  // Puts the speed back, too.
  void end_rip();

  // Errors end the rip: no_device (and the drive has not come back), medium_changed, no_medium, permission,
  // and a drive that fails again and again although it was opened anew.
  Result<Attempt> read(Transfer& transfer);
  // The drive refused the pass's source.
  bool source_refused() const { return source_refused_; }
  // … or the system did not let its command pass.
  bool source_filtered() const { return source_filtered_; }
  ReaderCounts counts() const { return counts_; }
  // Sentences for the report: what became of the drive meanwhile.
  const std::vector<std::string>& notes() const { return notes_; }
  void count_command() { ++counts_.commands; }
  // What the reads that brought sectors took, on the drive's clock.
  std::chrono::nanoseconds reading_time() const { return reading_time_; }

 private:
  Result<std::optional<Attempt>> after_error(const Error& error, const Transfer& transfer);
  Result<std::optional<Attempt>> after_check_condition(const drive::Sense& sense, const Transfer& transfer);
  Attempt after_illegal(const drive::Sense& sense, const Transfer& transfer);
  Attempt give_up(const Transfer& transfer, std::optional<cd::Lba> bad = {});
  Attempt halve_transfers(const Transfer& transfer);
  void learn_size(const Transfer& transfer);
  Result<void> recover_ready();
  Result<void> open_anew(const Error& why);
  bool drive_answers();
  void apply_settings();

  drive::Drive& drive_;
  drive::Profile& profile_;
  const EngineOptions& options_;
  std::optional<int> speed_;      // as the pass wants it
  std::optional<int> speed_set_;  // as the drive was told last
  Source source_ = Source::normal;
  std::optional<drive::ErrorRecovery> recovery_before_;  // while uncorrected data is asked for
  bool source_refused_ = false, source_filtered_ = false;
  bool largest_proved_ = false;   // a transfer of the full size has succeeded
  std::size_t refused_size_ = 0;  // the largest that the bus has refused since, in bytes; 0: none
  bool deaf_ = false;             // it answers nothing: no more is asked of it
  bool narrowing_ = false;        // the last one was refused
  int narrowed_ = 0;              // how often in a row a smaller one then went through
  int failures_in_a_row_ = 0;
  ReaderCounts counts_;
  std::chrono::nanoseconds reading_time_{0};
  std::vector<std::string> notes_;
};

}  // namespace binrip::rip
