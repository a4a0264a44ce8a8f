#include "binrip/drive/config_edit.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"

namespace binrip::drive {
namespace {

const DriveIdentity kDrive{"PIONEER", "BD-RW BDR-209D", "1.0", "ABC123"};

std::string edited(std::string_view text, int offset = 667, std::string_view remark = "seen on 1 disc") {
  const auto result = with_read_offset(text, "config.toml", kDrive, offset, remark);
  return result ? *result : "error: " + result.error().message;
}

TEST(ConfigEdit, AddsAnEntryAtTheEnd) {
  const std::string entry =
      "[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"\n"
      "read_offset = 667  # binrip offset: seen on 1 disc\n";
  EXPECT_EQ(edited(""), entry);
  EXPECT_EQ(edited("# mine\ntransport = \"sg\""), "# mine\ntransport = \"sg\"\n\n" + entry);
  const std::string other = "[[drive]]\nvendor = \"A\"\nproduct = \"B\"\nread_offset = 6\n";
  EXPECT_EQ(edited(other), other + "\n" + entry);
}

TEST(ConfigEdit, ReplacesTheValueAndKeepsEveryOtherByte) {
  const std::string_view text =
      "# \xC3\xA4 comment  \n\n[[drive]]   # first\n  product='BD-RW  BDR-209D'\n"
      "\tread_offset\t=  +6   \nvendor = \"pioneer\"\nc2 = \"bits\"  \n\n[[drive]]\nvendor = \"A\"\nproduct "
      "= "
      "\"B\"\nread_offset = 6";
  std::string expected(text);
  const std::size_t at = expected.find("+6   ");
  expected.replace(at, 5, "-12  # binrip offset: seen on 1 disc");
  EXPECT_EQ(edited(text, -12), expected);
}

TEST(ConfigEdit, RenewsItsOwnRemarkAndLeavesOthers) {
  const std::string head = "[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"\n";
  EXPECT_EQ(edited(head + "read_offset = 667  # binrip offset: seen on 1 disc\n", 667, "seen on 2 discs"),
            head + "read_offset = 667  # binrip offset: seen on 2 discs\n");
  EXPECT_EQ(edited(head + "read_offset = 6 # by hand\n"), head + "read_offset = 667 # by hand\n");
}

TEST(ConfigEdit, AddsTheValueToAnEntryWithout) {
  EXPECT_EQ(edited("[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"  # it\nc2 = \"none\"\n"),
            "[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"  # it\n"
            "read_offset = 667  # binrip offset: seen on 1 disc\nc2 = \"none\"\n");
  EXPECT_EQ(edited("[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\""),
            "[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"\n"
            "read_offset = 667  # binrip offset: seen on 1 disc");
}

TEST(ConfigEdit, TakesTheEntryThatDecides) {
  const std::string model = "[[drive]]\nvendor = \"PIONEER\"\nproduct = \"BD-RW BDR-209D\"\n";
  // The later of two.
  EXPECT_EQ(edited(model + "read_offset = 1\n" + model + "read_offset = 2\n"),
            model + "read_offset = 1\n" + model + "read_offset = 667  # binrip offset: seen on 1 disc\n");
  // That of this very drive; not that of another, and not one that says nothing of the offset.
  EXPECT_EQ(edited(model + "serial = \"ABC123\"\nread_offset = 1\n" + model + "read_offset = 2\n"),
            model + "serial = \"ABC123\"\nread_offset = 667  # binrip offset: seen on 1 disc\n" + model +
                "read_offset = 2\n");
  const std::string others =
      model + "serial = \"XYZ\"\nread_offset = 1\n" + model + "serial = \"ABC123\"\nc2 = \"none\"\n";
  EXPECT_EQ(edited(others), others + "\n" + model + "read_offset = 667  # binrip offset: seen on 1 disc\n");
}

TEST(ConfigEdit, KeepsLineEnds) {
  EXPECT_EQ(
      edited("[[drive]]\r\nvendor = \"PIONEER\"\r\nproduct = \"BD-RW BDR-209D\"\r\nread_offset = 6\r\n"),
      "[[drive]]\r\nvendor = \"PIONEER\"\r\nproduct = \"BD-RW BDR-209D\"\r\n"
      "read_offset = 667  # binrip offset: seen on 1 disc\r\n");
  EXPECT_EQ(edited("transport = \"sg\"\r\n"),
            "transport = \"sg\"\r\n\r\n[[drive]]\r\nvendor = \"PIONEER\"\r\nproduct = \"BD-RW BDR-209D\"\r\n"
            "read_offset = 667  # binrip offset: seen on 1 disc\r\n");
}

TEST(ConfigEdit, KnowsInlineTables) {
  EXPECT_EQ(
      edited("drive = [{vendor = \"PIONEER\", product = \"BD-RW BDR-209D\", read_offset = 6}] # \xC3\xA4"),
      "drive = [{vendor = \"PIONEER\", product = \"BD-RW BDR-209D\", read_offset = 667}] # \xC3\xA4");
  EXPECT_EQ(
      edited("drive = [{vendor = \"PIONEER\", product = \"BD-RW BDR-209D\", c2 = \"none\"}]"),
      "drive = [{vendor = \"PIONEER\", product = \"BD-RW BDR-209D\", read_offset = 667, c2 = \"none\"}]");
  // No table can be added to such a list.
  EXPECT_EQ(edited("drive = [{vendor = \"A\", product = \"B\"}]\n"),
            "error: config.toml: no place found for read_offset = 667");
}

TEST(ConfigEdit, QuotesNames) {
  const DriveIdentity odd{"A\"B", "C\\D", "", ""};
  const auto text = with_read_offset("", "config.toml", odd, 6, "x");
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(config_lookup(parse_config(*text, "x").value(), odd)->read_offset, 6);
}

TEST(ConfigEdit, AMistakeInTheFileIsAnError) {
  EXPECT_EQ(edited("speed = 8\n"), "error: config.toml:1: expected [[drive]], got speed");
}

class ConfigFolder : public testing::Test {
 protected:
  void SetUp() override { ::setenv("XDG_CONFIG_HOME", folder_.path().c_str(), 1); }
  void TearDown() override { ::unsetenv("XDG_CONFIG_HOME"); }
  std::filesystem::path file() const { return folder_ / "binrip/config.toml"; }
  binrip::test::TempDir folder_;
};
using ConfigStore = ConfigFolder;

TEST_F(ConfigStore, MakesTheFileAndFolders) {
  const auto stored = store_read_offset(kDrive, 667, "seen on 1 disc");
  ASSERT_TRUE(stored.has_value()) << stored.error().message;
  EXPECT_EQ(stored->file, file());
  EXPECT_EQ(stored->before, std::nullopt);
  EXPECT_EQ(config_lookup(*load_config(), kDrive)->read_offset, 667);
  const auto again = store_read_offset(kDrive, 6, "seen on 2 discs");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->before, 667);
  EXPECT_EQ(config_lookup(*load_config(), kDrive)->read_offset, 6);
  EXPECT_EQ(load_config()->drives.size(), 1U);
}

TEST_F(ConfigStore, LeavesALinkALink) {
  std::filesystem::create_directories(folder_ / "binrip");
  std::ofstream(folder_ / "real.toml") << "# mine\n";
  std::filesystem::create_symlink(folder_ / "real.toml", file());
  ASSERT_TRUE(store_read_offset(kDrive, 667, "seen on 1 disc").has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(file()));
  EXPECT_EQ(read_text(folder_ / "real.toml")->substr(0, 8), "# mine\n\n");
}

TEST_F(ConfigStore, ChangesNothingWhereTheFileIsWrong) {
  std::filesystem::create_directories(folder_ / "binrip");
  std::ofstream(file()) << "speed = 8\n";
  EXPECT_EQ(store_read_offset(kDrive, 667, "x").error().kind, ErrorKind::invalid);
  EXPECT_EQ(*read_text(file()), "speed = 8\n");
}

}  // namespace
}  // namespace binrip::drive
