#include "binrip/cli/progress_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

rip::Progress some_progress() {
  rip::Progress p;
  p.track = 3;
  p.last_track = 12;
  p.sectors_done = 137812;
  p.sectors_total = 333000;
  p.speed = 23.4;
  p.remaining = std::chrono::seconds(112);
  return p;
}

std::string line(const rip::Progress& p, int columns, Glyphs glyphs = Glyphs::unicode,
                 Colour colour = Colour::off) {
  return progress_line(p, {columns, glyphs, colour});
}

TEST(ProgressLine, ShowsEverythingOnAWideTerminal) {
  EXPECT_EQ(
      line(some_progress(), 110),
      "track 03/12  ▕███████████░░░░░░░░░░░░░░░░░▏   41%  137 812/333 000  23.4×  C2 0  err 0  left 1:52");
}

TEST(ProgressLine, UsesAsciiWhereTheLocaleHasNoMore) {
  const std::string text = line(some_progress(), 100, Glyphs::ascii);
  EXPECT_THAT(text, HasSubstr("[########"));
  EXPECT_THAT(text, HasSubstr("23.4x"));
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80U);
}

TEST(ProgressLine, AlwaysFitsTheWidth) {
  rip::Progress p = some_progress();
  p.pass = 2;
  p.passes = 3;
  p.c2_sectors = 123456;
  p.medium_errors = 1234;
  p.other_errors = 7;
  for (int columns = 1; columns < 200; ++columns) {
    for (const Glyphs glyphs : {Glyphs::ascii, Glyphs::unicode}) {
      for (const Colour colour : {Colour::off, Colour::on}) {
        EXPECT_LT(display_width(line(p, columns, glyphs, colour)), columns) << columns;
      }
    }
  }
}

TEST(ProgressLine, KeepsWhatMattersOnANarrowTerminal) {
  rip::Progress p = some_progress();
  EXPECT_EQ(line(p, 16), " 41%  left 1:52");
  p.medium_errors = 5;
  EXPECT_EQ(line(p, 24), " 41%  err 5  left 1:52");
}

TEST(ProgressLine, SaysWhenTheTimeLeftIsUnknown) {
  rip::Progress p = some_progress();
  p.remaining = std::chrono::seconds(0);
  EXPECT_THAT(line(p, 100), HasSubstr("left --:--"));
  p.sectors_done = p.sectors_total;
  EXPECT_THAT(line(p, 100), HasSubstr("left 0:00"));
  p.remaining = std::chrono::seconds(3725);
  EXPECT_THAT(line(p, 100), HasSubstr("left 1:02:05"));
}

TEST(ProgressLine, NamesPassesOnlyWhenThereAreSeveral) {
  rip::Progress p = some_progress();
  EXPECT_THAT(line(p, 120), Not(HasSubstr("pass")));
  p.pass = 2;
  p.passes = 3;
  EXPECT_THAT(line(p, 120), HasSubstr("pass 2  track 03/12"));
  EXPECT_THAT(line(p, 120), Not(HasSubstr("not good")));
  p.pass_name = "sweep 1";
  p.sectors_not_good = 1234;
  EXPECT_THAT(line(p, 120), HasSubstr("pass 2 sweep 1  track 03/12"));
  EXPECT_THAT(line(p, 120), HasSubstr("not good 1 234  left"));
}

TEST(ProgressLine, ColoursErrorsOnlyWhenThereAreAny) {
  rip::Progress p = some_progress();
  EXPECT_THAT(line(p, 120, Glyphs::unicode, Colour::on), Not(HasSubstr("\x1b[31m")));
  p.medium_errors = 2;
  EXPECT_THAT(line(p, 120, Glyphs::unicode, Colour::on), HasSubstr("\x1b[31merr 2\x1b[0m"));
  EXPECT_THAT(line(p, 120), Not(HasSubstr("\x1b")));
}

TEST(ProgressLine, CountsDamagedAndFailedSectorsTogether) {
  rip::Progress p = some_progress();
  EXPECT_THAT(line(p, 120), Not(HasSubstr("bad")));
  p.states[static_cast<std::size_t>(cd::SectorState::failed)] = 3;
  p.states[static_cast<std::size_t>(cd::SectorState::damaged)] = 4;
  EXPECT_THAT(line(p, 120), HasSubstr("bad 7"));
}

TEST(ProgressLine, TakesAnyNumbers) {
  rip::Progress p;
  EXPECT_THAT(line(p, 100), HasSubstr("  0%"));
  p.sectors_done = 12;
  p.sectors_total = 10;
  p.speed = -1;
  EXPECT_THAT(line(p, 100), HasSubstr("100%"));
  p.sectors_done = -12;
  p.remaining = std::chrono::seconds(-3);
  EXPECT_THAT(line(p, 100), HasSubstr("  0%"));
}

TEST(PercentDone, IsAHundredOnlyAtTheEnd) {
  rip::Progress p;
  p.sectors_total = 333000;
  p.sectors_done = 332999;
  EXPECT_EQ(percent_done(p), 99);
  p.sectors_done = 333000;
  EXPECT_EQ(percent_done(p), 100);
}

TEST(ProgressSentence, NamesTheLaterPassesAndWhatIsLeft) {
  rip::Progress p = some_progress();
  p.pass = p.passes = 4;
  p.pass_name = "sweep 2";
  p.sectors_not_good = 1234;
  EXPECT_EQ(progress_sentence(p),
            " 41%  137 812 of 333 000 sectors, pass 4 (sweep 2), 1 234 not good yet, track 3 of 12, 23.4x, "
            "left 1:52");
}

TEST(ProgressSentence, TellsOfErrorsOnlyWhenThereAreAny) {
  rip::Progress p = some_progress();
  EXPECT_EQ(progress_sentence(p), " 41%  137 812 of 333 000 sectors, track 3 of 12, 23.4x, left 1:52");
  p.c2_sectors = 1;
  p.other_errors = 2;
  EXPECT_EQ(progress_sentence(p),
            " 41%  137 812 of 333 000 sectors, track 3 of 12, 23.4x, 1 sector with C2 errors, 2 read errors, "
            "left 1:52");
}

}  // namespace
}  // namespace binrip::cli
