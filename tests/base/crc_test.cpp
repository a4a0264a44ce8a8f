#include "binrip/base/crc.hpp"

#include <string_view>

#include <gtest/gtest.h>

namespace binrip {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

// CRC-16/XMODEM has this polynomial and start; its published check value over "123456789" is 31C3h.
TEST(Crc16, GivesThePublishedCheckValue) { EXPECT_EQ(crc16(bytes_of("123456789")), 0x31C3); }

TEST(Crc16, OfNothingIsZero) { EXPECT_EQ(crc16({}), 0); }

}  // namespace
}  // namespace binrip
