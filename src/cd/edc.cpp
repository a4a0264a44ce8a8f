#include "binrip/cd/edc.hpp"

#include <array>

#include "edc_paths.hpp"

namespace binrip::cd {
namespace {

constexpr std::size_t kSlices = 16;

using Table = std::array<std::uint32_t, 256>;

// Slicing: table k gives what a byte does to the register when k more bytes follow it, so that 16 bytes are
// taken with 16 independent look-ups instead of a chain of them.
constexpr std::array<Table, kSlices> make_tables() {
  std::array<Table, kSlices> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kEdcPolynomial : 0U);
    tables[0][i] = crc;
  }
  for (std::size_t k = 1; k < kSlices; ++k) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t before = tables[k - 1][i];
      tables[k][i] = (before >> 8) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr auto kTables = make_tables();

}  // namespace

std::uint32_t edc_portable(Bytes data, std::uint32_t start) {
  std::uint32_t crc = start;
  const Byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= kSlices; left -= kSlices, at += kSlices) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      next ^= kTables[kSlices - 1 - i][at[i] ^ ((crc >> (8 * i)) & 0xFFU)];
    }
    for (std::size_t i = 4; i < kSlices; ++i) next ^= kTables[kSlices - 1 - i][at[i]];
    crc = next;
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ kTables[0][(crc ^ *at) & 0xFFU];
  return crc;
}

std::uint32_t edc(Bytes data, std::uint32_t start) {
#if defined(__x86_64__)
  if (cpu::has_clmul()) return edc_clmul(data, start);
#endif
  return edc_portable(data, start);
}

}  // namespace binrip::cd
