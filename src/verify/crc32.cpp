#include "binrip/verify/crc32.hpp"

#include <libdeflate.h>

namespace binrip::verify {
namespace {

// Polynomials modulo that of CRC-32; bit 31 is the coefficient of 1.
constexpr std::uint32_t kPolynomial = 0xEDB8'8320, kOne = 1U << 31, kOneByte = kOne >> 8;

std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    if ((a & kOne) != 0) product ^= b;
    b = (b >> 1) ^ ((b & 1U) != 0 ? kPolynomial : 0U);
  }
  return product;
}

}  // namespace

std::uint32_t crc32(std::uint32_t so_far, Bytes data) {
  return libdeflate_crc32(so_far, data.data(), data.size());
}

Crc32Shift::Crc32Shift(std::uint64_t bytes) {
  std::uint32_t factor = kOne;
  for (std::uint32_t square = kOneByte; bytes != 0; bytes >>= 1, square = multiply(square, square)) {
    if ((bytes & 1) != 0) factor = multiply(factor, square);
  }
  for (unsigned part = 0; part < tables_.size(); ++part) {
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      tables_[part][byte] = multiply(byte << (8 * part), factor);
    }
  }
}

}  // namespace binrip::verify
