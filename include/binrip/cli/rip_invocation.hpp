// The command lines that make an image: `rip`, `refine` and `merge`.
#pragma once

#include <string>
#include <vector>

#include "binrip/cli/device.hpp"
#include "binrip/cli/output_options.hpp"
#include "binrip/job/merge_options.hpp"
#include "binrip/job/rip_options.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::cli {

struct RipInvocation {  // `rip` and `refine`
  DeviceOptions device;
  job::RipOptions rip;             // but for the configuration file and the texts, which the command adds
  std::vector<std::string> texts;  // --set, as given
  net::Access access = net::Access::online;
  ProgressKind progress = ProgressKind::automatic;
  Verbosity verbosity = Verbosity::normal;
};
struct MergeInvocation {
  job::MergeOptions merge;
  ProgressKind progress = ProgressKind::automatic;
  Verbosity verbosity = Verbosity::normal;
};

}  // namespace binrip::cli
