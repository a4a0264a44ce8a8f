// A disc as something that can be read sector by sector: an image on disk, or a generated disc.
#pragma once

#include <memory>

#include "binrip/base/result.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::image {

class DiscImage {
 public:
  virtual ~DiscImage() = default;
  virtual const cd::Disc& disc() const = 0;
  // The 2352 bytes of a sector of the image (cd::image_ranges). Audio is little-endian, data descrambled.
  // Any thread; not the same object from two at once.
  virtual Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) = 0;
  // Deinterleaved P-W. False when the image holds none for this sector.
  virtual Result<bool> read_sub(cd::Lba lba, cd::MutableSubBytes out) = 0;
};

// Opens a .cue (or .ccd) with the files that it names. Files of 2352-byte sectors (AUDIO, MODE1/2352,
// MODE2/2352, CDI/2352) with or without .sub (same name as the sheet). 2048- and 2336-byte tracks are built
// up to whole sectors. Errors: "name:line: expected …, got …", missing or short files.
Result<std::unique_ptr<DiscImage>> open_image(const std::string& path);

}  // namespace binrip::image
