#include "binrip/batch/station_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

FinishedDisc disc(const std::string& name) {
  FinishedDisc finished;
  finished.disc = name;
  return finished;
}

StationView two_drives() {
  StationView view;
  view.drives.resize(2);
  view.drives[0].id = "a";
  view.drives[1].id = "b";
  return view;
}

TEST(StationChanges, AllIsNewAfterAnEmptyView) {
  StationView now = two_drives();
  now.finished = {disc("second"), disc("first")};
  now.ends = {1, 0, 0, 0, 1};
  now.needs_a_hand = {"empty the bin"};
  now.stopping = true;
  const StationChanges changes = changes_between({}, now);
  EXPECT_EQ(changes.drives, now.drives);
  EXPECT_THAT(changes.finished,
              ElementsAre(Field(&FinishedDisc::disc, "first"), Field(&FinishedDisc::disc, "second")));
  EXPECT_THAT(changes.needs, ElementsAre("empty the bin"));
  EXPECT_TRUE(changes.stopping);
}

TEST(StationChanges, NothingIsNewInTheSameView) {
  StationView now = two_drives();
  now.finished = {disc("first")};
  now.ends[0] = 1;
  now.needs_a_hand = {"x"};
  now.stopping = true;
  const StationChanges changes = changes_between(now, now);
  EXPECT_THAT(changes.drives, IsEmpty());
  EXPECT_THAT(changes.finished, IsEmpty());
  EXPECT_THAT(changes.needs, IsEmpty());
  EXPECT_THAT(changes.settled, IsEmpty());
  EXPECT_FALSE(changes.stopping);
}

TEST(StationChanges, ProgressAloneIsNoChangeOfADriveButItsStageDiscReasonAndNodeAre) {
  const StationView before = two_drives();
  StationView now = before;
  now.drives[0].progress.emplace().sectors_done = 5;
  EXPECT_THAT(changes_between(before, now).drives, IsEmpty());
  const auto change = [&](auto set) {
    StationView changed = before;
    set(changed.drives[1]);
    return changes_between(before, changed).drives;
  };
  const auto is_b = ElementsAre(Field(&DriveView::id, "b"));
  EXPECT_THAT(change([](DriveView& d) { d.stage = DriveStage::ripping; }), is_b);
  EXPECT_THAT(change([](DriveView& d) { d.disc = "Blue"; }), is_b);
  EXPECT_THAT(change([](DriveView& d) { d.reason = "dirty"; }), is_b);
  EXPECT_THAT(change([](DriveView& d) { d.node = "/dev/sr7"; }), is_b);
}

TEST(StationChanges, ADriveIsTheSameWhereverItStandsInTheList) {
  const StationView before = two_drives();
  StationView now = before;
  std::swap(now.drives[0], now.drives[1]);
  EXPECT_THAT(changes_between(before, now).drives, IsEmpty());
}

TEST(StationChanges, EqualDiscsOneAfterTheOtherAreTwo) {
  StationView before, now;
  before.finished = {disc("same")};
  before.ends[0] = 1;
  now.finished = {disc("same"), disc("same")};
  now.ends[0] = 2;
  EXPECT_EQ(changes_between(before, now).finished.size(), 1U);
}

TEST(StationChanges, GivesWhatTheListStillHas) {
  StationView before, now;
  now.ends[0] = 7;
  now.finished = {disc("c"), disc("b")};
  EXPECT_EQ(changes_between(before, now).finished.size(), 2U);
  EXPECT_THAT(changes_between(now, before).finished, IsEmpty());
}

TEST(StationChanges, NeedsComeAndGo) {
  StationView before, now;
  before.needs_a_hand = {"a", "b"};
  now.needs_a_hand = {"b", "c"};
  EXPECT_THAT(changes_between(before, now).needs, ElementsAre("c"));
  EXPECT_THAT(changes_between(before, now).settled, ElementsAre("a"));
}

}  // namespace
}  // namespace binrip::batch
