// Replies to commands about the disc and the drive, byte by byte where other programs look at them.
#include "sim_support.hpp"

#include "binrip/drive/drive.hpp"

namespace binrip::sim {
namespace {

std::shared_ptr<image::DiscImage> zoo(std::string_view name) { return make_disc(zoo_recipe(name)); }

TEST(SimToc, MsfFormGivesTimesAndTrackNumbersSelect) {
  SimDrive drive(zoo("audio-simple"), quiet_habits());
  const auto msf = ask(drive, raw_cdb({0x43, 2, 0, 0, 0, 0, 2, 0, 64, 0}), 64);
  ASSERT_TRUE(msf.completion.good);
  // Track 2 begins at 1100: 00:16:50.
  EXPECT_EQ(msf.data[6], 2);
  EXPECT_EQ((ByteVector{msf.data.begin() + 8, msf.data.begin() + 12}), (ByteVector{0, 0, 16, 50}));
  const auto lead_out = ask(drive, raw_cdb({0x43, 0, 0, 0, 0, 0, 0xAA, 0, 12, 0}), 12);
  EXPECT_EQ(lead_out.data[6], 0xAA);
  EXPECT_EQ(load_be32(lead_out.data, 8), 3000U);
  EXPECT_EQ(sense_of(ask(drive, raw_cdb({0x43, 0, 0, 0, 0, 0, 4, 0, 12, 0}), 12).completion), "5/24/00");
}

TEST(SimToc, FormatInTheControlByteIsUnderstoodAsLinuxSendsIt) {
  SimDrive drive(zoo("cd-extra"), quiet_habits());
  const auto got = ask(drive, raw_cdb({0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40}), 12);
  ASSERT_TRUE(got.completion.good);
  EXPECT_EQ(got.data[3], 2);  // two sessions
  EXPECT_EQ(load_be32(got.data, 8), 1650U + 11'400U);
}

TEST(SimToc, ControlsAreTheTocsAndNotThoseOfQ) {
  SimDrive sim(zoo("audio-preemphasis-q"), Habits{});
  drive::Drive drive(sim);
  ASSERT_TRUE(drive.wait_ready(std::chrono::seconds(10)));
  const auto toc = drive.full_toc();
  ASSERT_TRUE(toc);
  const auto disc = cd::disc_from_full_toc(*toc);
  ASSERT_TRUE(disc);
  EXPECT_EQ(disc->sessions[0].tracks[0].control, 0);
  EXPECT_EQ(disc->sessions[0].tracks[4].control, cd::kControlPreEmphasis);
}

TEST(SimToc, CdTextPacksComeAsTheyAre) {
  const auto disc = zoo("audio-cdtext-msjis");
  SimDrive sim(disc, quiet_habits());
  EXPECT_EQ(drive::Drive(sim).cdtext_packs().value(), disc->disc().cdtext_packs);
  Habits habits = quiet_habits();
  habits.cd_text = habits.full_toc = false;
  SimDrive poor(disc, habits);
  EXPECT_EQ(sense_of(ask(poor, drive::read_toc_cdb(5, 0, 100), 100).completion), "5/24/00");
  EXPECT_EQ(sense_of(ask(poor, drive::read_toc_cdb(2, 1, 100), 100).completion), "5/24/00");
}

TEST(SimDisc, McnAndIsrcAreGivenWhereTheDiscHasThem) {
  SimDrive sim(zoo("audio-isrc-mcn"), quiet_habits());
  drive::Drive drive(sim);
  EXPECT_EQ(drive.mcn().value(), "4006381333931");
  EXPECT_EQ(drive.isrc(2).value(), "DEA619600012");
  EXPECT_FALSE(drive.isrc(3).value());
}

TEST(SimDisc, PositionIsWhereTheLastReadEnded) {
  SimDrive drive(zoo("audio-indexes"), quiet_habits());
  read(drive, {.start = {310}});
  const auto got = ask(drive, raw_cdb({0x42, 0, 0x40, 1, 0, 0, 0, 0, 16, 0}), 16);
  ASSERT_TRUE(got.completion.good);
  EXPECT_EQ(got.data[6], 1);                 // track
  EXPECT_EQ(got.data[7], 3);                 // index
  EXPECT_EQ(load_be32(got.data, 8), 311U);   // absolute
  EXPECT_EQ(load_be32(got.data, 12), 311U);  // relative
  const auto msf = ask(drive, raw_cdb({0x42, 2, 0x40, 1, 0, 0, 0, 0, 16, 0}), 16);
  EXPECT_EQ((ByteVector{msf.data.begin() + 8, msf.data.end()}), (ByteVector{0, 0, 6, 11, 0, 0, 4, 11}));
}

TEST(SimDisc, InformationCountsSessionsAndTracks) {
  SimDrive sim(zoo("three-sessions"), quiet_habits());
  drive::Drive drive(sim);
  const auto info = drive.disc_information();
  ASSERT_TRUE(info);
  EXPECT_EQ(info->status, drive::DiscInformation::Status::complete);
  EXPECT_EQ(info->sessions, 3);
  EXPECT_EQ(info->last_track_in_last_session, 3);
  const auto track = drive.track_information(3);
  ASSERT_TRUE(track);
  EXPECT_EQ(track->session, 3);
  EXPECT_EQ(track->size, cd::SectorCount{700});
  EXPECT_EQ(track->data_mode, 1);
  EXPECT_FALSE(drive.track_information(4));
}

TEST(SimMedium, RecordedDiscHasAnAtip) {
  DiscRecipe recipe = zoo_recipe("audio-simple");
  recipe.atip = cd::Atip{.rewritable = false, .lead_in_start = {97, 24, 1}, .last_lead_out = {79, 59, 74}};
  SimDrive sim(make_disc(recipe), quiet_habits());
  drive::Drive drive(sim);
  EXPECT_EQ(drive.atip().value(), recipe.atip);
  EXPECT_EQ(drive.configuration()->current_profile, drive::kProfileCdR);
  EXPECT_TRUE(drive.formatted_toc());
}

TEST(SimMedium, BlankDiscSaysSo) {
  SimDrive drive(nullptr, quiet_habits());
  drive.set_medium(Medium::blank);
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "good");
  const auto info = drive::parse_disc_information(ask(drive, drive::read_disc_information_cdb(34), 34).data);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->status, drive::DiscInformation::Status::empty);
  EXPECT_EQ(sense_of(ask(drive, drive::read_toc_cdb(0, 0, 100), 100).completion), "5/24/00");
  EXPECT_EQ(sense_of(read(drive, {.start = {0}}).completion), "8/00/00");
  const auto config = drive::parse_configuration(ask(drive, drive::get_configuration_cdb(0, 256), 256).data);
  EXPECT_EQ(config->current_profile, drive::kProfileCdR);
}

TEST(SimMedium, DvdIsNotReadAsACd) {
  SimDrive drive(nullptr, quiet_habits());
  drive.set_medium(Medium::dvd);
  const auto config = drive::parse_configuration(ask(drive, drive::get_configuration_cdb(0, 256), 256).data);
  EXPECT_EQ(config->current_profile, 0x0010);
  EXPECT_EQ(sense_of(read(drive, {.start = {0}}).completion), "5/30/02");
  EXPECT_EQ(sense_of(ask(drive, drive::read_toc_cdb(2, 1, 100), 100).completion), "5/24/00");
}

TEST(SimTray, LockHoldsItAgainstTheCommandAndEventsTell) {
  SimDrive sim(zoo("audio-simple"), quiet_habits());
  drive::Drive drive(sim);
  EXPECT_EQ(drive.media_event().value()->code, drive::MediaEvent::Code::new_media);
  EXPECT_EQ(drive.media_event().value()->code, drive::MediaEvent::Code::none);
  ASSERT_TRUE(drive.lock_tray(drive::TrayLock::locked));
  EXPECT_TRUE(sim.statistics().tray_locked);
  EXPECT_EQ(sense_of(ask(sim, drive::start_stop_cdb(drive::StartStop::eject), 0).completion), "5/53/02");
  ASSERT_TRUE(drive.lock_tray(drive::TrayLock::unlocked));
  ASSERT_TRUE(drive.start_stop(drive::StartStop::eject));
  EXPECT_TRUE(drive.mechanism_status()->door_open);
  const auto event = drive.media_event().value();
  EXPECT_EQ(event->code, drive::MediaEvent::Code::removal);
  EXPECT_TRUE(event->tray_open);
  EXPECT_FALSE(event->media_present);
  ASSERT_TRUE(drive.start_stop(drive::StartStop::load));
  EXPECT_TRUE(drive.media_event().value()->media_present);
}

TEST(SimTray, AnotherDiscIsTold) {
  SimDrive drive(zoo("audio-simple"), Habits{});
  EXPECT_EQ(sense_of(ask(drive, drive::test_unit_ready_cdb(), 0).completion), "6/28/00");
  EXPECT_TRUE(read(drive, {.start = {0}}).completion.good);
  drive.insert(zoo("audio-bare"));
  EXPECT_EQ(sense_of(read(drive, {.start = {0}}).completion), "6/28/00");
  EXPECT_TRUE(read(drive, {.start = {0}}).completion.good);
}

TEST(SimUnitReset, ForgetsModeAndSpeedAndTellsOnce) {
  SimDrive sim(zoo("data-mode1"), quiet_habits());
  drive::Drive drive(sim);
  ASSERT_TRUE(drive.set_error_recovery({.parameters = 0x21, .read_retries = 3, .rest = {}}));
  ASSERT_TRUE(drive.set_speed(8));
  EXPECT_EQ(drive.error_recovery()->read_retries, 3);
  EXPECT_NEAR(drive.capabilities()->current_speed_kb, 1411, 1);
  sim.reset();
  EXPECT_EQ(sense_of(ask(sim, drive::test_unit_ready_cdb(), 0).completion), "6/29/00");
  EXPECT_EQ(drive.error_recovery()->parameters, 0);
  EXPECT_EQ(drive.capabilities()->current_speed_kb, 8467);
}

TEST(SimUnitReset, VanishedDriveIsAnError) {
  SimDrive drive(zoo("data-mode1"), quiet_habits());
  drive.vanish();
  const auto result = drive.execute(drive::test_unit_ready_cdb(), drive::Direction::none, {}, kPatience);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::no_device);
}

