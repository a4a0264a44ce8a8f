// A map that parses is written as a text that parses to the same map.
#include <cstdlib>
#include <string_view>

#include "binrip/rip/sector_map.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto map = binrip::rip::parse_map(text, "map");
  if (!map) return 0;
  const std::string written = map->to_text();
  const auto again = binrip::rip::parse_map(written, "map");
  if (!again || again->to_text() != written) std::abort();
  if (again->ranges() != map->ranges() || again->counts() != map->counts()) std::abort();
  return 0;
}
