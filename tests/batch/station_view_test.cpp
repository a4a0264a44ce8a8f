#include "binrip/batch/station_view.hpp"

#include <set>

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

TEST(StationView, EachStageAndEndHasItsOwnName) {
  std::set<std::string_view> names;
  for (const DriveStage stage : kAllDriveStages) names.insert(to_string(stage));
  for (const DiscEnd end : kAllDiscEnds) names.insert(to_string(end));
  EXPECT_EQ(names.size(), kAllDriveStages.size() + kAllDiscEnds.size());
  EXPECT_EQ(names.count("unknown"), 0U);
}

}  // namespace
}  // namespace binrip::batch