TEST(SimMode, RefusesPagesAndValuesThatItDoesNotHave) {
  Habits habits = quiet_habits();
  habits.reports_capabilities = false;
  SimDrive drive(zoo("data-mode1"), habits);
  EXPECT_EQ(sense_of(ask(drive, drive::mode_sense_cdb(0x2A, 64), 64).completion), "5/24/00");
  EXPECT_EQ(sense_of(ask(drive, drive::mode_sense_cdb(0x05, 64), 64).completion), "5/24/00");
  EXPECT_EQ(sense_of(ask(drive, raw_cdb({0x5A, 0, 0xC1, 0, 0, 0, 0, 0, 64, 0}), 64).completion), "5/39/00");
  ByteVector cut(9);
  cut[8] = 0x01;
  const auto result = drive.execute(drive::mode_select_cdb(9), drive::Direction::to_drive, cut, kPatience);
  EXPECT_EQ(sense_of(*result), "5/1A/00");
}

TEST(SimMode, SixByteFormHasASmallHeader) {
  SimDrive drive(zoo("data-mode1"), quiet_habits());
  const auto six = ask(drive, raw_cdb({0x1A, 0, 0x2A, 0, 64, 0}), 64);
  const auto ten = ask(drive, drive::mode_sense_cdb(0x2A, 64), 64);
  EXPECT_EQ(six.data[0], 4 + 26 - 1);
  EXPECT_TRUE(std::equal(six.data.begin() + 4, six.data.begin() + 30, ten.data.begin() + 8));
}

TEST(SimBus, TooLargeATransferIsAnErrorWithoutSense) {
  Habits habits = quiet_habits();
  habits.transfer_limit = 64 * 1024;
  SimDrive drive(zoo("audio-simple"), habits);
  ByteVector buffer(28 * 2352);
  const auto result = drive.execute(encode(drive::ReadCd{.start = {0}, .count = 28}),
                                    drive::Direction::from_drive, buffer, kPatience);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::bus);
  EXPECT_EQ(drive.max_transfer(), 65'536U);
}

TEST(SimBus, MoreDataThanTheBufferHoldsIsAnError) {
  SimDrive drive(zoo("audio-simple"), quiet_habits());
  ByteVector buffer(2 * 2352, 0xA5);
  const auto result =
      drive.execute(encode(drive::ReadCd{.start = {0}, .count = 2}), drive::Direction::from_drive,
                    MutableBytes(buffer).first(3000), kPatience);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::bus);
  EXPECT_EQ(std::count(buffer.begin() + 3000, buffer.end(), 0xA5), 2 * 2352 - 3000);
}

}  // namespace
}  // namespace binrip::sim
