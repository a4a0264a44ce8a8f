// The two syndromes of every code word of the product code, all words side by side: s0 is the sum of the
// symbols, s1 the sum weighted with falling powers of alpha (Horner's rule).
#pragma once

#include <array>

#include "ecc_layout.hpp"

#include "binrip/cd/ecc.hpp"

namespace binrip::cd {

// The covered bytes, with the header as the code sees it.
using EccBytes = std::array<Byte, ecc_layout::kCovered>;
EccBytes load_ecc_bytes(SectorBytes sector, EccHeader header);

// By code word: p[0 … 85], q[0 … 51].
template <std::size_t kWords>
struct Syndromes {
  std::array<Byte, kWords> s0;
  std::array<Byte, kWords> s1;
};
using PSyndromes = Syndromes<ecc_layout::kColumns>;
using QSyndromes = Syndromes<2 * ecc_layout::kRows>;

PSyndromes p_syndromes(const EccBytes& bytes);
QSyndromes q_syndromes(const EccBytes& bytes);

}  // namespace binrip::cd
