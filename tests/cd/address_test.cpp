#include "binrip/cd/address.hpp"

#include <gtest/gtest.h>

namespace binrip::cd {
namespace {

TEST(Address, SectorZeroIsAtTwoSeconds) {
  EXPECT_EQ(to_msf(Lba{0}), (Msf{0, 2, 0}));
  EXPECT_EQ(to_lba({0, 2, 0}), Lba{0});
  EXPECT_EQ(to_lba({0, 0, 0}), kFirstPregapLba);
}

TEST(Address, TheLastAddressIs995974OnlyAsALength) {
  EXPECT_EQ(to_msf(kLastLba), (Msf{99, 59, 74}));
  EXPECT_EQ(to_count({99, 59, 74}), SectorCount{449'999});
}

TEST(Address, MinutesFrom90OnAreInTheLeadIn) {
  EXPECT_EQ(to_lba({99, 59, 74}), Lba{-151});
  EXPECT_EQ(to_lba({90, 0, 0}), Lba{-45'150});
  EXPECT_EQ(to_lba({89, 59, 74}), Lba{404'849});
}

TEST(Address, EveryProgramAddressComesBack) {
  for (std::int32_t lba = -45'150; lba <= 404'849; ++lba) {
    const Msf time = to_msf(Lba{lba});
    ASSERT_TRUE(is_valid(time)) << lba;
    ASSERT_EQ(to_lba(time), Lba{lba});
  }
}

TEST(Address, ALengthIsNotShiftedByThePregap) {
  EXPECT_EQ(to_msf(SectorCount{0}), (Msf{0, 0, 0}));
  EXPECT_EQ(to_msf(SectorCount{74}), (Msf{0, 0, 74}));
  EXPECT_EQ(to_msf(SectorCount{120 * 4500}), (Msf{120, 0, 0}));
}

TEST(Address, PrintsAtLeastTwoDigitsEach) {
  EXPECT_EQ(to_string(Msf{0, 2, 0}), "00:02:00");
  EXPECT_EQ(to_string(Msf{79, 59, 74}), "79:59:74");
  EXPECT_EQ(to_string(Msf{123, 4, 5}), "123:04:05");
}

TEST(Address, ParsesWhatItPrints) {
  for (const Msf time : {Msf{0, 0, 0}, Msf{0, 2, 0}, Msf{99, 59, 74}, Msf{100, 0, 0}, Msf{999, 59, 74}}) {
    EXPECT_EQ(parse_msf(to_string(time)), time) << to_string(time);
  }
}

TEST(Address, ParsesNothingElse) {
  for (const char* text : {"",          ":",           "::",         "00",        "00:02",
                           "00:02:",    "0:02:00",     "00:2:00",    "00:02:0",   "00:60:00",
                           "00:02:75",  "00:02:000",   "1000:02:00", "00:002:00", " 00:02:00",
                           "00:02:00 ", "00:02:00:00", "-1:02:00",   "+1:02:00",  "00:-2:00",
                           "0a:02:00",  "00.02.00",    "00:02:0x",   "４２:02:00"}) {
    EXPECT_EQ(parse_msf(text), std::nullopt) << '"' << text << '"';
  }
  EXPECT_EQ(parse_msf(std::string_view("00:02:00\0", 9)), std::nullopt);
}

TEST(Address, ARangeHoldsItsBeginButNotItsEnd) {
  const LbaRange range{Lba{10}, Lba{12}};
  EXPECT_EQ(range.size(), SectorCount{2});
  EXPECT_FALSE(range.contains(Lba{9}));
  EXPECT_TRUE(range.contains(Lba{10}));
  EXPECT_TRUE(range.contains(Lba{11}));
  EXPECT_FALSE(range.contains(Lba{12}));
  EXPECT_TRUE((LbaRange{Lba{5}, Lba{5}}).empty());
}

}  // namespace
}  // namespace binrip::cd
