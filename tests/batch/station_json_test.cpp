#include "binrip/batch/station_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/golden.hpp"
#include "support/stations.hpp"

namespace binrip::batch {
namespace {

using nlohmann::json;

const std::string kGolden = BINRIP_TEST_DATA "/station.json";

TEST(StationJson, HoldsTheWholeStation) {
  const PostedView posted{std::make_shared<const StationView>(test::busy_station()), 17};
  const std::string line = station_json(posted, ControlAccess::none);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  test::expect_golden(nlohmann::ordered_json::parse(line).dump(1) + "\n", kGolden);
}

TEST(StationJson, SaysWhetherThereIsControl) {
  const PostedView posted{std::make_shared<const StationView>(), 0};
  EXPECT_EQ(json::parse(station_json(posted, ControlAccess::none))["control"], false);
  EXPECT_EQ(json::parse(station_json(posted, ControlAccess::with_token))["control"], true);
}

TEST(StationJson, TakesTextsThatAreNotUtf8) {
  StationView view;
  view.needs_a_hand = {"a\xff\nb"};
  const PostedView posted{std::make_shared<const StationView>(view), 1};
  const std::string line = station_json(posted, ControlAccess::none);
  EXPECT_EQ(json::parse(line)["needs_a_hand"][0], "a\xef\xbf\xbd\nb");
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(StationJson, TellsEachChangeAsAnEvent) {
  StationView before = test::busy_station(), now = before;
  now.drives[2].stage = DriveStage::set_aside;
  now.drives[2].reason = "three discs in a row failed";
  now.finished.insert(now.finished.begin(), now.finished[1]);
  ++now.ends[0];
  now.needs_a_hand = {"look at drive 2"};
  now.stopping = true;
  const auto lines = change_events(changes_between(before, now), now, "2026-11-26T12:00:00Z");
  ASSERT_EQ(lines.size(), 7U);
  std::vector<json> events;
  for (const std::string& line : lines) events.push_back(json::parse(line));
  EXPECT_EQ(events[0]["event"], "drive");
  EXPECT_EQ(events[0]["time"], "2026-11-26T12:00:00Z");
  EXPECT_EQ(events[0]["id"], "ATA-0003");
  EXPECT_EQ(events[0]["stage"], "set_aside");
  EXPECT_EQ(events[0]["reason"], "three discs in a row failed");
  EXPECT_EQ(events[1]["event"], "disc");
  EXPECT_EQ(events[1]["time"], "2026-11-26T11:12:40Z");
  EXPECT_EQ(events[1]["end"], "published");
  EXPECT_EQ(events[1]["drive"], "ATA-0001");
  EXPECT_EQ(events[2]["event"], "totals");
  EXPECT_EQ(events[2]["ends"]["published"], 42);
  EXPECT_EQ(events[3],
            json({{"event", "need"}, {"time", "2026-11-26T12:00:00Z"}, {"text", "look at drive 2"}}));
  EXPECT_EQ(events[4]["event"], "settled");
  EXPECT_EQ(events[5]["event"], "settled");
  EXPECT_EQ(events[6]["event"], "stopping");
}

TEST(StationJson, TellsProgress) {
  RipProgress p = test::progress_of(50, 100, 8);
  json event = json::parse(progress_event("d", p, "t"));
  EXPECT_EQ(event["event"], "progress");
  EXPECT_EQ(event["drive"], "d");
  EXPECT_EQ(event["sectors_done"], 50);
  EXPECT_EQ(event["seconds_left"], nullptr);
  p.time_left = std::chrono::seconds(0);
  EXPECT_EQ(json::parse(progress_event("d", p, "t"))["seconds_left"], 0);
}

}  // namespace
}  // namespace binrip::batch
