// What is new in a view of a station: what is told line by line, or in notices.
#pragma once

#include <string>
#include <vector>

#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

// Copies, so that they outlive the views.
struct StationChanges {
  std::vector<DriveView> drives;       // new, or with another stage, disc, reason or node
  std::vector<FinishedDisc> finished;  // the oldest first
  std::vector<std::string> needs;      // what a person has to do that was not there before
  std::vector<std::string> settled;    // what was, and is no more
  bool stopping = false;               // it has begun to stop
};

// `before` may be an empty view. Finished discs are counted by StationView::ends; those that have dropped out
// of the list meanwhile are missing.
StationChanges changes_between(const StationView& before, const StationView& now);

}  // namespace binrip::batch
