#include "../../src/rip/passes.hpp"

#include <gtest/gtest.h>

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

SectorMap fresh_map() { return SectorMap("id", {{Lba{0}, Lba{1000}}}); }
const LbaRange kAll{Lba{0}, Lba{1000}};

TEST(PassPlanner, ACleanDiscNeedsOnePassWithEverything) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw), 5);
  SectorMap map = fresh_map();
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::stream);
  EXPECT_EQ(pass->targets, std::vector<LbaRange>{kAll});
  EXPECT_EQ(pass->c2, C2Mode::bits);
  EXPECT_EQ(pass->sub, SubMode::raw);
  map.raise(kAll, SectorState::consistent);
  map.set_sub_read(kAll);
  EXPECT_FALSE(planner.next(map));
}

TEST(PassPlanner, WithoutC2ASecondPassProves) {
  PassPlanner planner(profile(drive::C2Support::none, drive::SubSupport::raw), 5);
  SectorMap map = fresh_map();
  ASSERT_TRUE(planner.next(map));
  map.raise(kAll, SectorState::unproven);
  map.set_sub_read(kAll);
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->purpose, Purpose::proof);
  EXPECT_EQ(pass->targets, std::vector<LbaRange>{kAll});
}

TEST(PassPlanner, TwoPassesWhereC2AndSubchannelDoNotComeTogether) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw, drive::Combination::separate),
                      5);
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
  map.set_sub_read(kAll);
  EXPECT_FALSE(planner.next(map));
}

TEST(PassPlanner, RetriesOnlyWhatIsBelowItsGoalAndEnds) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw), 3);
  SectorMap map = fresh_map();
  ASSERT_TRUE(planner.next(map));
  map.raise(kAll, SectorState::failed);
  map.raise({Lba{0}, Lba{500}}, SectorState::consistent);
  map.raise({Lba{510}, Lba{1000}}, SectorState::proven);
  map.set_sub_read({Lba{0}, Lba{520}});
  map.set_sub_read({Lba{530}, Lba{1000}});
  for (int i = 0; i < 3; ++i) {
    const auto pass = planner.next(map);
    ASSERT_TRUE(pass);
    EXPECT_EQ(pass->purpose, Purpose::retry);
    EXPECT_EQ(pass->targets, (std::vector<LbaRange>{{Lba{500}, Lba{510}}, {Lba{520}, Lba{530}}}));
  }
  EXPECT_FALSE(planner.next(map));
}

TEST(PassPlanner, ResumesWithWhatIsUntried) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::raw), 5);
  SectorMap map = fresh_map();
  map.raise({Lba{0}, Lba{700}}, SectorState::consistent);
  const auto pass = planner.next(map);
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->targets, (std::vector<LbaRange>{{Lba{700}, Lba{1000}}}));
}

TEST(PassPlanner, GivesUpOverALargeRestThatDoesNotChange) {
  PassPlanner planner(profile(drive::C2Support::bits, drive::SubSupport::none), 100);
  SectorMap map("id", {{Lba{0}, Lba{100'000}}});
  int passes = 0;
  while (planner.next(map)) {
    map.raise({Lba{0}, Lba{100'000}}, SectorState::unproven);
    ASSERT_LT(++passes, 10);
  }
}

}  // namespace
}  // namespace binrip::rip
