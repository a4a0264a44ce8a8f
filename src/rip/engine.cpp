#include "binrip/rip/engine.hpp"

#include <thread>

#include <fmt/format.h>

#include "checkpointer.hpp"
#include "composer.hpp"
#include "judge.hpp"
#include "passes.hpp"
#include "progress_meter.hpp"
#include "reader.hpp"

namespace binrip::rip {

namespace {

// Two seconds of a fast drive: what the checks may lag behind before the drive has to wait.
constexpr std::size_t kTransfersInFlight = 64;
constexpr std::chrono::seconds kCheckpointInterval{10};

// The checking side of one pass: takes what the reader hands on until the queue is closed.
class Checker {
 public:
  Checker(const cd::Disc& disc, const drive::Profile& profile, Capture& capture, Listener& listener,
          const PassPlanner& planner, TransferPool& pool)
      : capture_(capture),
        judge_(capture, planner.c2_mode(), planner.sub_mode()),
        composer_(disc, profile.read_offset.value, judge_),
        meter_(disc, listener),
        checkpointer_(capture),
        pool_(pool) {}

  void begin_pass(const Pass& pass, int number, Judge::Freshness freshness) {
    judge_.begin_pass(pass, freshness);
    meter_.begin_pass(number, total_size(pass.targets));
  }

  // On a thread of its own. An error closes the queue, which stops the reader.
  Result<void> run(ReadQueue& queue) {
    Result<void> result;
    while (auto item = queue.pop()) {
      if (result) result = std::visit([this](auto& part) { return take(part); }, *item);
      if (!result) queue.close();
    }
    return result;
  }

  void end_pass(const ReaderCounts& counts) { meter_.end_pass(capture_.map(), errors(counts)); }
  // No checkpoint is in work after this.
  void finish() { checkpointer_.finish(); }
  void add_to(ReadStatistics& statistics) const { judge_.add_to(statistics); }

 private:
  Result<void> take(BeginRun& run) {
    composer_.begin(run.targets, run.image, run.readable);
    return {};
  }

  Result<void> take(TransferDone& done) {
    Transfer& transfer = *done.transfer;
    transfer.judge();
    for (std::uint32_t i = 0; i < transfer.count(); ++i) {
      transfer.decode(i, sector_);
      TRY_VOID(composer_.push(sector_));
    }
    meter_.advance(transfer.request().start, transfer.count(), done.time, capture_.map(),
                   errors(done.counts));
    pool_.give_back(std::move(done.transfer));
    return checkpoint_when_due();
  }

  Result<void> take(EndRun&) { return composer_.end(); }

  Result<void> checkpoint_when_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - checkpointed_ < kCheckpointInterval || !checkpointer_.idle()) return {};
    checkpointed_ = now;
    TRY_VOID(checkpointer_.error());
    TRY(std::string text, capture_.snapshot());
    checkpointer_.offer(std::move(text));
    return {};
  }

  ErrorCounts errors(const ReaderCounts& counts) const {
    return {judge_.c2_sectors(), counts.medium_errors, counts.other_errors};
  }

  Capture& capture_;
  Judge judge_;
  Composer composer_;
  ProgressMeter meter_;
  Checkpointer checkpointer_;
  TransferPool& pool_;
  Delivered sector_;
  std::chrono::steady_clock::time_point checkpointed_ = std::chrono::steady_clock::now();
};

std::string describe(const Pass& pass) {
  const std::int64_t n = total_size(pass.targets);
  const std::string sectors = fmt::format("{} sector{}", n, n == 1 ? "" : "s");
  switch (pass.purpose) {
    case Purpose::stream:
      return "reading " + sectors;
    case Purpose::subchannel:
      return "reading the subchannel of " + sectors;
    case Purpose::proof:
      return "reading " + sectors + " again, for proof";
    case Purpose::retry:
      return "trying " + sectors + " again";
  }
  return {};
}

}  // namespace

Engine::Engine(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile, Capture& capture,
               Listener& listener, EngineOptions options)
    : drive_(drive),
      disc_(disc),
      profile_(profile),
      capture_(capture),
      listener_(listener),
      options_(std::move(options)) {}

Result<ReadStatistics> Engine::run(std::stop_token stop) {
  const auto began = drive_.transport().now();
  ReadStatistics statistics;
  PassPlanner planner(profile_, options_.retries);
  TransferPool pool;
  Checker checker(disc_, profile_, capture_, listener_, planner, pool);
  Reader reader(drive_, disc_, profile_, options_, pool);
  Result<void> result;

  while (result && !stop.stop_requested()) {
    const std::optional<Pass> pass = planner.next(capture_.map());
    if (!pass) break;
    ++statistics.passes;
    listener_.on_stage(describe(*pass));
    if (pass->purpose == Purpose::retry) statistics.sectors_retried += total_size(pass->targets);

    ReadQueue queue(kTransfersInFlight);
    const bool fresh = reader.prepare(*pass);
    checker.begin_pass(*pass, statistics.passes,
                       fresh ? Judge::Freshness::fresh : Judge::Freshness::may_be_cached);
    if (fresh && reader.emptied_cache()) {
      statistics.notes.emplace_back(
          "a second read came after the drive was told to drop its cache, which is taken at its word");
    }
    if (!fresh) statistics.notes.push_back("the drive's cache could not be emptied for a second read");
    Result<void> checked;
    {
      std::jthread thread([&] { checked = checker.run(queue); });
      result = reader.run(*pass, queue, stop);
      queue.close();
    }
    if (!checked) result = checked;  // why the reader was stopped
    if (result) checker.end_pass(reader.counts());
  }
  if (result && stop.stop_requested()) result = fail(ErrorKind::cancelled, "interrupted");

  // What has been read is kept, whatever happened.
  checker.finish();
  Result<void> saved = capture_.checkpoint();
  TRY_VOID(result);
  TRY_VOID(saved);
  checker.add_to(statistics);
  statistics.drive_time = drive_.transport().now() - began;
  const ReaderCounts counts = reader.counts();
  statistics.commands = counts.commands;
  statistics.sectors_read = counts.sectors;
  statistics.medium_errors = counts.medium_errors;
  statistics.other_errors = counts.other_errors;
  return statistics;
}

}  // namespace binrip::rip
