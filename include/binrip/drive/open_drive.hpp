// Opens a drive of this machine by the way that is the safest for it.
#pragma once

#include <string>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

// libcdio wherever it is equal; SG_IO where that is safer; see choose_way in src/drive/choose_way.hpp.
enum class TransportChoice { automatic, cdio, sg };

struct OpenedDrive {
  std::unique_ptr<Transport> transport;
  Access access = Access::read_write;
  std::string way;  // "libcdio on /dev/sr0", "SG_IO on /dev/sg1"
  std::string why;  // a clause: "its bus tells a lost command apart from the drive's status only"
};

// `path`: /dev/srN, its /dev/sgN, or a link to one of them. Errors as open_cdio. The transport's reopen()
// finds the drive again when it has come back under another number: by its serial number or the place where
// it is plugged in. It waits for it for half a minute, and gives no_device when it is not there by then.
Result<OpenedDrive> open_drive(const std::string& path, TransportChoice choice = TransportChoice::automatic);

}  // namespace binrip::drive
