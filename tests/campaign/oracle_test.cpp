// The oracle itself: what it calls restorable, and when it says that the drive lied.
#include "oracle.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "cases.hpp"

namespace binrip::campaign {
namespace {

using Kind = sim::Fault::Kind;
constexpr std::chrono::milliseconds kPatience{120'000};

class OracleTest : public testing::Test {
 protected:
  void begin(const sim::FaultMap& faults, sim::Habits habits = {},
             cd::TrackMode mode = cd::TrackMode::audio) {
    habits.unit_attention = false;
    disc_ = sim::make_disc(sim::plain_recipe(mode, 1, {1000}));
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits);
    drive_->set_faults(faults);
    oracle_ = std::make_unique<Oracle>(*drive_, *disc_, habits, 1000);
    oracle_->begin();
  }
  void read(int start, std::uint32_t count, drive::C2Mode c2 = drive::C2Mode::bits) {
    const drive::ReadCd request{.start = {start}, .count = count, .c2 = c2, .sub = drive::SubMode::raw};
    buffer_.assign(drive::record_size(request) * count, 0xA5);
    ASSERT_TRUE(
        oracle_->execute(encode(request), drive::Direction::from_drive, buffer_, kPatience).has_value());
  }
  Sector delivered() const {
    Sector sector{};
    std::copy_n(buffer_.begin(), sector.size(), sector.begin());
    return sector;
  }
  static sim::Habits no_cache() {
    sim::Habits habits;
    habits.cache_kib = 0;
    return habits;
  }

  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
  std::unique_ptr<Oracle> oracle_;
  ByteVector buffer_;
};

TEST_F(OracleTest, OneReadUnderC2IsEnoughOneWithoutIsNot) {
  begin({});
  read(100, 3);
  EXPECT_TRUE(oracle_->restorable({101}));
  EXPECT_FALSE(oracle_->hurt({101}));
  read(200, 3, drive::C2Mode::none);
  EXPECT_FALSE(oracle_->restorable({201}));
  EXPECT_FALSE(oracle_->restorable({500}));  // never read
}

TEST_F(OracleTest, ARepeatedReadCountsOnlyWhenItIsNotFromTheCache) {
  begin({});
  read(200, 3, drive::C2Mode::none);
  read(200, 3, drive::C2Mode::none);
  EXPECT_FALSE(oracle_->restorable({201}));
  ASSERT_TRUE(oracle_->execute(drive::read_12_fua_cdb({200}, 0), drive::Direction::none, {}, kPatience));
  read(200, 3, drive::C2Mode::none);
  EXPECT_TRUE(oracle_->restorable({201}));
}

TEST_F(OracleTest, CleanBytesOfSeveralReadsMakeASector) {
  begin({{100, {.kind = Kind::c2, .bytes = 900}}}, no_cache());
  read(100, 1);
  EXPECT_TRUE(oracle_->hurt({100}));
  EXPECT_FALSE(oracle_->restorable({100}));
  for (int i = 0; i < 40; ++i) read(100, 1);
  EXPECT_TRUE(oracle_->restorable({100}));
}

TEST_F(OracleTest, EccRestoresADataSector) {
  begin({{100, {.kind = Kind::c2, .bytes = 20}}, {300, {.kind = Kind::c2, .bytes = 2000}}}, {},
        cd::TrackMode::mode1);
  read(100, 1);
  EXPECT_TRUE(oracle_->restorable({100}));
  read(300, 1);
  EXPECT_FALSE(oracle_->restorable({300}));
}

TEST_F(OracleTest, SeesTheLieUnderC2) {
  begin({{100, {.kind = Kind::c2, .flagged = false, .bytes = 5}}}, no_cache());
  read(100, 1);
  EXPECT_FALSE(oracle_->restorable({100}));
  EXPECT_EQ(oracle_->lie({100}, delivered()), Oracle::Lie::under_c2);
  Sector other = delivered();
  other[7] ^= 1;
  EXPECT_EQ(oracle_->lie({100}, other), Oracle::Lie::none);
}

TEST_F(OracleTest, SeesTheLieThatIsToldTwice) {
  begin({{100, {.kind = Kind::c2, .flagged = false, .repeats = true, .bytes = 5}}}, no_cache());
  read(100, 1, drive::C2Mode::none);
  EXPECT_EQ(oracle_->lie({100}, delivered()), Oracle::Lie::none);
  read(100, 1, drive::C2Mode::none);
  EXPECT_EQ(oracle_->lie({100}, delivered()), Oracle::Lie::repeatedly);
}

TEST_F(OracleTest, ASectorFromElsewhereIsNotInItsPlace) {
  begin({{100, {.kind = Kind::neighbour}}}, no_cache());
  read(99, 3);
  read(99, 3);
  EXPECT_TRUE(oracle_->hurt({100}));
  EXPECT_FALSE(oracle_->restorable({100}));
  Sector neighbour{};
  std::copy_n(buffer_.begin() + 2742, neighbour.size(), neighbour.begin());
  EXPECT_EQ(oracle_->lie({100}, neighbour), Oracle::Lie::none);
}

TEST_F(OracleTest, AudioIsPutTogetherFromTwoRecords) {
  sim::Habits habits;
  habits.read_offset = 100;
  begin({}, habits);
  read(100, 2);
  EXPECT_TRUE(oracle_->restorable({100}));
  EXPECT_FALSE(oracle_->restorable({101}));
  read(102, 1);
  EXPECT_TRUE(oracle_->restorable({101}));
}

TEST(Cases, AreTheSameForTheSameSeedAndOfAllClasses) {
  std::vector<std::string_view> seen;
  for (std::uint64_t seed = 1; seed <= kinds().size(); ++seed) {
    const Case c = make_case(seed);
    EXPECT_EQ(describe(c), describe(make_case(seed)));
    EXPECT_NE(describe(c), describe(make_case(seed + kinds().size())));
    seen.push_back(c.kind);
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

}  // namespace
}  // namespace binrip::campaign
