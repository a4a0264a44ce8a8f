// Fills the report from what the rip found.
#pragma once

#include "understanding.hpp"

#include "binrip/job/describe.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::job {

struct Verdict {
  int exit_code = 0;  // 0, 2, 3
  std::string text;
};
Verdict verdict_of(const cd::StateCounts& states);

struct ReportParts {
  const verify::DiscIds& ids;
  const Understanding& understanding;
  const rip::SectorMap& map;
  const verify::ImageDigests& digests;
  drive::SubSupport sub;  // what of it the capture holds
};
// The image: all but files, times, and how it was read.
image::Report make_report(const ReportParts& parts);

// The drive, what it was asked, and what is to be noted about that.
void add_reading(const DriveDescription& drive, const std::vector<std::string>& description_notes,
                 const rip::ReadStatistics& statistics, image::Report& report);

// "PLEXTOR CD-R PREMIUM 1.07 serial=123456": what the map and the report know a drive by.
std::string drive_name(const DriveDescription& drive);

}  // namespace binrip::job
