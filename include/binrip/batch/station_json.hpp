// A station as JSON: for the web page, for programs that ask it, and as lines of events. The fields are
// documented in man/binrip-station.7. All texts come out as well-formed UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/batch/station_changes.hpp"
#include "binrip/batch/view_board.hpp"

namespace binrip::batch {

enum class ControlAccess { none, with_token };

// One line without its end.
std::string station_json(const PostedView& posted, ControlAccess control);

// An object for each change: "drive", "disc", "need", "settled", "stopping", and "totals" when discs have
// ended. `time`: ISO 8601, UTC.
std::vector<std::string> change_events(const StationChanges& changes, const StationView& now,
                                       std::string_view time);
// "progress" of a drive that rips.
std::string progress_event(const std::string& drive_id, const RipProgress& progress, std::string_view time);

}  // namespace binrip::batch
