#include "progress_meter.hpp"

#include <algorithm>

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

void ProgressMeter::begin_pass(int number, std::int64_t sectors) {
  progress_.pass = progress_.passes = number;
  progress_.sectors_done = 0;
  progress_.sectors_total = sectors;
  progress_.speed = 0;
  marks_.clear();
  began_ = std::chrono::nanoseconds{-1};
}

void ProgressMeter::advance(cd::Lba lba, std::int64_t sectors, std::chrono::nanoseconds time,
                            const SectorMap& map, const ErrorCounts& errors) {
  progress_.lba = lba;
  progress_.sectors_done = std::min(progress_.sectors_done + sectors, progress_.sectors_total);
  if (began_.count() < 0) began_ = time;
  marks_.push_back({time, progress_.sectors_done});
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

void ProgressMeter::tell(const SectorMap& map, const ErrorCounts& errors) {
  for (const auto& [begin, number] : tracks_) {
    if (begin <= progress_.lba) progress_.track = number;
  }
  if (marks_.size() > 1) {
    const std::chrono::duration<double> seconds = marks_.back().time - marks_.front().time;
    const auto sectors = static_cast<double>(marks_.back().sectors - marks_.front().sectors);
    const double rate = seconds.count() > 0 ? sectors / seconds.count() : 0;
    progress_.speed = rate / cd::kSectorsPerSecond;
    const auto left = static_cast<double>(progress_.sectors_total - progress_.sectors_done);
    progress_.remaining = std::chrono::seconds(rate > 0 ? static_cast<std::int64_t>(left / rate) : 0);
  }
  progress_.states = map.counts();
  progress_.c2_sectors = errors.c2_sectors;
  progress_.medium_errors = errors.medium_errors;
  progress_.other_errors = errors.other_errors;
  listener_.on_progress(progress_);
}

}  // namespace binrip::rip
