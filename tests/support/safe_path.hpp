// What a path may be that was made of names from anywhere, said once more and independently of the code that
// makes it. Gives what is wrong with it, nothing when all is well.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace binrip::test {

// `text` is well-formed UTF-8; whether it is, its caller has to see.
inline std::string wrong_with_component(std::string_view text) {
  if (text.empty()) return "an empty component";
  if (text.size() > 120) return "a component of " + std::to_string(text.size()) + " bytes";
  for (const char end : {text.front(), text.back()}) {
    if (end == '.' || end == ' ') return "a dot or a space at an end";
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
    if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && next < 0xA0)) return "a control character";
    if (std::string_view("<>:\"/\\|?*").find(text[i]) != std::string_view::npos)
      return "a forbidden character";
    if (byte == 0xE2 && next == 0x80 && third >= 0xA8 && third <= 0xAE) return "a mark of line or direction";
  }
  std::string device;
  for (const char c : text.substr(0, text.find('.'))) {
    device += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!device.empty() && device.back() == ' ') device.pop_back();
  for (const std::string_view name : {"con", "prn", "aux", "nul", "conin$", "conout$"}) {
    if (device == name) return "a device of Windows";
  }
  for (const std::string_view port : {"com", "lpt"}) {
    for (const std::string_view number :
         {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "\xC2\xB9", "\xC2\xB2", "\xC2\xB3"}) {
      if (device == std::string(port) + std::string(number)) return "a port of Windows";
    }
  }
  return {};
}

inline std::string wrong_with_path(std::string_view path) {
  while (true) {
    const std::size_t end = path.find('/');
    std::string wrong = wrong_with_component(path.substr(0, end));
    if (!wrong.empty() || end == std::string_view::npos) return wrong;
    path.remove_prefix(end + 1);
  }
}

}  // namespace binrip::test
