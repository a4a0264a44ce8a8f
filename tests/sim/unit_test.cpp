#include "sim_support.hpp"

#include "binrip/drive/drive.hpp"

namespace binrip::sim {
namespace {

std::shared_ptr<image::DiscImage> audio_disc() {
  return make_disc(plain_recipe(cd::TrackMode::audio, 3, {1200}));
}

TEST(SimUnit, TellsOfANewDiscOnceToCommandsThatMind) {
  Habits habits;
  habits.becoming_ready_polls = 2;
  SimDrive drive(audio_disc(), habits);
  EXPECT_EQ(sense_of(ask(drive, drive::inquiry_cdb(36), 36).completion), "good");
  EXPECT_EQ(sense_of(ask(drive, drive::get_configuration_cdb(0, 64), 64).completion), "good");
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "2/04/01");
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "2/04/01");
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "6/28/00");
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "good");
}

TEST(SimUnit, KnowsTheTrayAndTheDisc) {
  SimDrive drive(nullptr, quiet_habits());
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "2/3A/01");
  drive.set_tray(Tray::open);
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "2/3A/02");
  drive.insert(audio_disc());
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "good");
}

TEST(SimUnit, RefusesUnknownCommands) {
  SimDrive drive(audio_disc(), quiet_habits());
  EXPECT_EQ(sense_of(ask(drive, raw_cdb({0xEE, 0, 0, 0, 0, 0}), 0).completion), "5/20/00");
}

TEST(SimUnit, IsUnderstoodByTheTypedDrive) {
  const auto disc = audio_disc();
  SimDrive sim(disc, Habits{});
  drive::Drive drive(sim);
  ASSERT_TRUE(drive.wait_ready(std::chrono::seconds(10)));
  const auto inquiry = drive.inquiry();
  ASSERT_TRUE(inquiry);
  EXPECT_EQ(inquiry->vendor, "BINRIP");
  EXPECT_EQ(drive.serial_number().value(), "SIM00001");
  EXPECT_EQ(drive.configuration()->current_profile, drive::kProfileCdRom);
  const auto capabilities = drive.capabilities();
  ASSERT_TRUE(capabilities);
  EXPECT_TRUE(capabilities->reads_c2);
  EXPECT_EQ(capabilities->max_speed_kb, 8467);
  const auto toc = drive.formatted_toc();
  ASSERT_TRUE(toc);
  EXPECT_EQ(toc->tracks.size(), 4U);
  EXPECT_EQ(drive.full_toc().value(), cd::full_toc_of(disc->disc()));
  EXPECT_EQ(drive.session_info().value(), cd::session_info_of(disc->disc()));
  EXPECT_EQ(drive.disc_information()->sessions, 1);
  EXPECT_EQ(drive.track_information(2)->start, cd::Lba{400});
  EXPECT_FALSE(drive.mcn().value());
  EXPECT_TRUE(drive.cdtext_packs()->empty());
  EXPECT_FALSE(drive.atip().value());
}

}  // namespace
}  // namespace binrip::sim
