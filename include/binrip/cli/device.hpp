// DEVICE on the command line: a drive node, a software drive, or a recorded trace.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/drive/open_drive.hpp"
#include "binrip/drive/transport.hpp"
#include "binrip/sim/clock.hpp"

namespace binrip::drive {
struct ConfigFile;
}

namespace binrip::cli {

struct DeviceOptions {
  std::string name;  // "/dev/sr0", "sim:demo", "replay:trace.txt"
  sim::Clock sim_clock = sim::Clock::virtual_time;
  std::vector<std::string> sim_options;  // KEY=VALUE
  std::filesystem::path record_trace;    // empty: none
  // The way to a drive node; nothing: as the configuration says, else automatic.
  std::optional<drive::TransportChoice> transport = std::nullopt;
};
DeviceOptions with_config(DeviceOptions options, const drive::ConfigFile& config);

// Goes in the right order: the transport writes its trace until it is gone.
struct OpenDevice {
  std::unique_ptr<std::ofstream> trace;
  std::unique_ptr<drive::Transport> transport;
  std::vector<std::string> warnings;  // a line each
  std::string way = {}, why = {};     // to a drive node: "libcdio on /dev/sr0", and why so
};

// Names: "sim:demo", "sim:zoo/NAME", "sim:PATH" (.cue or .ccd), "replay:FILE", else a device node.
Result<OpenDevice> open_device(const DeviceOptions& options);

}  // namespace binrip::cli
