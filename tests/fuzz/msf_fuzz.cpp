// What parses is valid and is printed as it came.
#include <cstdlib>
#include <string_view>

#include "binrip/cd/address.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto time = binrip::cd::parse_msf(text);
  if (!time) return 0;
  const std::string printed = binrip::cd::to_string(*time);
  const bool leading_zero = text.size() == 9 && text.front() == '0';  // "012:34:56"
  if (printed != text.substr(leading_zero ? 1 : 0)) std::abort();
  if (time->second >= 60 || time->frame >= 75) std::abort();
  return 0;
}
