// Is this disc the one that an image was made of? The same TOC is not enough: other pressings may share it.
#pragma once

#include <stop_token>

#include "published_image.hpp"

#include "binrip/drive/drive.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::job {

// Reads some dozens of the image's good sectors, spread over the disc, and holds what the drive proves of
// them against the image: data as it is, audio after the read offset correction. Nothing of the image
// changes. Errors: mismatch when one of them differs, or most of those that the image itself is not sure of;
// medium when none could be read well enough to tell; what the drive and the folder say.
Result<void> check_agreement(drive::Drive& drive, const cd::Disc& disc, drive::Profile& profile,
                             const PublishedImage& published, std::stop_token stop);

}  // namespace binrip::job
