#include "option_values.hpp"

#include <charconv>

#include <fmt/format.h>

namespace binrip::cli {

tl::unexpected<Error> usage_error(std::string message) {
  return fail(ErrorKind::usage, std::move(message), "`binrip --help` lists commands and options");
}

Result<int> number(std::string_view option, std::string_view text, std::string_view what, int lowest,
                   int highest) {
  const bool plus = text.starts_with('+') && !text.starts_with("+-");
  const std::string_view digits = plus ? text.substr(1) : text;
  int value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = problem == std::errc() && end == digits.data() + digits.size();
  if (!whole || value < lowest || value > highest) {
    return usage_error(
        fmt::format("{}: expected {} from {} to {}, got \"{}\"", option, what, lowest, highest, text));
  }
  return value;
}

Result<std::chrono::seconds> duration(std::string_view option, std::string_view text) {
  constexpr int kMost = 1'000'000;
  int seconds_each = 60;
  std::string_view digits = text;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    seconds_each = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : 3600;
    digits.remove_suffix(1);
  }
  const auto value = number(option, digits, "", 1, kMost);
  if (!value) {
    return usage_error(fmt::format("{}: expected a time such as 90m, 45s or 2h, got \"{}\"", option, text));
  }
  return std::chrono::seconds(std::int64_t{*value} * seconds_each);
}

}  // namespace binrip::cli
