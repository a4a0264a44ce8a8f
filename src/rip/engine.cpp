#include "binrip/rip/engine.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "audio_collector.hpp"
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

// What the progress calls a pass, in a word or two.
std::string name_of(Purpose purpose, int sweep) {
  switch (purpose) {
    case Purpose::stream:
      return "reading";
    case Purpose::trim:
      return "trimming";
    case Purpose::subchannel:
      return "subchannel";
    case Purpose::proof:
      return "proof";
    case Purpose::paranoia:
      return "paranoia";
    case Purpose::raw:
      return "raw data";
    case Purpose::scrape:
      return "scraping";
    case Purpose::sweep:
      return fmt::format("sweep {}", sweep);
  }
  return {};
}

PassToWatch watched(const Pass& pass, int number, int sweep) {
  using Shape = PassToWatch::Shape;
  const bool one_stretch = pass.purpose == Purpose::stream || pass.purpose == Purpose::subchannel ||
                           pass.purpose == Purpose::proof || pass.purpose == Purpose::paranoia;
  return {.number = number,
          .name = name_of(pass.purpose, sweep),
          .targets = pass.targets,
          .shape = one_stretch ? Shape::one_stretch : Shape::scattered,
          .direction = pass.order == Order::ascending ? Direction::ascending : Direction::descending};
}

// The checking side of one pass: takes what the reader hands on until the queue is closed.
class Checker {
 public:
  Checker(const cd::Disc& disc, const drive::Profile& profile, Capture& capture, Listener& listener,
          const PassPlanner& planner, Judge::UnderC2 under_c2, TransferPool& pool)
      : capture_(capture),
        judge_(capture, planner.sub_mode(), under_c2),
        composer_(disc, profile.read_offset.value, judge_),
        collector_(disc, profile.read_offset.value, judge_),
        meter_(disc, listener),
        checkpointer_(capture),
        pool_(pool) {}

