// Requests to one host keep a distance, whichever process they come from.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string_view>

#include "binrip/base/result.hpp"

namespace binrip::net {

// Waits until `gap` has gone by since the last pass of any process through this host's gate, a file in
// `folder`. Those who wait queue at its lock. Errors: cancelled, timeout after `limit`, what File gives.
Result<void> pass_gate(const std::filesystem::path& folder, std::string_view host,
                       std::chrono::milliseconds gap, std::chrono::milliseconds limit, std::stop_token stop);

}  // namespace binrip::net
