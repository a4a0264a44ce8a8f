// Reads for the probe: patterned buffers, so that what was delivered is told from what was not; a budget of
// commands; and which failures end a probe.
#pragma once

#include <stop_token>
#include <vector>

#include "binrip/drive/drive.hpp"

namespace binrip::drive {

enum class Outcome {
  delivered,  // GOOD, and the end of the buffer was overwritten
  refused,    // 5/xx: not a command or an address for this drive
  failed,     // anything else
};
struct Reading {
  Outcome outcome = Outcome::failed;
  ByteVector data;
};

class Prober {
 public:
  Prober(Drive& drive, std::stop_token stop) : drive_(drive), stop_(std::move(stop)) {}

  // Errors end the probe: the drive is gone, the disc has changed, the caller wants to stop, the drive
  // answers no more. All else is an Outcome.
  Result<Reading> read(const ReadCd& request);

  // True when `field`, which starts at byte `at` of a reading, still holds the pattern.
  static bool untouched(Bytes field, std::size_t at);

 private:
  Result<Reading> failure(const Sense& sense);

  Drive& drive_;
  std::stop_token stop_;
  int commands_left_ = 100;
  int timeouts_left_ = 2;
};

}  // namespace binrip::drive
