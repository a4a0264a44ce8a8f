#include "binrip/job/fill.hpp"

#include <charconv>

#include <fmt/format.h>

namespace binrip::job {

namespace {

constexpr std::string_view kPattern = "pattern";
constexpr std::string_view kZero = "zero";
constexpr std::size_t kMostBytes = 64;

Fill repeated(std::string_view word, Bytes bytes) {
  Fill fill{std::string(word), {}};
  for (std::size_t i = 0; i < fill.sector.size(); ++i) fill.sector[i] = bytes[i % bytes.size()];
  return fill;
}

}  // namespace

Fill fill_pattern() {
  constexpr std::string_view text = "binrip: unreadable sector       ";
  return repeated(kPattern, Bytes(reinterpret_cast<const Byte*>(text.data()), text.size()));
}

Result<Fill> parse_fill_option(std::string_view text) {
  if (text == kPattern) return fill_pattern();
  constexpr std::array<Byte, 1> zero{};
  if (text == kZero) return repeated(kZero, zero);
  ByteVector bytes;
  bool right = !text.empty() && text.size() % 2 == 0 && text.size() <= 2 * kMostBytes;
  std::string word;
  for (std::size_t i = 0; right && i < text.size(); i += 2) {
    Byte value = 0;
    const auto [end, problem] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    right = problem == std::errc() && end == text.data() + i + 2;
    bytes.push_back(value);
    word += fmt::format("{:02x}", value);
  }
  if (!right) {
    return fail(ErrorKind::usage,
                fmt::format("--fill: expected pattern, zero, or bytes in hex, got \"{}\"", text),
                "bytes are two digits each, at most 64 of them, as in --fill deadbeef");
  }
  return repeated(word, bytes);
}

}  // namespace binrip::job
