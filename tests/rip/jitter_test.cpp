// Drives that do not keep their place in audio. What is called good must equal the disc; the Q of these
// drives is right, whatever they deliver.
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/rip/engine.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::SectorState;
using Kind = sim::Fault::Kind;

constexpr int kSectors = 1500;

sim::Habits jittery(double chance, drive::C2Support c2 = drive::C2Support::none) {
  sim::Habits habits;
  habits.c2 = c2;
  habits.jitter = 40;
  habits.jitter_chance = chance;
  habits.cache_kib = 512;
  return habits;
}

class JitterTest : public testing::Test {
 protected:
  JitterTest()
      : disc_(sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{kSectors}))) {}

  void make_drive(const sim::Habits& habits, std::uint64_t seed = 1) {
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits, sim::Clock::virtual_time, seed);
    profile_ = {};
    profile_.read_offset.value = habits.read_offset;
    profile_.c2.value = habits.c2;
    profile_.sub.value = habits.sub;
    profile_.max_transfer.value = 64 * 1024;
    profile_.overread_lead_in.value = habits.overread_lead_in;
    profile_.overread_lead_out.value = habits.overread_lead_out;
    profile_.cache_kib = {habits.cache_kib, drive::ProfileSource::reported};
    drive::Drive ready(*drive_);
    ASSERT_TRUE(ready.wait_ready(std::chrono::seconds(5)));
  }

  // Into a folder of its own, or the one of the rip before.
  void rip() {
    drive::Drive drive(*drive_);
    auto opened = Capture::open(dir_ / folder_, "id", cd::image_ranges(disc_->disc()));
    ASSERT_TRUE(opened);
    Engine engine(drive, disc_->disc(), profile_, *opened, listener_, options_);
    auto result = engine.run({});
    ASSERT_TRUE(result) << result.error().message;
    statistics_ = *result;
    map_ = std::make_unique<SectorMap>(opened->map());
    right_ = 0;
    for (Lba lba{0}; lba < Lba{kSectors}; ++lba) look_at(*opened, lba);
  }
  void look_at(Capture& capture, Lba lba) {
    std::array<Byte, cd::kSectorSize> got, want;
    ASSERT_TRUE(capture.read_main(lba, got));
    ASSERT_TRUE(disc_->read_main(lba, want));
    if (got == want) ++right_;
    if (capture.map().state(lba) < SectorState::consistent) return;
    ASSERT_EQ(got, want) << "sector " << lba.value << " is called "
                         << cd::to_string(capture.map().state(lba));
  }
  std::int64_t good() const {
    const cd::StateCounts counts = map_->counts();
    return counts[static_cast<std::size_t>(SectorState::consistent)];
  }
  std::int64_t count(SectorState state) const { return map_->counts()[static_cast<std::size_t>(state)]; }

  struct Stages : Listener {
    void on_stage(const std::string& stage) override {
      if (stage.find("matched") != stage.npos) ++matching;
    }
    int matching = 0;
  };

  test::TempDir dir_;
  std::string folder_ = "partial";
  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
  drive::Profile profile_;
  EngineOptions options_;
  Stages listener_;
  ReadStatistics statistics_;
  std::unique_ptr<SectorMap> map_;
  std::int64_t right_ = 0;  // sectors that are the disc's, whatever they are called
};

TEST_F(JitterTest, ADriveThatKeepsItsPlaceIsNotMatched) {
  make_drive({.c2 = drive::C2Support::none});
  rip();
  EXPECT_EQ(good(), kSectors);
  EXPECT_EQ(listener_.matching, 0);
  EXPECT_EQ(statistics_.passes, 2);
  EXPECT_EQ(map_->jitter(), Jitter{});
}

TEST_F(JitterTest, JitterIsSeenAndMatchingSettlesThePlace) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    folder_ = "seed" + std::to_string(seed);
    make_drive(jittery(0.2), seed);
    rip();
    EXPECT_GT(listener_.matching, 0);
    EXPECT_GT(map_->jitter().places, 3);
    EXPECT_LE(map_->jitter().furthest, 80);  // two reads, each up to 40 off
    EXPECT_GE(good(), kSectors - 4) << "seed " << seed;
  }
}

TEST_F(JitterTest, WithAReadOffsetToo) {
  sim::Habits habits = jittery(0.2);
  habits.read_offset = 667;
  make_drive(habits);
  rip();
  EXPECT_GE(good(), kSectors - 4);
}

TEST_F(JitterTest, WithoutParanoiaMoreStaysUnproven) {
  options_.paranoia = Paranoia::never;
  options_.retries = 0;
  make_drive(jittery(0.2));
  rip();
  EXPECT_EQ(listener_.matching, 0);
  EXPECT_LT(good(), kSectors - 50);
}

TEST_F(JitterTest, AJitterWithoutAMiddleStaysUnprovenButHangsTogether) {
  make_drive(jittery(1.0));
  rip();
  EXPECT_EQ(good(), 0);
  EXPECT_EQ(count(SectorState::unproven), kSectors);
}

TEST_F(JitterTest, UnderC2ADriveThatAdmitsItIsReadTwice) {
  make_drive(jittery(0.2, drive::C2Support::bits));
  profile_.accurate_stream = {false, drive::ProfileSource::reported};
  rip();
  EXPECT_GT(listener_.matching, 0);
  EXPECT_GE(good(), kSectors - 4);
}

TEST_F(JitterTest, UnderC2ADriveThatWasSeenToJitterIsMatchedAtOnce) {
  make_drive(jittery(0.2, drive::C2Support::bits));
  profile_.accurate_stream = {false, drive::ProfileSource::probed};
  rip();
  EXPECT_GT(listener_.matching, 0);
  EXPECT_GE(good(), kSectors - 4);
  EXPECT_LE(statistics_.passes, 1 + 10 * 2);
}

