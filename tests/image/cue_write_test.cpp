#include <gtest/gtest.h>

#include "discs.hpp"

#include "binrip/base/file.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::image {
namespace {

using namespace test_discs;

std::string golden(const std::string& name) { return *read_text(std::string(BINRIP_TEST_DATA "/") + name); }

std::string sheet(const cd::Disc& disc, BinLayout layout) { return write_cue(cue_of(disc, "out", layout)); }

TEST(CueOf, LaysOutAudioInOneFile) { EXPECT_EQ(sheet(audio(), BinLayout::single), golden("audio.cue")); }

TEST(CueOf, PutsEachPregapAtTheHeadOfItsOwnTracksFile) {
  EXPECT_EQ(sheet(audio(), BinLayout::split), golden("audio_split.cue"));
}

TEST(CueOf, LetsLaterSessionsFollowInTheFileAndTellsTheGap) {
  EXPECT_EQ(sheet(cd_extra(), BinLayout::single), golden("cd_extra.cue"));
  EXPECT_EQ(sheet(cd_extra(), BinLayout::split), golden("cd_extra_split.cue"));
}

TEST(CueOf, TellsGapsThatAreNotStandard) {
  EXPECT_EQ(sheet(three_sessions(), BinLayout::single), golden("three_sessions.cue"));
}

TEST(CueOf, LeavesOutAPregapThatLiesInTheSessionGap) {
  cd::Disc disc = cd_extra();
  disc.sessions[1].tracks[0].indexes = {index(0, 12'450), index(1, 12'600)};
  EXPECT_EQ(sheet(disc, BinLayout::single), golden("cd_extra.cue"));
}

TEST(CueOf, NamesTypesOfData) {
  cd::Disc disc;
  disc.sessions = {session(1,
                           {track(1, cd::TrackMode::mode1, {index(1, 0)}, cd::kControlCopyPermitted),
                            track(2, cd::TrackMode::mode2, {index(1, 10)}, cd::kControlPreEmphasis),
                            track(3, cd::TrackMode::cdi, {index(1, 20)}, cd::kControlFourChannel)},
                           30)};
  const CueSheet cue = cue_of(disc, "x", BinLayout::single);
  ASSERT_EQ(cue.tracks.size(), 3U);
  EXPECT_EQ(cue.tracks[0].type, "MODE1/2352");
  EXPECT_TRUE(cue.tracks[0].dcp);
  EXPECT_EQ(cue.tracks[1].type, "MODE2/2352");
  EXPECT_FALSE(cue.tracks[1].pre_emphasis);  // of data the bit means "recorded incrementally"
  EXPECT_EQ(cue.tracks[2].type, "CDI/2352");
  EXPECT_FALSE(cue.tracks[2].four_channel);
}

TEST(SplitBinName, HasTwoDigitsFromTenTracksOn) {
  EXPECT_EQ(split_bin_name("out", 3, 9), "out (Track 3).bin");
  EXPECT_EQ(split_bin_name("out", 3, 10), "out (Track 03).bin");
  EXPECT_EQ(split_bin_name("out", 10, 10), "out (Track 10).bin");
}

TEST(SplitBinName, OfTheOnlyTrackIsTheStem) { EXPECT_EQ(split_bin_name("out", 1, 1), "out.bin"); }

TEST(WriteCue, MakesTextsSafeToStandBetweenQuotes) {
  CueSheet cue = cue_of(cd_extra(), "out", BinLayout::single);
  cue.text.title = "a\"b\r\nFILE \"evil\" BINARY\x7F\x1B";
  cue.text.performer = "caf\xE9";                          // Latin-1
  cue.text.songwriter = "x\xC2\x85y\xE2\x80\xA8z";         // NEL, LINE SEPARATOR
  cue.tracks[0].text.title = std::string(499, 'x') + "ä";  // would be 501 bytes
  const std::string text = write_cue(cue);
  EXPECT_NE(text.find("TITLE \"a'b  FILE 'evil' BINARY  \"\n"), std::string::npos);
  EXPECT_NE(text.find("PERFORMER \"café\"\n"), std::string::npos);
  EXPECT_NE(text.find("SONGWRITER \"x y z\"\n"), std::string::npos);
  EXPECT_NE(text.find("TITLE \"" + std::string(499, 'x') + "\"\n"), std::string::npos);
}

TEST(WriteCue, IsReadBackTheSame) {
  for (const cd::Disc& disc : {audio(), cd_extra(), three_sessions()}) {
    for (const BinLayout layout : {BinLayout::single, BinLayout::split}) {
      const std::string text = sheet(disc, layout);
      const auto parsed = parse_cue(text, "x.cue");
      ASSERT_TRUE(parsed) << parsed.error().message;
      EXPECT_EQ(write_cue(*parsed), text);
    }
  }
}

}  // namespace
}  // namespace binrip::image
