#include "binrip/cli/station_display.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/stations.hpp"

#include "binrip/batch/view_board.hpp"

namespace binrip::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Shown {
  std::string out, err;
};

Shown show(ProgressKind kind, Verbosity verbosity, const Terminal& terminal) {
  std::ostringstream out, err;
  batch::ViewBoard board;
  {
    const auto display = show_station(board, {out, err, terminal}, kind, verbosity);
    display->warn("odd\ntray");
    board.publish(test::busy_station());
  }
  return {out.str(), err.str()};
}

Terminal small_terminal() {
  Terminal terminal;
  terminal.present = true;
  terminal.glyphs = Glyphs::unicode;
  terminal.rows = [] { return 30; };
  return terminal;
}

TEST(StationDisplay, GivesLinesWhereThereIsNoTerminal) {
  const Shown shown = show(ProgressKind::automatic, Verbosity::normal, Terminal{});
  EXPECT_EQ(shown.out, "");
  EXPECT_THAT(shown.err, HasSubstr("binrip: warning: odd\\ntray\n"));
  EXPECT_THAT(shown.err, testing::ContainsRegex("binrip: 20..-..-..T..:..:..Z sr0: ripping, Miles Davis"));
  EXPECT_THAT(shown.err, HasSubstr("needs a hand: take the disc out of drive 11\n"));
  EXPECT_THAT(shown.err, Not(HasSubstr("\x1b")));
}

TEST(StationDisplay, RestoresTheTerminalAndTellsAgainWhatMustNotBeLost) {
  const std::string text = show(ProgressKind::automatic, Verbosity::normal, small_terminal()).err;
  EXPECT_TRUE(text.starts_with("\x1b[?1049h\x1b[?25l"));
  const std::size_t end = text.find("\x1b[?25h\x1b[?1049l");
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(text.substr(end + 14),
            "binrip: warning: odd\\ntray\n"
            "binrip: needs a hand: take the disc out of drive 11\n"
            "binrip: needs a hand: drive 12 does not answer: switch it off and on\n"
            "binrip: 41 published, 2 second copies, 1 mended, 5 skipped, 3 failed\n");
}

TEST(StationDisplay, GivesObjectsForPrograms) {
  const Shown shown = show(ProgressKind::json, Verbosity::normal, small_terminal());
  std::istringstream lines(shown.out);
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line)["event"]);
  EXPECT_EQ(std::count(events.begin(), events.end(), "drive"), 8);
  EXPECT_EQ(std::count(events.begin(), events.end(), "disc"), 3);
  EXPECT_EQ(std::count(events.begin(), events.end(), "need"), 2);
  EXPECT_EQ(std::count(events.begin(), events.end(), "progress"), 2);
  EXPECT_EQ(shown.err, "binrip: warning: odd\\ntray\n");
}

TEST(StationDisplay, SaysWarningsOnlyWhenToldSoAndNothingWhenQuiet) {
  EXPECT_EQ(show(ProgressKind::none, Verbosity::normal, small_terminal()).err,
            "binrip: warning: odd\\ntray\n");
  EXPECT_EQ(show(ProgressKind::automatic, Verbosity::quiet, small_terminal()).err, "");
}

}  // namespace
}  // namespace binrip::cli