TEST_F(JitterTest, AlwaysMatchesAlsoWhatLooksGood) {
  options_.paranoia = Paranoia::always;
  make_drive(jittery(0.05, drive::C2Support::bits));
  rip();
  EXPECT_GT(listener_.matching, 0);
  EXPECT_GE(good(), kSectors - 4);
}

TEST_F(JitterTest, DamageUnderC2IsMergedAlthoughItIsShifted) {
  make_drive(jittery(0.2, drive::C2Support::bits));
  profile_.accurate_stream = {false, drive::ProfileSource::probed};
  sim::FaultMap faults;
  for (int lba = 500; lba < 520; ++lba)
    faults.emplace(lba, sim::Fault{.kind = Kind::c2, .bytes = 300, .success = 0.1});
  drive_->set_faults(faults);
  rip();
  EXPECT_GE(good(), kSectors - 8);
}

TEST_F(JitterTest, HardErrorsStayOnesAndNothingAroundThemIsLost) {
  make_drive(jittery(0.2));
  sim::FaultMap faults;
  for (int lba = 500; lba < 505; ++lba) faults.emplace(lba, sim::Fault{.kind = Kind::hard});
  drive_->set_faults(faults);
  rip();
  EXPECT_GE(good(), kSectors - 5 - 12);
  EXPECT_GT(count(SectorState::failed), 0);
}

TEST_F(JitterTest, LostStreamingIsFoundWhereTwoReadsDisagree) {
  make_drive({.c2 = drive::C2Support::none, .cache_kib = 512});
  sim::FaultMap faults;
  for (const int lba : {300, 700, 1100})
    faults.emplace(lba, sim::Fault{.kind = Kind::slip, .distance = 60, .success = 0.5});
  drive_->set_faults(faults);
  rip();
  EXPECT_GE(good(), kSectors - 80);  // both ways of going on have two readings for them
  EXPECT_GT(listener_.matching, 0);
}

TEST_F(JitterTest, TheTimeLimitHolds) {
  make_drive(jittery(0.2));
  options_.max_time = std::chrono::seconds(4);
  const auto began = drive_->now();
  rip();
  EXPECT_TRUE(statistics_.out_of_time);
  EXPECT_LE(drive_->now() - began, std::chrono::seconds(5));
}

TEST_F(JitterTest, ARipThatGoesOnKnowsOfTheJitter) {
  make_drive(jittery(0.2));
  options_.max_time = std::chrono::seconds(8);
  rip();
  ASSERT_GT(map_->jitter().places, 3);
  const std::int64_t before = good();
  options_.max_time.reset();
  make_drive(jittery(0.2), 2);
  listener_.matching = 0;
  rip();
  EXPECT_GT(listener_.matching, 0);
  EXPECT_GE(good(), std::max<std::int64_t>(before, kSectors - 4));
}

TEST_F(JitterTest, ADriveWithoutSubchannelIsMatchedToo) {
  sim::Habits habits = jittery(0.2);
  habits.sub = drive::SubSupport::none;
  make_drive(habits);
  rip();
  EXPECT_GE(good(), kSectors - 40);  // silence from such a drive proves nothing
}

// --- what the drive says, and what the probe sees ---

drive::Profile probed(const sim::Habits& habits, std::uint64_t seed) {
  const auto disc = sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{kSectors}));
  sim::SimDrive transport(disc, habits, sim::Clock::virtual_time, seed);
  drive::Drive drive(transport);
  EXPECT_TRUE(drive.wait_ready(std::chrono::seconds(5)));
  auto profile = drive::reported_profile(drive);
  EXPECT_TRUE(profile);
  const std::int64_t before = transport.statistics().read_commands;
  EXPECT_TRUE(drive::probe_stream(drive, {Lba{0}, Lba{kSectors}}, *profile));
  EXPECT_LE(transport.statistics().read_commands - before, 4);
  return *profile;
}

TEST(StreamProbe, AGoodDriveStaysWhatItSays) {
  const drive::Known<bool> good{true, drive::ProfileSource::reported};
  EXPECT_EQ(probed({.cache_kib = 64}, 1).accurate_stream, good);
}

TEST(StreamProbe, ADriveSaysWhetherItsStreamIsAccurate) {
  sim::Habits habits = jittery(0);  // it could, but does not
  EXPECT_EQ(probed(habits, 1).accurate_stream, (drive::Known<bool>{false, drive::ProfileSource::reported}));
  habits.reported_accurate_stream = true;
  EXPECT_EQ(probed(habits, 1).accurate_stream, (drive::Known<bool>{true, drive::ProfileSource::reported}));
}

TEST(StreamProbe, JitterIsSeenWhateverTheDriveSays) {
  sim::Habits habits = jittery(1.0);
  habits.reported_accurate_stream = true;
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const drive::Known<bool> accurate = probed(habits, seed).accurate_stream;
    seen += accurate.value ? 0 : 1;
    EXPECT_EQ(accurate.source,
              accurate.value ? drive::ProfileSource::reported : drive::ProfileSource::probed);
  }
  EXPECT_GE(seen, 18);
}

TEST(StreamProbe, WhatIsConfiguredIsLeftAlone) {
  const auto disc = sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{kSectors}));
  sim::SimDrive transport(disc, jittery(1.0));
  drive::Drive drive(transport);
  drive::Profile profile;
  profile.accurate_stream = {true, drive::ProfileSource::configured};
  EXPECT_TRUE(drive::probe_stream(drive, {Lba{0}, Lba{kSectors}}, profile));
  EXPECT_TRUE(profile.accurate_stream.value);
  EXPECT_EQ(transport.statistics().read_commands, 0);
}

}  // namespace
}  // namespace binrip::rip
