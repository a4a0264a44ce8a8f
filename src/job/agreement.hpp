// Is this disc the one that an image was made of? The same TOC is not enough: other pressings may share it.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "published_image.hpp"

#include "binrip/drive/drive.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::job {

// What is known of a disc already: an image, or what an earlier rip has left in its partial folder.
struct KnownSectors {
  const rip::SectorMap& map;
  std::function<Result<void>(cd::Lba, cd::MutableSectorBytes)> read_main;
  std::filesystem::path name;  // for people
  std::filesystem::path
      folder;               // for what is read to compare; made, and taken away again, where there is none
  std::int64_t places = 0;  // that are compared, at most
};
inline constexpr std::int64_t kPlacesOfAnImage = 48, kPlacesOfAPartial = 12;
KnownSectors known_sectors(const PublishedImage& published);

// Reads some dozens of its good sectors, spread over the disc, and holds what the drive proves of
// them against the image: data as it is, audio after the read offset correction. Nothing of the image
// changes. Errors: mismatch when one of them differs, or most of those that the image itself is not sure of;
// medium when none could be read well enough to tell; what the drive and the folder say.
Result<void> check_agreement(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile,
                             const KnownSectors& known, std::stop_token stop);

}  // namespace binrip::job
