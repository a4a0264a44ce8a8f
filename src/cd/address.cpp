#include "binrip/cd/address.hpp"

#include <fmt/format.h>

namespace binrip::cd {
namespace {

// Digits only, of a length between the two: nothing else that strtol or from_chars would take.
std::optional<int> parse_digits(std::string_view text, std::size_t shortest, std::size_t longest) {
  if (text.size() < shortest || text.size() > longest) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::string to_string(Msf m) { return fmt::format("{:02}:{:02}:{:02}", m.minute, m.second, m.frame); }

std::optional<Msf> parse_msf(std::string_view text) {
  const std::size_t first = text.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto minute = parse_digits(text.substr(0, first), 2, 3);
  const auto seconds = parse_digits(text.substr(first + 1, second - first - 1), 2, 2);
  const auto frame = parse_digits(text.substr(second + 1), 2, 2);
  if (!minute || !seconds || !frame || *seconds >= 60 || *frame >= kSectorsPerSecond) return std::nullopt;
  return Msf{*minute, *seconds, *frame};
}

}  // namespace binrip::cd
