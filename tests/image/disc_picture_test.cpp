#include "binrip/image/disc_picture.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::image {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;
using testing::HasSubstr;
using testing::Not;

Report report_of(const std::vector<StateRun>& runs) {
  Report report;
  report.vendor = "SIM";
  report.product = "DRIVE";
  ReportTrack track;
  track.range = {Lba{0}, runs.back().range.end};
  report.tracks = {track};
  for (const StateRun& run : runs) {
    report.states[static_cast<std::size_t>(run.state)] += run.range.size().value;
  }
  return report;
}

std::vector<StateRun> good_but(LbaRange bad, SectorState state, int size) {
  return {{{Lba{0}, bad.begin}, SectorState::consistent},
          {bad, state},
          {{bad.end, Lba{size}}, SectorState::consistent}};
}

// The first arc of a path: centre of its ring in mm, and the angles of its ends in turns clockwise from the
// top.
struct Arc {
  double radius = 0, from = 0, to = 0;
};
std::vector<Arc> arcs_of(const std::string& svg, const std::string& id) {
  std::vector<Arc> arcs;
  const std::size_t path = svg.find("<path id=\"" + id + "\"");
  if (path == std::string::npos) return arcs;
  const std::size_t begin = svg.find(" d=\"", path) + 4;
  std::string data = svg.substr(begin, svg.find('"', begin) - begin);
  std::replace_if(
      data.begin(), data.end(), [](char c) { return c == 'M' || c == 'A'; }, ' ');
  std::istringstream in(data);
  double x1, y1, rx, ry, rotation, large, sweep, x2, y2;
  const auto angle = [](double x, double y) {
    const double turns = std::atan2(x - 1280, 1280 - y) / (2 * std::acos(-1.0));
    return turns < 0 ? turns + 1 : turns;
  };
  while (in >> x1 >> y1 >> rx >> ry >> rotation >> large >> sweep >> x2 >> y2) {
    EXPECT_EQ(sweep, 1);
    EXPECT_NEAR(std::hypot(x1 - 1280, y1 - 1280), rx, 1.5);
    arcs.push_back({rx / 20, angle(x1, y1), angle(x2, y2)});
  }
  return arcs;
}

