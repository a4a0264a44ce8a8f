// --verbose: what is done, and what the drive answers.
#pragma once

#include <memory>

#include "binrip/drive/transport.hpp"

namespace spdlog {
class logger;
}

namespace binrip::cli {

class Console;
struct OpenDevice;

// Lines go above the console's live line: "binrip: debug: 12.345 …", seconds since the start.
std::shared_ptr<spdlog::logger> verbose_logger(Console& console);

// Logs how the device was opened.
void log_opening(const OpenDevice& device, spdlog::logger& logger);
// Logs each command that does not succeed or takes long, and how many there were at the end.
std::unique_ptr<drive::Transport> log_commands(std::unique_ptr<drive::Transport> inner,
                                               std::shared_ptr<spdlog::logger> logger);

}  // namespace binrip::cli
