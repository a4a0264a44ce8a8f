// How long a drive takes: constant angular velocity, seeks, spin-up, speed changes, and a cache with
// read-ahead. Keeps the clock, which is virtual or real. All times are absolute on that clock.
//
// Geometry and figures: program area from radius 25 mm, 1.2 m/s, track pitch 1.6 µm; 48x at the outer edge of
// 333,000 sectors is 9,480 turns a minute; seek 55 ms + 88 ms·√(Δr / 33 mm) and half a turn (IBM 48x manual).
#pragma once

#include <chrono>
#include <optional>

#include "binrip/cd/address.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::sim {

using Time = std::chrono::nanoseconds;

inline constexpr Time kCommandOverhead = std::chrono::microseconds(100);
inline constexpr Time kSpinUp = std::chrono::seconds(4);
inline constexpr Time kSpeedChange = std::chrono::milliseconds(1500);
inline constexpr Time kReReadNearby = std::chrono::milliseconds(10);
inline constexpr int kReadThroughSectors = 200;

// Where the head is after how long, at a speed of min(cap, what the rotation gives there).
class MediaSpeed {
 public:
  explicit MediaSpeed(int max_speed, std::optional<double> cap = {});
  Time time(cd::Lba from, cd::Lba to) const;         // from <= to
  cd::Lba after(cd::Lba from, Time duration) const;  // whole sectors passed
  double at(cd::Lba lba) const;                      // ×
  Time turn() const;
  static double radius_mm(cd::Lba lba);

 private:
  double seconds(double sectors) const;  // from the beginning of the program area
  double sectors(double seconds) const;
  double turns_per_second_;
  double cap_;
  double cap_from_;  // sectors from the beginning, where the cap begins to hold
  double cap_seconds_;
};

class TimeModel {
 public:
  TimeModel(Clock clock, int max_speed, cd::SectorCount cache);

  Time now() const;
  void wait_until(Time t);

  void spin_down();
  void set_cap(std::optional<double> times);  // nothing: as fast as it can
  // No faster than that for a while.
  void slow_down(double times, Time until);
  double current_max() const { return cap_.value_or(max_speed_); }

  struct Access {
    bool cached = false;  // all of it was there
    bool kept = false;    // the cache's contents are still valid; else they have been dropped
    bool sought = false;
  };
  // The head goes to `begin`; the drive reads ahead up to `limit` at most.
  Access approach(cd::Lba begin, cd::Lba end, cd::Lba limit);
  // When everything below `end` has reached the host, after approach().
  Time arrive(cd::Lba end);
  // The drive gave up at `lba` after that long; it does not read ahead from there.
  void give_up(cd::Lba lba, Time at);
  void drop_cache();
  // For how long no read was outstanding though the drive had all that the next one asked for, or had nothing
  // to do until it came.
  Time host_wait() const { return host_wait_; }
  // How often it left off reading ahead because the host had fetched too little.
  std::int64_t times_full() const { return times_full_; }
  // Sectors below this are no longer in the cache.
  cd::Lba cache_begin() const { return cache_begin_; }
  cd::Lba head() const { return head_; }

 private:
  void run_ahead(Time until);
  void settle_speed();
  Time ready_for(cd::Lba begin, cd::Lba end) const;
  Time seek_time(cd::Lba to) const;

  Clock clock_;
  int max_speed_;
  cd::SectorCount cache_;
  std::optional<double> wanted_cap_;  // the host's
  std::optional<double> slow_cap_;    // until slow_until_
  Time slow_until_{0};
  std::optional<double> cap_;  // the lower of both
  MediaSpeed speed_;
  Time virtual_now_{0};
  std::chrono::steady_clock::time_point real_start_ = std::chrono::steady_clock::now();
  bool spinning_ = false;
  bool reading_ahead_ = false;
  Time busy_until_{0};
  cd::Lba head_{0};    // everything in [cache_begin_, head_) has been read …
  Time head_time_{0};  // … by this time
  cd::Lba cache_begin_{0};
  cd::Lba consumed_{0};  // what the host has asked for last
  cd::Lba limit_{0};
  Time answered_{0};  // when the last read had reached the host, as the drive reckons
  Time host_wait_{0};
  std::int64_t times_full_ = 0;
};

}  // namespace binrip::sim
