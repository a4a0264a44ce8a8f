#include "../../src/rip/passes.hpp"

#include <gtest/gtest.h>

#include "binrip/sim/generated_disc.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;
using drive::C2Mode;
using drive::SubMode;

drive::Profile profile(drive::C2Support c2, drive::SubSupport sub,
                       drive::Combination combination = drive::Combination::together) {
  drive::Profile p;
  p.c2.value = c2;
  p.sub.value = sub;
  p.combination.value = combination;
  return p;
}

cd::Disc disc_of(cd::TrackMode mode, std::int32_t sectors = 1000) {
  return sim::make_disc(sim::plain_recipe(mode, 1, cd::SectorCount{sectors}))->disc();
}
const cd::Disc kAudio = disc_of(cd::TrackMode::audio);
EngineOptions options(int retries) {
  EngineOptions o;
  o.retries = retries;
  return o;
}
const drive::Profile kGoodDrive = profile(drive::C2Support::bits, drive::SubSupport::raw);

SectorMap fresh_map() { return SectorMap("id", {{Lba{0}, Lba{1000}}}); }
const LbaRange kAll{Lba{0}, Lba{1000}};

TEST(PassPlanner, ACleanDiscNeedsOnePassWithEverything) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw), kAudio, options(5));
  SectorMap map = fresh_map();
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::stream);
  EXPECT_EQ(pass->targets, std::vector<LbaRange>{kAll});
  EXPECT_EQ(pass->c2, C2Mode::bits);
  EXPECT_EQ(pass->sub, SubMode::raw);
  map.raise(kAll, SectorState::consistent);
  map.raise_sub(kAll, SubState::right);
  EXPECT_FALSE(planner.next(map));
}

TEST(PassPlanner, WithoutC2ASecondPassProves) {
  PassPlanner planner(profile(drive::C2Support::none, drive::SubSupport::raw), kAudio, options(5));
  SectorMap map = fresh_map();
  ASSERT_TRUE(planner.next(map));
  map.raise(kAll, SectorState::unproven);
  map.raise_sub(kAll, SubState::right);
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::proof);
  EXPECT_EQ(pass->targets, std::vector<LbaRange>{kAll});
}

TEST(PassPlanner, TwoPassesWhereC2AndSubchannelDoNotComeTogether) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw, drive::Combination::separate),
                      kAudio, options(5));
  SectorMap map = fresh_map();
  const auto first = planner.next(map);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->c2, C2Mode::bits);
  EXPECT_EQ(first->sub, SubMode::none);
  map.raise(kAll, SectorState::unproven);
  const auto second = planner.next(map);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->purpose, Purpose::subchannel);
  EXPECT_EQ(second->c2, C2Mode::none);
  EXPECT_EQ(second->sub, SubMode::raw);
  map.raise(kAll, SectorState::consistent);
  map.raise_sub(kAll, SubState::right);
  EXPECT_FALSE(planner.next(map));
}

// A disc with a hole that the first pass stepped over, and one sector that failed.
SectorMap damaged_map() {
  SectorMap map = fresh_map();
  map.raise({Lba{0}, Lba{500}}, SectorState::consistent);
  map.raise({Lba{500}, Lba{501}}, SectorState::failed);
  map.raise({Lba{549}, Lba{1000}}, SectorState::consistent);
  map.raise_sub({Lba{0}, Lba{500}}, SubState::right);
  map.raise_sub({Lba{549}, Lba{1000}}, SubState::right);
  return map;
}

std::vector<Purpose> purposes(PassPlanner& planner, const SectorMap& map) {
  std::vector<Purpose> found;
  while (const auto pass = planner.next(map)) {
    found.push_back(pass->purpose);
    if (found.size() > 100) break;
  }
  return found;
}

TEST(PassPlanner, ComesBackByRisingCost) {
  PassPlanner planner(kGoodDrive, kAudio, options(2));
  ASSERT_TRUE(planner.next(fresh_map()));
  EXPECT_EQ(purposes(planner, damaged_map()),
            (std::vector{Purpose::trim, Purpose::scrape, Purpose::scrape, Purpose::sweep, Purpose::sweep}));
}