  void begin_pass(const Pass& pass, int number, Judge::Freshness freshness) {
    judge_.begin_pass(pass, freshness);
    collects_ = pass.purpose == Purpose::paranoia;
    if (collects_) {
      judge_.expect_matched();
      collector_.begin_pass(pass, freshness);
    }
    if (pass.purpose == Purpose::sweep) ++sweeps_;
    meter_.begin_pass(watched(pass, number, sweeps_));
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

  // After run(), on any thread.
  Result<void> end_pass(const ReaderCounts& counts) {
    Result<void> result = collects_ ? collector_.hand_on() : Result<void>();
    meter_.end_pass(capture_.map(), errors(counts));
    return result;
  }
  // No checkpoint is in work after this.
  void finish() { checkpointer_.finish(); }
  void add_to(ReadStatistics& statistics) const { judge_.add_to(statistics); }
  Judge& judge() { return judge_; }

 private:
  Result<void> take(BeginRun& run) {
    if (collects_) {
      collector_.begin_run(run);
      return {};
    }
    composer_.begin(run.targets, run.image, run.readable, run.stored);
    return {};
  }

  Result<void> take(TransferDone& done) {
    Transfer& transfer = *done.transfer;
    transfer.judge();
    if (collects_) collector_.add(transfer);
    for (std::uint32_t i = 0; i < transfer.count() && !collects_; ++i) {
      transfer.decode(i, sector_);
      TRY_VOID(composer_.push(sector_));
    }
    meter_.advance(transfer.request().start, transfer.count(), done.time, capture_.map(),
                   errors(done.counts));
    pool_.give_back(std::move(done.transfer));
    return checkpoint_when_due();
  }

  Result<void> take(EndRun& run) { return collects_ ? Result<void>() : composer_.end(run.how); }

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
  AudioCollector collector_;
  bool collects_ = false;  // this pass
  ProgressMeter meter_;
  int sweeps_ = 0;
  Checkpointer checkpointer_;
  TransferPool& pool_;
  Delivered sector_;
  std::chrono::steady_clock::time_point checkpointed_ = std::chrono::steady_clock::now();
};

std::string_view way_of(Source source) {
  switch (source) {
    case Source::normal:
      break;
    case Source::uncorrected:
      return "without the drive's correction";
    case Source::as_audio:
      return "as audio";
    case Source::vendor_d8:
      return "as audio, by the vendor command D8";
  }
  return "as it is";
}

std::string describe(const Pass& pass) {
  const std::int64_t n = cd::total_size(pass.targets);
  const std::string sectors = fmt::format("{} sector{}", n, n == 1 ? "" : "s");
  switch (pass.purpose) {
    case Purpose::stream:
      return "reading " + sectors;
    case Purpose::trim:
      return fmt::format("coming back to {} that were stepped over", sectors);
    case Purpose::subchannel:
      return "reading the subchannel of " + sectors;
    case Purpose::proof:
      return "reading " + sectors + " again, for proof";
    case Purpose::paranoia:
      return fmt::format("reading {} of audio to be matched, time {}", sectors, pass.reading);
    case Purpose::raw:
      return fmt::format("reading {} of data {}", sectors, way_of(pass.source));
    case Purpose::scrape:
      return fmt::format("reading {} inside of damage", sectors);
    case Purpose::sweep:
      return fmt::format("trying {} again{}{}", sectors,
                         pass.order == Order::descending ? " from the far side" : "",
                         pass.speed ? fmt::format(" at {}x", *pass.speed) : "");
  }
  return {};
}

bool comes_back(Purpose purpose) {
  return purpose == Purpose::raw || purpose == Purpose::scrape || purpose == Purpose::sweep;
}

// Without a limit of the user's, coming back to bad sectors takes this long at most.
constexpr std::chrono::hours kComingBack{1};

void note_preparation(Reader::Preparation preparation, std::vector<std::string>& notes) {
  std::string note;
  if (preparation == Reader::Preparation::told_to_drop) {
    note = "a second read came after the drive was told to drop its cache, which is taken at its word";
  } else if (preparation == Reader::Preparation::may_be_cached) {
    note = "the drive's cache could not be emptied for a second read";
  }
  if (note.empty() || std::find(notes.begin(), notes.end(), note) != notes.end()) return;
  notes.push_back(std::move(note));
}

// That a drive refuses the usual ways is its good right; of D8 it was known that it takes it.
void note_refusal(const Pass& pass, const Reader& reader, std::vector<std::string>& notes) {
  if (pass.source != Source::vendor_d8) return;
  notes.emplace_back(
      reader.source_filtered()
          ? "the system did not let the vendor command D8 pass, which was to read bad sectors of "
            "data: that needs the drive's generic node (/dev/sgN) or CAP_SYS_RAWIO"
          : "the drive refused the vendor command D8, which was to read bad sectors of data");
}

Judge::Freshness freshness_of(Reader::Preparation preparation) {
  switch (preparation) {
    case Reader::Preparation::told_to_drop:
      return Judge::Freshness::told_to_drop;
    case Reader::Preparation::may_be_cached:
      return Judge::Freshness::may_be_cached;
    case Reader::Preparation::fresh:
    case Reader::Preparation::refused:
      break;
  }
  return Judge::Freshness::fresh;
}

// The reader on this thread, the checker on one of its own.
Result<void> run_pass(const Pass& pass, int number, Reader::Preparation preparation, Reader& reader,
                      Checker& checker, std::stop_token stop) {
  ReadQueue queue(kTransfersInFlight);
  checker.begin_pass(pass, number, freshness_of(preparation));
  Result<void> result;
  Result<void> checked;
  {
    std::jthread thread([&] { checked = checker.run(queue); });
    result = reader.run(pass, queue, std::move(stop));
    queue.close();
  }
  if (!checked) return checked;  // why the reader was stopped
  if (!result) return result;
  return checker.end_pass(reader.counts());
}

// Shifts at so many places are the drive's way, and all that it gave is in doubt; fewer are lost streaming.
constexpr std::int64_t kPlacesOfJitter = 3;
constexpr cd::SectorCount kAroundLostStreaming{64};

// What the engine makes of a drive that does not keep its place in audio.
class JitterAnswer {
 public:
  JitterAnswer(const cd::Disc& disc, const drive::Profile& profile, const EngineOptions& options,
               Capture& capture, PassPlanner& planner, Judge& judge)
      : disc_(disc), options_(options), capture_(capture), planner_(planner), judge_(judge) {
    const drive::Known<bool>& accurate = profile.accurate_stream;
    const bool seen = !accurate.value && accurate.source == drive::ProfileSource::probed;
    if (options.paranoia == Paranoia::always || (options.passes != 1 && !accurate.value)) {
      judge_.set_under_c2(Judge::UnderC2::two_that_agree);
    }
    if (options.paranoia == Paranoia::always) judge_.set_audio_proof(AudioProof::by_matching);
    if (seen || capture.map().jitter().places >= kPlacesOfJitter) distrust();
  }

