// A drive as `binrip drives` lists it.
#pragma once

#include <string>

#include "binrip/drive/discovery.hpp"

namespace binrip::cli {

// A drive of this machine with what it says of itself when it is opened for a moment.
struct DriveState {
  drive::FoundDrive found;
  std::string medium = "unknown";  // "disc", "none", "tray open"
  std::string problem = {};        // why it could not be asked; empty: it was
  bool reads_cd_da = false, c2 = false, cd_text = false, raw_subchannel = false, accurate_stream = false;
};

}  // namespace binrip::cli
