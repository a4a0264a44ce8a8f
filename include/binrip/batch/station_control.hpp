// What a person at a display may ask of a station.
#pragma once

#include <string>

#include "binrip/base/result.hpp"

namespace binrip::batch {

// Called from threads of the displays, several at once: an implementation hands the wish to its own loop (a
// queue and an eventfd) and answers at once. Success says that the wish was taken, not that it is done: the
// next views show that. Errors: no_device for a drive that the station does not know; illegal where the
// drive's stage does not allow it, with a message for people; timeout when the loop does not answer.
class StationControl {
 public:
  virtual ~StationControl() = default;
  // `drive`: a DriveView::id.
  virtual Result<void> set_aside(const std::string& drive) = 0;  // no more work; a rip that runs is saved
  virtual Result<void> take_back(const std::string& drive) = 0;
  virtual Result<void> eject(const std::string& drive) = 0;  // not while it rips
  // No disc is begun any more; those that are in work are finished.
  virtual Result<void> stop_after_current() = 0;
};

}  // namespace binrip::batch
