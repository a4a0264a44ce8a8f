#include "binrip/base/crc.hpp"

#include <array>

namespace binrip {
namespace {

constexpr std::array<std::uint16_t, 256> make_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x8000U) != 0 ? 0x1021U : 0U);
    table[i] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

std::uint16_t crc16(Bytes data) {
  unsigned crc = 0;
  for (const Byte b : data) crc = ((crc << 8) ^ kTable[((crc >> 8) ^ b) & 0xFFU]) & 0xFFFFU;
  return static_cast<std::uint16_t>(crc);
}

}  // namespace binrip
