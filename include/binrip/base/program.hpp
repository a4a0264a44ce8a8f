// Runs an installed program: no shell, no descriptors of ours, and an end in any case.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
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
  std::filesystem::path input = "/dev/null";            // with AskUser::none
  std::map<std::string, std::string> environment = {};  // by name, beside our own
  std::size_t most_output = 64U << 10;                  // bytes of it that are kept
  std::string* said_until_ended = nullptr;              // gets the output of one that had to be ended
};
struct ProgramEnd {
  int exit_code = 0;   // 128 + the signal that ended it
  std::string output;  // with AskUser::none: both streams, from the beginning
};

// Errors: io when it cannot be started; timeout when it took longer than its limit; cancelled. Then it has
// been ended (SIGTERM, a second later SIGKILL), with AskUser::none together with all that it has started.
// What it has started and left running at an end of its own is not waited for, even if it holds the output
// open.
Result<ProgramEnd> run_program(const ProgramRun& program, const std::stop_token& stop = {});

}  // namespace binrip
