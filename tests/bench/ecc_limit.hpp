// What the product code of a CD-ROM sector can mend at all, from the places of the wrong bytes alone. Written
// from ECMA-130 Annex A's index formulas, and apart from the decoder that is held against it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace binrip::bench {

// Byte positions in the sector, each 12 … 2351, none twice.
using Positions = std::span<const std::size_t>;

// Whether mending word after word, P and Q in turn, gets to the end: each word of at most `in_a_word` wrong
// bytes is mended, and no word ever wrongly. 1: places unknown. 2: places known.
bool peels(Positions wrong, int in_a_word);

// Whether the places, when they are known, leave one solution: the columns of the parity check matrix there
// are linearly independent over GF(2^8). No decoder can do more without other knowledge.
bool is_solvable(Positions wrong);

}  // namespace binrip::bench
