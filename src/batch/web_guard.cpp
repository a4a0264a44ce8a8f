#include "batch/web_guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <arpa/inet.h>

#include "binrip/base/json.hpp"
#include "binrip/base/sha256.hpp"

namespace binrip::batch {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_address(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(family, text.c_str(), ignored.data()) == 1;
}

bool is_port(std::string_view text) {
  return text.empty() ||
         (text.front() == ':' && text.size() <= 6 &&
          std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

struct ActionName {
  std::string_view name;
  ControlAction action;
};
constexpr std::array kActions = {
    ActionName{"set_aside", ControlAction::set_aside}, ActionName{"take_back", ControlAction::take_back},
    ActionName{"eject", ControlAction::eject}, ActionName{"stop", ControlAction::stop}};

std::string text_member(const Json& object, const char* key) {
  const std::string* text = object.member(key).as_string();
  return text != nullptr ? *text : std::string();
}

}  // namespace

bool is_own_host(std::string_view host, const std::vector<std::string>& names) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != std::string_view::npos && is_port(host.substr(end + 1)) &&
           is_address(std::string(host.substr(1, end - 1)), AF_INET6);
  }
  const std::string_view name = host.substr(0, host.find(':'));
  if (name.empty() || !is_port(host.substr(name.size()))) return false;
  return is_address(std::string(name), AF_INET) || same_name(name, "localhost") ||
         std::any_of(names.begin(), names.end(), [&](const auto& own) { return same_name(name, own); });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  constexpr std::string_view kScheme = "http://";
  return origin.starts_with(kScheme) && same_name(origin.substr(kScheme.size()), host);
}

bool has_token(std::string_view authorization, std::string_view token) {
  constexpr std::string_view kScheme = "Bearer ";
  if (token.empty() || !authorization.starts_with(kScheme)) return false;
  // Digests have one length, and how far they agree says nothing of the token.
  const std::string given = sha256_hex(authorization.substr(kScheme.size()));
  const std::string right = sha256_hex(token);
  unsigned different = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    different |=
        static_cast<unsigned char>(given[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(right[i]));
  }
  return different == 0;
}

Result<ControlRequest> parse_control_request(std::string_view body) {
  const auto object = parse_json(body);
  if (!object || !object->is_object()) return fail(ErrorKind::invalid, "the request is no JSON object");
  const std::string name = text_member(*object, "action");
  const auto* const found =
      std::find_if(kActions.begin(), kActions.end(), [&](const ActionName& a) { return a.name == name; });
  if (found == kActions.end()) {
    return fail(ErrorKind::invalid, "\"action\" is none of set_aside, take_back, eject, stop");
  }
  ControlRequest request{found->action, text_member(*object, "drive")};
  if (request.action != ControlAction::stop && request.drive.empty()) {
    return fail(ErrorKind::invalid, "\"drive\" is missing");
  }
  return request;
}

Result<void> carry_out(const ControlRequest& request, StationControl& control) {
  switch (request.action) {
    case ControlAction::set_aside:
      return control.set_aside(request.drive);
    case ControlAction::take_back:
      return control.take_back(request.drive);
    case ControlAction::eject:
      return control.eject(request.drive);
    case ControlAction::stop:
      return control.stop_after_current();
  }
  return fail(ErrorKind::invalid, "no such action");
}

}  // namespace binrip::batch
