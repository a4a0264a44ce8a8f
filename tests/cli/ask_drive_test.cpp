#include "../../src/cli/ask_drive.hpp"

#include <gtest/gtest.h>

#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::cli {
namespace {

DriveState ask(sim::Habits habits, sim::Tray tray, sim::Medium medium) {
  sim::SimDrive drive(sim::make_disc(sim::demo_recipe()), std::move(habits));
  drive.set_medium(medium);
  drive.set_tray(tray);
  DriveState state;
  ask_open_drive(drive, state);
  return state;
}

TEST(AskDrive, TellsWhatAGoodDriveReads) {
  const DriveState state = ask({}, sim::Tray::closed, sim::Medium::disc);
  EXPECT_EQ(state.medium, "disc");
  EXPECT_TRUE(state.reads_cd_da);
  EXPECT_TRUE(state.c2);
  EXPECT_TRUE(state.cd_text);
  EXPECT_TRUE(state.raw_subchannel);
}

TEST(AskDrive, TellsWhatAPlainDriveDoesNotRead) {
  sim::Habits plain;
  plain.c2 = drive::C2Support::none;
  plain.sub = drive::SubSupport::none;
  plain.cd_text = false;
  const DriveState state = ask(plain, sim::Tray::closed, sim::Medium::disc);
  EXPECT_FALSE(state.c2);
  EXPECT_FALSE(state.cd_text);
  EXPECT_FALSE(state.raw_subchannel);
}

TEST(AskDrive, TellsTrayAndMediumApart) {
  EXPECT_EQ(ask({}, sim::Tray::open, sim::Medium::disc).medium, "tray open");
  EXPECT_EQ(ask({}, sim::Tray::closed, sim::Medium::none).medium, "none");
}

}  // namespace
}  // namespace binrip::cli
