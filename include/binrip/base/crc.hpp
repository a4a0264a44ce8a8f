// CRC-16 as subchannel Q and CD-TEXT use it: x^16 + x^12 + x^5 + 1 (0x1021), start 0, most significant bit
// first. Both store the complement of this value, big-endian.
#pragma once

#include "binrip/base/bytes.hpp"

namespace binrip {

std::uint16_t crc16(Bytes data);

}  // namespace binrip
