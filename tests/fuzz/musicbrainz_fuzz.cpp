// parse_musicbrainz takes any bytes, and what it gives keeps the limits that its header names.
#include <cstdlib>

#include "binrip/image/text.hpp"
#include "binrip/verify/musicbrainz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip;
  const auto names = verify::parse_musicbrainz({reinterpret_cast<const char*>(data), size}, "id");
  if (!names) {
    if (names.error().message.empty()) std::abort();
    return 0;
  }
  if (!*names) return 0;
  if ((*names)->releases < 1) std::abort();
  for (const auto& [field, value] : (*names)->fields) {
    if (field.empty() || value.empty() || value.size() > 250 || !image::is_utf8(value)) std::abort();
    image::for_each_char(value, [](char32_t code, std::string_view) {
      if (image::is_control(code)) std::abort();
    });
  }
  return 0;
}
