#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

std::string_view to_string(DriveStage stage) {
  switch (stage) {
    case DriveStage::gone:
      return "gone";
    case DriveStage::empty:
      return "empty";
    case DriveStage::loading:
      return "loading";
    case DriveStage::identifying:
      return "identifying";
    case DriveStage::ripping:
      return "ripping";
    case DriveStage::verifying:
      return "verifying";
    case DriveStage::publishing:
      return "publishing";
    case DriveStage::ejecting:
      return "ejecting";
    case DriveStage::done:
      return "done";
    case DriveStage::set_aside:
      return "set aside";
  }
  return "unknown";
}

std::string_view to_string(DiscEnd end) {
  switch (end) {
    case DiscEnd::published:
      return "published";
    case DiscEnd::second_copy:
      return "second copy";
    case DiscEnd::mended:
      return "mended";
    case DiscEnd::skipped:
      return "skipped";
    case DiscEnd::failed:
      return "failed";
  }
  return "unknown";
}

}  // namespace binrip::batch
