#include "binrip/image/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace binrip::image {
namespace {

// Length of the well-formed sequence at the start of `s`, 0 when there is none (Unicode, table 3-7).
std::size_t sequence_length(std::string_view s) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  const unsigned second = byte(1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool fits = tail(1) && (lead != 0xE0 || second >= 0xA0) && (lead != 0xED || second < 0xA0);
    return fits && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool fits = tail(1) && (lead != 0xF0 || second >= 0x90) && (lead != 0xF4 || second < 0x90);
    return fits && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string latin1_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

std::string as_utf8(std::string_view text) {
  return is_utf8(text) ? std::string(text) : latin1_to_utf8(text);
}

std::string visible(std::string_view text) {
  const std::string utf8 = as_utf8(text);
  std::string out;
  for_each_char(utf8, [&](char32_t code, std::string_view bytes) {
    if (is_control(code)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    } else {
      out += bytes;
    }
  });
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  return text.substr(0, limit);
}

std::size_t display_width(std::string_view utf8) {
  struct Range {
    char32_t first, last;
  };
  const auto among = [](const auto& ranges, char32_t code) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](Range r) { return code >= r.first && code <= r.last; });
  };
  // The blocks of wide characters (UAX #11) that texts of discs can hold, and pictures.
  constexpr std::array<Range, 10> wide = {{{0x1100, 0x115F},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0xA4CF},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0x1F300, 0x1F64F},
                                           {0x1F900, 0x1F9FF},
                                           {0x20000, 0x3FFFD}}};
  // What stands above, below or between others: accents, kana's sound marks, joiners, variation selectors.
  constexpr std::array<Range, 8> none = {{{0x0300, 0x036F},
                                          {0x0483, 0x0489},
                                          {0x0591, 0x05BD},
                                          {0x064B, 0x065F},
                                          {0x200B, 0x200F},
                                          {0x20D0, 0x20F0},
                                          {0x3099, 0x309A},
                                          {0xFE00, 0xFE0F}}};
  std::size_t width = 0;
  for_each_char(utf8, [&](char32_t code, std::string_view) {
    if (code < 0x300) {
      ++width;
    } else if (!among(none, code)) {
      width += among(wide, code) ? 2U : 1U;
    }
  });
  return width;
}

}  // namespace binrip::image
