// Who may ask the web server for what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/batch/station_control.hpp"

namespace binrip::batch {

// Whether a Host header is one that this server goes by: an address, localhost, or one of `names`, each with
// or without a port. Any other name may be one that a foreign page has had pointed here (DNS rebinding).
bool is_own_host(std::string_view host, const std::vector<std::string>& names);

// Whether an Origin header is the page that this server itself gave under that Host.
bool is_same_origin(std::string_view origin, std::string_view host);

// Whether an Authorization header is "Bearer TOKEN"; takes as long for any wrong one. Never for an empty
// token.
bool has_token(std::string_view authorization, std::string_view token);

enum class ControlAction { set_aside, take_back, eject, stop };
struct ControlRequest {
  ControlAction action = ControlAction::stop;
  std::string drive;  // a DriveView::id; empty for stop
};
// {"action": "eject", "drive": "ID"}. Errors: invalid.
Result<ControlRequest> parse_control_request(std::string_view body);
Result<void> carry_out(const ControlRequest& request, StationControl& control);

}  // namespace binrip::batch
