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

class ProgressMeter {
 public:
  ProgressMeter(const cd::Disc& disc, Listener& listener);

  void begin_pass(int number, std::int64_t sectors);
  // A transfer has been checked; `time` is the drive's clock after it. Tells the listener when it is due.
  void advance(cd::Lba lba, std::int64_t sectors, std::chrono::nanoseconds time, const SectorMap& map,
               const ErrorCounts& errors);
  void end_pass(const SectorMap& map, const ErrorCounts& errors);

 private:
  void tell(const SectorMap& map, const ErrorCounts& errors);

  struct Mark {
    std::chrono::nanoseconds time;
    std::int64_t sectors;
  };
  Listener& listener_;
  std::vector<std::pair<cd::Lba, int>> tracks_;  // begin of each
  Progress progress_;
  std::deque<Mark> marks_;  // of the last few seconds
  std::chrono::nanoseconds began_{-1};
  std::chrono::steady_clock::time_point told_{};
};

}  // namespace binrip::rip
