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
#include "binrip/rip/paranoia_choice.hpp"

namespace binrip::rip {

// What to do about subchannel that has not been read.
enum class SubGoal {
  complete,    // read with the sectors, and again where it did not come
  of_all,      // there is none yet of sectors that are good: one pass over the disc for it
  by_the_way,  // only as it comes with sectors that are read anyway
};

struct EngineOptions {
  int retries = 5;           // sweeps over what is still bad; 0: nothing is read again but for proof
  std::optional<int> speed;  // ×; nothing: as fast as the drive can
  // Reads of a sector that must agree where nothing in it proves it. 1: nothing is read again for proof, and
  // without C2 stays unproven. 2: even under clean C2. Nothing: 2 without C2, 1 with it.
  std::optional<int> passes;
  Paranoia paranoia = Paranoia::automatic;
  // Drive time after which reading ends, whatever is left. Nothing: passes over the whole disc take what they
  // take, and coming back to bad sectors an hour.
  std::optional<std::chrono::seconds> max_time;
  // Sweeps end when one brings back less than this share of what it tried, in percent.
  double stop_below = 0;
  SubGoal sub_goal = SubGoal::complete;
  // Asked when the drive was not ready for a while: is the same disc still in it? Errors end the rip.
  std::function<Result<void>()> check_same_disc = [] { return Result<void>{}; };
  // Called after each pass, on the thread of run(): what else can vouch for sectors. Errors end the rip.
  std::function<Result<void>(Capture&)> after_pass = [](Capture&) { return Result<void>{}; };
};

struct ReadStatistics {
  std::chrono::nanoseconds drive_time{0};
  std::int64_t commands = 0, sectors_read = 0;
  std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0, sectors_retried = 0;
  std::int64_t edge_samples = 0;  // of the image, beyond the drive's reach; zeros stand there
  std::int64_t wrong_edc = 0;     // sectors whose EDC is wrong although they arrived without C2 errors
  std::optional<std::int64_t> pregap_sectors_read;  // of LBA -150 … -1; nothing when not tried
  std::int64_t pregap_sectors_not_silent = 0;
  std::int64_t sectors_matched = 0;  // by paranoia, to be good
  int passes = 0;
  bool out_of_time = false;  // max_time, or the hour for coming back, ended it
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
