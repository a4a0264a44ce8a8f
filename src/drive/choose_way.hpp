// Which way to a drive is the safest.
#pragma once

#include <optional>
#include <string>

#include "binrip/drive/open_drive.hpp"
#include "binrip/drive/sysfs.hpp"

namespace binrip::drive {

struct WayFacts {
  std::string block, generic;                          // nodes, or empty: there is none
  std::optional<Access> block_access, generic_access;  // nothing: may not be opened
  Bus bus = Bus::other;
  bool timeouts_can_be_set = false;  // the kernel takes a default timeout for the block node
  bool generic_asked = false;        // the user gave the sg node
};

struct Way {
  enum class Kind { cdio, sg } kind = Kind::cdio;
  std::string node;
  std::string why;
};

// automatic takes SG_IO
// - where there is no sr node that can be opened, or the user gave the sg node;
// - where the sr node may only be read and the sg node may be written: the kernel's filter is passed;
// - where the device takes no default timeout, so that libcdio's commands would last as the kernel likes;
// - on other buses than ATA: there a command that the bus lost has no status of the drive, and what has no
//   status is a success to the ioctl that libcdio uses.
Way choose_way(TransportChoice choice, const WayFacts& facts);

}  // namespace binrip::drive
