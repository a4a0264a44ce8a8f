#include "name_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fold.hpp"

#include "binrip/batch/naming.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr std::string_view kForbidden = "<>:\"/\\|?*";
constexpr std::size_t kLongestSuffix = 60;  // bytes of a part in brackets that is kept when the rest is cut

constexpr bool in_range(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

// Characters that show nothing, or change how others are shown, so that two names look the same.
bool is_invisible(char32_t code) {
  return code == 0xAD || code == 0x34F || code == 0x61C || code == 0x180E || in_range(code, 0x200B, 0x200F) ||
         in_range(code, 0x202A, 0x202E) || in_range(code, 0x2060, 0x206F) || in_range(code, 0xFE00, 0xFE0F) ||
         code == 0xFEFF || in_range(code, 0xFFF0, 0xFFFB) || in_range(code, 0xE0000, 0xE0FFF) ||
         (code & 0xFFFE) == 0xFFFE;
}

bool is_space(char32_t code) {
  return code == U' ' || code == 0xA0 || code == 0x1680 || in_range(code, 0x2000, 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

// Names of devices, with any extension.
bool is_reserved(std::string_view component) {
  std::string name = fold_case(component.substr(0, component.find('.')));
  while (name.ends_with(' ')) name.pop_back();
  constexpr std::array<std::string_view, 6> names = {"con", "prn", "aux", "nul", "conin$", "conout$"};
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  if (!name.starts_with("com") && !name.starts_with("lpt")) return false;
  const std::string_view number = std::string_view(name).substr(3);
  return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\u00B9" ||
         number == "\u00B2" || number == "\u00B3";
}

std::string_view without_ends(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" .");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" .") + 1 - begin);
}

// The last part in brackets with the space before it, where the text ends with one; else nothing.
std::string_view bracket_suffix(std::string_view text) {
  if (text.empty() || (text.back() != ']' && text.back() != ')')) return {};
  const std::size_t begin = text.rfind(text.back() == ']' ? '[' : '(');
  if (begin == std::string_view::npos || begin == 0) return {};
  const std::size_t from = text[begin - 1] == ' ' ? begin - 1 : begin;
  return text.size() - from <= kLongestSuffix ? text.substr(from) : std::string_view{};
}

std::string cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  const std::string_view suffix = bracket_suffix(text);
  const std::string_view head =
      image::cut_utf8(text.substr(0, text.size() - suffix.size()), limit - suffix.size());
  return std::string(without_ends(head)) + std::string(suffix);
}

}  // namespace

std::string safe_value(std::string_view text) {
  std::string out;
  const std::string utf8 = image::as_utf8(text);
  image::for_each_char(utf8, [&](char32_t code, std::string_view bytes) {
    if (is_invisible(code)) return;
    if (image::is_control(code) || is_space(code)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (bytes.size() == 1 && kForbidden.find(bytes[0]) != std::string_view::npos) {
      out += '_';
    } else {
      out += bytes;
    }
  });
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string safe_component(std::string_view text) {
  std::string component = cut(without_ends(text), kLongestComponent);
  if (is_reserved(component)) component = cut("_" + component, kLongestComponent);
  return component;
}

std::string numbered(std::string_view component, int number) {
  const std::string suffix = fmt::format(" ({})", number);
  return cut(component, kLongestComponent - suffix.size()) + suffix;
}

}  // namespace binrip::batch
