// ECC of CD-ROM sectors, ECMA-130 Annex A: a product code over GF(2^8) (0x11D). P is 86 columns of RS(26,24)
// over bytes 12 … 2247 taken as 16-bit words, Q 52 diagonals of RS(45,43). Mode 2 form 1 takes the four
// header bytes as zero.
#pragma once

#include <functional>

#include "binrip/cd/sector.hpp"

namespace binrip::cd {

enum class EccHeader { as_is, taken_as_zero };  // Mode 1, Mode 2 form 1

// Writes bytes 2076 … 2351 from bytes 12 … 2075.
void ecc_generate(MutableSectorBytes sector, EccHeader header);
// True when all P and Q syndromes are zero.
bool ecc_check(SectorBytes sector, EccHeader header);

struct EccCorrection {
  bool converged = false;  // all syndromes are zero now, and `accept` agrees
  int bytes_changed = 0;
  int rounds = 0;
};
// Corrects in place, P and Q in turn until nothing changes. `erasures`: byte positions in the sector known to
// be doubtful (C2), each 0 … 2351, any order, repeats allowed; with them a code word can mend two bytes, and
// all code words together whatever they leave no choice about.
// Bytes 0 … 11 are not covered by the code.
// Many wrong bytes may lead to another word of the code than the right one. `accept` is asked about a sector
// whose syndromes are all zero (it looks at the EDC); where it says no the search goes on, and farther than
// it would without it. Without it the caller has to look.
using EccAccept = std::function<bool(SectorBytes)>;
EccCorrection ecc_correct(MutableSectorBytes sector, EccHeader header,
                          std::span<const std::uint16_t> erasures = {}, const EccAccept& accept = {});

}  // namespace binrip::cd
