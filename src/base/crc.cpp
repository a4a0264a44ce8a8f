#include "binrip/base/crc.hpp"

#include <array>

namespace binrip {
namespace {

constexpr std::size_t kSlices = 8;
using Table = std::array<std::uint16_t, 256>;

// Slicing: table k gives what a byte does to the register when k more bytes follow it, so that eight bytes
// are taken with independent look-ups instead of a chain of them.
constexpr std::array<Table, kSlices> make_tables() {
  std::array<Table, kSlices> tables{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x8000U) != 0 ? 0x1021U : 0U);
    tables[0][i] = static_cast<std::uint16_t>(crc);
  }
  for (std::size_t k = 1; k < kSlices; ++k) {
    for (std::size_t i = 0; i < 256; ++i) {
      const unsigned before = tables[k - 1][i];
      tables[k][i] = static_cast<std::uint16_t>((before << 8) ^ tables[0][before >> 8]);
    }
  }
  return tables;
}

constexpr auto kTables = make_tables();

}  // namespace

std::uint16_t crc16(Bytes data) {
  unsigned crc = 0;
  const Byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= kSlices; left -= kSlices, at += kSlices) {
    unsigned next = kTables[kSlices - 1][at[0] ^ (crc >> 8)] ^ kTables[kSlices - 2][at[1] ^ (crc & 0xFFU)];
    for (std::size_t i = 2; i < kSlices; ++i) next ^= kTables[kSlices - 1 - i][at[i]];
    crc = next;
  }
  for (; left > 0; --left, ++at) crc = ((crc << 8) ^ kTables[0][((crc >> 8) ^ *at) & 0xFFU]) & 0xFFFFU;
  return static_cast<std::uint16_t>(crc);
}

}  // namespace binrip
