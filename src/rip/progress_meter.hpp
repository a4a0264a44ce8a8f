// Counts what goes by and tells the listener, ten times a second at most.
#pragma once

#include <deque>
#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/rip/events.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

struct ErrorCounts {
  std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0;
};

enum class Direction { ascending, descending };

struct PassToWatch {
  int number = 1;
  std::string name;
  std::vector<cd::LbaRange> targets;  // ascending
  // Whether it goes from one place to the next, so that a place costs more than its sectors: then the time so
  // far by target tells the time left, not the speed of the last seconds.
  enum class Shape { one_stretch, scattered } shape = Shape::one_stretch;
  Direction direction = Direction::ascending;
};

class ProgressMeter {
 public:
  ProgressMeter(const cd::Disc& disc, Listener& listener);

  void begin_pass(PassToWatch pass);
  // A transfer has been checked; `time` is the drive's clock after it. Tells the listener when it is due.
  void advance(cd::Lba lba, std::int64_t sectors, std::chrono::nanoseconds time, const SectorMap& map,
               const ErrorCounts& errors);
  void tell_now(const SectorMap& map, const ErrorCounts& errors) { tell(map, errors); }
  void end_pass(const SectorMap& map, const ErrorCounts& errors);

 private:
  void tell(const SectorMap& map, const ErrorCounts& errors);
  void estimate();
  std::int64_t targets_passed(cd::LbaRange read) const;

  struct Mark {
    std::chrono::nanoseconds time;
    std::int64_t sectors;  // read since the rip began
  };
  Listener& listener_;
  std::vector<std::pair<cd::Lba, int>> tracks_;  // begin of each
  Progress progress_;
  std::int64_t read_ = 0;
  std::deque<Mark> marks_;  // of the last few seconds
  PassToWatch pass_;
  std::chrono::nanoseconds began_{-1};  // the pass; -1 while not known
  std::chrono::nanoseconds last_{-1};   // the transfer before
  std::chrono::steady_clock::time_point told_{};
};

}  // namespace binrip::rip
