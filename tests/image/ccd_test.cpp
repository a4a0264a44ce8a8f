#include "binrip/image/ccd.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "binrip/base/crc.hpp"

namespace binrip::image {
namespace {

constexpr std::string_view kSheet =
    "[CloneCD]\nVersion=3\n[Disc]\nTocEntries=3\nSessions=1\nDataTracksScrambled=0\nCDTextLength=0\n"
    "[Session 1]\nPreGapMode=1\nPreGapSubC=0\n"
    "[Entry 0]\nSession=1\nPoint=0xa0\nADR=0x01\nControl=0x04\nTrackNo=0\nAMin=0\nASec=0\nAFrame=0\n"
    "ALBA=-150\nZero=0\nPMin=1\nPSec=32\nPFrame=0\nPLBA=6750\n"
    "[Entry 1]\nSession=1\nPoint=0xa2\nADR=0x01\nControl=0x04\nPMin=0\nPSec=3\nPFrame=25\nPLBA=100\n"
    "[Entry 2]\nSession=1\nPoint=0x01\nADR=0x01\nControl=0x04\nPMin=0\nPSec=2\nPFrame=0\nPLBA=0\n"
    "[TRACK 1]\nMODE=2\nINDEX 1=0\nINDEX 2=50\nISRC=DEA620100001\nFLAGS= DCP\n";

std::string error_of(std::string_view text) {
  const auto sheet = parse_ccd(text, "x.ccd");
  if (!sheet) return sheet.error().message;
  const auto disc = disc_of(*sheet, "x.ccd");
  return disc ? "(a disc)" : disc.error().message;
}
std::string with(std::string_view from, std::string_view to) {
  std::string text(kSheet);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ParseCcd, TakesAWholeSheet) {
  const auto sheet = parse_ccd(kSheet, "x.ccd");
  ASSERT_TRUE(sheet) << sheet.error().message;
  ASSERT_EQ(sheet->toc.entries.size(), 3U);
  EXPECT_EQ(sheet->toc.entries[0].point, 0xA0);
  EXPECT_EQ(sheet->toc.entries[0].p_time, (cd::Msf{1, 32, 0}));
  EXPECT_EQ(sheet->toc.last_session, 1);
  const auto disc = disc_of(*sheet, "x.ccd");
  ASSERT_TRUE(disc) << disc.error().message;
  const cd::Session& session = disc->sessions.at(0);
  EXPECT_EQ(session.type, cd::DiscType::cd_xa);
  EXPECT_EQ(session.lead_out.value, 100);
  EXPECT_EQ(session.tracks[0].mode, cd::TrackMode::mode2);
  EXPECT_EQ(session.tracks[0].isrc, "DEA620100001");
  EXPECT_EQ(session.tracks[0].indexes, (std::vector<cd::Index>{{1, cd::Lba{0}}, {2, cd::Lba{50}}}));
}

TEST(ParseCcd, CompletesCdTextPacksWithTheirCrc) {
  const auto sheet =
      parse_ccd(fmt::format("{}[CDText]\nEntries=1\nEntry 0=80 00 00 00 41 42 43 00 00 00 00 00 00 00 "
                            "00 00\n",
                            kSheet),
                "x.ccd");
  ASSERT_TRUE(sheet) << sheet.error().message;
  ASSERT_EQ(sheet->cdtext_packs.size(), 18U);
  EXPECT_EQ(sheet->cdtext_packs[4], 'A');
  EXPECT_EQ(load_be16(sheet->cdtext_packs, 16),
            static_cast<std::uint16_t>(~crc16(Bytes(sheet->cdtext_packs).first(16))));
}

TEST(ParseCcd, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(""), "x.ccd:0: expected section [CloneCD], got nothing");
  EXPECT_EQ(error_of("[CloneCD]\nVersion=3\n"), "x.ccd:2: expected section [Entry 0], got nothing");
  EXPECT_EQ(error_of("x=1\n"), "x.ccd:1: expected a section [...], got \"x\"");
  EXPECT_EQ(error_of(with("Version=3", "Version")), "x.ccd:2: expected KEY=VALUE, got \"Version\"");
  EXPECT_EQ(error_of(with("[Disc]", "[Disc")), "x.ccd:3: expected a section [...], got \"[Disc\"");
  EXPECT_EQ(error_of(with("TocEntries=3", "TocEntries=4")),
            "x.ccd:49: expected 4 entries, as TocEntries says, got \"3\"");
  EXPECT_EQ(error_of(with("Point=0xa0", "Point=0xzz")), "x.ccd:13: expected a number, got \"0xzz\"");
  EXPECT_EQ(error_of(with("Point=0xa0", "Point=256")), "x.ccd:13: expected a number 0 … 255, got \"256\"");
  EXPECT_EQ(error_of(with("MODE=2", "MODE=3")), "x.ccd:45: expected a number 0 … 2, got \"3\"");
  EXPECT_EQ(error_of(with("INDEX 2=50", "INDEX 1=50")), "x.ccd:47: expected INDEX above 1, got \"index 1\"");
  EXPECT_EQ(error_of(with("[TRACK 1]", "[TRACK 0]")),
            "x.ccd:44: expected TRACK number 1-99, got \"TRACK 0\"");
  EXPECT_EQ(error_of(with("Point=0xa2", "Point=0xa3")),
            "x.ccd:11: expected entries that make a table of contents, got: session 1 has no lead-out");
}

TEST(ParseCcd, SurvivesEveryTruncation) {
  for (std::size_t n = 0; n < kSheet.size(); ++n) {
    const auto sheet = parse_ccd(kSheet.substr(0, n), "x.ccd");
    if (sheet) (void)disc_of(*sheet, "x.ccd");
  }
}

TEST(DiscOfCcd, PassesOverIndexesThatDoNotFit) {
  const auto sheet =
      parse_ccd(with("INDEX 1=0\nINDEX 2=50", "INDEX 0=-100\nINDEX 1=7\nINDEX 2=100"), "x.ccd");
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_EQ(disc_of(*sheet, "x.ccd")->sessions[0].tracks[0].indexes,
            (std::vector<cd::Index>{{1, cd::Lba{0}}}));
}

}  // namespace
}  // namespace binrip::image
