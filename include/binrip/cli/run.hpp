// The program.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace binrip::cli {

struct Host;

// Runs the command line `arguments` (without the program's name) and gives the exit code.
int run(const std::vector<std::string>& arguments, Host& host);

// The same with the real drives, files, signals, and standard streams, but for what `change` puts in their
// place.
int run_program(int argc, char** argv, const std::function<void(Host&)>& change = {});

}  // namespace binrip::cli
