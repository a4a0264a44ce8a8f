// The engine against the software drive: faults as drives have them. What is called good must equal the disc.
#include "binrip/rip/engine.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;
using Kind = sim::Fault::Kind;

constexpr int kSectors = 3000;

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(cd::TrackMode mode = cd::TrackMode::audio)
      : disc_(sim::make_disc(sim::plain_recipe(mode, 1, cd::SectorCount{kSectors}))) {}

  void make_drive(sim::Habits habits = {}) {
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits);
    profile_.read_offset.value = habits.read_offset;
    profile_.c2.value = habits.c2;
    profile_.sub.value = habits.sub;
    profile_.max_transfer.value = 64 * 1024;
    profile_.overread_lead_in.value = habits.overread_lead_in;
    profile_.overread_lead_out.value = habits.overread_lead_out;
    profile_.cache_kib.value = habits.cache_kib;
    profile_.vendor_d8.value = habits.vendor_d8 != sim::VendorD8::none;
    drive::Drive ready(*drive_);
    ASSERT_TRUE(ready.wait_ready(std::chrono::seconds(5)));
  }

  Result<ReadStatistics> run(std::stop_token stop = {}) {
    drive::Drive drive(*drive_);
    auto opened = Capture::open(dir_ / "partial", "id", cd::image_ranges(disc_->disc()));
    EXPECT_TRUE(opened);
    Engine engine(drive, disc_->disc(), profile_, *opened, listener_, options_);
    auto result = engine.run(stop);
    states_ = opened->map().counts();
    expect_no_lie(*opened);
    map_ = std::make_unique<SectorMap>(opened->map());
    return result;
  }

  // The invariant of the whole program.
  void expect_no_lie(Capture& capture) {
    std::array<Byte, cd::kSectorSize> got, want;
    for (Lba lba{0}; lba < Lba{kSectors}; ++lba) {
      if (capture.map().state(lba) < SectorState::consistent) continue;
      ASSERT_TRUE(capture.read_main(lba, got));
      ASSERT_TRUE(disc_->read_main(lba, want));
      ASSERT_EQ(got, want) << "sector " << lba.value << " is called "
                           << cd::to_string(capture.map().state(lba));
    }
  }
  std::int64_t count(SectorState state) const { return states_[static_cast<std::size_t>(state)]; }
  void expect_all_good() const {
    EXPECT_EQ(count(SectorState::consistent) + count(SectorState::proven), kSectors);
  }

  test::TempDir dir_;
  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
  drive::Profile profile_;
  EngineOptions options_;
  Listener listener_;
  cd::StateCounts states_{};
  std::unique_ptr<SectorMap> map_;
};

TEST_F(EngineTest, ACleanDiscTakesOnePassOfLargeTransfers) {
  make_drive();
  const auto statistics = run();
  ASSERT_TRUE(statistics) << statistics.error().message;
  expect_all_good();
  EXPECT_EQ(statistics->passes, 1);
  EXPECT_LE(statistics->commands, kSectors / 20 + 20);
  EXPECT_EQ(statistics->pregap_sectors_read, 150);
  EXPECT_TRUE(map_->with_sub(SubState::untried).empty());
}

TEST_F(EngineTest, HardErrorsThatYieldAreReadOnALaterPass) {
  make_drive();
  sim::FaultMap faults;
  for (int lba = 1000; lba < 1010; ++lba)
    faults.emplace(lba, sim::Fault{.kind = Kind::hard, .reads_until_good = 3});
  drive_->set_faults(faults);
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  expect_all_good();
  EXPECT_GT(statistics->medium_errors, 0);
}

