#include "binrip/batch/catalog_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "catalog_reports.hpp"

#include "binrip/image/text.hpp"
#include "binrip/verify/dat.hpp"

namespace binrip::batch {
namespace {

using test::report_of;
using testing::ElementsAre;
using testing::HasSubstr;

// As RFC 4180 has it: fields in quotes may hold anything, a quote in them is doubled, lines end with CR LF.
std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> lines;
  while (!text.empty()) {
    std::vector<std::string> fields;
    for (bool more = true; more;) {
      std::string field;
      if (text.starts_with('"')) {
        text.remove_prefix(1);
        while (!text.starts_with('"') || text.starts_with("\"\"")) {
          if (text.starts_with('"')) text.remove_prefix(1);
          field += text.front();
          text.remove_prefix(1);
        }
        text.remove_prefix(1);
      } else {
        const std::size_t end = text.find_first_of(",\r\"");
        field = text.substr(0, end);
        text.remove_prefix(end);
      }
      fields.push_back(field);
      more = text.starts_with(',');
      if (more) text.remove_prefix(1);
    }
    EXPECT_TRUE(text.starts_with("\r\n"));
    text.remove_prefix(2);
    lines.push_back(fields);
  }
  return lines;
}

std::vector<CatalogEntry> hostile_entries() {
  const std::string title("a \"b\", <c>&\r\n\0\x1b[2J \x7F \xC2\x9B \xEF\xBF\xBE \\", 29);
  CatalogEntry first = catalog_entry(report_of({.title = title, .performer = "=HYPERLINK(\"x\")"}), "");
  first.disc.id = 1;
  first.disc.sheet = "\xFF]]><x>/a&b.cue";
  CatalogEntry second = catalog_entry(report_of({.title = "-1+1", .performer = "@x"}), "x/y/y.cue");
  second.tracks[0].digests.crc32 = "\"><rom name=\"";
  return {first, second};
}

TEST(CatalogCsv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(csv_field("a\r\nb\tc"), "a\\x0d\\x0ab\\x09c");
  EXPECT_EQ(csv_field(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(csv_field("=1+1"), "'=1+1");
  EXPECT_EQ(csv_field("+1"), "'+1");
  EXPECT_EQ(csv_field("-1"), "'-1");
  EXPECT_EQ(csv_field("@x,"), "\"'@x,\"");
  EXPECT_EQ(csv_field("\t=1"), "\\x09=1");
  EXPECT_EQ(csv_field("caf\xE9"), "caf\u00e9");
}

TEST(CatalogCsv, HasALineADisc) {
  const std::string text = catalog_csv(hostile_entries());
  EXPECT_TRUE(image::is_utf8(text));
  const auto lines = parse_csv(text);
  ASSERT_EQ(lines.size(), 3U);
  for (const auto& line : lines) EXPECT_EQ(line.size(), 24U);
  EXPECT_EQ(lines[0][0], "id");
  EXPECT_EQ(lines[0][23], "check_verdict");
  EXPECT_EQ(lines[1][2], "a \"b\", <c>&\\x0d\\x0a\\x00\\x1b[2J \\x7f \\x9b \xEF\xBF\xBE \\");
  EXPECT_EQ(lines[1][3], "'=HYPERLINK(\"x\")");
  EXPECT_EQ(lines[2][2], "'-1+1");
  EXPECT_EQ(lines[2][1], "x/y/y.cue");
  EXPECT_EQ(lines[2][6], "1200");
  EXPECT_EQ(lines[2][9], "PLEXTOR PREMIUM 1.07 serial=1");
  for (const char c : text) EXPECT_TRUE(c == '\r' || c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(CatalogDat, IsReadBackByWhoeverReadsDats) {
  const std::string text = catalog_dat(hostile_entries(), "my <archive>", "0.1.0", "2026-11-26");
  std::vector<verify::DatGame> games;
  const auto header =
      verify::parse_dat(text, "x.dat", [&](verify::DatGame&& game) { games.push_back(std::move(game)); });
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->name, "my <archive>");
  EXPECT_EQ(header->version, "2026-11-26");
  ASSERT_EQ(games.size(), 2U);
  EXPECT_EQ(games[0].name, "\u00ff]]><x> - a&b");
  EXPECT_EQ(games[1].name, "x - y");
  ASSERT_EQ(games[1].files.size(), 2U);
  EXPECT_EQ(games[1].files[0].crc32, "");  // what is none would spoil the file for its readers
  EXPECT_EQ(games[1].files[0].md5, test::digests_of("a track 1", 0).md5);
  const image::Digests track = test::digests_of("a track 2", 1'411'200);
  EXPECT_EQ(games[1].files[1],
            (verify::DatFile{"x - y (Track 2).bin", track.size, track.crc32, track.md5, track.sha1}));
}

TEST(CatalogJson, HasEverythingAsItIs) {
  std::vector<CatalogEntry> entries = hostile_entries();
  const std::vector<CatalogDrive> drives = {{.name = "D", .discs = 2, .rips = 3, .figures = {}}};
  const auto json = nlohmann::json::parse(catalog_json(entries, drives));
  EXPECT_EQ(json["schema_version"], 1);
  ASSERT_EQ(json["discs"].size(), 2U);
  const auto& disc = json["discs"][0];
  EXPECT_EQ(disc["title"], entries[0].disc.title);
  EXPECT_EQ(disc["performer"], "=HYPERLINK(\"x\")");
  EXPECT_EQ(disc["sheet"], "\uFFFD]]><x>/a&b.cue");
  EXPECT_EQ(disc["check"], nullptr);
  EXPECT_EQ(disc["tracks"][1]["digests"]["sha256"], entries[0].tracks[1].digests.sha256);
  EXPECT_EQ(disc["rips"][0]["figures"]["c2_sectors"], 7);
  EXPECT_EQ(json["drives"][0]["name"], "D");

  const std::vector<ContentMatch> alike = {{.disc = entries[1].disc, .whole = true, .tracks = 2}};
  const auto one = nlohmann::json::parse(entry_json(entries[0], alike));
  EXPECT_EQ(one["same_content"][0]["whole"], true);
  const std::vector<ImageCheck> checks = {{.disc = entries[1].disc, .problems = {"p\xFF"}}};
  const auto checked = nlohmann::json::parse(checks_json(checks, 3));
  EXPECT_EQ(checked["exit_code"], 3);
  EXPECT_EQ(checked["discs"][0]["problems"][0], "p\uFFFD");
}

}  // namespace
}  // namespace binrip::batch
