// From a finished capture to the published image: checksums, sheet, report, map, picture; then publish().
#pragma once

#include <stop_token>

#include "output_names.hpp"
#include "understanding.hpp"

#include "binrip/job/fill.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::job {

struct ImagePlan {
  OutputNames names;
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::write;
  Picture picture = Picture::leave_out;
  // Files of an earlier image under this name: replaced, or removed when this image has no such file.
  std::vector<std::filesystem::path> earlier;
};

// Failed sectors get the fill; the capture's map names them.
Result<void> fill_failed(rip::Capture& capture, const cd::Disc& disc, const Fill& fill);

Result<verify::ImageDigests> hash_capture(const rip::Capture& capture, const cd::Disc& disc,
                                          std::stop_token stop);

// `report` has all but its files, the time of its end, and its run, whose `finished` and `verdict` are filled
// in.
Result<RipOutcome> publish_image(rip::Capture& capture, image::Report report, const ImagePlan& plan,
                                 std::stop_token stop);

// After a kill between two renames: the report that was made then tells how it ended.
Result<RipOutcome> finish_publication_of(const OutputNames& names, Existing existing);

}  // namespace binrip::job
