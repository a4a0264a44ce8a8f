#include <string>

#include "batch/web_guard.hpp"

#include "binrip/batch/web_server.hpp"

// One input as each of the texts that come with a request.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip::batch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // A name that is no address, not ours and not localhost is never ours, whatever stands round it.
  if (is_own_host(text, {"tower"}) && text.find("evil") != std::string_view::npos) __builtin_trap();
  is_same_origin(text, "127.0.0.1:8700");
  const std::string token = "0123456789abcdef";
  if (has_token(text, token) != (text == "Bearer " + token)) __builtin_trap();
  if (const auto request = parse_control_request(text);
      request && request->action != ControlAction::stop && request->drive.empty()) {
    __builtin_trap();
  }
  if (const auto address = parse_listen_address(text); address && address->host.empty()) __builtin_trap();
  return 0;
}
