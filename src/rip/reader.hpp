// The side of the engine that talks to the drive: turns the windows of a pass into transfers, answers what
// the drive says, and hands every transfer on, whether it brought anything or not.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <variant>
#include <vector>

#include "composer.hpp"
#include "passes.hpp"
#include "queue.hpp"
#include "transfer.hpp"

#include "binrip/rip/engine.hpp"

namespace binrip::rip {

// What goes from the reader to the checking thread, in order.
struct BeginRun {
  cd::LbaRange targets, image, readable;
};
struct ReaderCounts {  // since the rip began
  std::int64_t commands = 0, sectors = 0, medium_errors = 0, other_errors = 0;
};
struct TransferDone {
  std::unique_ptr<Transfer> transfer;
  std::chrono::nanoseconds time;  // the drive's clock after it
  ReaderCounts counts;
};
struct EndRun {};
using ReadItem = std::variant<BeginRun, TransferDone, EndRun>;
using ReadQueue = BoundedQueue<ReadItem>;

// Transfers go round: the checking thread gives them back.
class TransferPool {
 public:
  std::unique_ptr<Transfer> take();
  void give_back(std::unique_ptr<Transfer> transfer);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> free_;
};

class Reader {
 public:
  Reader(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile, const EngineOptions& options,
         TransferPool& pool);

  // Before run(): false when the pass is small enough to be served from the drive's cache, and that could not
  // be emptied.
  bool prepare(const Pass& pass);
  // Reads all targets of a pass. Errors end the rip: cancelled, no_device, medium_changed, no_medium, and a
  // drive that fails again and again.
  Result<void> run(const Pass& pass, ReadQueue& out, std::stop_token stop);
  // The last prepare() asked the drive to drop what it holds, and the drive agreed.
  bool emptied_cache() const { return emptied_cache_; }
  ReaderCounts counts() const { return counts_; }

 private:
  enum class Outcome { done, split, shrink };

  Result<void> run_range(const Pass& pass, cd::LbaRange targets, std::stop_token stop);
  Result<void> read_piece(const Pass& pass, cd::Lba start, std::uint32_t count, std::stop_token stop);
  Result<Outcome> issue(Transfer& transfer, Purpose purpose);
  Result<Outcome> after_error(const Error& error, Transfer& transfer, Purpose purpose);
  Result<std::optional<Outcome>> after_check_condition(const drive::Sense& sense, Transfer& transfer,
                                                       Purpose purpose);
  Result<void> recover_ready();
  void restore_settings();
  std::uint32_t transfer_limit(const Pass& pass) const;
  cd::LbaRange session_of(cd::Lba lba) const;
  cd::LbaRange readable_around(cd::LbaRange session) const;
  cd::Lba next_boundary(cd::Lba lba) const;

  drive::Drive& drive_;
  drive::Profile& profile_;
  const EngineOptions& options_;
  ReadQueue* out_ = nullptr;  // of the pass in work
  TransferPool& pool_;
  OffsetReach reach_;
  std::vector<cd::LbaRange> sessions_;
  std::vector<cd::Lba> boundaries_;  // where transfers must not go across: kinds change, LBA 0, session ends
  bool pregap_wanted_ = false;       // the first track is audio: LBA -150 … -1 are looked at
  bool emptied_cache_ = false;
  bool largest_proved_ = false;  // a transfer of the full size has succeeded
  int failures_in_a_row_ = 0;
  std::uint64_t salt_ = 0;
  ReaderCounts counts_;
};

}  // namespace binrip::rip
