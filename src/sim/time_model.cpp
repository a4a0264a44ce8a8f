#include "time_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <thread>

namespace binrip::sim {
namespace {

constexpr double kInnerRadiusMm = 25.0;
constexpr double kPitchMm = 1.6e-3;
constexpr double kLinearMmPerSecond = 1200.0;
constexpr double kTurnsPerSecondPerSpeed = 158.0 / 48.0;  // 9,480 rpm at 48x
constexpr double kStrokeMm = 33.0;
// Each sector covers this area of the spiral, divided by pi.
constexpr double kSectorAreaMm2 = kLinearMmPerSecond / cd::kSectorsPerSecond * kPitchMm / std::numbers::pi;

double radius(double sectors) {
  return std::sqrt(kInnerRadiusMm * kInnerRadiusMm + std::max(0.0, sectors) * kSectorAreaMm2);
}
double sectors_at(double radius_mm) {
  return (radius_mm * radius_mm - kInnerRadiusMm * kInnerRadiusMm) / kSectorAreaMm2;
}
double from_start(cd::Lba lba) { return static_cast<double>(lba.value) + cd::kPregapSectors; }
Time to_time(double seconds) { return Time(static_cast<std::int64_t>(std::llround(seconds * 1e9))); }
double to_seconds(Time t) { return static_cast<double>(t.count()) * 1e-9; }

}  // namespace

MediaSpeed::MediaSpeed(int max_speed, std::optional<double> cap)
    : turns_per_second_(kTurnsPerSecondPerSpeed * std::max(1, max_speed)),
      cap_(std::max(1.0, cap.value_or(1e9))) {
  // × = 2 pi r · turns / linear speed, so the cap is reached at this radius.
  const double cap_radius = cap_ * kLinearMmPerSecond / (2 * std::numbers::pi * turns_per_second_);
  cap_from_ = std::max(0.0, sectors_at(std::min(cap_radius, 1e6)));
  cap_seconds_ = (radius(cap_from_) - kInnerRadiusMm) / kPitchMm / turns_per_second_;
}

double MediaSpeed::seconds(double sectors) const {
  if (sectors <= cap_from_) return (radius(sectors) - kInnerRadiusMm) / kPitchMm / turns_per_second_;
  return cap_seconds_ + (sectors - cap_from_) / (cd::kSectorsPerSecond * cap_);
}

double MediaSpeed::sectors(double seconds) const {
  if (seconds <= cap_seconds_) return sectors_at(kInnerRadiusMm + seconds * turns_per_second_ * kPitchMm);
  return cap_from_ + (seconds - cap_seconds_) * cd::kSectorsPerSecond * cap_;
}

Time MediaSpeed::time(cd::Lba from, cd::Lba to) const {
  return to_time(seconds(from_start(to)) - seconds(from_start(from)));
}

cd::Lba MediaSpeed::after(cd::Lba from, Time duration) const {
  const double reached = sectors(seconds(from_start(from)) + to_seconds(duration));
  const double whole = std::floor(std::min(reached, 1e6)) - cd::kPregapSectors;
  return std::max(from, cd::Lba{static_cast<std::int32_t>(whole)});
}

double MediaSpeed::at(cd::Lba lba) const {
  const double rotation =
      2 * std::numbers::pi * radius(from_start(lba)) * turns_per_second_ / kLinearMmPerSecond;
  return std::min(cap_, rotation);
}

Time MediaSpeed::turn() const { return to_time(1.0 / turns_per_second_); }
double MediaSpeed::radius_mm(cd::Lba lba) { return radius(from_start(lba)); }

TimeModel::TimeModel(Clock clock, int max_speed, cd::SectorCount cache)
    : clock_(clock), max_speed_(max_speed), cache_(cache), speed_(max_speed) {}

Time TimeModel::now() const {
  if (clock_ == Clock::virtual_time) return virtual_now_;
  return std::chrono::steady_clock::now() - real_start_;
}

void TimeModel::wait_until(Time t) {
  if (clock_ == Clock::virtual_time) {
    virtual_now_ = std::max(virtual_now_, t);
  } else {
    std::this_thread::sleep_until(real_start_ + t);
  }
}

void TimeModel::spin_down() {
  spinning_ = false;
  drop_cache();
}

void TimeModel::set_cap(std::optional<double> times) {
  if (times && *times >= max_speed_) times.reset();
  wanted_cap_ = times;
  settle_speed();
}

void TimeModel::slow_down(double times, Time until) {
  slow_cap_ = times;
  slow_until_ = until;
  settle_speed();
}

void TimeModel::settle_speed() {
  std::optional<double> cap = wanted_cap_;
  if (slow_cap_) cap = std::min(*slow_cap_, cap.value_or(max_speed_));
  if (cap == cap_) return;
  run_ahead(now());
  reading_ahead_ = false;
  cap_ = cap;
  speed_ = MediaSpeed(max_speed_, cap_);
  if (spinning_) busy_until_ = now() + kSpeedChange;
}

// What the drive has read of its own accord since.
void TimeModel::run_ahead(Time until) {
  if (!reading_ahead_ || until <= head_time_) return;
  const cd::Lba limit = std::min(limit_, consumed_ + cd::SectorCount{cache_.value / 2});
  cd::Lba reached = speed_.after(head_, until - head_time_);
  if (reached >= limit) {
    reached = std::max(head_, limit);
    reading_ahead_ = false;
    if (limit < limit_) ++times_full_;
  }
  head_time_ += speed_.time(head_, reached);
  head_ = reached;
  cache_begin_ = std::max(cache_begin_, head_ - cache_);
}

Time TimeModel::seek_time(cd::Lba to) const {
  if (to <= head_ && head_ - to <= cd::SectorCount{kReadThroughSectors}) return kReReadNearby;
  const double distance = std::abs(MediaSpeed::radius_mm(to) - MediaSpeed::radius_mm(head_));
  return to_time(0.055 + 0.088 * std::sqrt(distance / kStrokeMm)) + speed_.turn() / 2;
}

// From when on the drive could only wait for the command that reads this.
Time TimeModel::ready_for(cd::Lba begin, cd::Lba end) const {
  const Time idle = std::max(answered_, busy_until_);
  const bool on_its_way = reading_ahead_ && begin >= cache_begin_ && begin <= head_ && end > head_;
  return on_its_way ? std::max(idle, head_time_ + speed_.time(head_, end)) : idle;
}

TimeModel::Access TimeModel::approach(cd::Lba begin, cd::Lba end, cd::Lba limit) {
  if (slow_cap_ && now() >= slow_until_) {
    slow_cap_.reset();
    settle_speed();
  }
  const Time asked = now();
  if (spinning_) host_wait_ += std::max(Time{0}, asked - ready_for(begin, end));
  const Time start = std::max(asked, busy_until_);
  run_ahead(start);
  limit_ = limit;
  const bool spun_up = spinning_;
  if (spun_up && cache_.value > 0 && begin >= cache_begin_ && end <= head_) {
    return {.cached = true, .kept = true, .sought = false};
  }
  const Time ready = spun_up ? start : start + kSpinUp;
  spinning_ = true;
  const bool onward = begin >= cache_begin_ && begin <= head_ + cd::SectorCount{kReadThroughSectors};
  if (spun_up && onward) {
    // Between two commands a drive without read-ahead loses the place, and finds it half a turn later.
    if (!reading_ahead_) head_time_ = ready + speed_.turn() / 2;
  } else {
    head_time_ = ready + (head_ == begin ? speed_.turn() / 2 : seek_time(begin));
    head_ = cache_begin_ = begin;
  }
  reading_ahead_ = cache_.value > 0;
  return {.cached = false, .kept = spun_up && onward && cache_.value > 0, .sought = !onward};
}

Time TimeModel::arrive(cd::Lba end) {
  const Time soonest = std::max(now(), busy_until_) + kCommandOverhead;
  consumed_ = end;
  answered_ = soonest;
  if (end <= head_) return answered_;
  head_time_ += speed_.time(head_, end);
  head_ = end;
  cache_begin_ = std::max(cache_begin_, head_ - cache_);
  answered_ = std::max(soonest, head_time_);
  return answered_;
}

void TimeModel::give_up(cd::Lba lba, Time at) {
  head_ = lba;
  cache_begin_ = std::min(cache_begin_, lba);
  head_time_ = answered_ = at;
  reading_ahead_ = false;
}

void TimeModel::drop_cache() {
  run_ahead(now());
  cache_begin_ = head_;
}

}  // namespace binrip::sim
