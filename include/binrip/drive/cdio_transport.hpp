// The way to a real drive: libcdio's MMC pass-through. The only place that uses <cdio/…> for drive access,
// and the only one that touches libcdio's process-wide log handler and timeout.
#pragma once

#include <memory>
#include <string>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

// Opens a block device node, /dev/sr0. Tries read-write first, then read-only. Errors, each with a hint:
// no_device (no such file, or ENXIO), permission, usage (not an optical drive: a directory, a regular file, a
// disk), io.
//
// libcdio hands over no host status and no residual. What it calls a success after as long as the command
// was allowed to take is a timeout here; a command that the bus lost sooner stays a success whose buffer
// nothing has touched.
Result<OpenedNode> open_cdio(const std::string& path);

// Of the library that is loaded: "2.1.0".
std::string libcdio_version();

}  // namespace binrip::drive
