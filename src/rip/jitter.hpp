// Looks out for a drive that does not keep its place in audio: two reads of a sector that are the same but
// for a shift.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "binrip/cd/address.hpp"
#include "binrip/cd/sector.hpp"

namespace binrip::rip {

class JitterWatch {
 public:
  // Two reads of one sector, in order of address. Whether they are the same but for a shift.
  bool compare(cd::Lba lba, cd::SectorBytes before, cd::SectorBytes now);
  // Stretches of sectors with the same shift, one after the other.
  std::int64_t places() const { return places_; }
  // The sectors that came shifted, since this was asked last.
  std::vector<cd::LbaRange> take_shifted() { return std::exchange(shifted_, {}); }
  int furthest() const { return furthest_; }  // samples

 private:
  std::int64_t places_ = 0;
  int furthest_ = 0, last_shift_ = 0;
  std::optional<cd::Lba> last_;
  std::vector<cd::LbaRange> shifted_;
};

}  // namespace binrip::rip
