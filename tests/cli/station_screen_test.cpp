#include "binrip/cli/station_screen.hpp"

#include <clocale>
#include <cwchar>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/golden.hpp"
#include "support/stations.hpp"

#include "binrip/cli/text.hpp"
#include "binrip/image/text.hpp"

namespace binrip::cli {
namespace {

using batch::DriveStage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string without_colours(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      while (line[i] != 'm') ++i;
    } else {
      plain += line[i];
    }
  }
  return plain;
}

batch::StationView large_station() {
  batch::StationView view = test::busy_station();
  while (view.drives.size() < 64) {
    view.drives.push_back(view.drives[view.drives.size() % 8]);
    view.drives.back().id += "x";
  }
  for (int i = 0; i < 40; ++i) {
    view.finished.push_back(view.finished[1]);
    view.needs_a_hand.push_back("turn over disc " + std::to_string(i));
  }
  return view;
}

TEST(StationScreen, LooksAsItShould) {
  std::string all;
  for (const int columns : {40, 64, 80, 120, 200}) {
    const ScreenStyle style{columns, 20, Glyphs::unicode, Colour::off};
    all += std::to_string(columns) + " columns\n" +
           joined(station_screen(test::busy_station(), {"warning: /dev/sr1 is slow"}, style));
  }
  all += "64 drives\n" + joined(station_screen(large_station(), {}, {100, 24, Glyphs::ascii, Colour::off}));
  all += "empty\n" + joined(station_screen({}, {}, {80, 24, Glyphs::ascii, Colour::off}));
  test::expect_golden(all, BINRIP_TEST_DATA "/station_screen.txt");
}

TEST(StationScreen, FitsAnySize) {
  for (const batch::StationView& view : {test::busy_station(), large_station(), batch::StationView{}}) {
    for (int columns = 1; columns <= 220; columns += columns < 40 ? 1 : 3) {
      for (const int rows : {0, 1, 2, 3, 4, 5, 7, 10, 12, 13, 20, 24, 50, 100}) {
        const ScreenStyle style{columns, rows, Glyphs::unicode, Colour::on};
        const auto lines = station_screen(view, {"a", "b", "c"}, style);
        ASSERT_LE(lines.size(), static_cast<std::size_t>(rows)) << columns << "x" << rows;
        for (const std::string& line : lines) {
          ASSERT_TRUE(image::is_utf8(line));
          ASSERT_LE(image::display_width(without_colours(line)), static_cast<std::size_t>(columns - 1))
              << columns << "x" << rows << ": " << line;
        }
      }
    }
  }
}

TEST(StationScreen, CountsRowsThatDoNotFit) {
  const std::string text = joined(station_screen(large_station(), {}, {80, 24, Glyphs::ascii, Colour::off}));
  EXPECT_THAT(text, HasSubstr("(and 37 more)"));
  EXPECT_THAT(text, testing::ContainsRegex("and [0-9]+ more: [0-9]+ gone, [0-9]+ empty"));
}

TEST(StationScreen, SaysWhatMattersHoweverSmallItIs) {
  const std::string text =
      joined(station_screen(test::busy_station(), {}, {40, 12, Glyphs::unicode, Colour::off}));
  EXPECT_THAT(text, HasSubstr("! take the disc out of drive 11"));
  EXPECT_THAT(text, HasSubstr("41%"));
  EXPECT_THAT(text, HasSubstr("1:52"));
  EXPECT_THAT(text, HasSubstr("set aside"));
}

TEST(StationScreen, ColoursOnlyWhereTheConsoleHasThem) {
  const auto text = [](Colour colour) {
    return joined(station_screen(test::busy_station(), {}, {100, 24, Glyphs::unicode, colour}));
  };
  EXPECT_THAT(text(Colour::off), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text(Colour::on), HasSubstr("\x1b[31m"));
}

