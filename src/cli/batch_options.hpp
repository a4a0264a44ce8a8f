// The command line of `binrip batch`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cli/options.hpp"

namespace binrip::cli {

inline constexpr std::string_view kBatchCommand = "batch";

// What stands after "batch". Errors: usage.
Result<Invocation> parse_batch(std::vector<std::string> arguments);

}  // namespace binrip::cli
