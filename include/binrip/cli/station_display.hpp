// Shows a station of drives while it works.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "binrip/cli/console.hpp"
#include "binrip/cli/output_options.hpp"

namespace binrip::batch {
class ViewBoard;
}

namespace binrip::cli {

// Follows the board on a thread of its own until it is destroyed; then it has told the last that there was,
// and a terminal is as it was before.
class StationDisplay {
 public:
  virtual ~StationDisplay() = default;
  // A warning, from any thread: one line for people.
  virtual void warn(const std::string& text) = 0;
};

struct StationStreams {
  std::ostream& out;  // for JSON
  std::ostream& err;  // for people
  Terminal terminal;  // behind err
};

// automatic: on a terminal a table that is redrawn in place, else a line for each change, on err. json:
// objects, a line each, on out (binrip-station(7)). none, or quiet: warnings only; with quiet none of these
// either. The board must outlive it.
std::unique_ptr<StationDisplay> show_station(const batch::ViewBoard& board, StationStreams streams,
                                             ProgressKind kind, Verbosity verbosity);

}  // namespace binrip::cli