  // After a pass.
  void look() {
    const std::int64_t places = judge_.jitter().places;
    if (places > 0 && options_.passes != 1) planner_.match_audio(AudioProof::by_reading);
    // The rest of the transfers that these sectors came in, where two reads may have lost streaming alike.
    for (const cd::LbaRange& shifted : judge_.take_shifted()) {
      doubt_audio({shifted.begin - kAroundLostStreaming, shifted.end + kAroundLostStreaming});
    }
    if (places < kPlacesOfJitter || distrusts_) return;
    distrust();
    doubt_audio({cd::Lba{0}, cd::kLastLba});
  }

 private:
  void doubt_audio(cd::LbaRange range) {
    for (const cd::TrackRef& track : cd::track_ranges(disc_)) {
      if (track.track->is_data()) continue;
      capture_.doubt({std::max(range.begin, track.range.begin), std::min(range.end, track.range.end)});
    }
  }
  void distrust() {
    distrusts_ = true;
    judge_.set_under_c2(Judge::UnderC2::two_that_agree);
    if (options_.paranoia == Paranoia::never) return;
    judge_.set_audio_proof(AudioProof::by_matching);
    if (options_.passes != 1) planner_.match_audio(AudioProof::by_matching);
  }

  const cd::Disc& disc_;
  const EngineOptions& options_;
  Capture& capture_;
  PassPlanner& planner_;
  Judge& judge_;
  bool distrusts_ = false;
};

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
  PassPlanner planner(profile_, disc_, options_);
  TransferPool pool;
  const Judge::UnderC2 under_c2 =
      options_.passes == 2 ? Judge::UnderC2::two_that_agree : Judge::UnderC2::one_read;
  Checker checker(disc_, profile_, capture_, listener_, planner, under_c2, pool);
  Reader reader(drive_, disc_, profile_, options_, pool);
  if (options_.max_time) reader.set_deadline(began + *options_.max_time);
  JitterAnswer jitter(disc_, profile_, options_, capture_, planner, checker.judge());
  bool came_back = false;
  Result<void> result;

  while (result && !stop.stop_requested() && !reader.out_of_time()) {
    const std::optional<Pass> pass = planner.next(capture_.map());
    if (!pass) break;
    if (comes_back(pass->purpose) && !came_back && !options_.max_time) {
      reader.set_deadline(drive_.transport().now() + kComingBack);
    }
    came_back = came_back || comes_back(pass->purpose);
    const auto preparation = reader.prepare(*pass, capture_.map(), stop);
    if (!preparation) {
      result = fail(preparation.error());
      break;
    }
    if (*preparation == Reader::Preparation::refused) {
      planner.refuse(pass->source);
      continue;
    }
    ++statistics.passes;
    listener_.on_stage(describe(*pass));
    if (comes_back(pass->purpose)) statistics.sectors_retried += cd::total_size(pass->targets);
    note_preparation(*preparation, statistics.notes);
    result = run_pass(*pass, statistics.passes, *preparation, reader, checker, stop);
    reader.end_pass();
    jitter.look();
    if (result) result = options_.after_pass(capture_);
    if (reader.source_refused()) {
      planner.refuse(pass->source);
      note_refusal(*pass, reader, statistics.notes);
    }
  }
  reader.end_rip();
  if (result && stop.stop_requested()) result = fail(ErrorKind::cancelled, "interrupted");

  // What has been read is kept, whatever happened.
  checker.finish();
  Result<void> saved = capture_.checkpoint();
  TRY_VOID(result);
  TRY_VOID(saved);
  checker.add_to(statistics);
  statistics.out_of_time = reader.out_of_time();
  statistics.drive_time = drive_.transport().now() - began;
  statistics.notes.insert(statistics.notes.end(), reader.notes().begin(), reader.notes().end());
  const ReaderCounts counts = reader.counts();
  statistics.commands = counts.commands;
  statistics.sectors_read = counts.sectors;
  statistics.medium_errors = counts.medium_errors;
  statistics.other_errors = counts.other_errors;
  return statistics;
}

}  // namespace binrip::rip
