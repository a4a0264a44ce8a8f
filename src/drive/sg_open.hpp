// A transport over SG_IO on a node that is open already: a drive that hangs draws out every opening.
#pragma once

#include <string>

#include "drive/device_node.hpp"

namespace binrip::drive {

// `path` is for messages and for reopen(). Error: usage when the node takes no SCSI commands.
Result<OpenedNode> sg_on(Descriptor descriptor, Access access, const std::string& path, std::size_t limit);

}  // namespace binrip::drive
