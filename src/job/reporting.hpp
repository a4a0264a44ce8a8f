// Fills the report from what the rip found.
#pragma once

#include "understanding.hpp"

#include "binrip/job/describe.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/verify/image_hashes.hpp"

namespace binrip::job {

// "2026-01-31T12:00:00Z"
std::string utc_now();

struct Verdict {
  int exit_code = 0;  // 0, 2, 3
  std::string text;
};
Verdict verdict_of(const cd::StateCounts& states);

struct ReportParts {
  const DriveDescription& drive;
  const DiscDescription& description;
  const Understanding& understanding;
  const rip::SectorMap& map;
  const rip::ReadStatistics& statistics;
  const verify::ImageDigests& digests;
};
// All but files, device, and times.
image::Report make_report(const ReportParts& parts);

}  // namespace binrip::job
