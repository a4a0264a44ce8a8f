// Makes one record of the subchannel of several reads whose Q is wrong. Pure; the capture is not seen here.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "binrip/cd/subchannel.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

using SubRecord = std::array<Byte, cd::kSubSize>;

struct MergedSub {
  SubState state = SubState::read;  // read: no better than before
  SubRecord record{};               // confirmed: one of the reads as it is. voted: what most of them say
};

// A Q that comes the same way twice is not changed: it is what is on the disc, as far as two reads can tell.
// Else three reads and more vote on every bit of P to W, and the CRC and the address of the Q decide whether
// the outcome is believed.
class SubMerger {
 public:
  // `again`: a read of the sector that cannot have come from the cache, with a wrong Q. `first` is the one
  // that is kept of it, which counts as a read, too, when this is the second.
  MergedSub add(cd::Lba lba, cd::SubBytes first, cd::SubBytes again);
  // What was kept of the sector is dropped.
  void forget(cd::Lba lba) { reads_.erase(lba.value); }

 private:
  std::map<std::int32_t, std::vector<SubRecord>> reads_;
};

}  // namespace binrip::rip
