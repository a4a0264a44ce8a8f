// The odd forms of BIN/CUE that libcdio's driver knows, or has tests for, in sheets of our own: what becomes
// of each.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../../src/image/layout.hpp"

namespace binrip::image {
namespace {

struct OddCue {
  std::string_view what, sheet, outcome;
};

// "1 audio 0@0 1@75; 2 …; to 750", or the error.
std::string outcome_of(std::string_view text) {
  const auto sheet = parse_cue(text, "x.cue");
  if (!sheet) return sheet.error().message;
  std::vector<std::uint64_t> sizes;
  for (const CueFile& file : sheet->files) {
    const std::uint64_t sectors = 750, size = file.name.ends_with("2048")   ? 2048
                                              : file.name.ends_with("2336") ? 2336
                                                                            : 2352;
    sizes.push_back(sectors * size);
  }
  const auto layout = lay_out_cue(*sheet, sizes, "x.cue");
  if (!layout) return layout.error().message;
  std::string result;
  for (const cd::TrackRef& ref : cd::track_ranges(layout->disc)) {
    constexpr std::array<std::string_view, 4> modes = {"audio", "mode1", "mode2", "cdi"};
    result += fmt::format("{} {}", ref.track->number, modes.at(static_cast<std::size_t>(ref.track->mode)));
    if (!ref.track->isrc.empty()) result += " " + ref.track->isrc;
    if (ref.track->control != 0) result += fmt::format(" control {}", ref.track->control);
    for (const cd::Index& index : ref.track->indexes)
      result += fmt::format(" {}@{}", index.number, index.lba.value);
    result += "; ";
  }
  return result + fmt::format("to {}", layout->disc.sessions.back().lead_out.value);
}

#define FILE_A "FILE \"a.bin\" BINARY\n"

constexpr OddCue kOddCues[] = {
    {"all of the CD in one track", FILE_A "TRACK 01 MODE1/2352\nINDEX 01 00:00:00\n",
     "1 mode1 control 4 1@0; to 750"},
    {"user data only", "FILE \"a2048\" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n",
     "1 mode1 control 4 1@0; to 750"},
    {"Mode 2 without sync and header", "FILE \"a2336\" BINARY\nTRACK 1 MODE2/2336\nINDEX 1 0:0:0\n",
     "1 mode2 control 4 1@0; to 750"},
    {"a Video CD",
     FILE_A
     "TRACK 01 MODE2/2352\nINDEX 01 00:00:00\nTRACK 02 MODE2/2352\nINDEX 00 00:02:00\nINDEX 01 00:04:00\n",
     "1 mode2 control 4 1@0; 2 mode2 control 4 0@150 1@300; to 750"},
    // Sectors whose subheaders are not there cannot be what was on the disc.
    {"form 1 without subheaders", FILE_A "TRACK 01 MODE2/2048\nINDEX 01 00:00:00\n",
     "x.cue:2: expected a track type (AUDIO, MODE1/2352, …), got \"MODE2/2048\""},
    {"form 2 without subheaders", FILE_A "TRACK 01 MODE2/2324\nINDEX 01 00:00:00\n",
     "x.cue:2: expected a track type (AUDIO, MODE1/2352, …), got \"MODE2/2324\""},
    {"audio with its subchannel between", FILE_A "TRACK 01 CDG\nINDEX 01 00:00:00\n",
     "x.cue:2: expected a track type (AUDIO, MODE1/2352, …), got \"CDG\""},
    {"a mode that there is not", FILE_A "TRACK 01 MODE1/2056\nINDEX 01 00:00:00\n",
     "x.cue:2: expected a track type (AUDIO, MODE1/2352, …), got \"MODE1/2056\""},
    {"a pregap before the first track",
     "TITLE \"x\"\nCATALOG 0000000000000\nPERFORMER \"y\"\n" FILE_A
     "TRACK 01 AUDIO\nFLAGS DCP\nINDEX 00 00:00:00\nINDEX 01 00:01:00\nTRACK 02 AUDIO\nFLAGS DCP\nINDEX 00 "
     "00:02:00\nINDEX 01 00:03:00\n",
     "1 audio control 2 0@0 1@75; 2 audio control 2 0@150 1@225; to 750"},
    {"INDEX 00 left out before the second track",
     FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:04:00\n",
     "1 audio 1@0; 2 audio 1@300; to 750"},
    {"indexes up to 03", FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nINDEX 02 00:01:00\nINDEX 03 00:02:00\n",
     "1 audio 1@0 2@75 3@150; to 750"},
    {"a PREGAP that no file has",
     FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nPREGAP 00:02:00\nINDEX 01 00:04:00\n",
     "1 audio 1@0; 2 audio 0@300 1@450; to 900"},
    {"a POSTGAP that no file has",
     FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nPOSTGAP 00:02:00\nTRACK 02 AUDIO\nINDEX 01 00:04:00\n",
     "1 audio 1@0; 2 audio 1@450; to 900"},
    {"data, then audio after a gap",
     FILE_A "TRACK 01 MODE1/2352\nINDEX 01 00:00:00\nPOSTGAP 00:02:00\nTRACK 02 AUDIO\nPREGAP "
            "00:02:00\nINDEX 01 00:04:00\n",
     "1 mode1 control 4 1@0; 2 audio 0@450 1@600; to 1050"},
    {"a file for each track",
     FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nFILE \"b.bin\" BINARY\nTRACK 02 AUDIO\nINDEX 00 "
            "00:00:00\nINDEX 01 00:02:00\n",
     "1 audio 1@0; 2 audio 0@750 1@900; to 1500"},
    {"a file that begins with a track's INDEX 01",
     FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:08:00\nFILE \"b.bin\" "
            "BINARY\nINDEX 01 00:00:00\n",
     "1 audio 1@0; 2 audio 0@600 1@750; to 1500"},
    {"two forms of data in one file",
     "FILE \"a2048\" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:04:09\n",
     "1 mode1 control 4 1@0; 2 audio 1@309; to 693"},
    {"every flag", FILE_A "TRACK 01 AUDIO\nFLAGS PRE DCP 4CH SCMS\nINDEX 01 00:00:00\n",
     "1 audio control 11 1@0; to 750"},
    {"an ISRC", FILE_A "TRACK 01 AUDIO\nISRC USRC17607839\nINDEX 01 00:00:00\n",
     "1 audio USRC17607839 1@0; to 750"},
    {"CD-TEXT of libcdio's names",
     "DISC_ID \"x\"\nGENRE \"y\"\nMESSAGE \"z\"\n" FILE_A
     "TRACK 01 AUDIO\nARRANGER \"a\"\nCOMPOSER \"b\"\nSONGWRITER \"c\"\nINDEX 01 00:00:00\n",
     "1 audio 1@0; to 750"},
    {"a catalogue number of 12 digits", "CATALOG 000000000000\n" FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\n",
     "x.cue:1: expected CATALOG of 13 digits, got \"000000000000\""},
    {"a catalogue number of 14 digits",
     "CATALOG 00000000000000\n" FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\n",
     "x.cue:1: expected CATALOG of 13 digits, got \"00000000000000\""},
    {"a catalogue number with a letter",
     "CATALOG 123456789A123\n" FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\n",
     "x.cue:1: expected CATALOG of 13 digits, got \"123456789A123\""},
    {"75 frames", FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:75\n",
     "x.cue:3: expected time mm:ss:ff, got \"00:00:75\""},
    {"60 seconds", FILE_A "TRACK 01 AUDIO\nINDEX 01 00:60:00\n",
     "x.cue:3: expected time mm:ss:ff, got \"00:60:00\""},
    {"no time", FILE_A "TRACK 01 AUDIO\nINDEX 01 00.00.00\n",
     "x.cue:3: expected time mm:ss:ff, got \"00.00.00\""},
    {"track 100", FILE_A "TRACK 99 AUDIO\nINDEX 01 00:00:00\nTRACK 100 AUDIO\nINDEX 01 00:01:00\n",
     "x.cue:4: expected TRACK number 01-99, got \"100\""},
    {"the same number twice", FILE_A "TRACK 99 AUDIO\nINDEX 01 00:00:00\nTRACK 99 AUDIO\nINDEX 01 00:01:00\n",
     "x.cue:4: expected TRACK number above 99, got \"99\""},
    {"tracks without an index", FILE_A "TRACK 01 AUDIO\nTRACK 02 AUDIO\n",
     "x.cue:2: expected INDEX 01 in TRACK 01, got nothing"},
    {"no track", FILE_A, "x.cue:1: expected TRACK, got nothing"},
    {"no file", "TRACK 01 AUDIO\nINDEX 01 00:00:00\n", "x.cue:1: expected FILE before TRACK, got \"01\""},
    {"an index before the first track", FILE_A "INDEX 01 00:00:00\n",
     "x.cue:2: expected TRACK before INDEX, got \"01\""},
    {"ISRC of the disc", "ISRC USRC17607839\n" FILE_A,
     "x.cue:1: expected TRACK before ISRC, got \"USRC17607839\""},
    {"beyond the file", FILE_A "TRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:11:00\n",
     "x.cue:1: expected at least 1940400 bytes in \"a.bin\", got 1764000"},
    {"cdrdao's TOC under another name", "CD_DA\nTRACK AUDIO\nFILE \"a.bin\" 0\n",
     "x.cue:1: expected a CUE command, got \"CD_DA\""},
};

TEST(OddCues, AreReadOrRefused) {
  for (const OddCue& odd : kOddCues) EXPECT_EQ(outcome_of(odd.sheet), odd.outcome) << odd.what;
}

}  // namespace
}  // namespace binrip::image
