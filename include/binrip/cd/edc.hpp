// EDC of CD-ROM sectors, ECMA-130 clause 14.3: x^32+x^31+x^16+x^15+x^4+x^3+x+1, start 0, least significant
// bit first (reflected 0xD8018001), stored little-endian.
#pragma once

#include "binrip/base/bytes.hpp"

namespace binrip::cd {

std::uint32_t edc(Bytes data, std::uint32_t start = 0);

}  // namespace binrip::cd
