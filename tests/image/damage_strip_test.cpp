#include "binrip/image/damage_strip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::image {
namespace {

using cd::Lba;
using cd::SectorState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Report report_with(std::vector<std::pair<int, int>> tracks, std::vector<StateRun> not_good) {
  Report report;
  std::int64_t good = 0;
  for (const auto& [begin, end] : tracks) {
    ReportTrack track;
    track.number = static_cast<int>(report.tracks.size()) + 1;
    track.range = {Lba{begin}, Lba{end}};
    good += end - begin;
    report.tracks.push_back(track);
  }
  for (const StateRun& run : not_good) {
    report.states[static_cast<std::size_t>(run.state)] += run.range.size().value;
    good -= run.range.size().value;
  }
  report.states[static_cast<std::size_t>(SectorState::proven)] = good;
  report.not_good = std::move(not_good);
  return report;
}

StateRun run(int begin, int end, SectorState state) { return {{Lba{begin}, Lba{end}}, state}; }

TEST(DamageStrip, ShowsWhereTheDamageLies) {
  const Report report = report_with({{0, 100}, {100, 400}, {400, 410}, {410, 800}},
                                    {run(95, 105, SectorState::unproven), run(205, 215, SectorState::damaged),
                                     run(799, 800, SectorState::failed)});
  EXPECT_THAT(damage_strip(report, {.columns = 80}),
              ElementsAre("1         2                             3'",
                          "---------?\?---------++---------------------------------------------------------X",
                          "- good 779   ? unproven 10   + damaged 10   X failed 1   a cell: 10 sectors"));
}

TEST(DamageStrip, LetsTheWorstSectorOfACellDecide) {
  const std::vector<ReportTrack> tracks = report_with({{0, 1000}}, {}).tracks;
  const std::vector<StateRun> bad = {run(0, 50, SectorState::unproven), run(50, 51, SectorState::failed),
                                     run(51, 90, SectorState::damaged), run(150, 151, SectorState::damaged)};
  EXPECT_THAT(strip_cells(tracks, bad, 5),
              ElementsAre(SectorState::failed, SectorState::consistent, SectorState::consistent,
                          SectorState::consistent, SectorState::consistent));
  EXPECT_THAT(strip_cells(tracks, bad, 10)[1], SectorState::damaged);
}

TEST(DamageStrip, LeavesOutTheGapBetweenSessions) {
  const Report report = report_with({{0, 100}, {11'500, 11'600}}, {run(11'590, 11'600, SectorState::failed)});
  const auto lines = damage_strip(report, {.columns = 20});
  EXPECT_EQ(lines[0], "1         2");
  EXPECT_EQ(lines[1], "-------------------X");
}

TEST(DamageStrip, HasNoMoreCellsThanSectors) {
  const Report report = report_with({{0, 30}}, {run(3, 4, SectorState::damaged)});
  EXPECT_EQ(damage_strip(report, {.columns = 72})[1], "---+--------------------------");
}

TEST(DamageStrip, IsEmptyWhenAllIsGood) {
  EXPECT_THAT(damage_strip(report_with({{0, 1000}}, {}), {}), IsEmpty());
  EXPECT_THAT(damage_strip(Report{}, {}), IsEmpty());
  EXPECT_THAT(damage_strip(report_with({}, {run(0, 5, SectorState::failed)}), {}), IsEmpty());
}

TEST(DamageStrip, ColoursOnlyWhereThatIsWanted) {
  const Report report = report_with({{0, 100}}, {run(3, 4, SectorState::failed)});
  const auto plain = damage_strip(report, {.columns = 50, .glyphs = StripGlyphs::unicode});
  EXPECT_THAT(plain[1], HasSubstr("─█─"));
  for (const std::string& line : plain) EXPECT_THAT(line, Not(HasSubstr("\x1b")));
  const auto coloured = damage_strip(report, {.columns = 50, .colour = StripColour::on});
  EXPECT_THAT(coloured[1], HasSubstr("\x1b[31mX\x1b[0m"));
}

// Columns without the escapes of colours.
int width_of(const std::string& line) {
  int width = 0;
  bool escape = false;
  for (const char c : line) {
    if (c == '\x1b') escape = true;
    if (!escape && (static_cast<unsigned char>(c) & 0xC0) != 0x80) ++width;
    if (escape && c == 'm') escape = false;
  }
  return width;
}

TEST(DamageStrip, IsNeverWiderThanTheTerminal) {
  std::vector<std::pair<int, int>> tracks;
  for (int i = 0; i < 99; ++i) tracks.emplace_back(i * 3000, (i + 1) * 3000);
  const Report report = report_with(
      tracks, {run(0, 7000, SectorState::untried), run(10'000, 12'000, SectorState::failed),
               run(20'000, 20'001, SectorState::damaged), run(30'000, 150'000, SectorState::unproven)});
  for (int columns = 0; columns < 200; ++columns) {
    for (const StripColour colour : {StripColour::off, StripColour::on}) {
      for (const std::string& line : damage_strip(report, {columns, StripGlyphs::unicode, colour})) {
        EXPECT_LE(width_of(line), std::max(columns, 24)) << columns;
      }
    }
  }
}

}  // namespace
}  // namespace binrip::image
