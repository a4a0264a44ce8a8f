// A copy of an image in which the data sectors that their own ECC can mend are mended. The image itself stays
// as it is.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <vector>

#include "binrip/image/disc_image.hpp"
#include "binrip/verify/audit.hpp"

namespace binrip::verify {

struct RepairedSector {
  cd::Lba lba;
  int bytes_changed = 0;
  friend bool operator==(const RepairedSector&, const RepairedSector&) = default;
};
struct Repair {
  std::vector<RepairedSector> mended;  // ascending
  std::vector<cd::Lba> left;           // faulty, and copied as they are
};

// The sector as its ECC has it, with the sync and address that belong there; nothing when the ECC does not
// lead to a right EDC. Mode 1 and Mode 2 form 1 only. `bytes_changed` counts all that differ.
std::optional<int> mend_sector(cd::MutableSectorBytes sector, cd::Lba lba, cd::TrackMode mode);

// Writes `sheet` (a .cue), a BIN with all sectors beside it, and a .sub where the image has one; texts and
// indexes are the image's. `faults`: as audit_image found them. Each file is written under a temporary name
// and synced, the sheet is renamed last. Errors: exists, when one of the files is there; what File gives;
// cancelled.
Result<Repair> write_repaired(image::DiscImage& image, std::span<const FaultRun> faults,
                              const std::filesystem::path& sheet, std::stop_token stop = {});

}  // namespace binrip::verify
