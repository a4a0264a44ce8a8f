// A disc as something that can be read sector by sector: an image on disk, or a generated disc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::image {

// What of a sector's 2352 bytes stands in a file. The rest is built, and so it is right without proving
// anything.
enum class StoredPart {
  all,
  without_header,  // 2336 bytes of Mode 2: sync and header are built
  user_data,       // 2048 bytes
  nothing,         // PREGAP and POSTGAP
};

// A file of an image. `slice` where its bytes are just those of consecutive sectors: the first one's position
// in the image (cd::image_position) and their number.
struct ImageFile {
  struct Slice {
    std::int64_t first = 0, count = 0;
    friend bool operator==(const Slice&, const Slice&) = default;
  };
  std::string path;
  std::optional<Slice> slice;
};

class DiscImage {
 public:
  virtual ~DiscImage() = default;
  virtual const cd::Disc& disc() const = 0;
  // The 2352 bytes of a sector of the image (cd::image_ranges). Audio is little-endian, data descrambled.
  // Any thread; not the same object from two at once.
  virtual Result<void> read_main(cd::Lba lba, cd::MutableSectorBytes out) = 0;
  // The same of consecutive sectors, all of them in the image: 2352 bytes each, one after the other.
  virtual Result<void> read_run(cd::LbaRange range, MutableBytes out);
  // Deinterleaved P-W. False when the image holds none for this sector.
  virtual Result<bool> read_sub(cd::Lba lba, cd::MutableSubBytes out) = 0;
  virtual StoredPart stored_part(cd::Lba) const { return StoredPart::all; }
  // The files of the main channel, in the sheet's order; none for a disc that is not on disk.
  virtual std::vector<ImageFile> files() const { return {}; }
};

// Opens a .cue (or .ccd) with the files that it names. Files of 2352-byte sectors (AUDIO, MODE1/2352,
// MODE2/2352, CDI/2352) with or without .sub (same name as the sheet). 2048- and 2336-byte tracks are built
// up to whole sectors. Errors: "name:line: expected …, got …", missing or short files.
Result<std::unique_ptr<DiscImage>> open_image(const std::string& path);

}  // namespace binrip::image
