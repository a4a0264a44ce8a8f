#include "binrip/base/crc.hpp"

#include <random>
#include <string_view>

#include <gtest/gtest.h>

namespace binrip {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

// CRC-16/XMODEM has this polynomial and start; its published check value over "123456789" is 31C3h.
TEST(Crc16, GivesThePublishedCheckValue) { EXPECT_EQ(crc16(bytes_of("123456789")), 0x31C3); }

TEST(Crc16, OfNothingIsZero) { EXPECT_EQ(crc16({}), 0); }

// The long division of the polynomial, bit by bit.
unsigned slow_crc(Bytes data) {
  unsigned remainder = 0;
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    const unsigned in = (data[bit / 8] >> (7 - bit % 8)) & 1U;
    const unsigned top = (remainder >> 15) & 1U;
    remainder = (remainder << 1) & 0xFFFFU;
    if (in != top) remainder ^= 0x1021U;
  }
  return remainder;
}

TEST(Crc16, AgreesWithTheBitwiseDivisionAtEveryLengthAndPlace) {
  std::mt19937 random(1);
  ByteVector bytes(80);
  for (Byte& b : bytes) b = static_cast<Byte>(random());
  for (std::size_t begin = 0; begin < 16; ++begin) {
    for (std::size_t size = 0; size <= 64; ++size) {
      const Bytes part = Bytes(bytes).subspan(begin, size);
      EXPECT_EQ(crc16(part), slow_crc(part)) << begin << ' ' << size;
    }
  }
}

}  // namespace
}  // namespace binrip
