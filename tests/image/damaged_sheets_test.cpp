// Sheets that somebody has damaged by hand, each by one edit of a right one: every one of them is read as
// what it plainly means, or refused with the line and what was expected there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../../src/image/layout.hpp"

namespace binrip::image {
namespace {

using namespace std::string_view_literals;

// `from` becomes `to` where it first stands; kAll: all of the sheet does. `outcome`: of reading and laying
// out, with the sheet's name left out.
struct Edit {
  std::string_view from, to, outcome;
};
constexpr std::string_view kAll;
constexpr std::string_view kRead = "(read)";

std::string edited(std::string_view sheet, const Edit& edit) {
  if (edit.from == kAll) return std::string(edit.to);
  std::string text(sheet);
  const std::size_t at = text.find(edit.from);
  EXPECT_NE(at, text.npos) << edit.from;
  return text.replace(at, edit.from.size(), edit.to);
}

std::string without_name(const Error& error, std::string_view name) {
  EXPECT_TRUE(error.message.starts_with(name)) << error.message;
  return error.message.substr(std::min(name.size(), error.message.size()));
}

// a.bin and b.bin have 20 and 10 seconds.
constexpr std::string_view kCue =
    "REM SESSION 01\n"
    "CATALOG 0724384260927\n"
    "TITLE \"Disc\"\n"
    "FILE \"a.bin\" BINARY\n"
    "  TRACK 01 MODE1/2352\n"
    "    INDEX 01 00:00:00\n"
    "  TRACK 02 AUDIO\n"
    "    TITLE \"Two\"\n"
    "    FLAGS DCP\n"
    "    ISRC DEA620100001\n"
    "    INDEX 00 00:10:00\n"
    "    INDEX 01 00:12:00\n"
    "FILE \"b.bin\" BINARY\n"
    "  TRACK 03 AUDIO\n"
    "    PREGAP 00:02:00\n"
    "    INDEX 01 00:00:00\n"
    "    INDEX 02 00:05:00\n";

std::string outcome_of_cue(std::string_view text) {
  const auto sheet = parse_cue(text, "x.cue");
  if (!sheet) return without_name(sheet.error(), "x.cue:");
  std::vector<std::uint64_t> sizes = {1500 * 2352, 750 * 2352};
  sizes.resize(sheet->files.size());
  const auto layout = lay_out_cue(*sheet, sizes, "x.cue");
  return layout ? std::string(kRead) : without_name(layout.error(), "x.cue:");
}

const Edit kCueEdits[] = {
    {"CATALOG"sv, "CATALOGUE"sv, R"(2: expected a CUE command, got "CATALOGUE")"},
    {R"(FILE "b)"sv, R"(FLIE "b)"sv, R"(13: expected a CUE command, got "FLIE")"},
    {"  TRACK 01"sv, "  TARCK 01"sv, R"(5: expected a CUE command, got "TARCK")"},
    {"INDEX 00"sv, "INDX 00"sv, R"(11: expected a CUE command, got "INDX")"},
    {"    FLAGS"sv, "    FLAG"sv, R"(9: expected a CUE command, got "FLAG")"},
    {"REM SESSION 01"sv, "REMSESSION 01"sv, R"(1: expected a CUE command, got "REMSESSION")"},
    {R"(TITLE "Disc")"sv, R"("Disc")"sv, R"(3: expected a CUE command, got ""Disc"")"},
    {"CATALOG"sv, "\0CATALOG"sv, kRead},
    {"CATALOG"sv,
     "\x80"
     "CATALOG"sv,
     R"(2: expected a CUE command, got "\x80CATALOG")"},
    {"    ISRC"sv, "    I\0SRC"sv, R"(10: expected a CUE command, got "I")"},
    {R"(TITLE "Disc")"sv, "// a comment"sv, R"(3: expected a CUE command, got "//")"},
    {R"(TITLE "Disc")"sv, "# a comment"sv, R"(3: expected a CUE command, got "#")"},
    {R"(TITLE "Disc")"sv, ";"sv, R"(3: expected a CUE command, got ";")"},
    {R"(TITLE "Disc")"sv, "<html>"sv, R"(3: expected a CUE command, got "<html>")"},
    {" 0724384260927"sv, ""sv, "2: expected CATALOG of 13 digits, got nothing"},
    {" 0724384260927"sv, " 072438426092"sv, R"(2: expected CATALOG of 13 digits, got "072438426092")"},
    {" 0724384260927"sv, " 07243842609277"sv, R"(2: expected CATALOG of 13 digits, got "07243842609277")"},
    {" 0724384260927"sv, " 072438426092A"sv, R"(2: expected CATALOG of 13 digits, got "072438426092A")"},
    {" 0724384260927"sv, " -724384260927"sv, R"(2: expected CATALOG of 13 digits, got "-724384260927")"},
    {" 0724384260927"sv, R"( "")"sv, "2: expected CATALOG of 13 digits, got nothing"},
    {" 0724384260927"sv, R"( "0724384260927")"sv, kRead},
    {" 0724384260927"sv, " 0724384260927 x"sv, R"(2: expected nothing more in this line, got "x")"},
    {" 0724384260927"sv, " 07243 84260927"sv, R"(2: expected CATALOG of 13 digits, got "07243")"},
    {R"( "a.bin" BINARY)"sv, ""sv, "4: expected FILE with a name and a type, got nothing"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin")"sv, "4: expected file type BINARY, MOTOROLA, or WAVE, got nothing"},
    {R"( "a.bin" BINARY)"sv, " a.bin"sv, R"(4: expected FILE with a name and a type, got "a.bin")"},
    {R"( "a.bin" BINARY)"sv, " BINARY"sv, R"(4: expected FILE with a name and a type, got "BINARY")"},
    {R"( "a.bin" BINARY)"sv, R"( "" BINARY)"sv,
     R"(4: expected FILE with a name and a type, got """ BINARY")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" BIN)"sv,
     R"(4: expected file type BINARY, MOTOROLA, or WAVE, got "BIN")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" MP3)"sv,
     R"(4: expected file type BINARY, MOTOROLA, or WAVE, got "MP3")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" AIFF)"sv,
     R"(4: expected file type BINARY, MOTOROLA, or WAVE, got "AIFF")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" BINARYX)"sv,
     R"(4: expected file type BINARY, MOTOROLA, or WAVE, got "BINARYX")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" 2352)"sv,
     R"(4: expected file type BINARY, MOTOROLA, or WAVE, got "2352")"},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin BINARY)"sv,
     R"(4: expected two quotes around the name, got ""a.bin")"},
    {R"( "a.bin" BINARY)"sv, R"( a.bin" BINARY)"sv,
     R"(4: expected two quotes around the name, got "a.bin"")"},
    {R"( "a.bin" BINARY)"sv, " 'a.bin' BINARY"sv, kRead},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin"BINARY)"sv, kRead},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" binary)"sv, kRead},
    {R"( "a.bin" BINARY)"sv, " \"a.bin\"\tBINARY"sv, kRead},
    {R"( "a.bin" BINARY)"sv, R"( "a.bin" MOTOROLA)"sv, kRead},
    {"FILE \"a.bin\" BINARY\n"sv, ""sv, R"(4: expected FILE before TRACK, got "01")"},
    {"FILE \"b.bin\" BINARY\n"sv, "FILE \"b.bin\" BINARY\nFILE \"c.bin\" BINARY\n"sv,
     "13: expected an INDEX in this FILE, got nothing"},
    {"    INDEX 02 00:05:00\n"sv, "    INDEX 02 00:05:00\nFILE \"c.bin\" BINARY\n"sv,
     "18: expected an INDEX in this FILE, got nothing"},
    {"TRACK 01 M"sv, "TRACK M"sv, R"(5: expected TRACK number 01-99, got "MODE1/2352")"},
    {"TRACK 01 MODE1/2352"sv, "TRACK"sv, "5: expected TRACK number 01-99, got nothing"},
    {"TRACK 01 M"sv, "TRACK 00 M"sv, R"(5: expected TRACK number 01-99, got "00")"},
    {"TRACK 01 M"sv, "TRACK -1 M"sv, R"(5: expected TRACK number 01-99, got "-1")"},
    {"TRACK 01 M"sv, "TRACK one M"sv, R"(5: expected TRACK number 01-99, got "one")"},
    {"TRACK 01 M"sv, "TRACK 100 M"sv, R"(5: expected TRACK number 01-99, got "100")"},
    {"TRACK 01 M"sv, "TRACK 0001 M"sv, R"(5: expected TRACK number 01-99, got "0001")"},
    {"TRACK 01 M"sv, "TRACK 001 M"sv, kRead},
    {"TRACK 01 M"sv, "TRACK 1 M"sv, kRead},
    {"TRACK 01 M"sv, "TRACK 01M"sv, R"(5: expected TRACK number 01-99, got "01MODE1/2352")"},
    {"TRACK 01 M"sv, "TRACK 01,M"sv, R"(5: expected TRACK number 01-99, got "01,MODE1/2352")"},
    {"TRACK 01 M"sv, "TRACK 99999999999999999999 M"sv,
     R"(5: expected TRACK number 01-99, got "99999999999999999999")"},
    {"TRACK 02"sv, "TRACK 01"sv, R"(7: expected TRACK number above 01, got "01")"},
    {"TRACK 03"sv, "TRACK 02"sv, R"(14: expected TRACK number above 02, got "02")"},
    {"TRACK 03"sv, "TRACK 01"sv, R"(14: expected TRACK number above 02, got "01")"},
    {"TRACK 03"sv, "TRACK 99"sv, kRead},
    {"TRACK 01 M"sv, "TRACK 02 M"sv, R"(7: expected TRACK number above 02, got "02")"},
    {"TRACK 01 M"sv, "TRACK 0x1 M"sv, R"(5: expected TRACK number 01-99, got "0x1")"},
    {" MODE1/2352"sv, ""sv, "5: expected a track type (AUDIO, MODE1/2352, …), got nothing"},
    {"MODE1/2352"sv, "MODE1"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE1")"},
    {"MODE1/2352"sv, "MODE1/2353"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE1/2353")"},
    {"MODE1/2352"sv, "MODE1/"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE1/")"},
    {"MODE1/2352"sv, "MODE1\\2352"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE1\2352")"},
    {"MODE1/2352"sv, "MODE3/2352"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE3/2352")"},
    {"MODE1/2352"sv, "MODE0/2352"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "MODE0/2352")"},
    {"MODE1/2352"sv, "DATA"sv, R"(5: expected a track type (AUDIO, MODE1/2352, …), got "DATA")"},
    {"MODE1/2352"sv, "MODE1/2352 x"sv, R"(5: expected nothing more in this line, got "x")"},
    {"MODE1/2352"sv, R"("MODE1/2352")"sv, kRead},
    {"MODE1/2352"sv, "mode1/2352"sv, kRead},
    {"02 AUDIO"sv, "02 AUDI"sv, R"(7: expected a track type (AUDIO, MODE1/2352, …), got "AUDI")"},
    {"02 AUDIO"sv, "02 AUDIOO"sv, R"(7: expected a track type (AUDIO, MODE1/2352, …), got "AUDIOO")"},
    {"02 AUDIO"sv, "02 AUDIO/2352"sv, R"(7: expected a track type (AUDIO, MODE1/2352, …), got "AUDIO/2352")"},
    {"    INDEX 01 00:00:00\n  TRACK 02"sv, "  TRACK 02"sv, "5: expected INDEX 01 in TRACK 01, got nothing"},
    {"    INDEX 01 00:12:00\n"sv, ""sv, "7: expected INDEX 01 in TRACK 02, got nothing"},
    {"INDEX 01 00:12:00"sv, "INDEX"sv, "12: expected INDEX number 00-99, got nothing"},
    {"INDEX 01 00:12:00"sv, "INDEX 01 00:12:00 00:13:00"sv,
     R"(12: expected nothing more in this line, got "00:13:00")"},
    {"INDEX 01 00:12:00"sv, "INDEX 01"sv, "12: expected time mm:ss:ff, got nothing"},
    {"INDEX 01 00:12:00"sv, "INDEX 00:12:00"sv, R"(12: expected INDEX number 00-99, got "00:12:00")"},
    {"INDEX 01 00:12:00"sv, "INDEX 1 00:12:00"sv, kRead},
    {"INDEX 01 00:12:00"sv, "INDEX 001 00:12:00"sv, R"(12: expected INDEX number 00-99, got "001")"},
    {"INDEX 01 00:12:00"sv, "INDEX 100 00:12:00"sv, R"(12: expected INDEX number 00-99, got "100")"},
    {"INDEX 01 00:12:00"sv, "INDEX -1 00:12:00"sv, R"(12: expected INDEX number 00-99, got "-1")"},
    {"INDEX 01 00:12:00"sv, "INDEX x 00:12:00"sv, R"(12: expected INDEX number 00-99, got "x")"},
    {"INDEX 00 00:10:00"sv, "INDEX 01 00:10:00"sv, R"(12: expected INDEX above 01, got "01")"},
    {"INDEX 00 00:10:00"sv, "INDEX 02 00:10:00"sv, R"(11: expected INDEX 00 or 01, got "02")"},
    {"INDEX 01 00:12:00"sv, "INDEX 02 00:12:00"sv, "7: expected INDEX 01 in TRACK 02, got nothing"},
    {"INDEX 02 00:05:00"sv, "INDEX 01 00:05:00"sv, R"(17: expected INDEX above 01, got "01")"},
    {"INDEX 02 00:05:00"sv, "INDEX 00 00:05:00"sv, R"(17: expected INDEX above 01, got "00")"},
    {"INDEX 02 00:05:00"sv, "INDEX 03 00:05:00"sv, kRead},
    {"INDEX 02 00:05:00"sv, "INDEX 99 00:05:00"sv, kRead},
    {"01 00:12:00"sv, "01 00:12"sv, R"(12: expected time mm:ss:ff, got "00:12")"},
    {"01 00:12:00"sv, "01 00:12:00:00"sv, R"(12: expected time mm:ss:ff, got "00:12:00:00")"},
    {"01 00:12:00"sv, "01 00:12:75"sv, R"(12: expected time mm:ss:ff, got "00:12:75")"},
    {"01 00:12:00"sv, "01 00:60:00"sv, R"(12: expected time mm:ss:ff, got "00:60:00")"},
    {"01 00:12:00"sv, "01 00-12-00"sv, R"(12: expected time mm:ss:ff, got "00-12-00")"},
    {"01 00:12:00"sv, "01 00.12.00"sv, R"(12: expected time mm:ss:ff, got "00.12.00")"},
    {"01 00:12:00"sv, "01 0:12:0"sv, kRead},
    {"01 00:12:00"sv, "01 00:12:000"sv, R"(12: expected time mm:ss:ff, got "00:12:000")"},
    {"01 00:12:00"sv, "01 00:012:00"sv, R"(12: expected time mm:ss:ff, got "00:012:00")"},
    {"01 00:12:00"sv, "01 000:12:00"sv, kRead},
    {"01 00:12:00"sv, "01 0000:12:00"sv, R"(12: expected time mm:ss:ff, got "0000:12:00")"},
    {"01 00:12:00"sv, "01 -00:12:00"sv, R"(12: expected time mm:ss:ff, got "-00:12:00")"},
    {"01 00:12:00"sv, "01 +0:12:00"sv, R"(12: expected time mm:ss:ff, got "+0:12:00")"},
    {"01 00:12:00"sv, "01 ::"sv, R"(12: expected time mm:ss:ff, got "::")"},
    {"01 00:12:00"sv, "01 00:1a:00"sv, R"(12: expected time mm:ss:ff, got "00:1a:00")"},
    {"01 00:12:00"sv, "01 900"sv, R"(12: expected time mm:ss:ff, got "900")"},
    {"01 00:12:00"sv, R"(01 "00:12:00")"sv, kRead},
    {"01 00:12:00"sv, "01 00:09:74"sv, R"(12: expected time from 00:10:00 on, got "00:09:74")"},
    {"01 00:12:00"sv, "01 00:10:00"sv, kRead},
    {"01 00:12:00"sv, "01 00:20:00"sv, "7: expected sectors in TRACK 02, got none"},
    {"01 00:12:00"sv, "01 00:20:01"sv, R"(4: expected at least 3530352 bytes in "a.bin", got 3528000)"},
    {"01 00:12:00"sv, "01 99:59:74"sv, R"(4: expected at least 1058397648 bytes in "a.bin", got 3528000)"},
    {"01 00:12:00"sv, "01 999:59:74"sv, R"(4: expected at least 10583997648 bytes in "a.bin", got 3528000)"},
    {"00 00:10:00"sv, "00 00:00:00"sv, "5: expected sectors in TRACK 01, got none"},
    {"00 00:10:00"sv, "00 00:12:01"sv, R"(12: expected time from 00:12:01 on, got "00:12:00")"},
    {"INDEX 02 00:05:00"sv, "INDEX 02 00:00:00"sv, kRead},
    {"INDEX 02 00:05:00"sv, "INDEX 02 00:10:00"sv, kRead},
    {"INDEX 02 00:05:00"sv, "INDEX 02 00:10:01"sv,
     R"(13: expected at least 1766352 bytes in "b.bin", got 1764000)"},
    {"    INDEX 01 00:00:00\n    INDEX 02"sv, "    INDEX 01 00:01:00\n    INDEX 02"sv, kRead},
    {"PREGAP 00:02:00"sv, "PREGAP"sv, "15: expected time mm:ss:ff, got nothing"},
    {"PREGAP 00:02:00"sv, "PREGAP 00:02:00 x"sv, R"(15: expected nothing more in this line, got "x")"},
    {"PREGAP 00:02:00"sv, "PREGAP 150"sv, R"(15: expected time mm:ss:ff, got "150")"},
    {"PREGAP 00:02:00"sv, "PREGAP 00:02:75"sv, R"(15: expected time mm:ss:ff, got "00:02:75")"},
    {"PREGAP 00:02:00"sv, "PREGAP 2"sv, R"(15: expected time mm:ss:ff, got "2")"},
    {"PREGAP 00:02:00"sv, "PREGAP 99:59:74"sv,
     "14: expected at most 449850 sectors on the disc, got 451499 by TRACK 03"},
    {"PREGAP 00:02:00"sv, "PREGAP 00:00:00"sv, kRead},
    {R"(TITLE "Disc")"sv, "PREGAP 00:02:00"sv, R"(3: expected TRACK before PREGAP, got "00:02:00")"},
    {R"(TITLE "Disc")"sv, "POSTGAP 00:02:00"sv, R"(3: expected TRACK before POSTGAP, got "00:02:00")"},
    {"PREGAP 00:02:00"sv, "POSTGAP 00:02:00"sv, kRead},
    {"PREGAP 00:02:00"sv, "POSTGAP 00:02"sv, R"(15: expected time mm:ss:ff, got "00:02")"},
    {"FLAGS DCP"sv, "FLAGS"sv, kRead},
    {"FLAGS DCP"sv, "FLAGS DCP PRE 4CH SCMS"sv, kRead},
    {"FLAGS DCP"sv, "FLAGS DCP,PRE"sv, R"(9: expected flags DCP, 4CH, PRE, or SCMS, got "DCP,PRE")"},
    {"FLAGS DCP"sv, "FLAGS 3CH"sv, R"(9: expected flags DCP, 4CH, PRE, or SCMS, got "3CH")"},
    {"FLAGS DCP"sv, "FLAGS dcp"sv, kRead},
    {R"(TITLE "Disc")"sv, "FLAGS DCP"sv, R"(3: expected TRACK before FLAGS, got "DCP")"},
    {"DEA620100001"sv, ""sv, "10: expected ISRC of 12 letters and digits, got nothing"},
    {"DEA620100001"sv, "DEA620100001 DEA620100002"sv,
     R"(10: expected nothing more in this line, got "DEA620100002")"},
    {"DEA620100001"sv, "DEA62010000"sv, R"(10: expected ISRC of 12 letters and digits, got "DEA62010000")"},
    {"DEA620100001"sv, "DEA6201000012"sv,
     R"(10: expected ISRC of 12 letters and digits, got "DEA6201000012")"},
    {"DEA620100001"sv, "DE-A62-01-00001"sv, kRead},
    {"DEA620100001"sv, "DEA62010000!"sv, R"(10: expected ISRC of 12 letters and digits, got "DEA62010000!")"},
    {"DEA620100001"sv, "000000000000"sv, kRead},
    {"DEA620100001"sv, R"("DEA620100001")"sv, kRead},
    {R"(TITLE "Disc")"sv, "ISRC DEA620100001"sv, R"(3: expected TRACK before ISRC, got "DEA620100001")"},
    {"REM SESSION 01"sv, "REM SESSION 02"sv, R"(1: expected REM SESSION 01, got "02")"},
    {"REM SESSION 01"sv, "REM SESSION 00"sv, kRead},
    {"REM SESSION 01"sv, "REM SESSION x"sv, kRead},
    {R"(FILE "b)"sv, "REM SESSION 02\nFILE \"b"sv, kRead},
    {R"(FILE "b)"sv, "REM SESSION 03\nFILE \"b"sv, R"(13: expected REM SESSION 02, got "03")"},
    {R"(FILE "b)"sv, "REM SESSION 01\nFILE \"b"sv, kRead},
    {"    INDEX 02 00:05:00\n"sv, "    INDEX 02 00:05:00\nREM SESSION 02\n"sv,
     "18: expected TRACK in session 02, got nothing"},
    {R"(FILE "b)"sv, "REM SESSION 02\nREM SESSION 03\nFILE \"b"sv,
     R"(14: expected TRACK before the next REM SESSION, got "03")"},
    {"REM SESSION 01"sv, "REM"sv, kRead},
    {R"(TITLE "Disc")"sv, "TITLE"sv, kRead},
    {R"(TITLE "Disc")"sv, R"(TITLE "Disc)"sv, kRead},
    {R"(TITLE "Disc")"sv, "TITLE Disc"sv, kRead},
    {R"(TITLE "Disc")"sv, R"(TITLE "a "b" c")"sv, kRead},
    {R"(TITLE "Disc")"sv, "CDTEXTFILE"sv, "3: expected a file name, got nothing"},
    {R"(TITLE "Disc")"sv, R"(CDTEXTFILE "")"sv, "3: expected a file name, got nothing"},
    {kAll, ""sv, "0: expected TRACK, got nothing"},
    {kAll, "\n\n\n"sv, "3: expected TRACK, got nothing"},
    {kAll, "\xEF\xBB\xBF"sv, "0: expected TRACK, got nothing"},
    {kAll, "REM only remarks\n"sv, "1: expected TRACK, got nothing"},
    {kAll, "FILE \"a.bin\" BINARY\n"sv, "1: expected TRACK, got nothing"},
    {kAll, "TRACK 01 AUDIO\nINDEX 01 00:00:00\n"sv, R"(1: expected FILE before TRACK, got "01")"},
    {kAll, "FILE \"a.bin\" BINARY\nTRACK 01 AUDIO\n"sv, "2: expected INDEX 01 in TRACK 01, got nothing"},
    {kAll, "FILE \"a.bin\" BINARY\nINDEX 01 00:00:00\n"sv, R"(2: expected TRACK before INDEX, got "01")"},
    {kAll, "RIFF\x24\0\0\0WAVE"sv, R"(1: expected a CUE command, got "RIFF$")"},
    {kAll,
     "\xFF\xFE"
     "F\0I\0L\0E\0"sv,
     R"(1: expected a sheet in UTF-8 or Latin-1, got "UTF-16")"},
    {kAll, "CD_ROM\nTRACK MODE1\n"sv, R"(1: expected a CUE command, got "CD_ROM")"},
};

