#include "charset.hpp"

#include <array>
#include <cerrno>
#include <cstdint>

namespace binrip::cd {
namespace {

constexpr std::size_t kFailed = static_cast<std::size_t>(-1);

// iconv wants a pointer to bytes that it does not change.
char* without_const(const char* text) { return const_cast<char*>(text); }

}  // namespace

Converter::~Converter() {
  if (is_open()) iconv_close(handle_);
}

bool Converter::is_open() const {
  return reinterpret_cast<std::intptr_t>(handle_) != -1;  // what iconv_open gives for a failure
}

std::optional<std::string> Converter::convert(std::string_view text) const {
  if (!is_open()) return std::nullopt;
  iconv(handle_, nullptr, nullptr, nullptr, nullptr);
  std::string out;
  char* in = without_const(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    std::array<char, 256> part{};
    char* to = part.data();
    std::size_t room = part.size();
    const std::size_t inexact = iconv(handle_, &in, &left, &to, &room);
    if (inexact == kFailed && errno != E2BIG) return std::nullopt;
    if (inexact != kFailed && inexact > 0)
      return std::nullopt;  // something was replaced by something similar
    out.append(part.data(), part.size() - room);
  }
  return out;
}

std::string Converter::made_convertible(std::string_view text) const {
  std::string fixed(text);
  if (!is_open()) return fixed;
  iconv(handle_, nullptr, nullptr, nullptr, nullptr);
  char* in = fixed.data();
  std::size_t left = fixed.size();
  while (left > 0) {
    std::array<char, 256> part{};
    char* to = part.data();
    std::size_t room = part.size();
    if (iconv(handle_, &in, &left, &to, &room) != kFailed || errno == E2BIG) continue;
    *in = '?';  // and again from there
  }
  return fixed;
}

}  // namespace binrip::cd
