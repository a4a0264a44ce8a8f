// A transport that finds its drive again.
#pragma once

#include <functional>
#include <vector>

#include "binrip/drive/discovery.hpp"
#include "binrip/drive/transport.hpp"

namespace binrip::drive {

// How a drive is known again. Serial numbers are those that the drive and udev tell; either may be missing.
struct DriveMarks {
  std::string vendor, product;       // INQUIRY
  std::string serial;                // the drive's own
  std::string udev_serial;           // a USB bridge's, perhaps
  std::vector<std::string> by_path;  // where it is plugged in
};

// Whether what udev and the kernel know of a drive may be the one with these marks: the same model, and the
// same serial number, or without one the same place. Where they know neither, the drive itself is asked for
// its serial number. A like model alone is not enough: there may be another of it, with another disc. Others
// are not even opened: with one that hangs this could take minutes.
bool may_be(const FoundDrive& found, const DriveMarks& marks);

struct DriveSearch {
  std::function<Result<std::vector<FoundDrive>>()> find;
  std::function<Result<OpenedNode>(const std::string& node)> open;
  std::chrono::milliseconds limit{30'000};
  std::chrono::milliseconds interval{500};
};

// Takes the marks of the drive behind `transport`. Its reopen() opens the same node; if no drive answers
// there, or another one, it looks for the drive until the limit. Errors of reopen(): no_device, permission.
std::unique_ptr<Transport> follow_drive(std::unique_ptr<Transport> transport, DriveSearch search);

}  // namespace binrip::drive
