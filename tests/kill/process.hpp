// Runs a program, and ends it after a while where that is asked for.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace binrip::kill {

struct Ended {
  int code = 0;        // 128 + the signal that ended it
  std::string errors;  // what it wrote to stderr
  double seconds = 0;
};

// Standard output goes nowhere. `environment` comes on top of that of this process. `kill_after`: seconds
// until SIGKILL.
Ended run_program(const std::vector<std::string>& command,
                  const std::vector<std::pair<std::string, std::string>>& environment,
                  std::optional<double> kill_after);

}  // namespace binrip::kill
