// Where the sectors of an image lie in its files.
#pragma once

#include <cstdint>
#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/image/ccd.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::image {

// How a sector stands in its file, and so what has to be done to get its 2352 bytes.
enum class SectorForm {
  whole,         // 2352 bytes
  swapped,       // 2352 bytes of audio, big-endian
  scrambled,     // 2352 bytes of data as they are on the disc
  mode1_data,    // 2048 bytes of user data
  mode2_data,    // 2336 bytes: all behind the header
  absent_audio,  // not in a file: silence
  absent_mode1,  // not in a file: zeros
  absent_mode2,  // not in a file: an empty form 2 sector
};
constexpr std::uint32_t stored_size(SectorForm form) {
  switch (form) {
    case SectorForm::whole:
    case SectorForm::swapped:
    case SectorForm::scrambled:
      return 2352;
    case SectorForm::mode1_data:
      return 2048;
    case SectorForm::mode2_data:
      return 2336;
    case SectorForm::absent_audio:
    case SectorForm::absent_mode1:
    case SectorForm::absent_mode2:
      return 0;
  }
  return 0;
}

struct Extent {
  cd::LbaRange range;
  SectorForm form = SectorForm::whole;
  std::size_t file = 0;
  std::uint64_t offset = 0;  // of its first sector, in bytes, in the payload of the file
  friend bool operator==(const Extent&, const Extent&) = default;
};

struct Layout {
  cd::Disc disc;
  std::vector<Extent> extents;  // ascending, not overlapping; they cover cd::image_ranges
};

// `sizes`: bytes in each of the sheet's files (of a WAVE: of its samples). Errors (invalid): files too short,
// not a whole number of sectors, more than a disc holds.
//
// PREGAP and POSTGAP stand for sectors that are not in a file. Of the first track of a session, the first 150
// sectors of a PREGAP are those that no image holds. Between sessions lies the gap that CueSession tells,
// else 11,400 sectors after the first session, 6,900 after later ones.
Result<Layout> lay_out_cue(const CueSheet& sheet, const std::vector<std::uint64_t>& sizes,
                           std::string_view name);

// `size`: bytes in the IMG. It holds the sectors of all sessions one after the other, or from LBA 0 to the
// last lead-out with the gaps; the size tells which.
Result<Layout> lay_out_ccd(const CcdSheet& sheet, std::uint64_t size, std::string_view name);

}  // namespace binrip::image
