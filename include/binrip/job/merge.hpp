// Two images of one disc become one that knows of each sector what either knows. No drive is needed.
#pragma once

#include <stop_token>

#include "binrip/job/merge_options.hpp"
#include "binrip/job/rip_job.hpp"

namespace binrip::job {

// Each sector is taken from the image that knows more of it. Data sectors that are damaged in both are joined
// by their ECC, with the bytes that differ as erasures. Equal unproven sectors confirm each other if no drive
// read both images. The order of the two makes no difference to what is published but in report and log.
// Errors: mismatch when they are of different discs, or when sectors that both say are good differ (but a
// proven one beats one that is only consistent); what is wrong with a file; cancelled. Then nothing is
// published or left behind.
Result<RipOutcome> merge_images(const MergeOptions& options, rip::Listener& listener, std::stop_token stop);

}  // namespace binrip::job
