// What the engine makes of wrong Qs, against the software drive: what the capture holds must be what is on
// the disc, or what was read of it, and the map must say which.
#include <cstring>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/rip/engine.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using Kind = sim::Fault::Kind;
using Record = std::array<Byte, cd::kSubSize>;

constexpr int kSectors = 3000;

class EngineSubTest : public testing::Test {
 protected:
  void make_drive(sim::DiscRecipe recipe, const sim::FaultMap& faults, sim::Habits habits = {}) {
    disc_ = sim::make_disc(std::move(recipe));
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits);
    drive_->set_faults(faults);
    profile_.c2.value = habits.c2;
    profile_.sub.value = habits.sub;
    profile_.combination.value = habits.combination;
    profile_.max_transfer.value = 64 * 1024;
    profile_.cache_kib = {habits.cache_kib, drive::ProfileSource::reported};
    drive::Drive ready(*drive_);
    ASSERT_TRUE(ready.wait_ready(std::chrono::seconds(5)));
  }
  void make_drive(const sim::FaultMap& faults, sim::Habits habits = {}) {
    make_drive(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{kSectors}), faults, habits);
  }

  ReadStatistics run() {
    drive::Drive drive(*drive_);
    auto capture = Capture::open(dir_ / "partial", "id", cd::image_ranges(disc_->disc()));
    EXPECT_TRUE(capture);
    Engine engine(drive, disc_->disc(), profile_, *capture, listener_, options_);
    auto result = engine.run({});
    EXPECT_TRUE(result) << result.error().message;
    map_ = std::make_unique<SectorMap>(capture->map());
    sub_ = read_text(capture->sub_path()).value();
    return *result;
  }
  std::int64_t count(SubState state) const { return map_->sub_counts()[static_cast<std::size_t>(state)]; }

  Record stored(Lba lba) const {
    Record record;
    std::memcpy(record.data(), sub_.data() + lba.value * std::int64_t{cd::kSubSize}, record.size());
    return record;
  }
  Record on_disc(Lba lba) const {
    Record record;
    EXPECT_TRUE(disc_->read_sub(lba, record));
    return record;
  }
  void expect_stored_as_on_disc() const {
    for (Lba lba{0}; lba < Lba{cd::image_size(disc_->disc()).value}; ++lba) {
      ASSERT_EQ(stored(lba), on_disc(lba)) << lba.value;
    }
  }

  test::TempDir dir_;
  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
  drive::Profile profile_;
  EngineOptions options_;
  Listener listener_;
  std::unique_ptr<SectorMap> map_;
  std::string sub_;
};

// Never at the end of a transfer of 23 sectors, where nothing on the far side vouches for the sector itself.
sim::FaultMap wrong_qs(int places, sim::Fault fault) {
  fault.kind = Kind::q;
  sim::FaultMap faults;
  for (int i = 0; i < places; ++i) faults.emplace(23 * (i % 130) + 5 + i / 130 * 4, fault);
  return faults;
}

TEST_F(EngineSubTest, AWrongQIsReadAgainAndTheRightOneIsKept) {
  make_drive(wrong_qs(20, {.reads_until_good = 1}));
  EXPECT_EQ(run().passes, 2);
  EXPECT_EQ(count(SubState::right), kSectors);
  expect_stored_as_on_disc();
}

TEST_F(EngineSubTest, QsThatAreWrongInEveryReadAreVotedUpon) {
  make_drive(wrong_qs(40, {}));
  EXPECT_EQ(run().passes, 3);  // the stream and two sweeps, then no more
  EXPECT_GT(count(SubState::voted), 20);
  EXPECT_EQ(count(SubState::right), kSectors - 40);
  EXPECT_EQ(count(SubState::confirmed), 0);
  EXPECT_EQ(count(SubState::voted) + count(SubState::read), 40);
  for (const LbaRange& range : map_->with_sub(SubState::voted)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) EXPECT_EQ(stored(lba), on_disc(lba));
  }
  // What the vote could not settle stands as it was read: P and R to W are right, Q is not.
  for (const LbaRange& range : map_->with_sub(SubState::read)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) {
      Record record = stored(lba);
      EXPECT_FALSE(cd::q_crc_right(cd::q_of(record)));
      const Record truth = on_disc(lba);
      std::copy_n(truth.begin() + cd::kQOffset, cd::kSubChannelSize, record.begin() + cd::kQOffset);
      EXPECT_EQ(record, truth);
    }
  }
}

