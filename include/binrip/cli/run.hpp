// The program.
#pragma once

#include <string>
#include <vector>

#include "binrip/cli/host.hpp"

namespace binrip::cli {

// Runs the command line `arguments` (without the program's name) and gives the exit code.
int run(const std::vector<std::string>& arguments, Host& host);

// The same with the real drives, files, signals, and standard streams.
int run_program(int argc, char** argv);

}  // namespace binrip::cli
