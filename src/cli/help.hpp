// The texts of --help and --version.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace binrip::cli {

// What --help says of an option.
struct OptionHelp {
  std::string group;
  std::string short_name;  // "q", or empty
  std::string long_name;   // "quiet"
  std::string type;        // of its value; empty: a flag
  std::string help;
};

// Usage, and the options by group.
std::string help_text(std::string_view command, std::span<const OptionHelp> options);
std::string version_text();

}  // namespace binrip::cli
