// How a command ends that gives a text.
#pragma once

#include <string_view>

namespace binrip::cli {

struct Host;

inline constexpr int kSuccess = 0;
inline constexpr int kFailure = 1;

// Writes what was asked for to standard output; a full disk or a closed pipe is an error like any other.
int print_result(Host& host, std::string_view text);

}  // namespace binrip::cli
