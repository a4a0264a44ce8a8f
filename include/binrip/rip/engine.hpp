// The engine: reads a disc into a Capture, pass by pass, until every sector has reached its goal or nothing
// more can be got. Reading and checking overlap on two threads; a third makes checkpoints durable.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/drive/profile.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/rip/events.hpp"

namespace binrip::rip {

struct EngineOptions {
  int retries = 5;
  std::optional<int> speed;  // ×; nothing: as fast as the drive can
  // Asked when the drive was not ready for a while: is the same disc still in it? Errors end the rip.
  std::function<Result<void>()> check_same_disc = [] { return Result<void>{}; };
};

struct ReadStatistics {
  std::chrono::nanoseconds drive_time{0};
  std::int64_t commands = 0, sectors_read = 0;
  std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0, sectors_retried = 0;
  std::int64_t edge_samples = 0;  // of the image, beyond the drive's reach; zeros stand there
  std::int64_t wrong_edc = 0;     // sectors whose EDC is wrong although they arrived without C2 errors
  std::optional<std::int64_t> pregap_sectors_read;  // of LBA -150 … -1; nothing when not tried
  std::int64_t pregap_sectors_not_silent = 0;
  int passes = 0;
  std::vector<std::string> notes;
};

class Engine {
 public:
  // All kept by reference. `disc` is the TOC's; `profile` may be corrected (the largest transfer).
  Engine(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile, Capture& capture,
         Listener& listener, EngineOptions options);

  // The capture is checkpointed at the end, also when an Error comes back. Calls `listener` from another
  // thread.
  Result<ReadStatistics> run(std::stop_token stop);

 private:
  drive::Drive& drive_;
  const cd::Disc& disc_;
  drive::Profile& profile_;
  Capture& capture_;
  Listener& listener_;
  EngineOptions options_;
};

}  // namespace binrip::rip
