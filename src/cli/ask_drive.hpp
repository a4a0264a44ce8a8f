#pragma once

#include "binrip/cli/drive_state.hpp"

namespace binrip::drive {
class Transport;
}

namespace binrip::cli {

// Opens the drive for a moment and asks what it can do; nothing moves in it.
DriveState ask_drive(const drive::FoundDrive& found);

// The same of a drive that is open.
void ask_open_drive(drive::Transport& transport, DriveState& state);

}  // namespace binrip::cli
