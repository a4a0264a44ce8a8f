#include "binrip/verify/sector_source.hpp"

namespace binrip::verify {

SectorSource source_of(image::DiscImage& image) {
  return [&image](cd::LbaRange range, MutableBytes out) { return image.read_run(range, out); };
}

}  // namespace binrip::verify
