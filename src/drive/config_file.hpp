// Where the configuration file lies.
#pragma once

#include <cstddef>
#include <filesystem>

namespace binrip::drive {

inline constexpr std::size_t kLargestConfig = 1 << 20;

// Empty where neither $XDG_CONFIG_HOME nor $HOME says it.
std::filesystem::path config_path();

}  // namespace binrip::drive
