// One data sector: whether it is right, and its own ECC.
#pragma once

#include <cstdint>
#include <span>

#include "binrip/cd/address.hpp"
#include "binrip/cd/sector.hpp"

namespace binrip::cd {

// Sync, address, EDC and ECC are right, and nothing is left that they do not vouch for. Never true without
// ECC.
bool is_right_with_ecc(SectorBytes main, Lba lba);

// Corrects a data sector by its ECC. `doubtful`: positions of bytes that may be wrong; they are tried as
// erasures. True when is_right_with_ecc() afterwards; `main` is changed only then.
bool repair_data_sector(MutableSectorBytes main, Lba lba, std::span<const std::uint16_t> doubtful);

}  // namespace binrip::cd
