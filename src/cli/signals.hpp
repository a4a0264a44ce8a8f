// SIGINT, SIGTERM and SIGHUP as a wish to stop.
#pragma once

#include <memory>

#include "binrip/cli/host.hpp"

namespace binrip::cli {

// Watches until it is destroyed. Must be made before other threads are, which inherit the blocked signals.
// The first signal asks to stop, a later one ends the process at once. Signals that whoever started the
// program had ignored stay ignored.
std::unique_ptr<Interruption> watch_signals();

}  // namespace binrip::cli
