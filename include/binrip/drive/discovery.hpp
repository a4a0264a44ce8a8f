// Optical drives of this machine, through udev.
#pragma once

#include <string>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::drive {

struct FoundDrive {
  std::string node;                             // /dev/sr0
  std::string generic_node;                     // /dev/sg1, or empty
  std::vector<std::string> by_id;               // /dev/disk/by-id/…
  std::vector<std::string> by_path;             // /dev/disk/by-path/…
  std::string vendor, model, revision, serial;  // as udev or sysfs know them
  bool media_present = false;                   // ID_CDROM_MEDIA
};

// Sorted by number: sr2 before sr10. An empty list is no error.
Result<std::vector<FoundDrive>> find_drives();

}  // namespace binrip::drive
