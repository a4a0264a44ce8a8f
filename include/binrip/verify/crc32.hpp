// CRC-32 as zlib and everybody has it, and what its linearity gives: checksums of parts from those of wholes.
#pragma once

#include <array>
#include <cstdint>

#include "binrip/base/bytes.hpp"

namespace binrip::verify {

// Goes on from `so_far`, which is 0 at first.
std::uint32_t crc32(std::uint32_t so_far, Bytes data);

// For parts of one length: with A = shift(crc of what comes before), the CRC of the whole is A XOR the CRC of
// the part, and so the CRC of the part is A XOR the CRC of the whole.
class Crc32Shift {
 public:
  explicit Crc32Shift(std::uint64_t bytes);
  std::uint32_t operator()(std::uint32_t crc) const {
    return tables_[0][crc & 0xFFU] ^ tables_[1][(crc >> 8) & 0xFFU] ^ tables_[2][(crc >> 16) & 0xFFU] ^
           tables_[3][crc >> 24];
  }

 private:
  std::array<std::array<std::uint32_t, 256>, 4> tables_{};
};

}  // namespace binrip::verify
