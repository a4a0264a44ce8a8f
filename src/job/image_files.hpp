// From a finished capture to the published image: checksums, sheet, report, map, picture; then publish().
#pragma once

#include <stop_token>

#include "output_names.hpp"
#include "understanding.hpp"

#include "binrip/job/fill.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/verify/image_hashes.hpp"
#include "binrip/verify/signature.hpp"

namespace binrip::job {

struct ImagePlan {
  OutputNames names;
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::write;
  Picture picture = Picture::leave_out;
  // Files of an earlier image under this name: replaced, or removed when this image has no such file.
  std::vector<std::filesystem::path> earlier;
  std::optional<verify::SigningKey> key;  // to sign the log with
};

// Failed sectors get the fill; the capture's map names them.
Result<void> fill_failed(rip::Capture& capture, const cd::Disc& disc, const Fill& fill);

Result<verify::ImageDigests> hash_capture(const rip::Capture& capture, const cd::Disc& disc,
                                          std::stop_token stop);

// `report` has all but its files, the time of its end, and its run, whose `finished` and `verdict` are filled
// in. A log that cannot be signed is published without a signature, and the outcome tells why.
Result<RipOutcome> publish_image(rip::Capture& capture, image::Report report, const ImagePlan& plan,
                                 std::stop_token stop);

// After a kill between two renames: the report that was made then tells how it ended.
// `key`: the log should have a signature.
Result<RipOutcome> finish_publication_of(const OutputNames& names, Existing existing,
                                         const std::optional<verify::SigningKey>& key);

// The key that a path names, if one does.
Result<std::optional<verify::SigningKey>> key_to_sign_with(const std::filesystem::path& path);

}  // namespace binrip::job
