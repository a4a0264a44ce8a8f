// The command lines of what looks at drives, or moves their trays.
#pragma once

#include "binrip/cli/device.hpp"
#include "binrip/cli/output_options.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::cli {

struct InfoInvocation {
  DeviceOptions device;
  drive::ProfileOverrides overrides;
  OutputFormat format = OutputFormat::text;
  Verbosity verbosity = Verbosity::normal;
};
enum class OffsetList { keep, update };  // AccurateRip's, in the cache

struct DrivesInvocation {
  OutputFormat format = OutputFormat::text;
  OffsetList offsets = OffsetList::keep;
};
struct DoctorInvocation {
  DeviceOptions device;  // without a name: all drives of this machine
  OutputFormat format = OutputFormat::text;
};
enum class TrayMove { none, open, close };

struct TrayInvocation {
  DeviceOptions device;
  TrayMove move = TrayMove::none;
  OutputFormat format = OutputFormat::text;
};
struct OffsetInvocation {
  DeviceOptions device;
  Verbosity verbosity = Verbosity::normal;
};

}  // namespace binrip::cli