TEST(PassPlanner, StepsAreLongAtFirstAndEndAtEverySector) {
  PassPlanner planner(kGoodDrive, kAudio, options(1));
  const auto stream = planner.next(fresh_map());
  ASSERT_TRUE(stream);
  EXPECT_GT(stream->stride.first_step, 0);
  EXPECT_GT(stream->stride.longest_step, stream->stride.first_step);
  EXPECT_EQ(stream->stride.transfer, 0U);
  ASSERT_TRUE(planner.next(damaged_map()));  // trim
  const auto coarse = planner.next(damaged_map());
  const auto fine = planner.next(damaged_map());
  ASSERT_TRUE(coarse && fine);
  EXPECT_LT(coarse->stride.longest_step, stream->stride.longest_step);
  EXPECT_GT(coarse->stride.first_step, 0);
  EXPECT_EQ(fine->stride.first_step, 0);
  EXPECT_EQ(fine->targets, (std::vector<LbaRange>{{Lba{501}, Lba{549}}}));
}

TEST(PassPlanner, SweepsTurnRoundAndSlowDown) {
  PassPlanner planner(kGoodDrive, kAudio, options(6));
  SectorMap map = damaged_map();
  map.raise({Lba{501}, Lba{549}}, SectorState::failed);
  std::vector<Order> orders;
  std::vector<std::optional<int>> speeds;
  while (const auto pass = planner.next(map)) {
    EXPECT_EQ(pass->purpose, Purpose::sweep);
    EXPECT_EQ(pass->targets, (std::vector<LbaRange>{{Lba{500}, Lba{549}}}));
    orders.push_back(pass->order);
    speeds.push_back(pass->speed);
  }
  constexpr Order up = Order::ascending, down = Order::descending;
  EXPECT_EQ(orders, (std::vector{up, down, up, down, up, down}));
  EXPECT_EQ(speeds, (std::vector<std::optional<int>>{{}, {}, {}, 16, 8, 4}));
}

TEST(PassPlanner, NeverFasterThanTheUserAllows) {
  EngineOptions slow = options(5);
  slow.speed = 10;
  PassPlanner planner(kGoodDrive, kAudio, slow);
  std::vector<std::optional<int>> speeds;
  while (const auto pass = planner.next(damaged_map())) speeds.push_back(pass->speed);
  // Stream, trim, two scrapes, five sweeps.
  EXPECT_EQ(speeds, (std::vector<std::optional<int>>{10, 10, 10, 10, 10, 10, 10, 10, 8}));
}

TEST(PassPlanner, BadDataIsAskedForUncorrectedBeforeItIsScraped) {
  const cd::Disc data = disc_of(cd::TrackMode::mode1);
  PassPlanner planner(kGoodDrive, data, options(1));
  ASSERT_TRUE(planner.next(fresh_map()));
  ASSERT_TRUE(planner.next(damaged_map()));
  const auto first = planner.next(damaged_map());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->purpose, Purpose::raw);
  EXPECT_EQ(first->source, Source::uncorrected);
  EXPECT_EQ(first->targets, (std::vector<LbaRange>{{Lba{500}, Lba{549}}}));
  planner.refuse(Source::as_audio);
  // What was refused is not planned; what was taken comes again after each sweep.
  EXPECT_EQ(purposes(planner, damaged_map()),
            (std::vector{Purpose::scrape, Purpose::scrape, Purpose::sweep, Purpose::raw}));
}

TEST(PassPlanner, TheVendorCommandIsTheLastSourceAndOnlyWhereReadCdIsRefused) {
  const cd::Disc data = disc_of(cd::TrackMode::mode1);
  drive::Profile plextor = kGoodDrive;
  plextor.vendor_d8.value = true;
  const auto sources = [&](bool as_audio_refused) {
    PassPlanner planner(plextor, data, options(1));
    static_cast<void>(planner.next(fresh_map()));
    if (as_audio_refused) planner.refuse(Source::as_audio);
    std::vector<Source> found;
    while (const auto pass = planner.next(damaged_map())) {
      if (pass->purpose == Purpose::raw) found.push_back(pass->source);
      if (pass->source == Source::vendor_d8) {
        EXPECT_EQ(pass->c2, C2Mode::bits);
        EXPECT_EQ(pass->sub, SubMode::raw);
      }
    }
    return found;
  };
  using enum Source;
  // Once before the scraping, once behind the only sweep.
  EXPECT_EQ(sources(true), (std::vector{uncorrected, vendor_d8, uncorrected, vendor_d8}));
  EXPECT_EQ(sources(false), (std::vector{uncorrected, as_audio, uncorrected, as_audio}));
}

SectorMap map_with_wrong_qs(int places) {
  SectorMap map = fresh_map();
  map.raise(kAll, SectorState::consistent);
  for (int i = 0; i < 1000; ++i) {
    const bool wrong = i % 2 == 0 && i < 2 * places;
    map.raise_sub({Lba{i}, Lba{i + 1}}, wrong ? SubState::read : SubState::right);
  }
  return map;
}

