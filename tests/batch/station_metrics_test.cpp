#include "binrip/batch/station_metrics.hpp"

#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prometheus_text.hpp"
#include "support/stations.hpp"

namespace binrip::batch {
namespace {

using test::PrometheusText;

TEST(StationMetrics, AreWellFormedAndHoldEveryFigure) {
  const StationView view = test::busy_station();
  const PrometheusText text(station_metrics(view));
  ASSERT_EQ(text.problem(), "");
  EXPECT_EQ(text.value("binrip_start_time_seconds", {}), 1795683600);  // date -u -d 2026-11-26T09:00:00Z +%s
  EXPECT_EQ(text.value("binrip_discs_total", {{"end", "published"}}), 41);
  EXPECT_EQ(text.value("binrip_discs_total", {{"end", "second copy"}}), 2);
  EXPECT_EQ(text.value("binrip_discs_total", {{"end", "failed"}}), 3);
  EXPECT_EQ(text.value("binrip_drives", {{"stage", "ripping"}}), 2);
  EXPECT_EQ(text.value("binrip_drives", {{"stage", "set aside"}}), 1);
  EXPECT_EQ(text.value("binrip_needs_a_hand", {}), 2);
  EXPECT_EQ(text.value("binrip_archive_free_bytes", {}), 1'234'567'890'123.0);
  EXPECT_EQ(text.value("binrip_stopping", {}), 0);
  EXPECT_EQ(text.value("binrip_drive_info",
                       {{"drive", "ATA-0001"}, {"node", "/dev/sr0"}, {"name", "PLEXTOR DVDR PX-716A"}}),
            1);
  EXPECT_EQ(text.value("binrip_drive_stage", {{"drive", "ATA-0001"}, {"stage", "ripping"}}), 1);
  EXPECT_EQ(text.value("binrip_drive_stage", {{"drive", "ATA-0001"}, {"stage", "done"}}), 0);
  EXPECT_EQ(text.value("binrip_drive_discs_total", {{"drive", "ATA-0001"}, {"result", "published"}}), 12);
  EXPECT_EQ(text.value("binrip_drive_discs_total", {{"drive", "ATA-0001"}, {"result", "failed"}}), 1);
  EXPECT_EQ(text.value("binrip_rip_sectors", {{"drive", "ATA-0001"}}), 333000);
  EXPECT_EQ(text.value("binrip_rip_sectors_done", {{"drive", "ATA-0001"}}), 137812);
  EXPECT_EQ(text.value("binrip_rip_sectors_not_good", {{"drive", "ATA-0001"}}), 195188);
  EXPECT_EQ(text.value("binrip_rip_speed", {{"drive", "ATA-0001"}}), 23.4);
  EXPECT_EQ(text.value("binrip_rip_left_seconds", {{"drive", "ATA-0001"}}), 112);
  EXPECT_EQ(text.value("binrip_rip_errors", {{"drive", "USB-0002"}, {"kind", "c2"}}), 311);
  EXPECT_EQ(text.value("binrip_rip_errors", {{"drive", "USB-0002"}, {"kind", "medium"}}), 17);
}

TEST(StationMetrics, TimeLeftIsAbsentWhileItIsNotKnown) {
  const PrometheusText text(station_metrics(test::busy_station()));
  EXPECT_EQ(text.value("binrip_rip_left_seconds", {{"drive", "USB-0002"}}), std::nullopt);
}

TEST(StationMetrics, OfAnEmptyViewAreWellFormed) {
  EXPECT_EQ(PrometheusText(station_metrics({})).problem(), "");
}

TEST(StationMetrics, HostileNamesStayInsideTheirLabel) {
  StationView view;
  view.drives.resize(1);
  view.drives[0].id = "a\"} 1\nbinrip_stopping 7\n#\\";
  view.drives[0].name = "\xff\x01\r\t";
  const PrometheusText text(station_metrics(view));
  ASSERT_EQ(text.problem(), "");
  EXPECT_EQ(text.value("binrip_stopping", {}), 0);
  EXPECT_EQ(
      text.value("binrip_drive_info", {{"drive", view.drives[0].id}, {"node", ""}, {"name", "\xc3\xbf???"}}),
      1);
}

// The checker itself must be able to fail.
TEST(PrometheusText, RefusesWhatTheFormatForbids) {
  const auto problem = [](const std::string& text) { return PrometheusText(text).problem(); };
  const std::string head = "# HELP a b\n# TYPE a gauge\n";
  EXPECT_EQ(problem(head + "a 1\n"), "");
  EXPECT_NE(problem(head + "a 1"), "");         // no line end
  EXPECT_NE(problem("a 1\n"), "");              // no type
  EXPECT_NE(problem(head + "b 1\n"), "");       // of another family
  EXPECT_NE(problem(head + "a 1\na 2\n"), "");  // twice
  EXPECT_NE(problem(head + head), "");          // family twice
  EXPECT_NE(problem(head + "a{x=\"1\"} 1\n" + "a{x=\"1\"} 2\n"), "");
  EXPECT_NE(problem(head + "a{x=\"\n\"} 1\n"), "");
  EXPECT_NE(problem(head + "a{x=\"\\t\"} 1\n"), "");      // unknown escape
  EXPECT_NE(problem(head + "a{x=\"\xff\"} 1\n"), "");     // not UTF-8
  EXPECT_NE(problem(head + "a{1x=\"\"} 1\n"), "");        // label's name
  EXPECT_NE(problem(head + "a{x=\"\",x=\"\"} 1\n"), "");  // label twice
  EXPECT_NE(problem(head + "a one\n"), "");
  EXPECT_NE(problem("# HELP a b\n# TYPE a counter\na 1\n"), "");  // a counter's name ends in _total
  EXPECT_NE(problem("# HELP a_total b\n# TYPE a_total counter\na_total -1\n"), "");
}

}  // namespace
}  // namespace binrip::batch
