// Discs as images and lead-ins tell of them: the same disc, known more or less well.
#pragma once

#include <string>

#include "binrip/cd/disc.hpp"
#include "binrip/job/disc_identity.hpp"

namespace binrip::job {

// What the lead-ins of this disc say: INDEX 01 of each track, and the texts. The rest is Q's to tell.
cd::Disc lead_in_of(const cd::Disc& disc);

// Fills in what `disc` lacks and an earlier look at the same disc found: indexes, ISRCs, MCN, texts; and the
// flags of tracks, where no Q tells them now.
enum class FlagsBy { q, toc };
void add_what_was_known(const cd::Disc& earlier, FlagsBy flags, cd::Disc& disc);

// A drive that gives only the formatted TOC has to guess where the sessions before the last end. If all that
// it knows agrees with `known`, the sessions of `known` are taken over. Errors: mismatch, `disc` unchanged.
Result<void> take_sessions_from(const cd::Disc& known, cd::Disc& disc);

}  // namespace binrip::job
