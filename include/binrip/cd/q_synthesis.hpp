// The subchannel of a perfect disc, made from its model. For the drive in software, for tests, and for
// telling what a Q should have said.
#pragma once

#include "binrip/cd/disc.hpp"

namespace binrip::cd {

// The ADR 1 Q at any address: pregaps (relative time counts down to 0 in the last sector before INDEX 01),
// indexes, lead-outs (track AA, 6,750 sectors and more). In lead-ins, before LBA -150 and in the 4,500
// sectors before the pregap of a later session, the table of contents: track 0, each entry three times over.
// An empty disc gives zeros.
QBytes synthesize_q(const Disc& disc, Lba lba);

// The same, with MCN and ISRC (ADR 2 and 3) in place of a position at least once in 100 sectors where the
// disc has them, never next to a change of track or index.
QBytes synthesize_q_with_codes(const Disc& disc, Lba lba);

// Channel P: set in pregaps and in at least the two seconds before each track; alternating at 2 Hz in
// lead-outs.
bool synthesize_p(const Disc& disc, Lba lba);

}  // namespace binrip::cd
