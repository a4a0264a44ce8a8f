// Texts from discs and sheets: which encoding they are in, and how to show them safely.
#pragma once

#include <string>
#include <string_view>

namespace binrip::image {

// Well-formed UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
std::string latin1_to_utf8(std::string_view text);
// The text itself when it is UTF-8; else taken as Latin-1, which no text can fail to be.
std::string as_utf8(std::string_view text);
// UTF-8 in which control characters (C0, DEL, C1) stand as \x1b, a backslash as itself.
std::string visible(std::string_view text);
// The longest beginning of at most `limit` bytes that does not cut a character.
std::string_view cut_utf8(std::string_view text, std::size_t limit);
// Columns on a terminal, near enough for tables: code points, wide East Asian ones counted twice.
std::size_t display_width(std::string_view utf8);

// Calls f(code_point, bytes) for each character of well-formed UTF-8.
template <class F>
void for_each_char(std::string_view utf8, F f) {
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
    }
    f(code, utf8.substr(i, length));
    i += length;
  }
}
constexpr bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

}  // namespace binrip::image
