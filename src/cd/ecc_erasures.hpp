// What code words one by one cannot mend, all of them together often can: each gives two equations, and all
// wrong bytes in known places are the unknowns of one linear system.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ecc_syndromes.hpp"

namespace binrip::cd {

// A P and a Q parity of two bytes a word: no more unknowns than that can be found.
inline constexpr std::size_t kMostErasures = 2 * (ecc_layout::kColumns + 2 * ecc_layout::kRows);

// The difference that belongs to each of the offsets (in the covered bytes, none twice) so that all syndromes
// become zero; nothing when there is none, or more than one. Offsets that need none get zero.
std::optional<std::vector<Byte>> solve_erasures(const PSyndromes& p, const QSyndromes& q,
                                                std::span<const std::size_t> offsets);

}  // namespace binrip::cd
