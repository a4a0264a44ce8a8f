// Where the bytes of the product code lie. Offsets count from byte 12 of the sector, the first that the code
// covers. ECMA-130 Annex A numbers 16-bit words and computes on their low and high bytes apart; here a code
// word is one of bytes: P has 86 (one for each column of 86 bytes), Q has 52 (26 diagonals of two bytes).
#pragma once

#include <cstddef>
#include <cstdint>

#include "binrip/cd/sector.hpp"

namespace binrip::cd::ecc_layout {

inline constexpr std::size_t kFirst = kSyncSize;               // in the sector
inline constexpr std::size_t kCovered = kSectorSize - kFirst;  // 2340
inline constexpr std::size_t kColumns = 86;                    // bytes in a row
inline constexpr std::size_t kWordColumns = kColumns / 2;      // 43
inline constexpr std::size_t kRows = 26;                       // with the two rows of P parity
inline constexpr std::size_t kQParity = kColumns * kRows;      // 2236
inline constexpr std::size_t kQDataWords = kWordColumns;       // 43 16-bit words on a diagonal
inline constexpr std::size_t kHeaderSize = 4;

enum class Code { p, q };

constexpr std::size_t word_count(Code code) { return code == Code::p ? kColumns : 2 * kRows; }
constexpr std::size_t word_length(Code code) { return code == Code::p ? kRows : kQDataWords + 2; }

// Offset of symbol `index` of code word `word`. A diagonal starts at row word/2, column 0, and goes one row
// down and one 16-bit word to the right at each step, from the last row back to the first.
constexpr std::size_t offset_of(Code code, std::size_t word, std::size_t index) {
  if (code == Code::p) return index * kColumns + word;
  if (index >= kQDataWords) return kQParity + (index - kQDataWords) * 2 * kRows + word;
  return (word / 2 + index) % kRows * kColumns + 2 * index + word % 2;
}

// The symbol of a code that a byte is. Bytes of Q parity are in no P word.
struct Symbol {
  std::size_t word;
  std::size_t index;
};
constexpr bool is_in(Code code, std::size_t offset) { return code == Code::q || offset < kQParity; }
constexpr Symbol symbol_at(Code code, std::size_t offset) {
  if (code == Code::p) return {offset % kColumns, offset / kColumns};
  if (offset >= kQParity) {
    const std::size_t parity = offset - kQParity;
    return {parity % (2 * kRows), kQDataWords + parity / (2 * kRows)};
  }
  const std::size_t row = offset / kColumns;
  const std::size_t column = offset % kColumns / 2;
  return {(row + 2 * kRows - column) % kRows * 2 + offset % 2, column};
}

// Weight of a symbol in the second syndrome: alpha to the power of its distance from the end.
constexpr unsigned exponent_of(Code code, std::size_t index) {
  return static_cast<unsigned>(word_length(code) - 1 - index);
}

}  // namespace binrip::cd::ecc_layout
