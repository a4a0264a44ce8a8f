#include "progress_meter.hpp"

#include <algorithm>

#include "binrip/cd/lba_ranges.hpp"

namespace binrip::rip {

namespace {
constexpr std::chrono::milliseconds kInterval{100};
constexpr std::chrono::seconds kSpeedWindow{4};
}  // namespace

ProgressMeter::ProgressMeter(const cd::Disc& disc, Listener& listener) : listener_(listener) {
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    tracks_.emplace_back(track.range.begin, track.track->number);
    progress_.last_track = track.track->number;
  }
}

void ProgressMeter::begin_pass(PassToWatch pass) {
  pass_ = std::move(pass);
  progress_.pass = progress_.passes = pass_.number;
  progress_.pass_name = pass_.name;
  progress_.sectors_done = 0;
  progress_.sectors_total = cd::total_size(pass_.targets);
  progress_.speed = 0;
  progress_.remaining = std::chrono::seconds(0);
  marks_.clear();
  began_ = last_;
}

// Of a scattered pass: what lies behind the head.
std::int64_t ProgressMeter::targets_passed(cd::LbaRange read) const {
  std::int64_t passed = 0;
  for (const cd::LbaRange& range : pass_.targets) {
    if (pass_.direction == Direction::ascending) {
      passed += std::max(0, (std::min(range.end, read.end) - range.begin).value);
    } else {
      passed += std::max(0, (range.end - std::max(range.begin, read.begin)).value);
    }
  }
  return passed;
}

void ProgressMeter::advance(cd::Lba lba, std::int64_t sectors, std::chrono::nanoseconds time,
                            const SectorMap& map, const ErrorCounts& errors) {
  progress_.lba = lba;
  const cd::LbaRange read{lba, lba + cd::SectorCount{static_cast<std::int32_t>(sectors)}};
  const bool scattered = pass_.shape == PassToWatch::Shape::scattered;
  const std::int64_t done =
      scattered ? std::max(progress_.sectors_done, targets_passed(read)) : progress_.sectors_done + sectors;
  progress_.sectors_done = std::min(done, progress_.sectors_total);
  if (began_.count() < 0) began_ = time;
  last_ = time;
  read_ += sectors;
  marks_.push_back({time, read_});
  while (marks_.size() > 2 && marks_.front().time + kSpeedWindow < time) marks_.pop_front();

  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < kInterval) return;
  told_ = now;
  tell(map, errors);
}

void ProgressMeter::end_pass(const SectorMap& map, const ErrorCounts& errors) {
  progress_.sectors_done = progress_.sectors_total;
  tell(map, errors);
}

void ProgressMeter::estimate() {
  if (marks_.size() < 2) return;
  const std::chrono::duration<double> seconds = marks_.back().time - marks_.front().time;
  const auto sectors = static_cast<double>(marks_.back().sectors - marks_.front().sectors);
  double rate = seconds.count() > 0 ? sectors / seconds.count() : 0;  // sectors a second
  progress_.speed = rate / cd::kSectorsPerSecond;
  if (pass_.shape == PassToWatch::Shape::scattered) {
    const std::chrono::duration<double> so_far = last_ - began_;
    rate = so_far.count() > 0 ? static_cast<double>(progress_.sectors_done) / so_far.count() : 0;
  }
  const auto left = static_cast<double>(progress_.sectors_total - progress_.sectors_done);
  progress_.remaining = std::chrono::seconds(rate > 0 ? static_cast<std::int64_t>(left / rate) : 0);
}

void ProgressMeter::tell(const SectorMap& map, const ErrorCounts& errors) {
  for (const auto& [begin, number] : tracks_) {
    if (begin <= progress_.lba) progress_.track = number;
  }
  estimate();
  progress_.states = map.counts();
  progress_.sectors_not_good = 0;
  for (const cd::SectorState state : cd::kAllSectorStates) {
    if (state >= cd::SectorState::consistent) continue;
    progress_.sectors_not_good += progress_.states[static_cast<std::size_t>(state)];
  }
  progress_.c2_sectors = errors.c2_sectors;
  progress_.medium_errors = errors.medium_errors;
  progress_.other_errors = errors.other_errors;
  listener_.on_progress(progress_);
}

}  // namespace binrip::rip
