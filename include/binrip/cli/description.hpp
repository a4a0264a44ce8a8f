// What is in a drive, as `binrip info` shows it.
#pragma once

#include <string>

#include "binrip/job/describe.hpp"

namespace binrip::cli {

struct Description {
  job::DriveDescription drive;
  job::DiscDescription disc;
  std::string transport = {};  // the way to the drive and why, for people; empty: no drive node
};

}  // namespace binrip::cli
