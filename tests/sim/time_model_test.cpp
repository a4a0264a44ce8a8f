// The time model against the figures that it was made from.
#include <cmath>

#include "sim_support.hpp"

namespace binrip::sim {
namespace {

constexpr cd::SectorCount kLongDisc{333'000};

double seconds(std::chrono::nanoseconds t) { return std::chrono::duration<double>(t).count(); }

std::shared_ptr<image::DiscImage> long_disc() {
  return make_disc(plain_recipe(cd::TrackMode::audio, 12, kLongDisc));
}

// Reads [from, to) in transfers of `count`, subchannel only, so that no content need be made.
void stream(SimDrive& drive, int from, int to, std::uint32_t count) {
  for (int lba = from; lba < to; lba += static_cast<int>(count)) {
    const auto n = std::min(count, static_cast<std::uint32_t>(to - lba));
    const drive::ReadCd request{.start = {lba}, .count = n, .sub = drive::SubMode::q, .main_channel = false};
    ASSERT_EQ(sense_of(read(drive, request).completion), "good") << lba;
  }
}
double took(SimDrive& drive, const std::function<void()>& what) {
  const auto before = drive.now();
  what();
  return seconds(drive.now() - before);
}
void read_one(SimDrive& drive, int lba) { stream(drive, lba, lba + 1, 1); }

TEST(SimTime, OnePassOverALongDiscTakesWhatItTakesAt48x) {
  SimDrive drive(long_disc(), quiet_habits());
  EXPECT_NEAR(seconds(drive.ideal_pass()), 133.6, 0.7);
}

TEST(SimTime, StreamingTakesAtMostOnePercentMoreThanTheIdealPass) {
  SimDrive drive(long_disc(), quiet_habits());
  const double pass = took(drive, [&] { stream(drive, 0, kLongDisc.value, 500); });
  EXPECT_LE(pass, 1.01 * seconds(drive.ideal_pass()));
  EXPECT_GE(pass, 0.999 * seconds(drive.ideal_pass()));
}

TEST(SimTime, SpeedRisesFromInsideToOutside) {
  SimDrive drive(long_disc(), quiet_habits());
  read_one(drive, 0);
  const double inside = took(drive, [&] { stream(drive, 1, 3001, 25); });
  EXPECT_NEAR(3000 / inside / 75, 20.7, 0.5);
  read_one(drive, 329'000);
  const double outside = took(drive, [&] { stream(drive, 329'001, 332'001, 25); });
  EXPECT_NEAR(3000 / outside / 75, 47.8, 0.7);
}

TEST(SimTime, ASpeedLimitHoldsAndCostsItsChange) {
  SimDrive drive(long_disc(), quiet_habits());
  read_one(drive, 0);
  ASSERT_TRUE(ask(drive, drive::set_cd_speed_cdb(8 * 176), 0).completion.good);
  EXPECT_NEAR(took(drive, [&] { read_one(drive, 1); }), 1.5, 0.1);
  EXPECT_NEAR(took(drive, [&] { stream(drive, 2, 3002, 25); }), 3000 / 75.0 / 8, 0.1);
  ASSERT_TRUE(ask(drive, drive::set_cd_speed_cdb(0xFFFF), 0).completion.good);
  read_one(drive, 3002);
  EXPECT_LT(took(drive, [&] { stream(drive, 3003, 6003, 25); }), 2.1);
}

TEST(SimTime, SeeksTakeAboutATenthOfASecond) {
  SimDrive drive(long_disc(), quiet_habits());
  read_one(drive, 0);
  double sum = 0;
  int lba = 0;
  for (int i = 0; i < 200; ++i) {
    lba = static_cast<int>((static_cast<std::int64_t>(lba) + 104'729 + i * 3'571) % 330'000);
    sum += took(drive, [&] { read_one(drive, lba); });
  }
  EXPECT_NEAR(sum / 200, 0.105, 0.02);
  EXPECT_GE(drive.statistics().seeks, 199);
}

TEST(SimTime, ShortSkipsForwardAreReadThrough) {
  SimDrive drive(long_disc(), quiet_habits());
  stream(drive, 0, 100, 25);
  EXPECT_LT(took(drive, [&] { read_one(drive, 250); }), 0.15);
  EXPECT_EQ(drive.statistics().seeks, 0);
}

TEST(SimTime, ReReadComesFromTheCacheUnlessForced) {
  SimDrive drive(long_disc(), quiet_habits());
  stream(drive, 0, 300, 25);
  EXPECT_LT(took(drive, [&] { read_one(drive, 200); }), 0.001);
  EXPECT_EQ(drive.statistics().cache_hits, 1);
  ASSERT_TRUE(ask(drive, drive::read_12_fua_cdb({200}, 0), 0).completion.good);
  const double forced = took(drive, [&] { read_one(drive, 200); });
  EXPECT_NEAR(forced, 0.010, 0.004);
}

TEST(SimTime, TheDriveReadsAheadWhileTheHostWaits) {
  SimDrive drive(long_disc(), quiet_habits());
  stream(drive, 0, 25, 25);
  drive.wait(std::chrono::milliseconds(300));
  EXPECT_LT(took(drive, [&] { stream(drive, 25, 400, 25); }), 0.01);
}

// 25 sectors take the drive 16 ms there: a host that is back sooner has it wait for nothing.
TEST(SimTime, AHostThatIsBackInTimeIsNotWaitedFor) {
  SimDrive drive(long_disc(), quiet_habits());
  const auto began = drive.now();
  for (int lba = 0; lba < 5000; lba += 25) {
    stream(drive, lba, lba + 25, 25);
    drive.wait(std::chrono::milliseconds(10));
  }
  EXPECT_LT(drive.statistics().host_wait, (drive.now() - began) / 1000);
  EXPECT_EQ(drive.statistics().times_full, 0);
}

TEST(SimTime, TheDriveSaysHowLongItWaitedForASlowHost) {
  constexpr int kReads = 100;
  SimDrive drive(long_disc(), quiet_habits());
  stream(drive, 0, 25, 25);
  const auto began = drive.now();
  for (int i = 1; i <= kReads; ++i) {
    drive.wait(std::chrono::milliseconds(100));
    stream(drive, 25 * i, 25 * i + 25, 25);
  }
  // What came next had mostly been read by then; where it had not, the host was back 84 ms after it was.
  EXPECT_GE(seconds(drive.statistics().host_wait), kReads * 0.084);
  EXPECT_LE(seconds(drive.statistics().host_wait), kReads * 0.1);
  EXPECT_GE(drive.statistics().host_wait, (drive.now() - began) * 9 / 10);
}

TEST(SimTime, AHostThatStaysAwayLetsTheBufferRunFull) {
  SimDrive drive(long_disc(), quiet_habits());
  stream(drive, 0, 25, 25);
  drive.wait(std::chrono::seconds(2));
  stream(drive, 25, 50, 25);
  EXPECT_EQ(drive.statistics().times_full, 1);
  EXPECT_NEAR(seconds(drive.statistics().host_wait), 2 - 0.016, 0.002);
}

TEST(SimTime, WithoutACacheEachCommandLosesTime) {
  Habits habits = quiet_habits();
  habits.cache_kib = 0;
  SimDrive none(long_disc(), habits);
  SimDrive good(long_disc(), quiet_habits());
  const double slow = took(none, [&] { stream(none, 0, 3000, 1); });
  const double fast = took(good, [&] { stream(good, 0, 3000, 1); });
  EXPECT_GT(slow, fast + 3000 * 0.002);
  EXPECT_EQ(none.statistics().cache_hits, 0);
}

TEST(SimTime, UnreadableSectorsCostLongAndAShortTimeoutEndsThem) {
  SimDrive drive(long_disc(), quiet_habits());
  drive.set_faults({{100, Fault{}}});
  read_one(drive, 99);
  const double tried = took(drive, [&] { EXPECT_FALSE(read(drive, {.start = {100}}).completion.good); });
  EXPECT_GE(tried, 0.5);
  EXPECT_LE(tried, 10.1);
  ByteVector buffer(2352);
  const auto result = drive.execute(encode(drive::ReadCd{.start = {100}}), drive::Direction::from_drive,
                                    buffer, std::chrono::milliseconds(300));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
}

TEST(SimTime, RealTimePassesOnTheWall) {
  Habits habits = quiet_habits();
  SimDrive drive(long_disc(), habits, Clock::real_time);
  const auto before = std::chrono::steady_clock::now();
  drive.wait(std::chrono::milliseconds(20));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace binrip::sim
