#include "jitter.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "placement.hpp"

namespace binrip::rip {

bool JitterWatch::compare(cd::Lba lba, cd::SectorBytes before, cd::SectorBytes now) {
  std::array<Sample, cd::kSamplesPerSector> a, b;
  std::memcpy(a.data(), before.data(), before.size());
  std::memcpy(b.data(), now.data(), now.size());
  if (a == b) return false;
  const int shift = shift_between(a, b);
  if (shift == 0) return false;
  const bool goes_on = last_ && shift == last_shift_ && lba - *last_ == cd::SectorCount{1};
  const cd::Lba next = lba + cd::SectorCount{1};
  if (!goes_on) ++places_;
  if (goes_on && !shifted_.empty()) {
    shifted_.back().end = next;
  } else {
    shifted_.push_back({lba, next});
  }
  furthest_ = std::max(furthest_, std::abs(shift));
  last_ = lba;
  last_shift_ = shift;
  return true;
}

}  // namespace binrip::rip
