// One data sector and its own ECC.
#pragma once

#include <cstdint>
#include <span>

#include "binrip/cd/address.hpp"
#include "binrip/cd/sector.hpp"

namespace binrip::rip {

// Corrects a data sector by its ECC. `doubtful`: positions of bytes that may be wrong; they are tried as
// erasures. True when sync, address, EDC and ECC are right afterwards; `main` is changed only then.
bool repair_data_sector(cd::MutableSectorBytes main, cd::Lba lba, std::span<const std::uint16_t> doubtful);

}  // namespace binrip::rip
