// Sectors to compute sums of, wherever they lie: in an image, or in what a rip has read so far.
#pragma once

#include <functional>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"
#include "binrip/cd/address.hpp"
#include "binrip/image/disc_image.hpp"

namespace binrip::verify {

// Fills `out` with the 2352 bytes of each sector of `range`, all of them in the image. Audio is
// little-endian.
using SectorSource = std::function<Result<void>(cd::LbaRange range, MutableBytes out)>;

// `image` is kept by reference.
SectorSource source_of(image::DiscImage& image);

}  // namespace binrip::verify