TEST(DamagedSheets, CueIsReadOrRefused) {
  ASSERT_EQ(outcome_of_cue(kCue), kRead);
  for (const Edit& edit : kCueEdits) {
    EXPECT_EQ(outcome_of_cue(edited(kCue, edit)), edit.outcome) << edit.from << " -> " << edit.to;
  }
}

// An image of 100 sectors.
constexpr std::string_view kCcd =
    "[CloneCD]\n"
    "Version=3\n"
    "[Disc]\n"
    "TocEntries=4\n"
    "Sessions=1\n"
    "DataTracksScrambled=0\n"
    "CDTextLength=0\n"
    "CATALOG=0724384260927\n"
    "[Session 1]\n"
    "PreGapMode=1\n"
    "PreGapSubC=0\n"
    "[Entry 0]\n"
    "Session=1\n"
    "Point=0xa0\n"
    "ADR=0x01\n"
    "Control=0x04\n"
    "TrackNo=0\n"
    "PMin=1\n"
    "PSec=0\n"
    "PFrame=0\n"
    "[Entry 1]\n"
    "Session=1\n"
    "Point=0xa1\n"
    "ADR=0x01\n"
    "Control=0x00\n"
    "PMin=1\n"
    "PSec=0\n"
    "PFrame=0\n"
    "[Entry 2]\n"
    "Session=1\n"
    "Point=0xa2\n"
    "ADR=0x01\n"
    "Control=0x04\n"
    "PMin=0\n"
    "PSec=3\n"
    "PFrame=25\n"
    "[Entry 3]\n"
    "Session=1\n"
    "Point=0x01\n"
    "ADR=0x01\n"
    "Control=0x04\n"
    "PMin=0\n"
    "PSec=2\n"
    "PFrame=0\n"
    "[TRACK 1]\n"
    "MODE=1\n"
    "INDEX 1=0\n"
    "INDEX 2=50\n"
    "ISRC=DEA620100001\n";