TEST(PassPlanner, WrongQsAreReadAgainTwiceWhileTheyAreInFewPlaces) {
  const SectorMap few = map_with_wrong_qs(30);
  PassPlanner planner(kGoodDrive, kAudio, options(5));
  ASSERT_TRUE(planner.next(fresh_map()));
  const auto first = planner.next(few);
  const auto second = planner.next(few);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->purpose, Purpose::sweep);
  EXPECT_EQ(first->targets, few.with_sub(SubState::read));
  EXPECT_EQ(first->sub, SubMode::raw);
  EXPECT_EQ(first->order, Order::ascending);
  EXPECT_EQ(second->order, Order::descending);
  EXPECT_FALSE(planner.next(few));

  PassPlanner other(kGoodDrive, kAudio, options(5));
  EXPECT_FALSE(other.next(map_with_wrong_qs(400)));
}

TEST(PassPlanner, WrongQsGoAlongInSweepsOverDamage) {
  PassPlanner planner(kGoodDrive, kAudio, options(3));
  SectorMap map = fresh_map();
  map.raise({Lba{0}, Lba{900}}, SectorState::consistent);
  map.raise({Lba{900}, Lba{1000}}, SectorState::damaged);
  map.raise_sub({Lba{0}, Lba{1}}, SubState::read);
  map.raise_sub({Lba{1}, Lba{1000}}, SubState::right);
  std::vector<std::size_t> places;
  while (const auto pass = planner.next(map)) places.push_back(pass->targets.size());
  EXPECT_EQ(places, (std::vector<std::size_t>{2, 2, 1}));
}

TEST(PassPlanner, WithoutRetriesNothingIsComeBackTo) {
  PassPlanner planner(kGoodDrive, kAudio, options(0));
  ASSERT_TRUE(planner.next(fresh_map()));
  EXPECT_EQ(purposes(planner, damaged_map()), std::vector{Purpose::trim});
}

TEST(PassPlanner, ResumesWithWhatIsUntried) {
  PassPlanner planner(kGoodDrive, kAudio, options(5));
  SectorMap map = fresh_map();
  map.raise({Lba{0}, Lba{700}}, SectorState::consistent);
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::stream);
  EXPECT_EQ(pass->targets, (std::vector<LbaRange>{{Lba{700}, Lba{1000}}}));
}

TEST(PassPlanner, GivesUpOverALargeRestThatDoesNotChange) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::none),
                      disc_of(cd::TrackMode::audio, 100'000), options(100));
  SectorMap map("id", {{Lba{0}, Lba{100'000}}});
  int passes = 0;
  while (planner.next(map)) {
    map.raise({Lba{0}, Lba{100'000}}, SectorState::unproven);
    ASSERT_LT(++passes, 10);
  }
}

TEST(PassPlanner, SweepsEndWhenOneBringsTooLittle) {
  EngineOptions impatient = options(50);
  impatient.stop_below = 10;
  PassPlanner planner(kGoodDrive, kAudio, impatient);
  SectorMap map = fresh_map();
  map.raise_sub(kAll, SubState::right);
  map.raise(kAll, SectorState::failed);
  std::int32_t good = 0;
  int sweeps = 0;
  while (const auto pass = planner.next(map)) {
    ASSERT_EQ(pass->purpose, Purpose::sweep);
    ++sweeps;
    good += sweeps == 1 ? 500 : 40;  // half of them, then 8 percent
    map.raise({Lba{0}, Lba{good}}, SectorState::consistent);
  }
  EXPECT_EQ(sweeps, 2);
}

// An image whose sectors are good, but for one, and whose subchannel has not been read.
TEST(PassPlanner, SubchannelOfAGoodImageIsReadOnlyWhereItIsTheGoal) {
  SectorMap map = fresh_map();
  map.raise(kAll, SectorState::consistent);
  EngineOptions wanted = options(5);
  wanted.sub_goal = SubGoal::of_all;
  PassPlanner planner(kGoodDrive, kAudio, wanted);
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::subchannel);
  EXPECT_EQ(pass->targets, std::vector<LbaRange>{kAll});
  EXPECT_EQ(pass->sub, SubMode::raw);
  map.raise_sub({Lba{0}, Lba{999}}, SubState::right);
  EXPECT_EQ(planner.next(map)->targets, (std::vector<LbaRange>{{Lba{999}, Lba{1000}}}));

  wanted.sub_goal = SubGoal::by_the_way;
  EXPECT_FALSE(PassPlanner(kGoodDrive, kAudio, wanted).next(map));
  wanted.sub_goal = SubGoal::complete;
  EXPECT_TRUE(PassPlanner(kGoodDrive, kAudio, wanted).next(map));
}

}  // namespace
}  // namespace binrip::rip
