// Text in the character sets of CD-TEXT.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <iconv.h>

namespace binrip::cd {

// A conversion between two character sets, open as long as the object lives.
class Converter {
 public:
  Converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {}
  ~Converter();
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Nothing when the system does not know one of the sets, or the text does not fit.
  std::optional<std::string> convert(std::string_view text) const;
  // The text with `?` for every byte that starts nothing the set knows.
  std::string made_convertible(std::string_view text) const;

 private:
  bool is_open() const;
  iconv_t handle_;
};

}  // namespace binrip::cd