TEST(StationScreen, TextsCannotSteerTheTerminal) {
  batch::StationView view = test::busy_station();
  view.archive = view.needs_a_hand[0] = "\x1b[2J\n\xff";
  for (auto& drive : view.drives) drive.name = drive.disc = drive.reason = "\x1b[2J\r\n\x9b\xe2\x80\xae";
  for (auto& disc : view.finished) disc.disc = disc.verdict = "\x1b]0;x\x07\n";
  const auto lines = station_screen(view, {"\x1b[2J\n"}, {200, 40, Glyphs::unicode, Colour::off});
  for (const std::string& line : lines) {
    EXPECT_TRUE(image::is_utf8(line));
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
    EXPECT_THAT(line, Not(HasSubstr("\xe2\x80\xae")));
  }
  for (const std::string& line : station_lines(batch::changes_between({}, view), view, "T")) {
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
  }
}

TEST(StationScreen, WidthsAreThoseOfTheCLibrary) {
  if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) GTEST_SKIP() << "no UTF-8 locale";
  for (const char* text : {"Björk", "坂本龍一", "ｶﾀｶﾅ", "千のナイフ", "Ме́тод", "e\u0301", "か\u3099",
                           "한국어", "…×–█▕", "（）", "ﬁ", "Ελλάδα", "שלום", "„“", "♥"}) {
    int expected = 0;
    image::for_each_char(
        text, [&](char32_t c, std::string_view) { expected += ::wcwidth(static_cast<wchar_t>(c)); });
    EXPECT_EQ(image::display_width(text), static_cast<std::size_t>(expected)) << text;
  }
  std::setlocale(LC_CTYPE, "C");
}

TEST(StationLines, TellEachChange) {
  const batch::StationView before = test::busy_station();
  batch::StationView now = before;
  now.drives[2].stage = DriveStage::ripping;
  now.drives[2].disc = "Low";
  now.drives[7].stage = DriveStage::set_aside;
  now.drives[7].reason = "it was unplugged";
  now.finished.insert(now.finished.begin(), now.finished[1]);
  ++now.ends[0];
  now.needs_a_hand = {"plug it in"};
  now.stopping = true;
  EXPECT_THAT(station_lines(batch::changes_between(before, now), now, "2026-11-26T12:00:00Z"),
              ElementsAre("2026-11-26T12:00:00Z sr2: ripping, Low",
                          "2026-11-26T12:00:00Z USB-0008: set aside: it was unplugged",
                          "2026-11-26T12:00:00Z sr0: published: Björk - Homogenic: every sector is proven or "
                          "consistent (Björk/Homogenic [a1b2c3])",
                          "2026-11-26T12:00:00Z needs a hand: plug it in",
                          "2026-11-26T12:00:00Z settled: take the disc out of drive 11",
                          "2026-11-26T12:00:00Z settled: drive 12 does not answer: switch it off and on",
                          "2026-11-26T12:00:00Z no disc is begun any more"));
}

TEST(StationTotals, NameWhatThereIs) {
  batch::StationView view;
  EXPECT_EQ(station_totals(view), "no disc yet");
  view.ends = {1234, 1, 0, 0, 2};
  EXPECT_EQ(station_totals(view), "1 234 published, 1 second copy, 2 failed");
}

TEST(ScreenPainter, WritesOnlyRowsThatHaveChanged) {
  ScreenPainter painter;
  EXPECT_EQ(painter.paint({"a", "b"}, 80, 3),
            "\x1b[?2026h\x1b[1;1Ha\x1b[K\x1b[2;1Hb\x1b[K\x1b[3;1H\x1b[K\x1b[?2026l");
  EXPECT_EQ(painter.paint({"a", "b"}, 80, 3), "");
  EXPECT_EQ(painter.paint({"a", "c"}, 80, 3), "\x1b[?2026h\x1b[2;1Hc\x1b[K\x1b[?2026l");
  EXPECT_EQ(painter.paint({"a"}, 80, 3), "\x1b[?2026h\x1b[2;1H\x1b[K\x1b[?2026l");
}

TEST(ScreenPainter, WritesAllWhenTheSizeChangesOrItIsToldSo) {
  ScreenPainter painter;
  painter.paint({"a"}, 80, 1);
  EXPECT_THAT(painter.paint({"a"}, 79, 1), HasSubstr("\x1b[1;1Ha"));
  EXPECT_THAT(painter.paint({"a"}, 79, 2), HasSubstr("\x1b[1;1Ha"));
  painter.repaint();
  EXPECT_THAT(painter.paint({"a"}, 79, 2), HasSubstr("\x1b[1;1Ha"));
}

}  // namespace
}  // namespace binrip::cli
