#include <fmt/format.h>
#include <gtest/gtest.h>

#include "binrip/image/cue.hpp"

namespace binrip::image {
namespace {

constexpr std::string_view kHead = "FILE \"a.bin\" BINARY\n";
constexpr std::string_view kTrack1 = "TRACK 01 AUDIO\nINDEX 01 00:00:00\n";

std::string message_of(std::string_view text) {
  const auto result = parse_cue(text, "x.cue");
  return result ? "(parsed)" : result.error().message;
}
std::string message_after_track(std::string_view rest) {
  return message_of(fmt::format("{}{}{}", kHead, kTrack1, rest));
}

TEST(ParseCue, TakesAWholeSheet) {
  const auto sheet = parse_cue(
      "REM GENRE Jazz\n"
      "CATALOG 0724384260927\n"
      "CDTEXTFILE \"a.cdt\"\n"
      "TITLE \"Disc\"\n"
      "PERFORMER \"P\"\n"
      "SONGWRITER \"S\"\n"
      "FILE \"a.bin\" BINARY\n"
      "  TRACK 01 AUDIO\n"
      "    TITLE \"One\"\n"
      "    ISRC DEA620100001\n"
      "    FLAGS DCP 4CH PRE\n"
      "    PREGAP 00:02:00\n"
      "    INDEX 01 00:00:00\n"
      "    INDEX 02 01:02:03\n"
      "    POSTGAP 00:01:00\n"
      "FILE \"b.bin\" MOTOROLA\n"
      "  TRACK 02 MODE2/2336\n"
      "    INDEX 00 00:00:00\n"
      "    INDEX 01 00:02:00\n",
      "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  CueSheet expected;
  expected.remarks = {"GENRE Jazz"};
  expected.catalog = "0724384260927";
  expected.cdtext_file = "a.cdt";
  expected.text.title = "Disc";
  expected.text.performer = "P";
  expected.text.songwriter = "S";
  expected.files = {{"a.bin", CueFileType::binary}, {"b.bin", CueFileType::motorola}};
  CueTrack one;
  one.number = 1;
  one.type = "AUDIO";
  one.text.title = "One";
  one.isrc = "DEA620100001";
  one.dcp = one.four_channel = one.pre_emphasis = true;
  one.pregap = cd::SectorCount{150};
  one.postgap = cd::SectorCount{75};
  one.indexes = {{1, {0}, 0}, {2, {62 * 75 + 3}, 0}};
  CueTrack two;
  two.number = 2;
  two.type = "MODE2/2336";
  two.file = 1;
  two.indexes = {{0, {0}, 1}, {1, {150}, 1}};
  expected.tracks = {one, two};
  EXPECT_EQ(*sheet, expected);
  EXPECT_EQ(sheet->tracks[1].line, 17U);
}

TEST(ParseCue, TakesFormsThatOtherProgramsWrite) {
  const auto sheet = parse_cue(
      "\xEF\xBB\xBFrem comment \"made by x\"\r\n"
      "\r\n"
      "file\tmy file.bin\tbinary \r\n"
      "\ttrack 1 mode1/2352\r\n"
      "\ttitle caf\xE9 olé\r\n"
      "\tflags scms\r\n"
      "\tisrc us-rc1-76-07839\r\n"
      "\tindex 1 0:0:0\r\n"
      "GENRE whatever\r\n"
      "rem",
      "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->files.at(0).name, "my file.bin");
  EXPECT_EQ(sheet->tracks.at(0).type, "MODE1/2352");
  EXPECT_EQ(sheet->tracks.at(0).isrc, "USRC17607839");
  EXPECT_EQ(sheet->tracks.at(0).indexes, (std::vector<CueIndex>{{1, {0}, 0}}));
  EXPECT_EQ(sheet->remarks, std::vector<std::string>{"comment \"made by x\""});
}

TEST(ParseCue, TakesTextThatIsNotUtf8AsLatin1) {
  const auto sheet =
      parse_cue(fmt::format("TITLE \"caf\xE9\"\n{}{}TITLE caf\xE9\n", kHead, kTrack1), "x.cue");
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->text.title, "café");
  EXPECT_EQ(sheet->tracks[0].text.title, "café");
}

TEST(ParseCue, KeepsFileNamesAsTheyAre) {
  const auto sheet = parse_cue(fmt::format("FILE \"a \"b\" caf\xE9.bin\" BINARY\n{}", kTrack1), "x.cue");
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->files[0].name, "a \"b\" caf\xE9.bin");
}

TEST(ParseCue, TakesATrackWhosePregapLiesInTheFileBefore) {
  const auto sheet = parse_cue(fmt::format("{}{}TRACK 02 AUDIO\nINDEX 00 00:10:00\nFILE \"b.bin\" BINARY\n"
                                           "INDEX 01 00:00:00\n",
                                           kHead, kTrack1),
                               "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->tracks[1].file, 1U);
  EXPECT_EQ(sheet->tracks[1].indexes, (std::vector<CueIndex>{{0, {750}, 0}, {1, {0}, 1}}));
  EXPECT_EQ(*parse_cue(write_cue(*sheet), "y.cue"), *sheet);
}

TEST(ParseCue, ReadsSessionsAsRedumpTellsThem) {
  const auto sheet = parse_cue(fmt::format("REM SESSION 01\n{}{}REM LEAD-OUT 01:30:00\nREM SESSION 02\n"
                                           "REM LEAD-IN 01:00:00\nREM PREGAP 00:02:00\n"
                                           "TRACK 02 MODE2/2352\nINDEX 01 00:10:00\n",
                                           kHead, kTrack1),
                               "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  using cd::SectorCount;
  const std::vector<CueSession> expected = {{1, 1, SectorCount{6750}, {}, {}},
                                            {2, 2, {}, SectorCount{4500}, SectorCount{150}}};
  EXPECT_EQ(sheet->sessions, expected);
  EXPECT_TRUE(sheet->remarks.empty());
}

TEST(ParseCue, TakesTheFirstSessionAsUnderstood) {
  const auto sheet = parse_cue(
      fmt::format("{}{}REM SESSION 02\nTRACK 02 AUDIO\nINDEX 01 00:10:00\n", kHead, kTrack1), "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->sessions, (std::vector<CueSession>{{1, 1, {}, {}, {}}, {2, 2, {}, {}, {}}}));
}

TEST(ParseCue, KeepsRemarksThatOnlyLookLikeOurs) {
  const auto sheet = parse_cue(
      fmt::format("REM SESSION of 1969\nREM LEAD-OUT soon\nREM PREGAP\n{}{}", kHead, kTrack1), "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->remarks, (std::vector<std::string>{"SESSION of 1969", "LEAD-OUT soon", "PREGAP"}));
  EXPECT_TRUE(sheet->sessions.empty());
}

TEST(ParseCue, TakesTracksUpTo99AndIndexesUpTo99) {
  std::string text(kHead);
  for (int t = 1; t <= 99; ++t) text += fmt::format("TRACK {:02} AUDIO\nINDEX 01 {:02}:00:00\n", t, t - 1);
  for (int i = 2; i <= 99; ++i) text += fmt::format("INDEX {:02} 99:{:02}:00\n", i, i / 2);
  const auto sheet = parse_cue(text, "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->tracks.size(), 99U);
  EXPECT_EQ(sheet->tracks.back().indexes.size(), 99U);
  EXPECT_EQ(message_of(text + "TRACK 100 AUDIO\n"), "x.cue:298: expected TRACK number 01-99, got \"100\"");
}

TEST(ParseCue, TakesTracksThatLeaveNumbersOut) {
  const auto sheet =
      parse_cue(fmt::format("{}{}TRACK 04 AUDIO\nINDEX 01 00:10:00\n", kHead, kTrack1), "x.cue");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(sheet->tracks[1].number, 4);
}

TEST(ParseCue, SaysWhichLineIsWrongAndWhy) {
  EXPECT_EQ(message_of(""), "x.cue:0: expected TRACK, got nothing");
  EXPECT_EQ(message_of("\n\nHELLO world\n"), "x.cue:3: expected a CUE command, got \"HELLO\"");
  EXPECT_EQ(message_of("CATALOG 123\n"), "x.cue:1: expected CATALOG of 13 digits, got \"123\"");
  EXPECT_EQ(message_of("FILE a.mp3 MP3\n"),
            "x.cue:1: expected file type BINARY, MOTOROLA, or WAVE, got \"MP3\"");
  EXPECT_EQ(message_of("FILE BINARY\n"), "x.cue:1: expected FILE with a name and a type, got \"BINARY\"");
  EXPECT_EQ(message_of("TRACK 01 AUDIO\n"), "x.cue:1: expected FILE before TRACK, got \"01\"");
  EXPECT_EQ(message_of("INDEX 01 00:00:00\n"), "x.cue:1: expected TRACK before INDEX, got \"01\"");
  EXPECT_EQ(message_after_track("TRACK 01 AUDIO\n"), "x.cue:4: expected TRACK number above 01, got \"01\"");
  EXPECT_EQ(message_after_track("TRACK 02 MODE3\n"),
            "x.cue:4: expected a track type (AUDIO, MODE1/2352, …), got \"MODE3\"");
  EXPECT_EQ(message_after_track("TRACK 02 AUDIO\n"), "x.cue:4: expected INDEX 01 in TRACK 02, got nothing");
  EXPECT_EQ(message_after_track("INDEX x 00:00:00\n"), "x.cue:4: expected INDEX number 00-99, got \"x\"");
  EXPECT_EQ(message_after_track("INDEX 01 00:00:00\n"), "x.cue:4: expected INDEX above 01, got \"01\"");
  EXPECT_EQ(message_after_track("INDEX 02 00:60:00\n"), "x.cue:4: expected time mm:ss:ff, got \"00:60:00\"");
  EXPECT_EQ(message_after_track("INDEX 02 00:00:75\n"), "x.cue:4: expected time mm:ss:ff, got \"00:00:75\"");
  EXPECT_EQ(message_after_track("INDEX 02 00:00:\n"), "x.cue:4: expected time mm:ss:ff, got \"00:00:\"");
  EXPECT_EQ(message_after_track("INDEX 02\n"), "x.cue:4: expected time mm:ss:ff, got nothing");
  EXPECT_EQ(message_after_track("INDEX 02 00:05:00\nINDEX 03 00:04:74\n"),
            "x.cue:5: expected time from 00:05:00 on, got \"00:04:74\"");
  EXPECT_EQ(message_after_track("FLAGS LOUD\n"),
            "x.cue:4: expected flags DCP, 4CH, PRE, or SCMS, got \"LOUD\"");
  EXPECT_EQ(message_after_track("ISRC 123\n"),
            "x.cue:4: expected ISRC of 12 letters and digits, got \"123\"");
  EXPECT_EQ(message_after_track("PREGAP 2\n"), "x.cue:4: expected time mm:ss:ff, got \"2\"");
  EXPECT_EQ(message_after_track("FILE b.bin BINARY\n"),
            "x.cue:4: expected an INDEX in this FILE, got nothing");
  EXPECT_EQ(message_after_track("REM SESSION 03\n"), "x.cue:4: expected REM SESSION 02, got \"03\"");
  EXPECT_EQ(message_after_track("REM SESSION 02\n"), "x.cue:4: expected TRACK in session 02, got nothing");
}

TEST(ParseCue, RefusesASessionWithoutTracks) {
  constexpr std::string_view message = "x.cue:2: expected TRACK before the next REM SESSION, got \"02\"";
  EXPECT_EQ(message_of("REM SESSION 01\nREM SESSION 02\n"), message);
  EXPECT_EQ(message_of("REM LEAD-OUT 01:30:00\nREM SESSION 02\n"), message);
}

TEST(ParseCue, ShowsHostileTextSafely) {
  EXPECT_EQ(message_of("X\x9Bm y\n"), "x.cue:1: expected a CUE command, got \"X\\x9bm\"");
  EXPECT_EQ(message_of(std::string(500, 'Z')),
            "x.cue:1: expected a CUE command, got \"" + std::string(60, 'Z') + "\"");
}

TEST(ParseCue, SurvivesEveryTruncation) {
  const std::string text = fmt::format(
      "REM SESSION 01\n{}{}REM LEAD-OUT 01:30:00\nREM SESSION 02\nTRACK 02 AUDIO\nISRC DEA620100001\n"
      "TITLE \"x\"\nINDEX 00 00:01:00\nINDEX 01 00:02:00\n",
      kHead, kTrack1);
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const auto sheet = parse_cue(text.substr(0, n), "x.cue");
    if (sheet) {
      EXPECT_EQ(*parse_cue(write_cue(*sheet), "y.cue"), *sheet) << n;
    }
  }
}

}  // namespace
}  // namespace binrip::image