std::string outcome_of_ccd(std::string_view text) {
  const auto sheet = parse_ccd(text, "x.ccd");
  if (!sheet) return without_name(sheet.error(), "x.ccd:");
  const auto layout = lay_out_ccd(*sheet, 100 * 2352, "x.ccd");
  return layout ? std::string(kRead) : without_name(layout.error(), "x.ccd:");
}

const Edit kCcdEdits[] = {
    {"[CloneCD]"sv, "[CloneDVD]"sv, "49: expected section [CloneCD], got nothing"},
    {"[CloneCD]\n"sv, ""sv, R"(1: expected a section [...], got "version")"},
    {"[CloneCD]"sv, "CloneCD"sv, R"(1: expected KEY=VALUE, got "CloneCD")"},
    {"[CloneCD]"sv, "[CloneCD"sv, R"(1: expected a section [...], got "[CloneCD")"},
    {"[CloneCD]"sv, "CloneCD]"sv, R"(1: expected KEY=VALUE, got "CloneCD]")"},
    {"[CloneCD]"sv, "[clonecd]"sv, kRead},
    {"[CloneCD]"sv, "[ CloneCD ]"sv, kRead},
    {"[CloneCD]"sv, "[]"sv, "49: expected section [CloneCD], got nothing"},
    {"Version=3"sv, "Version"sv, R"(2: expected KEY=VALUE, got "Version")"},
    {"Version=3"sv, "Version=4"sv, kRead},
    {"Version=3"sv, "=3"sv, kRead},
    {"Version=3"sv, ""sv, kRead},
    {"Version=3"sv, "; a comment"sv, kRead},
    {"Version=3"sv, "# a comment"sv, R"(2: expected KEY=VALUE, got "# a comment")"},
    {"[Disc]\n"sv, ""sv, kRead},
    {"[Disc]"sv, "[Disk]"sv, kRead},
    {"TocEntries=4"sv, "TocEntries=3"sv, R"(49: expected 3 entries, as TocEntries says, got "4")"},
    {"TocEntries=4"sv, "TocEntries=5"sv, R"(49: expected 5 entries, as TocEntries says, got "4")"},
    {"TocEntries=4"sv, "TocEntries=0"sv, R"(4: expected a number 1 … 2048, got "0")"},
    {"TocEntries=4"sv, "TocEntries=-4"sv, R"(4: expected a number 1 … 2048, got "-4")"},
    {"TocEntries=4"sv, "TocEntries="sv, "4: expected a number, got nothing"},
    {"TocEntries=4"sv, "TocEntries=x"sv, R"(4: expected a number, got "x")"},
    {"TocEntries=4"sv, "TocEntries=9999"sv, R"(4: expected a number 1 … 2048, got "9999")"},
    {"TocEntries=4\n"sv, ""sv, kRead},
    {"TocEntries=4"sv, "TocEntries=0x4"sv, kRead},
    {"TocEntries=4"sv, "TocEntries = 4"sv, kRead},
    {"TocEntries=4"sv, "TocEntries=4 "sv, kRead},
    {"TocEntries=4"sv, "TocEntries=4.0"sv, R"(4: expected a number, got "4.0")"},
    {"TocEntries=4"sv, "TocEntries=99999999999999"sv, R"(4: expected a number, got "99999999999999")"},
    {"Scrambled=0"sv, "Scrambled=2"sv, R"(6: expected a number 0 … 1, got "2")"},
    {"Scrambled=0"sv, "Scrambled=yes"sv, R"(6: expected a number, got "yes")"},
    {"CATALOG=0724384260927"sv, "CATALOG="sv, "8: expected CATALOG of 13 digits, got nothing"},
    {"CATALOG=0724384260927"sv, "CATALOG=072438426092"sv,
     R"(8: expected CATALOG of 13 digits, got "072438426092")"},
    {"CATALOG=0724384260927"sv, "CATALOG=072438426092x"sv,
     R"(8: expected CATALOG of 13 digits, got "072438426092x")"},
    {"[Entry 2]"sv, "[Entry"sv, R"(29: expected a section [...], got "[Entry")"},
    {"[Entry 2]"sv, "Entry 2"sv, R"(29: expected KEY=VALUE, got "Entry 2")"},
    {"[Entry 2]"sv, "[Entry x]"sv, kRead},
    {"[Entry 2]"sv, "[Entry 0]"sv, kRead},
    {"[Entry 2]"sv, "[Entree 2]"sv, R"(49: expected 4 entries, as TocEntries says, got "3")"},
    {"Session=1\nPoint=0xa2"sv, "Session=0\nPoint=0xa2"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"Session=1\nPoint=0xa2"sv, "Session=2\nPoint=0xa2"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"Session=1\nPoint=0xa2"sv, "Session=100\nPoint=0xa2"sv, R"(30: expected a number 0 … 99, got "100")"},
    {"Session=1\nPoint=0xa2"sv, "Session=-1\nPoint=0xa2"sv, R"(30: expected a number 0 … 99, got "-1")"},
    {"Point=0xa2"sv, "Point=0xa3"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"Point=0xa2"sv, "Point=0x100"sv, R"(31: expected a number 0 … 255, got "0x100")"},
    {"Point=0xa2"sv, "Point=a2"sv, R"(31: expected a number, got "a2")"},
    {"Point=0xa2"sv, "Point=0x"sv, R"(31: expected a number, got "0x")"},
    {"Point=0xa2"sv, "Point=-1"sv, R"(31: expected a number 0 … 255, got "-1")"},
    {"Point=0xa2"sv, "Point=162"sv, kRead},
    {"Point=0xa2"sv, "Point=0x02"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"Point=0x01"sv, "Point=0x00"sv, "12: expected entries that make a table of contents, got: no tracks"},
    {"Point=0x01"sv, "Point=0x64"sv, "12: expected entries that make a table of contents, got: no tracks"},
    {"Point=0x01"sv, "Point=0xb0"sv, "12: expected entries that make a table of contents, got: no tracks"},
    {"Point=0x01"sv, "Point=0x63"sv, kRead},
    {"ADR=0x01\nControl=0x04\nPMin=0\nPSec=2"sv, "ADR=0x10\nControl=0x04\nPMin=0\nPSec=2"sv,
     R"(40: expected a number 0 … 15, got "0x10")"},
    {"ADR=0x01\nControl=0x04\nPMin=0\nPSec=2"sv, "ADR=0x05\nControl=0x04\nPMin=0\nPSec=2"sv,
     "12: expected entries that make a table of contents, got: no tracks"},
    {"Control=0x04\nPMin=0\nPSec=2"sv, "Control=0x14\nPMin=0\nPSec=2"sv,
     R"(41: expected a number 0 … 15, got "0x14")"},
    {"PSec=3"sv, "PSec=60"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"PSec=3"sv, "PSec=1"sv,
     "12: expected entries that make a table of contents, got: track 1 is beyond the lead-out of session 1"},
    {"PSec=3"sv, "PSec=2\nPFrame=0\nx=1"sv, "12: expected 58800 bytes in the IMG, got 235200"},
    {"PFrame=25"sv, "PFrame=75"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"PFrame=25"sv, "PFrame=256"sv, R"(36: expected a number 0 … 255, got "256")"},
    {"PMin=0\nPSec=3"sv, "PMin=100\nPSec=3"sv,
     "12: expected entries that make a table of contents, got: session 1 has no lead-out"},
    {"PMin=0\nPSec=3"sv, "PMin=-1\nPSec=3"sv, R"(34: expected a number 0 … 255, got "-1")"},
    {"PSec=2\nPFrame=0\n[TRACK"sv, "PSec=1\nPFrame=74\n[TRACK"sv,
     "12: expected entries that make a table of contents, got: track 1 starts before what precedes it"},
    {"PSec=2\nPFrame=0\n[TRACK"sv, "PSec=4\nPFrame=0\n[TRACK"sv,
     "12: expected entries that make a table of contents, got: track 1 is beyond the lead-out of session 1"},
    {"[TRACK 1]"sv, "[TRACK 0]"sv, R"(45: expected TRACK number 1-99, got "TRACK 0")"},
    {"[TRACK 1]"sv, "[TRACK 100]"sv, R"(45: expected TRACK number 1-99, got "TRACK 100")"},
    {"[TRACK 1]"sv, "[TRACK]"sv, R"(45: expected TRACK number 1-99, got "TRACK")"},
    {"[TRACK 1]"sv, "[TRACK x]"sv, R"(45: expected TRACK number 1-99, got "TRACK x")"},
    {"[TRACK 1]"sv, "[TRACK 2]"sv, kRead},
    {"MODE=1"sv, "MODE=3"sv, R"(46: expected a number 0 … 2, got "3")"},
    {"MODE=1"sv, "MODE=-1"sv, R"(46: expected a number 0 … 2, got "-1")"},
    {"MODE=1"sv, "MODE=x"sv, R"(46: expected a number, got "x")"},
    {"MODE=1"sv, "MODE=2"sv, kRead},
    {"MODE=1"sv, "MODE=0"sv, kRead},
    {"INDEX 1=0"sv, "INDEX 100=0"sv, R"(47: expected INDEX 0-99, got "index 100")"},
    {"INDEX 1=0"sv, "INDEX x=0"sv, R"(47: expected INDEX 0-99, got "index x")"},
    {"INDEX 1=0"sv, "INDEX=0"sv, kRead},
    {"INDEX 1=0"sv, "INDEX 1=x"sv, R"(47: expected a number, got "x")"},
    {"INDEX 1=0"sv, "INDEX 1=-151"sv, R"(47: expected a number -150 … 449849, got "-151")"},
    {"INDEX 1=0"sv, "INDEX 1=450000"sv, R"(47: expected a number -150 … 449849, got "450000")"},
    {"INDEX 2=50"sv, "INDEX 1=50"sv, R"(48: expected INDEX above 1, got "index 1")"},
    {"INDEX 2=50"sv, "INDEX 2=9999"sv, kRead},
    {"ISRC=DEA620100001"sv, "ISRC=x"sv, kRead},
    {"ISRC=DEA620100001"sv, "[CDText]\nEntry 0=80"sv, R"(50: expected 16 or 18 bytes of CD-TEXT, got "80")"},
    {"ISRC=DEA620100001"sv, "[CDText]\nEntry 0=80 00 00 00 41 42 43 00 00 00 00 00 00 00 00 xx"sv,
     R"(50: expected 16 or 18 bytes of CD-TEXT, got "80 00 00 00 41 42 43 00 00 00 00 00 00 00 00 xx")"},
    {"ISRC=DEA620100001"sv, "[CDText]\nEntry 0=80 00 00 00 41 42 43 00 00 00 00 00 00 00 00 00"sv, kRead},
    {kAll, ""sv, "0: expected section [CloneCD], got nothing"},
    {kAll, "[CloneCD]\n"sv, "1: expected section [Entry 0], got nothing"},
    {kAll, "[CloneCD]\n[Disc]\nTocEntries=0\n"sv, R"(3: expected a number 1 … 2048, got "0")"},
};

TEST(DamagedSheets, CcdIsReadOrRefused) {
  ASSERT_EQ(outcome_of_ccd(kCcd), kRead);
  for (const Edit& edit : kCcdEdits) {
    EXPECT_EQ(outcome_of_ccd(edited(kCcd, edit)), edit.outcome) << edit.from << " -> " << edit.to;
  }
}

TEST(DamagedSheets, AreMany) { EXPECT_GE(std::size(kCueEdits) + std::size(kCcdEdits), 200U); }

}  // namespace
}  // namespace binrip::image
