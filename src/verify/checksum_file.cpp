#include "binrip/verify/checksum_file.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace binrip::verify {
namespace {

constexpr std::size_t kSha256Digits = 64;
constexpr std::string_view kNeedsEscape = "\\\n\r";

std::string escaped_name(std::string_view name) {
  std::string result;
  for (const char c : name) {
    result += c == '\\' ? "\\\\" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return result;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (text[i] != '\\' && text[i] != 'n' && text[i] != 'r') return std::nullopt;
    result += text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : '\\';
  }
  return result;
}

// The digits at the beginning, in lower case; nothing unless there are just as many as there should be.
std::optional<std::string> digits_of(std::string_view line) {
  if (line.size() < kSha256Digits) return std::nullopt;
  std::string digits(line.substr(0, kSha256Digits));
  for (char& c : digits) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  }
  return digits;
}

// As it can be shown in a message.
std::string shown_line(std::string_view line) {
  constexpr std::size_t kMost = 80;
  std::string text(line.substr(0, kMost));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      '?');
  return text;
}

}  // namespace

std::string checksum_file(std::span<const FileChecksum> files) {
  std::string text;
  for (const FileChecksum& file : files) {
    const bool special = file.name.find_first_of(kNeedsEscape) != std::string::npos;
    text += fmt::format("{}{}  {}\n", special ? "\\" : "", file.sha256, escaped_name(file.name));
  }
  return text;
}

Result<std::vector<FileChecksum>> parse_checksum_file(std::string_view text, std::string_view name) {
  std::vector<FileChecksum> files;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    if (whole.starts_with('#')) continue;
    const auto wrong = [&](std::string_view expected) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}:{}: expected {}, got \"{}\"", name, number, expected, shown_line(whole)));
    };
    std::string_view line = whole;
    const bool special = line.starts_with('\\');
    if (special) line.remove_prefix(1);
    std::optional<std::string> digits = digits_of(line);
    if (!digits) return wrong("64 hex digits");
    line.remove_prefix(kSha256Digits);
    if (!line.starts_with("  ") && !line.starts_with(" *")) return wrong("two blanks after the digits");
    line.remove_prefix(2);
    std::optional<std::string> file = special ? unescaped(line) : std::string(line);
    if (!file || file->empty()) return wrong("the name of a file");
    files.push_back({std::move(*digits), std::move(*file)});
  }
  return files;
}

}  // namespace binrip::verify
