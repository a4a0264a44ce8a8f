// libcdio-paranoia: what several readings of the same audio, each cut into pieces that are shifted against
// each other, have in common.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace binrip::rip {

using Sample = std::uint32_t;  // left and right, 16 bits each, as they came

// Sectors that can be matched at once: what the library's tables have room for.
inline constexpr std::int64_t kMostMatched = 1000;

// `readings`: of the same size, whole sectors, 1 … kMostMatched. No two of them may come from one reading of
// the disc, and what is not to be matched must be noise, other noise in each. Gives the sectors from the
// first on, as far as two readings or more agree upon each part and upon the seams; where they lie is not
// known: all may be shifted by some samples. Ends, whatever the readings hold: each is used once.
std::vector<Sample> match_readings(std::span<const std::vector<Sample>> readings);

}  // namespace binrip::rip
