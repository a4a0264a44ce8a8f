#include "binrip/image/report.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "discs.hpp"
#include "support/golden.hpp"

namespace binrip::image {
namespace {

Digests digests(int seed, std::uint64_t size) {
  const auto fill = [&](std::size_t length) {
    return std::string(length, "0123456789abcdef"[static_cast<std::size_t>(seed) % 16]);
  };
  return {size, fill(8), fill(32), fill(40), fill(64)};
}

ReportTrack report_track(int session, int number, std::string mode, int begin, int end,
                         const cd::StateCounts& states) {
  ReportTrack t;
  t.session = session;
  t.number = number;
  t.mode = std::move(mode);
  t.range = {cd::Lba{begin}, cd::Lba{end}};
  t.states = states;
  t.digests = digests(number, static_cast<std::uint64_t>(end - begin) * 2352);
  return t;
}

Report full_report() {
  Report r;
  r.program_version = "0.1.0";
  r.started = "2024-05-01T10:00:00Z";
  r.finished = "2024-05-01T10:02:14Z";
  r.verdict = "3 sectors are damaged or failed, all others are consistent or proven";
  r.exit_code = 3;
  r.device = "/dev/sr0";
  r.vendor = "PLEXTOR";
  r.product = "CD-R PREMIUM";
  r.revision = "1.07";
  r.serial = "123456";
  r.profile = {{"read offset", "+30 samples", "table"}, {"C2", "bits", "reported"}};
  r.ids = {{"MusicBrainz", "nljDXdC8B_pDwbdY1vZJvdrAZI4-", ""}, {"CDDB", "1f02e004", ""}};
  r.drives = {{"PLEXTOR CD-R PREMIUM 1.07 serial=123456", 30}, {"LITE-ON LTR-48246S SS0A", -6}};
  r.runs = {{"2024-04-30T10:00:00Z", "2024-04-30T10:03:00Z", "/dev/sr1", "LITE-ON LTR-48246S SS0A",
             "9 damaged, 3 failed, 0 unproven; the rest is good"},
            {"2024-05-01T10:00:00Z", "2024-05-01T10:02:14Z", "/dev/sr0",
             "PLEXTOR CD-R PREMIUM 1.07 serial=123456", "2 damaged, 1 failed, 0 unproven; the rest is good"}};
  r.sources = {{"a.cue", 5000}, {"b.cue", 600}};
  r.disc = test_discs::audio();
  r.disc.sessions.push_back(
      test_discs::session(2, {test_discs::track(4, cd::TrackMode::mode2, {test_discs::index(1, 16'000)})},
                          17'000, cd::DiscType::cd_xa));
  r.tracks = {report_track(1, 1, "AUDIO", 0, 983, {0, 0, 0, 0, 983, 0}),
              report_track(1, 2, "AUDIO", 983, 2000, {0, 1, 2, 0, 1014, 0}),
              report_track(1, 3, "AUDIO", 2000, 4600, {0, 0, 0, 0, 2600, 0}),
              report_track(2, 4, "MODE2/2352", 16'000, 17'000, {0, 0, 0, 0, 0, 1000})};
  r.tracks[3].form1 = 900;
  r.tracks[3].form2 = 100;
  r.files = {{"out.bin", "bin", digests(9, 13'171'200)}, {"out.sub", "sub", digests(10, 537'600)}};
  r.whole_disc = digests(9, 13'171'200);
  r.states = {0, 1, 2, 0, 4597, 1000};
  r.not_good = {{{cd::Lba{1000}, cd::Lba{1001}}, cd::SectorState::failed},
                {{cd::Lba{1001}, cd::Lba{1003}}, cd::SectorState::damaged}};
  r.filled = {{{cd::Lba{1000}, cd::Lba{1001}}, "silence"}};
  r.subchannel = {
      "raw", 5590, 8, 2, true, 4, {{cd::Lba{1000}, cd::Lba{1001}}, {cd::Lba{1005}, cd::Lba{1008}}}};
  r.reading = {133.64, 34.26, 1234, 345'678, 12, 3, 1, 9, 0, 2};
  r.notes = {"track 2: pre-emphasis in Q, not in the TOC",
             "a note that is much longer than a line of the log may be, so that it has to go on in the next "
             "line, where it is indented"};
  r.databases = {
      {"AccurateRip", "known", "", 0, {{1, "v2", 0, 12, 14}, {2, "none", 0, 0, 14}, {3, "v1", -30, 2, 2000}}},
      {"CTDB", "no answer", "no answer in time"}};
  r.verifications = {{"2031-05-01T10:00:00Z",
                      "0.2.0",
                      0,
                      "everything is as recorded",
                      {{"CTDB", "known", "", 34, {{1, "crc32", 0, 34, 40}}}}}};
  return r;
}

std::string golden_path(const std::string& name) { return BINRIP_TEST_DATA "/" + name; }

std::string error_of(const std::string& text) {
  const auto result = report_from_json(text, "out.json");
  return result ? "(read)" : result.error().message;
}
std::string error_after(const std::string& pointer, const nlohmann::ordered_json& value) {
  auto json = nlohmann::ordered_json::parse(to_json(full_report()));
  json[nlohmann::ordered_json::json_pointer(pointer)] = value;
  return error_of(json.dump());
}

TEST(ReportJson, HasTheDocumentedForm) {
  test::expect_golden(to_json(full_report()), golden_path("report.json"));
}

TEST(ReportJson, IsReadBackTheSame) {
  const auto again = report_from_json(to_json(full_report()), "out.json");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, full_report());
  EXPECT_EQ(*report_from_json(to_json(Report{}), "x"), Report{});
}

TEST(ReportJson, IsValidWhateverTheTextsHold) {
  Report r = full_report();
  r.verdict = "\xFF\xFE \x01 \"quoted\" caf\xE9";
  r.vendor = std::string("a\0b", 3);
  r.notes = {"\xC3"};
  r.reading.seconds = std::numeric_limits<double>::quiet_NaN();
  r.reading.average_speed = std::numeric_limits<double>::infinity();
  const auto again = report_from_json(to_json(r), "x");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->verdict, "ÿþ \x01 \"quoted\" café");
  EXPECT_EQ(again->vendor, r.vendor);
  EXPECT_EQ(again->notes[0], "Ã");
  EXPECT_EQ(again->reading.seconds, 0);
}

TEST(ReportJson, PassesOverFieldsThatItDoesNotKnow) {
  auto json = nlohmann::ordered_json::parse(to_json(full_report()));
  json["new"] = {1, 2};
  json["tracks"][0]["new"] = "x";
  EXPECT_EQ(*report_from_json(json.dump(), "x"), full_report());
}

TEST(ReportJson, RefusesEveryMissingField) {
  const auto json = nlohmann::ordered_json::parse(to_json(full_report()));
  const auto flat = json.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    const nlohmann::ordered_json::json_pointer at(pointer);
    const std::string field = at.back();
    auto cut = json;
    if (!cut[at.parent_pointer()].is_object()) continue;  // shortening a list is no error
    cut[at.parent_pointer()].erase(field);
    EXPECT_FALSE(report_from_json(cut.dump(), "x")) << pointer;
    cut[at] = nullptr;
    EXPECT_FALSE(report_from_json(cut.dump(), "x")) << pointer;
  }
}

TEST(ReportJson, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error_of(""), "out.json:1: expected JSON, got something else at byte 1");
  EXPECT_EQ(error_of("{\n\"a\": 1,\n}"), "out.json:3: expected JSON, got something else at byte 11");
  EXPECT_EQ(error_of("[]"), "out.json: expected object at the top, got array");
  EXPECT_EQ(error_of("{}"), "out.json: expected a value at schema_version, got nothing");
  EXPECT_EQ(error_after("/schema_version", 2), "out.json: expected a report of version 1, got version 2");
  EXPECT_EQ(error_after("/tracks/1/begin", "x"),
            "out.json: expected integer -45150 … 449850 at tracks[1].begin, got \"x\"");
  EXPECT_EQ(error_after("/tracks/1/end", 100),
            "out.json: expected an address after begin at tracks[1].end, got 100");
  EXPECT_EQ(error_after("/tracks/0/number", 100),
            "out.json: expected integer 1 … 99 at tracks[0].number, got 100");
  EXPECT_EQ(error_after("/notes", "x"), "out.json: expected array at notes, got \"x\"");
  EXPECT_EQ(error_after("/not_good/0/state", "fine"),
            "out.json: expected a sector state at not_good[0].state, got \"fine\"");
  EXPECT_EQ(error_after("/disc/sessions/0/type", "dvd"),
            "out.json: expected cd_da_or_rom, cd_i, or cd_xa at disc.sessions[0].type, got \"dvd\"");
  EXPECT_EQ(error_after("/disc/cdtext_packs", "00ff"),
            "out.json: expected packs of 36 lower-case hex digits at disc.cdtext_packs, got \"00ff\"");
  EXPECT_EQ(error_after("/states/proven", 18'446'744'073'709'551'615U),
            "out.json: expected integer 0 … 9223372036854775807 at states.proven, got 18446744073709551615");
}

TEST(ReportJson, RefusesEveryTruncation) {
  const std::string text = to_json(full_report());
  for (std::size_t n = 0; n + 2 < text.size(); n += 7) {
    EXPECT_FALSE(report_from_json(std::string_view(text).substr(0, n), "x")) << n;
  }
}

TEST(ReportLog, HasTheFormThatPeopleKnow) {
  test::expect_golden(to_log(full_report()), golden_path("report.log"));
}

TEST(ReportLog, EndsWithTheVerdict) {
  const std::string log = to_log(full_report());
  EXPECT_TRUE(log.ends_with("\nVerdict\n  " + full_report().verdict + "\n"));
}

// Counts columns as a terminal would for the texts used here: none is wide.
std::size_t longest_line(const std::string& log) {
  std::size_t longest = 0, column = 0;
  for (const char c : log) {
    if (c == '\n') {
      column = 0;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      longest = std::max(longest, ++column);
    }
  }
  return longest;
}

TEST(ReportLog, StaysWithinAHundredColumns) {
  Report r = full_report();
  r.files[0].name = std::string(300, 'n');
  r.verdict = std::string(250, 'v');
  r.disc.text.title = std::string(150, 't') + " " + std::string(60, 'u');
  r.profile[0].value = std::string(120, 'p');
  r.serial = std::string(200, 's');
  r.disc.track_texts[0].second.title = std::string(160, 'x');
  EXPECT_LE(longest_line(to_log(r)), 100U);
  EXPECT_LE(longest_line(to_log(full_report())), 100U);
}

TEST(ReportLog, ShowsControlCharactersAndBadUtf8) {
  Report r = full_report();
  r.disc.text.title = "\x1B[31mred\nline";
  r.vendor = "caf\xE9";
  r.notes = {"a\x07z"};
  const std::string log = to_log(r);
  EXPECT_NE(log.find("\\x1b[31mred\\x0aline"), std::string::npos);
  EXPECT_NE(log.find("café"), std::string::npos);
  EXPECT_NE(log.find("a\\x07z"), std::string::npos);
  EXPECT_EQ(log.find('\x1B'), std::string::npos);
}

TEST(ReportLog, OfAnEmptyReportIsStillALog) { EXPECT_TRUE(to_log(Report{}).starts_with("binrip\n")); }

TEST(ReportLog, NamesTheRunsBeyondTheFiftieth) {
  Report r = full_report();
  r.not_good.clear();
  for (int i = 0; i < 60; ++i)
    r.not_good.push_back({{cd::Lba{i * 2}, cd::Lba{i * 2 + 1}}, cd::SectorState::damaged});
  EXPECT_NE(to_log(r).find("  and 10 more runs\n"), std::string::npos);
}

}  // namespace
}  // namespace binrip::image
