#include "binrip/verify/repair.hpp"

#include <gtest/gtest.h>

namespace binrip::verify {
namespace {

using Sector = std::array<Byte, cd::kSectorSize>;
constexpr cd::Lba kLba{4711};

Sector mode1() {
  Sector s;
  ByteVector data(2048);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<Byte>(i * 7);
  cd::build_mode1(s, kLba, data);
  return s;
}
Sector form1() {
  Sector s;
  cd::build_mode2(s, kLba, {0, 0, 0x08, 0}, ByteVector(2048, 0x42));
  return s;
}

void expect_mended(const Sector& right, cd::TrackMode mode, std::initializer_list<std::size_t> places) {
  Sector s = right;
  for (const std::size_t at : places) s[at] ^= 0xA5;
  const auto changed = mend_sector(s, kLba, mode);
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, static_cast<int>(places.size()));
  EXPECT_EQ(s, right);
}

TEST(MendSector, MendsDataParityAndWhatStandsBefore) {
  expect_mended(mode1(), cd::TrackMode::mode1, {100});
  expect_mended(mode1(), cd::TrackMode::mode1, {3, 12, 15});  // sync, address, mode
  expect_mended(mode1(), cd::TrackMode::mode1, {500, 900, 2065, 2300});
  expect_mended(form1(), cd::TrackMode::mode2, {5, 14, 15, 700, 2100});
}

TEST(MendSector, LeavesAloneWhatNoEccCanMend) {
  Sector s = mode1();
  for (std::size_t i = 16; i < s.size(); ++i) s[i] = static_cast<Byte>(i * i >> 3);
  const Sector before = s;
  EXPECT_EQ(mend_sector(s, kLba, cd::TrackMode::mode1), std::nullopt);
  EXPECT_EQ(s, before);
  Sector form2;
  cd::build_mode2(form2, kLba, {0, 0, cd::kSubmodeForm2, 0}, ByteVector(2324, 1));
  form2[100] ^= 1;
  EXPECT_EQ(mend_sector(form2, kLba, cd::TrackMode::mode2), std::nullopt);
}

// A sector of another place is not this one with a wrong address: its EDC is right over its own.
TEST(MendSector, TakesNoOtherSectorForThisOne) {
  Sector s = mode1();
  EXPECT_EQ(mend_sector(s, kLba + cd::SectorCount{1}, cd::TrackMode::mode1), std::nullopt);
}

}  // namespace
}  // namespace binrip::verify
