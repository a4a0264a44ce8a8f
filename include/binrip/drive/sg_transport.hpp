// The way to a real drive over the kernel's SG_IO, on /dev/srN or /dev/sgN. It tells what libcdio cannot: a
// timeout of each command's own, what became of the command on the bus, and how much data came.
#pragma once

#include <string>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

// Opens a node, read-write first, then read-only. `limit`: the largest transfer, where the caller knows (an
// sg node does not say; its sr sibling does). Errors as open_cdio.
//
// A command that timed out or was lost on the bus is an Error (timeout, bus, no_device), whatever stands in
// the buffer. What did not come, as the residual says, leaves the buffer as it was. Through sgN, where the
// kernel copies, a drive that claims more than it sent has the kernel's zeros or older data handed over;
// through srN the buffer stays as it was there, too. Through srN the kernel lets vendor commands pass only
// for CAP_SYS_RAWIO, and takes no timeout below 7 s; through an sgN that is open for writing all commands
// pass.
Result<OpenedNode> open_sg(const std::string& path, std::optional<std::size_t> limit = {});

}  // namespace binrip::drive
