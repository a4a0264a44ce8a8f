// Runs an installed program: no shell, no descriptors of ours, and an end in any case.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip {

// Where PATH has it; nothing when it is not installed.
std::optional<std::filesystem::path> find_program(std::string_view name);

// none: standard input is empty, what it writes is kept, and there is no terminal to ask on. kept: it can ask
// the user for something, and writes to standard error.
enum class AskUser { none, kept };

struct ProgramRun {
  std::vector<std::string> arguments;  // the first is the program, found in PATH
  AskUser ask = AskUser::none;
  std::chrono::seconds limit{60};
  std::filesystem::path input = "/dev/null";  // with AskUser::none
};
struct ProgramEnd {
  int exit_code = 0;   // 128 + the signal that ended it
  std::string output;  // with AskUser::none: both streams, the first 64 KiB
};

// Errors: io when it cannot be started; timeout when it took longer than its limit; cancelled. Then it has
// been ended (SIGTERM, a second later SIGKILL).
Result<ProgramEnd> run_program(const ProgramRun& program, const std::stop_token& stop = {});

}  // namespace binrip
