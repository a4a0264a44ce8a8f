// A published image as a capture again, in OUT.partial, so that reading goes on. The image stays as it is
// until a better one is published in its place.
#pragma once

#include <stop_token>

#include "published_image.hpp"

#include "binrip/drive/profile.hpp"
#include "binrip/rip/capture.hpp"
#include "binrip/rip/engine.hpp"

namespace binrip::job {

// Copies main channel and subchannel into the partial folder, syncs them, and writes the map last: a kill
// before that leaves nothing that would be gone on with. If the folder holds this very image already, it goes
// on there. Errors: exists when it holds another rip.
Result<rip::Capture> take_up(const PublishedImage& published, std::stop_token stop);

// What the subchannel in a capture is, and what a drive is to do about it.
struct SubPlan {
  drive::SubSupport held = drive::SubSupport::none;  // raw: P-W of each sector; formatted_q: Q; none
  rip::SubGoal goal = rip::SubGoal::complete;
  enum class Taken { as_it_comes, not_at_all } taken = Taken::as_it_comes;
};
SubPlan plan_for_sub(const PublishedImage& published, drive::SubSupport drive_gives, SubFile wanted);

}  // namespace binrip::job
