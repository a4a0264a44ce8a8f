// What the kernel's /sys says of an optical drive. Every function takes the root that /sys lies under, so
// that it can be tried on a tree of files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace binrip::drive {

// How a drive is connected, as far as it matters here: libata tells timeouts and bus errors as sense data of
// its own making, other drivers tell them beside the drive's status only.
enum class Bus { ata, usb, other };
std::string_view to_string(Bus bus);

struct KernelFacts {
  std::string block = {};    // "sr0"; empty: the sr driver has no node for it
  std::string generic = {};  // "sg1"; empty: the sg module is not loaded
  Bus bus = Bus::other;
  std::string vendor = {}, model = {};        // as the kernel heard them
  std::string state = {};                     // "running", "offline"; empty: not said
  std::optional<int> timeout_seconds = {};    // of the kernel's own commands
  std::optional<int> max_sectors_kb = {};     // largest transfer
  std::optional<int> max_hw_sectors_kb = {};  // that the adapter takes
  std::optional<int> events_poll_msecs = {};  // how often the kernel looks for another disc; -1: the default
};

// By the kernel's name of either node, "sr0" or "sg1". Nothing when there is no such device.
std::optional<KernelFacts> kernel_facts(const std::string& name, const std::filesystem::path& root = "/");

// The file's first line, without spaces at its ends; nothing when it cannot be read.
std::optional<std::string> read_line(const std::filesystem::path& file);
std::optional<int> read_number(const std::filesystem::path& file);

}  // namespace binrip::drive
