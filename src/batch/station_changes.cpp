#include "binrip/batch/station_changes.hpp"

#include <algorithm>
#include <numeric>

namespace binrip::batch {
namespace {

bool same_state(const DriveView& a, const DriveView& b) {
  return a.stage == b.stage && a.disc == b.disc && a.reason == b.reason && a.node == b.node;
}

std::int64_t all_ends(const StationView& view) {
  return std::accumulate(view.ends.begin(), view.ends.end(), std::int64_t{0});
}

std::vector<std::string> not_among(const std::vector<std::string>& texts,
                                   const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  for (const std::string& text : texts) {
    if (std::find(others.begin(), others.end(), text) == others.end()) rest.push_back(text);
  }
  return rest;
}

}  // namespace

StationChanges changes_between(const StationView& before, const StationView& now) {
  StationChanges changes;
  for (const DriveView& drive : now.drives) {
    const auto old = std::find_if(before.drives.begin(), before.drives.end(),
                                  [&](const DriveView& other) { return other.id == drive.id; });
    if (old == before.drives.end() || !same_state(*old, drive)) changes.drives.push_back(drive);
  }
  const auto listed = static_cast<std::int64_t>(now.finished.size());
  const std::int64_t count = std::clamp(all_ends(now) - all_ends(before), std::int64_t{0}, listed);
  changes.finished.assign(now.finished.rend() - count, now.finished.rend());
  changes.needs = not_among(now.needs_a_hand, before.needs_a_hand);
  changes.settled = not_among(before.needs_a_hand, now.needs_a_hand);
  changes.stopping = now.stopping && !before.stopping;
  return changes;
}

}  // namespace binrip::batch
