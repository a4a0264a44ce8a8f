// The way to a real drive: libcdio's MMC pass-through. The only place that uses <cdio/…> for drive access,
// and the only one that touches libcdio's process-wide log handler and timeout.
#pragma once

#include <memory>
#include <string>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

enum class Access { read_write, read_only };

struct CdioDevice {
  std::unique_ptr<Transport> transport;
  Access access = Access::read_write;  // read_only: speed and tray lock are refused by the kernel
};

// Opens a device node. Tries read-write first, then read-only. Errors, each with a hint: no_device (no such
// file, or ENXIO), permission, usage (not an optical drive: a directory, a regular file, a disk), io.
Result<CdioDevice> open_cdio(const std::string& path);

}  // namespace binrip::drive
