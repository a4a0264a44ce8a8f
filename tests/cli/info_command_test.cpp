#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fake_host.hpp"

namespace binrip::cli {
namespace {

using nlohmann::json;
using test::FakeHost;
using testing::HasSubstr;
using testing::Not;

Description enhanced_cd() {
  Description d;
  d.drive.inquiry = {
      .device_type = 5, .vendor = "ACME", .product = "CDR 1", .revision = "1.0", .vendor_specific = ""};
  d.drive.serial = "S1";
  d.drive.current_profile = drive::kProfileCdRom;
  d.drive.profile.read_offset.set(-472, drive::ProfileSource::table);
  d.drive.profile.c2.set(drive::C2Support::bits, drive::ProfileSource::probed);
  cd::Disc& disc = d.disc.disc;
  disc.mcn = "4012345678901";
  disc.text = {.title = "A\x1b[31mlbum",
               .performer = "Band",
               .songwriter = "",
               .composer = "",
               .arranger = "",
               .message = ""};
  disc.track_texts = {{1,
                       {.title = "One",
                        .performer = "Band",
                        .songwriter = "",
                        .composer = "",
                        .arranger = "",
                        .message = ""}},
                      {2,
                       {.title = "Two",
                        .performer = "Guest",
                        .songwriter = "",
                        .composer = "",
                        .arranger = "",
                        .message = ""}}};
  cd::Track one{.number = 1,
                .control = 0x3,
                .mode = cd::TrackMode::audio,
                .indexes = {{1, {0}}},
                .isrc = "DEA010300001"};
  cd::Track two{
      .number = 2, .control = 0x0, .mode = cd::TrackMode::audio, .indexes = {{1, {1000}}}, .isrc = ""};
  cd::Track three{
      .number = 3, .control = 0x4, .mode = cd::TrackMode::mode2, .indexes = {{1, {13400}}}, .isrc = ""};
  disc.sessions = {
      {.number = 1, .type = cd::DiscType::cd_da_or_rom, .tracks = {one, two}, .lead_out = {2000}},
      {.number = 2, .type = cd::DiscType::cd_xa, .tracks = {three}, .lead_out = {15000}}};
  d.disc.ids.musicbrainz = "nljDXdC8B_pDwbdY1vZJvdrAZI4-";
  d.disc.notes = {"no full TOC"};
  cd::CdTextBlock block;
  block.language = 0x69;
  block.charset = cd::CdTextCharset::ms_jis;
  block.disc.title = "夜";
  d.disc.cdtext.blocks = {block};
  return d;
}

TEST(InfoCommand, ShowsDriveAndDisc) {
  FakeHost fake;
  fake.description = enhanced_cd();
  ASSERT_EQ(fake.run({"info", "/dev/sr0"}), 0);
  const std::string text = fake.out.str();
  EXPECT_THAT(text, HasSubstr("Drive         ACME CDR 1 1.0, serial S1\n"));
  EXPECT_THAT(text, HasSubstr("Medium        CD-ROM, 2 sessions, 3 tracks, 03:20:00\n"));
  EXPECT_THAT(text, HasSubstr("MCN           4012345678901\n"));
  EXPECT_THAT(text, HasSubstr("CD-TEXT       Japanese (MS-JIS)\n"));
  EXPECT_THAT(text, HasSubstr("Title         A\\x1b[31mlbum\n"));
  EXPECT_THAT(
      text,
      HasSubstr("      1  audio  PRE DCP  00:02:00        0  00:13:25     1000  DEA010300001  One\n"
                "      2  audio           00:15:25     1000  00:13:25     1000                Guest - Two\n"
                "  lead-out               00:28:50     2000\n"));
  EXPECT_THAT(text, HasSubstr("Session 2, CD-ROM XA\n"));
  EXPECT_THAT(text, HasSubstr("      3  mode2           03:00:50    13400  00:21:25     1600\n"));
  EXPECT_THAT(text, HasSubstr("MusicBrainz   nljDXdC8B_pDwbdY1vZJvdrAZI4-\n"));
  EXPECT_THAT(text, Not(HasSubstr("AccurateRip")));
  EXPECT_THAT(text, HasSubstr("  read offset          -472 samples         table\n"));
  EXPECT_THAT(text, HasSubstr("Notes\n  no full TOC\n"));
  EXPECT_EQ(fake.err.str(), "");
}

TEST(InfoCommand, GivesAllOfItAsJson) {
  FakeHost fake;
  fake.description = enhanced_cd();
  ASSERT_EQ(fake.run({"info", "/dev/sr0", "--json"}), 0);
  const json info = json::parse(fake.out.str());
  EXPECT_EQ(info["schema_version"], 1);
  EXPECT_EQ(info["device"], "/dev/sr0");
  EXPECT_EQ(info["drive"],
            json({{"vendor", "ACME"}, {"product", "CDR 1"}, {"revision", "1.0"}, {"serial", "S1"}}));
  EXPECT_EQ(info["profile"]["read_offset"], json({{"value", -472}, {"source", "table"}}));
  EXPECT_EQ(info["profile"]["c2"], json({{"value", "bits"}, {"source", "probed"}}));
  EXPECT_EQ(info["medium"], json({{"profile", 8}, {"name", "CD-ROM"}, {"atip", nullptr}}));
  EXPECT_EQ(info["mcn"], "4012345678901");
  EXPECT_EQ(info["sessions"].size(), 2U);
  EXPECT_EQ(info["sessions"][1]["lead_out"], json({{"lba", 15000}, {"msf", "03:22:00"}}));
  EXPECT_EQ(info["sessions"][0]["tracks"][0], json({{"number", 1},
                                                    {"mode", "audio"},
                                                    {"control", 3},
                                                    {"flags", {"pre-emphasis", "copy permitted"}},
                                                    {"start", {{"lba", 0}, {"msf", "00:02:00"}}},
                                                    {"length", {{"sectors", 1000}, {"msf", "00:13:25"}}},
                                                    {"isrc", "DEA010300001"}}));
  EXPECT_EQ(info["sessions"][1]["tracks"][0]["isrc"], nullptr);
  EXPECT_EQ(info["cdtext"]["blocks"][0]["language"], "Japanese");
  EXPECT_EQ(info["cdtext"]["blocks"][0]["disc"]["title"], "夜");
  EXPECT_EQ(info["ids"]["musicbrainz"], "nljDXdC8B_pDwbdY1vZJvdrAZI4-");
  EXPECT_EQ(info["ids"]["ctdb"], nullptr);
  EXPECT_EQ(info["notes"], json({"no full TOC"}));
}

TEST(InfoCommand, GivesErrors) {
  FakeHost fake;
  fake.host.describe = [](auto&, auto&, auto&) -> Result<Description> {
    return fail(ErrorKind::unsupported, "this is a DVD", "only compact discs");
  };
  EXPECT_EQ(fake.run({"info", "/dev/sr0"}), 1);
  EXPECT_EQ(fake.out.str(), "");
  EXPECT_EQ(fake.err.str(), "binrip: error: this is a DVD\nhint: only compact discs\n");
}

DriveState some_drive() {
  DriveState state;
  state.found = {.node = "/dev/sr0",
                 .generic_node = "/dev/sg1",
                 .by_id = {"/dev/disk/by-id/ata-ACME"},
                 .by_path = {"/dev/disk/by-path/pci-1"},
                 .vendor = "ACME",
                 .model = "CDR",
                 .revision = "1.0",
                 .serial = "S1",
                 .media_present = true};
  return state;
}

TEST(DrivesCommand, SaysThatThereAreNone) {
  FakeHost fake;
  EXPECT_EQ(fake.run({"drives"}), 0);
  EXPECT_EQ(fake.out.str(), "no optical drives found\n");
  FakeHost programs;
  EXPECT_EQ(programs.run({"drives", "--json"}), 0);
  EXPECT_EQ(programs.out.str(), "[]\n");
}

TEST(DrivesCommand, ListsNamesMediumAndFeatures) {
  FakeHost fake;
  fake.drives = {some_drive().found};
  fake.host.ask_drive = [](const drive::FoundDrive&) {
    DriveState state = some_drive();
    state.medium = "tray open";
    state.reads_cd_da = state.c2 = state.cd_text = true;
    return state;
  };
  EXPECT_EQ(fake.run({"drives"}), 0);
  EXPECT_EQ(fake.out.str(),
            "/dev/sr0  ACME CDR 1.0\n"
            "  medium   tray open\n"
            "  serial   S1\n"
            "  generic  /dev/sg1\n"
            "  by id    /dev/disk/by-id/ata-ACME\n"
            "  by path  /dev/disk/by-path/pci-1\n"
            "  reads    audio, C2, CD-TEXT\n");
}

TEST(DrivesCommand, SaysWhyADriveCouldNotBeAsked) {
  FakeHost fake;
  fake.drives = {some_drive().found};
  fake.host.ask_drive = [](const drive::FoundDrive&) {
    DriveState state = some_drive();
    state.problem = "no permission";
    return state;
  };
  fake.run({"drives"});
  EXPECT_THAT(fake.out.str(), HasSubstr("  problem  no permission\n"));
  FakeHost programs;
  programs.drives = fake.drives;
  programs.host.ask_drive = fake.host.ask_drive;
  programs.run({"drives", "--json"});
  const json list = json::parse(programs.out.str());
  EXPECT_EQ(list[0]["node"], "/dev/sr0");
  EXPECT_EQ(list[0]["by_id"], json({"/dev/disk/by-id/ata-ACME"}));
  EXPECT_EQ(list[0]["features"], nullptr);
  EXPECT_EQ(list[0]["problem"], "no permission");
}

}  // namespace
}  // namespace binrip::cli
