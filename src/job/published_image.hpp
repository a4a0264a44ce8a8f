// An image that was published: what its sheet, its sectors, its map and its report say.
#pragma once

#include <memory>
#include <optional>

#include "output_names.hpp"

#include "binrip/image/disc_image.hpp"
#include "binrip/image/report.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::job {

struct PublishedImage {
  OutputNames names;
  std::unique_ptr<image::DiscImage> image;
  rip::SectorMap map;      // without a map file every sector is consistent
  std::string map_digest;  // of the map file; empty without one
  std::vector<std::filesystem::path> bins;
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::leave_out;     // whether there is one that fits
  std::optional<image::Report> report;  // nothing when it is missing or cannot be read
  std::vector<std::string> warnings;    // files that were passed over

  bool has_map() const { return !map_digest.empty(); }
  // All its files that are there: the bins, and what has its name.
  std::vector<std::filesystem::path> files() const;
};

// Whether a sheet and a map are there, so that something of the image could be better.
bool can_be_improved(const OutputNames& names);

// Opens OUT.cue with what is beside it. Errors: what is wrong in one of its files, as "name:line: …"; sizes
// that do not fit, a map of another image (mismatch); a publication that was cut short (exists).
Result<PublishedImage> open_published(const OutputNames& names);

}  // namespace binrip::job
