// A software drive as the command line sets it up.
#pragma once

#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::cli {

// A software drive's ways as --sim-option tells them.
struct SimSetup {
  sim::Habits habits;
  sim::FaultMap faults;
  sim::Medium medium = sim::Medium::disc;
  sim::Tray tray = sim::Tray::closed;
};
// Changes `setup`.
Result<SimSetup> parse_sim_options(const std::vector<std::string>& options, SimSetup setup = {});

}  // namespace binrip::cli
