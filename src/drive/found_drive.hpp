// What udev and sysfs say of a block device, and the drive that it makes: apart from udev itself, so that it
// can be tried on any facts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "binrip/drive/discovery.hpp"

namespace binrip::drive {

struct DeviceFacts {
  std::string kernel_name;                        // sr0
  std::string node;                               // /dev/sr0, or empty
  std::string generic_name;                       // sg1, or empty
  std::vector<std::string> links;                 // /dev/cdrom, /dev/disk/by-id/…
  std::map<std::string, std::string> properties;  // udev's: ID_CDROM, ID_VENDOR, …
  std::map<std::string, std::string> attributes;  // sysfs': vendor, model, rev
};

// Nothing when the device is not an optical drive.
std::optional<FoundDrive> found_drive(const DeviceFacts& facts);

// By name, numbers by value.
void sort_by_number(std::vector<FoundDrive>& drives);

}  // namespace binrip::drive