TEST_F(EngineTest, HardErrorsThatStayAreFailedAndNothingElseIs) {
  make_drive();
  drive_->set_faults({{1000, sim::Fault{.kind = Kind::hard}}, {1001, sim::Fault{.kind = Kind::hard}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(map_->below(SectorState::consistent), (std::vector<LbaRange>{{Lba{1000}, Lba{1002}}}));
  EXPECT_EQ(count(SectorState::failed), 2);
}

sim::FaultMap hard_errors(int begin, int end) {
  sim::FaultMap faults;
  for (int lba = begin; lba < end; ++lba) faults.emplace(lba, sim::Fault{.kind = Kind::hard, .bytes = 8});
  return faults;
}

TEST_F(EngineTest, DamageCostsOneErrorASectorAndSweep) {
  make_drive();
  drive_->set_faults(hard_errors(1000, 1200));
  options_.retries = 2;
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::failed), 200);
  EXPECT_EQ(map_->below(SectorState::consistent), (std::vector<LbaRange>{{Lba{1000}, Lba{1200}}}));
  // Once while coming in from the sides, once a sweep.
  EXPECT_EQ(statistics->medium_errors, 3 * 200);
}

TEST_F(EngineTest, TheWholeDiscIsReadBeforeDamageIsComeBackTo) {
  make_drive();
  drive_->set_faults(hard_errors(1000, 1200));
  options_.max_time = std::chrono::seconds(60);  // less than the errors take
  const auto began = drive_->now();
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_TRUE(statistics->out_of_time);
  // One more command may be on its way.
  EXPECT_LE(drive_->now() - began, std::chrono::seconds(60 + 15));
  EXPECT_EQ(map_->counts({Lba{0}, Lba{1000}})[static_cast<std::size_t>(SectorState::consistent)], 1000);
  // The far side comes in transfers of some sectors, the last of which meets the damage.
  EXPECT_EQ(map_->counts({Lba{1232}, Lba{kSectors}})[static_cast<std::size_t>(SectorState::consistent)],
            kSectors - 1232);
  EXPECT_GT(count(SectorState::untried) + count(SectorState::failed), 0);
}

TEST_F(EngineTest, ComingBackEndsWithinAnHourIfTheUserSaysNothing) {
  make_drive();
  drive_->set_faults(hard_errors(1000, 1800));
  const auto began = drive_->now();
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_TRUE(statistics->out_of_time);
  EXPECT_LE(drive_->now() - began, std::chrono::minutes(62));
}

// A delivered sector lies across two of the disc, and an error loses it whole.
TEST_F(EngineTest, WithAReadOffsetDamageSpoilsOneNeighbourOnEachSide) {
  make_drive({.read_offset = 667});
  drive_->set_faults(hard_errors(1000, 1010));
  options_.retries = 1;
  ASSERT_TRUE(run());
  EXPECT_EQ(map_->below(SectorState::consistent), (std::vector<LbaRange>{{Lba{999}, Lba{1011}}}));
}

TEST_F(EngineTest, OnePassIsEnoughForWhoAsksForIt) {
  make_drive({.c2 = drive::C2Support::none});
  options_.passes = 1;
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(statistics->passes, 1);
  EXPECT_EQ(count(SectorState::unproven), kSectors);
}

TEST_F(EngineTest, WhoAsksForTwoPassesGetsTwoReadsThatAgreeEvenUnderC2) {
  make_drive();
  // Wrong at the first reading, and the drive says nothing.
  drive_->set_faults(
      {{500, sim::Fault{.kind = Kind::c2, .flagged = false, .bytes = 9, .reads_until_good = 1}}});
  options_.passes = 2;
  const auto statistics = run();  // expects that nothing good differs from the disc
  ASSERT_TRUE(statistics);
  EXPECT_GE(statistics->passes, 2);
  expect_all_good();
}

TEST_F(EngineTest, FlaggedC2ErrorsThatGoAwayAreMended) {
  make_drive();
  drive_->set_faults({{500, sim::Fault{.kind = Kind::c2, .bytes = 9, .reads_until_good = 2}},
                      {2999, sim::Fault{.kind = Kind::c2, .bytes = 1, .reads_until_good = 1}}});
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  expect_all_good();
  EXPECT_GT(statistics->c2_sectors, 0);
}

TEST_F(EngineTest, FlaggedC2ErrorsThatStayAreDamaged) {
  make_drive({.read_offset = 30});
  drive_->set_faults({{500, sim::Fault{.kind = Kind::c2, .bytes = 2000}}});
  ASSERT_TRUE(run());
  EXPECT_GE(count(SectorState::damaged), 1);
  EXPECT_LE(count(SectorState::damaged), 2);  // the shift may spread it over the next one
  EXPECT_EQ(count(SectorState::consistent), kSectors - count(SectorState::damaged));
}

TEST_F(EngineTest, ZerosWithSuccessAreNeverGood) {
  make_drive();
  drive_->set_faults({{700, sim::Fault{.kind = Kind::zeros}}});
  ASSERT_TRUE(run());
  EXPECT_LT(map_->state(Lba{700}), SectorState::consistent);
}

TEST_F(EngineTest, AnUntouchedBufferWithSuccessIsAFailure) {
  make_drive();
  drive_->set_faults({{700, sim::Fault{.kind = Kind::untouched}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(map_->state(Lba{700}), SectorState::failed);
}

TEST_F(EngineTest, AbortedCommandsAreRepeated) {
  make_drive();
  drive_->set_faults({{1500, sim::Fault{.kind = Kind::aborted, .reads_until_good = 2}}});
  ASSERT_TRUE(run());
  expect_all_good();
}

TEST_F(EngineTest, AHangCostsItsSectorsOnly) {
  make_drive();
  drive_->set_faults({{1500, sim::Fault{.kind = Kind::hang}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(map_->below(SectorState::consistent), (std::vector<LbaRange>{{Lba{1500}, Lba{1501}}}));
}

TEST_F(EngineTest, ABadQOnASingleSectorChangesNothing) {
  make_drive();
  drive_->set_faults({{1500, sim::Fault{.kind = Kind::q}}, {22, sim::Fault{.kind = Kind::q}}});
  ASSERT_TRUE(run());
  expect_all_good();
}

TEST_F(EngineTest, WithoutC2EverySectorIsReadTwice) {
  make_drive({.c2 = drive::C2Support::none});
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  expect_all_good();
  EXPECT_EQ(statistics->passes, 2);
}

// 65536 KiB hold the disc nine times over, and the drive accepts the command to drop it and does not.
TEST_F(EngineTest, WithoutC2AndWithACacheThatCannotBeEmptiedASmallDiscStaysUnproven) {
  make_drive({.c2 = drive::C2Support::none, .cache_kib = 65536, .honours_fua = false});
  ASSERT_TRUE(run());
  EXPECT_EQ(count(SectorState::unproven), kSectors);
}

// The same wrong bytes come from the cache again and again; the clock tells.
TEST_F(EngineTest, ACacheThatIsLargerThanTheDriveSaysIsNotBelieved) {
  make_drive(
      {.c2 = drive::C2Support::none, .cache_kib = 65536, .reported_cache_kib = 0, .honours_fua = false});
  profile_.cache_kib.value = 0;
  drive_->set_faults({{500, sim::Fault{.kind = Kind::c2, .bytes = 9, .reads_until_good = 1}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(count(SectorState::consistent), 0);
}

TEST_F(EngineTest, AnHonestUnitAccessIsFoundOutAndUsed) {
  make_drive({.c2 = drive::C2Support::none, .cache_kib = 65536});
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  expect_all_good();
  EXPECT_TRUE(statistics->notes.empty());
}

TEST_F(EngineTest, WithoutC2WhatMostReadsAgreeOnIsTaken) {
  make_drive({.c2 = drive::C2Support::none});
  drive_->set_faults({{500, sim::Fault{.kind = Kind::c2, .bytes = 9, .reads_until_good = 1}},
                      {900, sim::Fault{.kind = Kind::c2, .bytes = 9, .reads_until_good = 2}}});
  ASSERT_TRUE(run());
  expect_all_good();
  EXPECT_EQ(map_->mended(Mending::elected),
            (std::vector<LbaRange>{{Lba{500}, Lba{501}}, {Lba{900}, Lba{901}}}));
}

// With an offset a record that fails takes a part of two sectors with it. Each read of these here brings one
// record and loses the other.
TEST_F(EngineTest, PartsOfASectorFromSeveralReadsMakeAWholeOne) {
  make_drive({.read_offset = 300});
  sim::FaultMap faults;
  for (int lba = 1000; lba < 1012; ++lba) faults.emplace(lba, sim::Fault{.kind = Kind::hard, .success = 0.6});
  drive_->set_faults(faults);
  options_.retries = 20;
  ASSERT_TRUE(run());
  expect_all_good();
  EXPECT_FALSE(map_->mended(Mending::merged).empty());
}

// The flags of each sector come with the next one: the first of a damaged run would look clean.
TEST_F(EngineTest, FlagsThatComeWithTheNextSectorAreFoundOut) {
  make_drive({.c2_late = 1});
  sim::FaultMap faults;
  for (int spot = 100; spot < 2900; spot += 200) {
    for (int lba = spot; lba < spot + 4; ++lba)
      faults.emplace(lba, sim::Fault{.kind = Kind::c2, .bytes = 50, .success = 0.5});
  }
  drive_->set_faults(faults);
  ASSERT_TRUE(run());  // expects that nothing good differs from the disc
  EXPECT_GE(count(SectorState::consistent), kSectors - 10);
}

TEST_F(EngineTest, ACleanSectorBesideAFlaggedOneIsBelievedOnceTheFlagsAreKnownToStandRight) {
  make_drive();
  drive_->set_faults({{500, sim::Fault{.kind = Kind::c2, .bytes = 50, .reads_until_good = 2}}});
  ASSERT_TRUE(run());
  expect_all_good();
}

TEST_F(EngineTest, ADiscThatIsSwappedStopsTheRipAtOnce) {
  make_drive();
  drive_->insert(sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{kSectors})));
  const auto result = run();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::medium_changed);
  EXPECT_EQ(count(SectorState::untried), kSectors);
}

TEST_F(EngineTest, ABusResetIsSurvived) {
  make_drive();
  drive_->reset();
  ASSERT_TRUE(run());
  expect_all_good();
}

TEST_F(EngineTest, AVanishedDriveEndsTheRipAndTheNextOneGoesOn) {
  make_drive();
  drive_->vanish();
  const auto result = run();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::no_device);
  make_drive();
  ASSERT_TRUE(run());
  expect_all_good();
}

TEST_F(EngineTest, ALargeTransferThatTheBusRefusesIsHalved) {
  make_drive({.transfer_limit = 20'000});
  ASSERT_TRUE(run());
  expect_all_good();
  EXPECT_LE(profile_.max_transfer.value, 20'000U);
}

// Stops the rip after some transfers.
class StopAfter : public Listener {
 public:
  StopAfter(std::stop_source& source) : source_(source) {}
  void on_progress(const Progress&) override { source_.request_stop(); }

 private:
  std::stop_source& source_;
};

TEST_F(EngineTest, AnInterruptedRipGoesOnWhereItStopped) {
  make_drive();
  std::stop_source source;
  StopAfter stopper(source);
  {
    drive::Drive drive(*drive_);
    auto capture = Capture::open(dir_ / "partial", "id", cd::image_ranges(disc_->disc()));
    ASSERT_TRUE(capture);
    const auto result = Engine(drive, disc_->disc(), profile_, *capture, stopper, {}).run(source.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  }
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  expect_all_good();
}

class DataEngineTest : public EngineTest {
 protected:
  DataEngineTest() : EngineTest(cd::TrackMode::mode1) {}
};

TEST_F(DataEngineTest, EveryDataSectorIsProven) {
  make_drive({.read_offset = 667, .c2 = drive::C2Support::none});
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::proven), kSectors);
  EXPECT_EQ(statistics->passes, 1);
}

TEST_F(DataEngineTest, WhatTheDriveCannotCorrectIsRepairedFromItsUncorrectedBytes) {
  make_drive({.read_offset = 30});
  drive_->set_faults(hard_errors(1000, 1010));
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::proven), kSectors);
  EXPECT_EQ(map_->mended(Mending::repaired), (std::vector<LbaRange>{{Lba{1000}, Lba{1010}}}));
  // Error recovery is as it was.
  EXPECT_EQ(drive::Drive(*drive_).error_recovery()->parameters, 0);
}

TEST_F(DataEngineTest, OrFromTheScrambledBytesThatItReadsAsAudio) {
  for (const int offset : {0, 30, -1164}) {
    SCOPED_TRACE(offset);
    std::filesystem::remove_all(dir_ / "partial");
    make_drive({.read_offset = offset, .audio_over_data = true, .always_corrects = true});
    drive_->set_faults(hard_errors(1000, 1010));
    ASSERT_TRUE(run());
    EXPECT_EQ(count(SectorState::proven), kSectors);
    EXPECT_EQ(map_->mended(Mending::repaired), (std::vector<LbaRange>{{Lba{1000}, Lba{1010}}}));
  }
}

TEST_F(DataEngineTest, OrByTheVendorCommandOfDrivesThatReadNoDataAsCdDa) {
  for (const int offset : {0, 30, -1164}) {
    for (const auto c2 : {drive::C2Support::bits, drive::C2Support::none}) {
      SCOPED_TRACE(offset);
      std::filesystem::remove_all(dir_ / "partial");
      make_drive(
          {.read_offset = offset, .c2 = c2, .vendor_d8 = sim::VendorD8::reads, .always_corrects = true});
      drive_->set_faults(hard_errors(1000, 1010));
      const auto statistics = run();
      ASSERT_TRUE(statistics);
      EXPECT_EQ(count(SectorState::proven), kSectors);
      EXPECT_EQ(map_->mended(Mending::repaired), (std::vector<LbaRange>{{Lba{1000}, Lba{1010}}}));
      EXPECT_GT(drive_->statistics().by_opcode.at(0xD8), 0);
      // Its subchannel is kept, and not trusted.
      EXPECT_EQ(map_->with_sub(SubState::untried), (std::vector<LbaRange>{{Lba{1000}, Lba{1010}}}));
    }
  }
}

TEST_F(DataEngineTest, TheVendorCommandIsLeftAloneWhereReadCdDoes) {
  make_drive({.audio_over_data = true, .vendor_d8 = sim::VendorD8::reads, .always_corrects = true});
  drive_->set_faults(hard_errors(1000, 1010));
  ASSERT_TRUE(run());
  EXPECT_EQ(count(SectorState::proven), kSectors);
  EXPECT_FALSE(drive_->statistics().by_opcode.contains(0xD8));
}

// The rip goes on, asks no second time, and says what it would have needed.
TEST_F(DataEngineTest, AVendorCommandThatTheSystemFiltersIsNoted) {
  make_drive({.vendor_d8 = sim::VendorD8::filtered, .always_corrects = true});
  drive_->set_faults(hard_errors(1000, 1010));
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::failed), 10);
  EXPECT_EQ(count(SectorState::proven), kSectors - 10);
  EXPECT_EQ(drive_->statistics().by_opcode.at(0xD8), 1);
  EXPECT_EQ(
      std::count(
          statistics->notes.begin(), statistics->notes.end(),
          "the system did not let the vendor command D8 pass, which was to read bad sectors of data: that "
          "needs the drive's generic node (/dev/sgN) or CAP_SYS_RAWIO"),
      1);
}

TEST_F(DataEngineTest, AVendorCommandThatTheDriveRefusesIsNoted) {
  make_drive({.always_corrects = true});
  profile_.vendor_d8.value = true;  // the table is wrong about it
  drive_->set_faults(hard_errors(1000, 1010));
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::failed), 10);
  EXPECT_EQ(drive_->statistics().by_opcode.at(0xD8), 1);
  EXPECT_EQ(std::count(statistics->notes.begin(), statistics->notes.end(),
                       "the drive refused the vendor command D8, which was to read bad sectors of data"),
            1);
}

TEST_F(DataEngineTest, ADriveThatRefusesBothIsNotAskedAgain) {
  make_drive({.always_corrects = true});
  drive_->set_faults(hard_errors(1000, 1010));
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(count(SectorState::failed), 10);
  EXPECT_EQ(drive_->statistics().by_opcode.at(0x55), 1);
}

// One read under clear C2 might be what was mastered; the second, which differs, shows that C2 lies.
TEST_F(DataEngineTest, UnflaggedWrongBytesAreCaughtByTheEdcAndRepaired) {
  make_drive();
  drive_->set_faults({{300, sim::Fault{.kind = Kind::c2, .flagged = false, .bytes = 3}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(count(SectorState::proven), kSectors);
  EXPECT_EQ(map_->mended(Mending::repaired), (std::vector<LbaRange>{{Lba{300}, Lba{301}}}));
}

TEST_F(DataEngineTest, TheSameWrongEdcUnderClearC2IsWhatTheDiscHolds) {
  make_drive();
  drive_->set_faults({{300, sim::Fault{.kind = Kind::c2, .flagged = false, .repeats = true, .bytes = 3}}});
  drive::Drive drive(*drive_);
  auto capture = Capture::open(dir_ / "mastered", "id", cd::image_ranges(disc_->disc()));
  ASSERT_TRUE(capture);
  ASSERT_TRUE(Engine(drive, disc_->disc(), profile_, *capture, listener_, options_).run({}));
  EXPECT_EQ(capture->map().state(Lba{300}), SectorState::consistent);
  EXPECT_EQ(capture->map().wrong_edc(), 1);
  EXPECT_TRUE(capture->map().mended(Mending::repaired).empty());
}

TEST_F(DataEngineTest, WithoutC2TheFirstReadIsRepaired) {
  make_drive({.c2 = drive::C2Support::none});
  sim::FaultMap faults;
  for (int lba = 300; lba < 340; ++lba) faults.emplace(lba, sim::Fault{.kind = Kind::c2, .bytes = 20});
  drive_->set_faults(faults);
  const auto statistics = run();
  ASSERT_TRUE(statistics);
  EXPECT_EQ(statistics->passes, 1);
  EXPECT_EQ(count(SectorState::proven), kSectors);
}

// The disagreeing bytes of two reads are where the errors are: too many to be corrected without knowing that.
TEST_F(DataEngineTest, WithoutC2TheBytesThatDifferBetweenReadsAreErasures) {
  make_drive({.c2 = drive::C2Support::none});
  drive_->set_faults({{300, sim::Fault{.kind = Kind::c2, .bytes = 110}}});
  ASSERT_TRUE(run());
  EXPECT_EQ(map_->mended(Mending::repaired), (std::vector<LbaRange>{{Lba{300}, Lba{301}}}));
}

TEST_F(DataEngineTest, ASectorWithADamagedSyncIsRepaired) {
  make_drive();
  sim::FaultMap faults;
  // So many wrong bytes that some are in the sync patterns, and not more than ECC can do with erasures.
  for (int lba = 300; lba < 500; ++lba) faults.emplace(lba, sim::Fault{.kind = Kind::c2, .bytes = 90});
  drive_->set_faults(faults);
  ASSERT_TRUE(run());
  EXPECT_EQ(count(SectorState::proven), kSectors);
}

TEST_F(DataEngineTest, ASectorWhoseHeaderNamesAnotherIsNeverGoodWhateverQSays) {
  make_drive();
  drive_->set_faults(
      {{300, sim::Fault{.kind = Kind::neighbour, .distance = 2, .part = sim::Fault::Part::main}}});
  ASSERT_TRUE(run());
  EXPECT_LT(map_->state(Lba{300}), SectorState::consistent);
}

}  // namespace
}  // namespace binrip::rip