// At 1.3 m/s and 1.6 µm, LBA 100000 is 1733.3 m along the spiral: r² = 625 + 1733333 · 0.0016 / π = 1507.78
// mm², r = 38.830 mm, after (38.830 - 25) / 0.0016 turns.
TEST(DiscPicture, DrawsABadSectorWhereItLies) {
  const auto runs = good_but({Lba{100'000}, Lba{100'001}}, SectorState::failed, 200'000);
  const auto arcs = arcs_of(to_svg(report_of(runs), runs), "failed");
  ASSERT_EQ(arcs.size(), 1U);
  const double radius = std::sqrt(625 + 100'000 * (1300.0 / 75) * 0.0016 / std::acos(-1.0));
  EXPECT_NEAR(radius, 38.830, 0.001);
  EXPECT_NEAR(arcs[0].radius, radius, 0.3);
  const double turns = (radius - 25) / 0.0016;
  const double begin = turns - std::floor(turns);
  const double length = 1300.0 / 75 / (2 * std::acos(-1.0) * radius);  // of a sector, in turns
  const auto off = [](double a, double b) { return std::abs(a - b - std::round(a - b)); };
  EXPECT_LE(off(arcs[0].from, begin), 1.1 / 120);
  EXPECT_LE(off(arcs[0].to, begin + length), 1.1 / 120);
}

TEST(DiscPicture, DrawsEveryStateThereIsAndNoOther) {
  const auto runs = good_but({Lba{5000}, Lba{5100}}, SectorState::damaged, 50'000);
  const std::string svg = to_svg(report_of(runs), runs);
  EXPECT_EQ(arcs_of(svg, "damaged").empty(), false);
  EXPECT_EQ(arcs_of(svg, "consistent").empty(), false);
  EXPECT_TRUE(arcs_of(svg, "failed").empty());
  EXPECT_TRUE(arcs_of(svg, "proven").empty());
  EXPECT_THAT(svg, HasSubstr("damaged 100<"));
  EXPECT_THAT(svg, HasSubstr("consistent 49900<"));
}

TEST(DiscPicture, LetsTheWorstStateOfACellDecide) {
  // A hundred turns of failed sectors, all around, among good ones in the same ring.
  const auto runs = good_but({Lba{1000}, Lba{1900}}, SectorState::failed, 2500);
  const std::string svg = to_svg(report_of(runs), runs);
  for (const Arc& arc : arcs_of(svg, "consistent")) EXPECT_GT(arc.radius, 25.5);
}

TEST(DiscPicture, ShowsAScratchAsAWedge) {
  const Spiral spiral(1.2345);
  std::vector<StateRun> runs;
  for (int lba = 0; lba < 250'000; ++lba) {
    const SpiralPlace begin = spiral.at(lba);
    const double end = spiral.at(lba + 1).turns;
    const bool hit = begin.radius > 35 && begin.radius < 45 && std::ceil(begin.turns - 0.25) + 0.25 < end;
    const SectorState state = hit ? SectorState::damaged : SectorState::consistent;
    if (!runs.empty() && runs.back().state == state) {
      ++runs.back().range.end;
    } else {
      runs.push_back({{Lba{lba}, Lba{lba + 1}}, state});
    }
  }
  const std::string svg = to_svg(report_of(runs), runs);
  EXPECT_THAT(svg, HasSubstr("at which the damage agrees best"));
  const auto arcs = arcs_of(svg, "damaged");
  EXPECT_GE(arcs.size(), 16U);  // rings of 0.6 mm
  EXPECT_LE(arcs.size(), 40U);
  for (const Arc& arc : arcs) {
    // A sector is a twelfth of a turn or less there, and may begin before the scratch and end behind it.
    EXPECT_LT(arc.to - arc.from - std::floor(arc.to - arc.from), 0.25);
  }
}

TEST(DiscPicture, SaysWhenTheAnglesAreNotKnown) {
  const auto runs = good_but({Lba{5000}, Lba{5001}}, SectorState::damaged, 50'000);
  EXPECT_THAT(to_svg(report_of(runs), runs), HasSubstr("Radii by 1.30 m/s; the angles are not known."));
}

TEST(DiscPicture, StaysSmall) {
  std::mt19937 random(3);
  std::vector<StateRun> runs;
  for (int lba = 0; lba < 359'000;) {
    const int size = 1 + static_cast<int>(random() % 40);
    runs.push_back({{Lba{lba}, Lba{lba + size}}, static_cast<SectorState>(random() % 6)});
    lba += size;
  }
  Report report = report_of(runs);
  report.tracks.resize(99, report.tracks[0]);
  EXPECT_LT(to_svg(report, runs).size(), 300'000U);
  // Thinly spread: as many small arcs as can be.
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].state = i % 60 == 0    ? SectorState::failed
                    : i % 60 == 30 ? SectorState::damaged
                                   : SectorState::proven;
  }
  EXPECT_LT(to_svg(report, runs).size(), 300'000U);
}

TEST(DiscPicture, TakesEveryAddressAndAnEmptyImage) {
  EXPECT_THAT(to_svg(Report{}, {}), HasSubstr("</svg>"));
  const std::vector<StateRun> runs = {{{Lba{-150}, Lba{449'850}}, SectorState::proven}};
  EXPECT_THAT(to_svg(report_of(runs), runs), HasSubstr("</svg>"));
  EXPECT_EQ(cell_at(Spiral(1.4).at(449'850)).ring, kPictureRings - 1);
  EXPECT_EQ(cell_at(Spiral(1.4).at(-45'150)).ring, 0);
}

TEST(DiscPicture, WritesTextsThatXmlCanHold) {
  const auto runs = good_but({Lba{50}, Lba{51}}, SectorState::damaged, 500);
  Report report = report_of(runs);
  report.disc.text.title = "<b>&\"'\x1b\xef\xbf\xbf\xff";
  const std::string svg = to_svg(report, runs);
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;"));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, Not(HasSubstr("\x1b")));
  EXPECT_THAT(svg, Not(HasSubstr("\xef\xbf\xbf")));
}

}  // namespace
}  // namespace binrip::image
