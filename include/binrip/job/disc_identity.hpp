// What tells one disc from another wherever one is met again: by a map, a resumed rip, a station, a
// catalogue.
#pragma once

#include <string>

#include "binrip/cd/disc.hpp"

namespace binrip::job {

// A hash of what the TOC tells, in hex; the same for all copies of a pressing, whatever the drive. Only a
// drive without full TOC, which has to guess where the sessions before the last end, may give another one of
// the same disc.
std::string disc_identity(const cd::Disc& disc);

}  // namespace binrip::job
