// What stands in the sectors of generated discs, and in sectors that an image does not hold.
#pragma once

#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::sim {

// A sector without content, as pregaps, lead-ins and lead-outs of such a track hold them.
void fill_blank(cd::TrackMode mode, cd::Lba lba, cd::MutableSectorBytes out);

// Music that is different everywhere and never zero: a tone under noise.
void fill_audio(std::uint64_t seed, cd::Lba lba, cd::MutableSectorBytes out);

// Bytes that differ everywhere.
void fill_noise(std::uint64_t seed, cd::Lba lba, MutableBytes out);

// P and Q as the disc model implies them, with MCN and ISRC; R-W zero. Deinterleaved.
void fill_sub(const cd::Disc& disc, cd::Lba lba, cd::MutableSubBytes out);

// R-W packs of CD+G: writes the last six channels of a deinterleaved record.
void add_cdg(std::uint64_t seed, cd::Lba lba, cd::MutableSubBytes out);

}  // namespace binrip::sim
