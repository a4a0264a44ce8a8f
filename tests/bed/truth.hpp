// What is on a disc, written down to compare rips with.
#pragma once

#include <filesystem>

#include "binrip/image/disc_image.hpp"

namespace binrip::bed {

// Into `folder`: out.bin and out.sub (all sectors of the image), out.cue, out.cdt, and disc.txt, which has
// lines of words: "session N LEADOUT", "track N SESSION MODE CONTROL START BEGIN END SECTOR ISRC|-" (SECTOR
// is where START lies in out.bin), "mcn …".
Result<void> write_truth(image::DiscImage& disc, const std::filesystem::path& folder);

// The 2048 bytes of user data at LBA × 2048 of each data sector, as a read() of the block device gives them.
Result<void> write_block_contents(image::DiscImage& disc, const std::filesystem::path& file);

}  // namespace binrip::bed
