#include <gtest/gtest.h>

#include "sector_oracle.hpp"

#include "binrip/cd/sector.hpp"

namespace binrip::cd {
namespace {

TEST(Scrambler, BeginsAsPublished) {
  test::Sector sector{};
  scramble(sector);
  const std::array<Byte, 16> begin = {0x01, 0x80, 0x00, 0x60, 0x00, 0x28, 0x00, 0x1E,
                                      0x80, 0x08, 0x60, 0x06, 0xA8, 0x02, 0xFE, 0x81};
  for (std::size_t i = 0; i < begin.size(); ++i) EXPECT_EQ(sector[kSyncSize + i], begin[i]) << i;
}

// Each bit of the sequence is the sum of those 14 and 15 places before: x^15 + x + 1 as a recurrence.
TEST(Scrambler, FollowsItsRecurrenceToTheEnd) {
  test::Sector sector{};
  scramble(sector);
  const auto bit = [&](std::size_t n) { return (sector[kSyncSize + n / 8] >> (n % 8)) & 1; };
  EXPECT_EQ(bit(0), 1);
  for (std::size_t n = 1; n < 15; ++n) EXPECT_EQ(bit(n), 0) << n;
  for (std::size_t n = 15; n < 8 * (kSectorSize - kSyncSize); ++n) {
    ASSERT_EQ(bit(n), bit(n - 15) ^ bit(n - 14)) << n;
  }
}

TEST(Scrambler, TwiceGivesTheSectorBackAndLeavesTheSync) {
  std::mt19937 random(1);
  const test::Sector original = test::random_mode1(random);
  test::Sector sector = original;
  scramble(sector);
  EXPECT_NE(sector, original);
  EXPECT_TRUE(has_sync(sector));
  scramble(sector);
  EXPECT_EQ(sector, original);
}

}  // namespace
}  // namespace binrip::cd
