// What the values on the command line mean, for all commands.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "binrip/base/result.hpp"

namespace binrip::cli {

tl::unexpected<Error> usage_error(std::string message);

// A decimal number, perhaps with a sign. Errors: usage, "OPTION: expected WHAT from … to …, got …".
Result<int> number(std::string_view option, std::string_view text, std::string_view what, int lowest,
                   int highest);

// "90" or "90m" is minutes, "45s" seconds, "2h" hours. Errors: usage.
Result<std::chrono::seconds> duration(std::string_view option, std::string_view text);

// One of a few words. Errors: usage.
template <class T>
Result<T> choice(std::string_view option, std::string_view text,
                 std::initializer_list<std::pair<std::string_view, T>> words) {
  std::string expected;
  for (const auto& [word, value] : words) {
    if (word == text) return value;
    if (!expected.empty()) expected += ", ";
    expected += word;
  }
  return usage_error(fmt::format("{}: expected one of {}, got \"{}\"", option, expected, text));
}

}  // namespace binrip::cli
