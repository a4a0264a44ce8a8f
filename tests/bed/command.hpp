// The command that a bed runs beside its drives.
#pragma once

#include <csignal>
#include <string>
#include <vector>

#include <sys/types.h>

namespace binrip::bed {

constexpr int kBedFailed = 125;  // as env(1) and timeout(1): the bed itself failed, not the command

// The signals that a bed waits for while its command runs: blocked before any thread is made.
sigset_t handled_signals();

// Starts the command with no signal blocked. -1, and errno, when that fails.
pid_t start(const std::vector<std::string>& command);

// The exit code that a shell would give for what waitpid() says.
int exit_code(int status);

}  // namespace binrip::bed
