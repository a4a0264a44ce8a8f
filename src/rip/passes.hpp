// Which sectors to read next, and how: pure decisions over the map. The drive is not asked here.
#pragma once

#include <optional>
#include <vector>

#include "binrip/drive/profile.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

enum class Purpose {
  stream,      // the one pass over everything, at full speed
  subchannel,  // drives that give C2 or subchannel, not both: the same way again for the other
  proof,       // sectors that one read cannot prove: read again, not from the cache
  retry,       // what is still below its goal, in small transfers
};

struct Pass {
  Purpose purpose = Purpose::stream;
  std::vector<cd::LbaRange> targets;  // ascending, never across a session gap
  drive::C2Mode c2 = drive::C2Mode::none;
  drive::SubMode sub = drive::SubMode::none;
};

class PassPlanner {
 public:
  // `retries`: passes of purpose retry at most.
  PassPlanner(const drive::Profile& profile, int retries);

  // The next pass over this map, or nothing when no pass can help. Call after each pass.
  std::optional<Pass> next(const SectorMap& map);

  drive::C2Mode c2_mode() const { return c2_; }
  drive::SubMode sub_mode() const { return sub_; }

 private:
  std::optional<Pass> retry(const SectorMap& map);

  drive::C2Mode c2_;
  drive::SubMode sub_;
  bool separate_;  // C2 and subchannel both exist, but not in one command
  int retries_left_;
  int streams_left_ = 1, sub_passes_left_ = 1, proofs_left_ = 2;
  std::int64_t last_retry_size_ = -1;
};

std::int64_t total_size(const std::vector<cd::LbaRange>& ranges);

}  // namespace binrip::rip
