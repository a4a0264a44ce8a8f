// parse_ccd takes any bytes; the disc that comes out can be laid out, or is refused.
#include <cstdlib>

#include "../../src/image/layout.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace binrip;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sheet = image::parse_ccd(text, "fuzz.ccd");
  if (!sheet) return 0;
  const auto disc = image::disc_of(*sheet, "fuzz.ccd");
  if (!disc) return 0;
  const auto bytes = static_cast<std::uint64_t>(cd::image_size(*disc).value) * cd::kSectorSize;
  const auto layout = image::lay_out_ccd(*sheet, bytes, "fuzz.ccd");
  if (!layout || layout->extents.size() != cd::image_ranges(*disc).size()) std::abort();
  // The sheet that binrip would write of it must be one that it can read.
  const auto cue = image::write_cue(image::cue_of(*disc, "x", image::BinLayout::single));
  if (!image::parse_cue(cue, "fuzz.cue")) std::abort();
  return 0;
}
