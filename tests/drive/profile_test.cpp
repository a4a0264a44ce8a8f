#include "binrip/drive/profile.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "drive/drive_table.hpp"
#include "drive/scripted_transport.hpp"
#include "support/temp_dir.hpp"

namespace binrip::drive {
namespace {

using test::deliver;
using test::is;
using test::ScriptedTransport;
using test::sense_of;

TEST(Profile, LaterSourcesWin) {
  Profile profile;
  ProfileOverrides overrides;
  overrides.read_offset = 6;
  apply(overrides, ProfileSource::configured, profile);
  overrides.read_offset = 102;
  overrides.c2 = C2Support::bits;
  apply(overrides, ProfileSource::table, profile);
  EXPECT_EQ(profile.read_offset, (Known<int>{6, ProfileSource::configured}));
  EXPECT_EQ(profile.c2, (Known<C2Support>{C2Support::bits, ProfileSource::table}));
  EXPECT_EQ(to_string(profile.c2.source), "table");
  EXPECT_EQ(to_string(ProfileSource::command_line), "command line");
}

TEST(Profile, TakesWhatTheDriveReports) {
  ScriptedTransport transport([](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    if (is(cdb, Opcode::get_configuration)) {
      return deliver(ByteVector{0, 0, 0, 12, 0, 0, 0, 8, 0, 0x1E, 9, 4, 0x02, 0, 0, 0}, data);
    }
    ByteVector page(8 + 22, 0);
    page[1] = 28;
    page[8] = 0x2A;
    page[9] = 20;
    page[8 + 5] = 0x04;
    store_be16(page, 8 + 12, 512);
    return deliver(page, data);
  });
  transport.limit = 120'000;
  Drive drive(transport);
  const auto profile = reported_profile(drive);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->c2, (Known<C2Support>{C2Support::bits, ProfileSource::reported}));
  EXPECT_EQ(profile->sub, (Known<SubSupport>{SubSupport::raw, ProfileSource::reported}));
  EXPECT_EQ(profile->cache_kib, (Known<std::uint32_t>{512, ProfileSource::reported}));
  EXPECT_EQ(profile->max_transfer, (Known<std::uint32_t>{120'000, ProfileSource::reported}));
  EXPECT_EQ(profile->order.source, ProfileSource::assumed);
  EXPECT_EQ(transport.commands.size(), 2U);
}

TEST(Profile, DriveThatReportsNothingGetsAssumptions) {
  ScriptedTransport transport(
      [](const Cdb&, MutableBytes) -> Result<Completion> { return sense_of(5, 0x20, 0); });
  Drive drive(transport);
  const auto profile = reported_profile(drive);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->c2.source, ProfileSource::assumed);
  EXPECT_EQ(profile->sub.source, ProfileSource::assumed);
}

TEST(Profile, DriveThatIsGoneIsAnError) {
  ScriptedTransport transport(
      [](const Cdb&, MutableBytes) -> Result<Completion> { return fail(ErrorKind::no_device, "gone"); });
  Drive drive(transport);
  EXPECT_EQ(reported_profile(drive).error().kind, ErrorKind::no_device);
}

TEST(DriveTable, EveryLineIsRightAndNoDriveStandsTwice) {
  const auto entries = parse_drive_table(drive_table_text());
  ASSERT_TRUE(entries.has_value()) << entries.error().message;
  EXPECT_GE(entries->size(), 10U);
  std::vector<std::string> names;
  for (const TableEntry& entry : *entries) {
    EXPECT_LE(entry.vendor.size(), 8U) << entry.vendor;
    EXPECT_LE(entry.product.size(), 16U) << entry.product;
    EXPECT_GE(entry.read_offset, -1164);  // the span of the public lists
    EXPECT_LE(entry.read_offset, 1776);
    names.push_back(canonical_name(entry.vendor + " " + entry.product));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(DriveTable, NamesMatchWhateverTheirSpaces) {
  EXPECT_EQ(table_lookup({"PLEXTOR", "DVDR   PX-716A", "1.11", ""})->read_offset, 30);
  EXPECT_EQ(table_lookup({"Plextor ", "CD-R   PX-W4824A", "", ""})->read_offset, 98);
  EXPECT_EQ(table_lookup({"PLEXTOR", "PX-716A", "", ""}), std::nullopt);
  EXPECT_EQ(table_lookup({"PLEXTOR", "DVDR   PX-716A", "", ""})->vendor_d8, true);
  EXPECT_EQ(table_lookup({"PLEXTOR", "DVDR   PX-740A", "", ""})->vendor_d8, std::nullopt);  // made by BenQ
  EXPECT_EQ(table_lookup({"ASUS", "BW-16D1HT", "", ""})->vendor_d8, std::nullopt);
  EXPECT_EQ(table_lookup({"NOBODY", "DVDR PX-716A", "", ""}), std::nullopt);
}

TEST(DriveTable, BadLinesAreNamed) {
  EXPECT_EQ(parse_drive_table("# words\nA\tB\t6\nA\tB\tsix\n").error().message,
            "drives.tsv:3: expected vendor, product, read offset and perhaps d8, got \"A\tB\tsix\"");
  EXPECT_FALSE(parse_drive_table("A\tB\t6\td9\n"));
}

constexpr std::string_view kConfig = R"(# my drives
[[drive]]
vendor = "PIONEER"
product = "BD-RW   BDR-209D"
read_offset = 667
c2 = "bits-and-block"
sub = "raw"
order = "main-sub-c2"
combination = "separate"
max_transfer = 65536
overread_lead_in = 75
overread_lead_out = 0
cache_kib = 4096
vendor_d8 = true
accurate_stream = false

[[drive]]
vendor = "PIONEER"
product = "BD-RW BDR-209D"
serial = "ABC123"
read_offset = -12
)";

TEST(Config, ReadsEveryField) {
  const auto config = parse_config(kConfig, "config.toml");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  const auto overrides = config_lookup(*config, {"PIONEER", "BD-RW  BDR-209D", "1.0", "other"});
  ProfileOverrides expected;
  expected.read_offset = 667;
  expected.c2 = C2Support::bits_and_block;
  expected.sub = SubSupport::raw;
  expected.order = FieldOrder::main_sub_c2;
  expected.combination = Combination::separate;
  expected.max_transfer = 65536;
  expected.overread_lead_in = 75;
  expected.overread_lead_out = 0;
  expected.cache_kib = 4096;
  expected.vendor_d8 = true;
  expected.accurate_stream = false;
  EXPECT_EQ(overrides, expected);
}

TEST(Config, SerialNumberNamesTheVeryDrive) {
  const auto config = parse_config(kConfig, "config.toml");
  const auto overrides = config_lookup(*config, {"PIONEER", "BD-RW BDR-209D", "1.0", "ABC123"});
  EXPECT_EQ(overrides->read_offset, -12);
  EXPECT_EQ(overrides->sub, SubSupport::raw);  // the rest comes from the model's entry
  EXPECT_EQ(config_lookup(*config, {"PIONEER", "OTHER", "", ""}), std::nullopt);
}

TEST(Config, MistakesAreNamedWithTheirLine) {
  const auto message = [](std::string_view text) {
    const auto config = parse_config(text, "config.toml");
    return config ? std::string("no error") : config.error().message;
  };
  const std::string head = "[[drive]]\nvendor = \"A\"\nproduct = \"B\"\n";
  EXPECT_EQ(message(head + "read_offset = \"6\""),
            "config.toml:4: expected read_offset from -5880 to 5880, got a string");
  EXPECT_EQ(message(head + "read_offset = 60000"),
            "config.toml:4: expected read_offset from -5880 to 5880, got 60000");
  EXPECT_EQ(message(head + "c2 = \"yes\""),
            "config.toml:4: expected c2 = \"none\" or \"bits\" or \"bits-and-block\", got \"yes\"");
  EXPECT_EQ(message(head + "c2 = true"), "config.toml:4: expected a string for c2, got true or false");
  EXPECT_EQ(message(head + "readoffset = 6"), "config.toml:4: expected a field of a drive, got readoffset");
  EXPECT_EQ(message("[[drive]]\nvendor = \"A\"\n"),
            "config.toml:1: expected vendor and product, got no product");
  EXPECT_EQ(message("[drive]\nvendor = \"A\"\n"), "config.toml:1: expected [[drive]], got [drive]");
  EXPECT_EQ(message("speed = 8\n"), "config.toml:1: expected [[drive]], got speed");
  EXPECT_EQ(message("drive = [1]\n"), "config.toml:1: expected [[drive]], got an integer");
  EXPECT_EQ(message(head + "c2 = \n").substr(0, 14), "config.toml:4:");
}

// toml++ 3.3.0 asserts on these.
TEST(Config, MalformedTextIsAnErrorNotAnAssertion) {
  for (const std::string_view text :
       {"[[[[drive", "[.", "[[", "[[=", "a..b = 1", "= 1", "a.= 1", "[[drive]]\n= 1", "\xef\xbb\xa9"}) {
    const auto config = parse_config(text, "config.toml");
    ASSERT_FALSE(config.has_value()) << text;
    EXPECT_EQ(config.error().message.substr(0, 12), "config.toml:") << text;
  }
}

TEST(Config, EmptyTextIsAnEmptyConfiguration) {
  EXPECT_TRUE(parse_config("", "config.toml")->drives.empty());
}

TEST(Config, TheWayToDrivesStandsBeforeThem) {
  EXPECT_EQ(parse_config("", "config.toml")->transport, std::nullopt);
  for (const auto& [word, choice] : {std::pair{"auto", TransportChoice::automatic},
                                     {"cdio", TransportChoice::cdio},
                                     {"sg", TransportChoice::sg}}) {
    const auto config = parse_config(std::string("transport = \"") + word + "\"\n", "config.toml");
    ASSERT_TRUE(config.has_value()) << config.error().message;
    EXPECT_EQ(config->transport, choice);
  }
  const auto wrong = parse_config("\ntransport = \"usb\"\n", "config.toml");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().message,
            "config.toml:2: expected transport = \"auto\" or \"cdio\" or \"sg\", got \"usb\"");
}

TEST(Config, NamesAnotherServer) {
  const auto config = parse_config("accuraterip_url = \"https://example.org/ar/\"\n", "config.toml");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->accuraterip_url, "https://example.org/ar/");
  EXPECT_EQ(parse_config("accuraterip_url = \"file:///etc\"", "config.toml").error().message,
            "config.toml:1: expected accuraterip_url = \"https://…\", got \"file:///etc\"");
}

TEST(ParseConfig, HasWhoIsAskedAndWhetherAtAll) {
  const auto config =
      parse_config("offline = true\nctdb_url = \"http://c\"\nmusicbrainz_url = \"https://m\"", "c.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->offline);
  EXPECT_EQ(config->ctdb_url, "http://c");
  EXPECT_EQ(config->musicbrainz_url, "https://m");
  EXPECT_FALSE(parse_config("", "c.toml")->offline);
  EXPECT_EQ(parse_config("offline = 1", "c.toml").error().message,
            "c.toml:1: expected true or false for offline, got an integer");
}

class ConfigFolder : public testing::Test {
 protected:
  void SetUp() override { ::setenv("XDG_CONFIG_HOME", folder_.path().c_str(), 1); }
  void TearDown() override { ::unsetenv("XDG_CONFIG_HOME"); }
  binrip::test::TempDir folder_;
};

TEST_F(ConfigFolder, MissingFileIsAnEmptyConfiguration) { EXPECT_TRUE(load_config()->drives.empty()); }

TEST_F(ConfigFolder, FileIsRead) {
  std::filesystem::create_directory(folder_ / "binrip");
  std::ofstream(folder_ / "binrip/config.toml") << kConfig;
  EXPECT_EQ(load_config()->drives.size(), 2U);
}

TEST_F(ConfigFolder, MistakeNamesTheFile) {
  std::filesystem::create_directory(folder_ / "binrip");
  std::ofstream(folder_ / "binrip/config.toml") << "speed = 8\n";
  EXPECT_EQ(load_config().error().message,
            (folder_ / "binrip/config.toml").string() + ":1: expected [[drive]], got speed");
}

}  // namespace
}  // namespace binrip::drive