TEST_F(EngineSubTest, DeliberatelyWrongQsSurviveAndAreConfirmed) {
  const sim::DiscRecipe recipe = sim::zoo_recipe("libcrypt");
  make_drive(recipe, {});
  EXPECT_EQ(run().passes, 2);
  expect_stored_as_on_disc();
  std::vector<LbaRange> expected;
  for (const auto& [lba, q] : recipe.quirks.wrong_q) {
    expected.push_back({lba, lba + cd::SectorCount{1}});
    EXPECT_EQ(cd::q_of(stored(lba)), q);
  }
  EXPECT_EQ(map_->with_sub(SubState::confirmed), expected);
  EXPECT_EQ(count(SubState::voted) + count(SubState::read), 0);
}

// One read of each is off in yet another way.
TEST_F(EngineSubTest, DeliberatelyWrongQsAreFoundBehindReadErrors) {
  const sim::DiscRecipe recipe = sim::zoo_recipe("libcrypt");
  sim::FaultMap faults;
  for (const auto& [lba, q] : recipe.quirks.wrong_q) {
    faults.emplace(lba.value, sim::Fault{.kind = Kind::q, .reads_until_good = 1});
  }
  make_drive(recipe, faults);
  EXPECT_EQ(run().passes, 3);
  expect_stored_as_on_disc();
  EXPECT_EQ(count(SubState::confirmed), static_cast<std::int64_t>(recipe.quirks.wrong_q.size()));
}

// From the cache a wrong Q comes the same however often it is asked for. This disc fits into it, and the
// drive says that it drops what it keeps.
TEST_F(EngineSubTest, TheCacheConfirmsNothing) {
  make_drive(wrong_qs(20, {}), {.cache_kib = 65536, .honours_fua = false});
  run();
  EXPECT_GT(drive_->statistics().cache_hits, 0);
  EXPECT_EQ(count(SubState::confirmed), 0);
}

TEST_F(EngineSubTest, ManyWrongQsAreLeftAsTheyWereRead) {
  make_drive(wrong_qs(300, {.reads_until_good = 1}));
  EXPECT_EQ(run().passes, 1);
  EXPECT_EQ(count(SubState::read), 300);
  EXPECT_EQ(count(SubState::right), kSectors - 300);
}

// Where the whole disc is read twice anyhow, the second read counts, however many they are.
TEST_F(EngineSubTest, ASecondPassForProofBringsTheRightQsToo) {
  make_drive(wrong_qs(300, {.reads_until_good = 1}), {.c2 = drive::C2Support::none});
  EXPECT_EQ(run().passes, 2);
  EXPECT_EQ(count(SubState::right), kSectors);
  expect_stored_as_on_disc();
}

TEST_F(EngineSubTest, WithoutRetriesNoQIsReadAgain) {
  make_drive(wrong_qs(3, {.reads_until_good = 1}));
  options_.retries = 0;
  EXPECT_EQ(run().passes, 1);
  EXPECT_EQ(count(SubState::read), 3);
}

TEST_F(EngineSubTest, DrivesWithC2AndSubchannelApartAreAskedForTheSubchannel) {
  // Wrong in the pass for C2, where nobody sees it, and in the pass for the subchannel.
  make_drive(wrong_qs(20, {.reads_until_good = 2}), {.combination = drive::Combination::separate});
  run();
  EXPECT_EQ(count(SubState::right), kSectors);
}

// A drive that checks Q hands over zeros for a wrong one: they are no Q that could be on the disc.
TEST_F(EngineSubTest, FormattedQThatTheDriveDroppedIsNeverConfirmed) {
  make_drive(wrong_qs(20, {}), {.sub = drive::SubSupport::formatted_q});
  run();
  EXPECT_EQ(count(SubState::confirmed) + count(SubState::voted), 0);
  EXPECT_EQ(count(SubState::read), 20);
}

// On a disc that is larger than any cache.
TEST_F(EngineSubTest, AnInterruptedRipGoesOnVoting) {
  make_drive(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{3 * kSectors}), wrong_qs(40, {}));
  options_.retries = 0;
  run();
  EXPECT_EQ(count(SubState::read), 40);
  options_.retries = 2;
  run();
  EXPECT_GT(count(SubState::voted), 20);
  for (const LbaRange& range : map_->with_sub(SubState::voted)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) EXPECT_EQ(stored(lba), on_disc(lba));
  }
}

}  // namespace
}  // namespace binrip::rip
