// A layout that makes columns of the Q diagonals, for vectors of any length. Lane l of step t looks at row t
// and 16-bit column t + l, so that a lane stays on one diagonal, that of row -l (mod 26), while t steps along
// it, and what the lanes of a step need lies side by side. Rows are laid out with both parity words of the
// diagonal that ends there behind the 43 of data, and zeros between rows: lanes that have not come to their
// first symbol, or are past the last, add nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "ecc_layout.hpp"

namespace binrip::cd {

// `kLanes` bytes to a vector, two to a lane.
template <std::size_t kLanes>
struct SkewedRows {
  static constexpr std::size_t kLength = ecc_layout::kQDataWords + 2;
  static constexpr std::size_t kLaneWords = kLanes / 2;
  static constexpr std::size_t kGap = kLaneWords - 1;
  static constexpr std::size_t kStride = kLength + kGap;  // words from a row to the next
  // So many vectors hold a lane for every diagonal; the last ones of the last are not in use.
  static constexpr std::size_t kBlocks = (ecc_layout::kRows + kLaneWords - 1) / kLaneWords;

  std::array<Byte, 2 * (kGap + ecc_layout::kRows * kStride)> bytes;  // nothing before lay_out()

  Byte* word(std::size_t row, std::size_t column) { return &bytes[2 * (kGap + row * kStride + column)]; }

  // `covered`: the bytes that the code covers, 2340 of them.
  void lay_out(const Byte* covered) {
    std::memset(bytes.data(), 0, 2 * kGap);
    // Unrolled: all places are constants then.
    const auto each = [&]<std::size_t... kRow>(std::index_sequence<kRow...>) {
      (lay_out_row<kRow>(covered), ...);
    };
    each(std::make_index_sequence<ecc_layout::kRows>());
  }

  template <std::size_t kRow>
  void lay_out_row(const Byte* covered) {
    using namespace ecc_layout;
    std::memcpy(word(kRow, 0), covered + kRow * kColumns, kColumns);
    for (std::size_t parity = 0; parity < 2; ++parity) {
      const std::size_t column = kWordColumns + parity;
      const std::size_t diagonal = (kRow + 2 * kRows - column) % kRows;
      std::memcpy(word(kRow, column), covered + kQParity + 2 * (parity * kRows + diagonal), 2);
    }
    std::memset(word(kRow, kLength), 0, 2 * kGap);
  }

  // The walk of the lanes kLaneWords * block and following: the first step in which one of them has a symbol
  // looks at `row`, and its first lane at `column`, counted from the beginning of the gap before the row;
  // each step goes one row down, from the last back to the first, and one column on.
  struct Walk {
    std::size_t row, column, steps;
  };
  static constexpr Walk walk(std::size_t block) {
    // Step t = row - 26 × turns; the first is that of the block's last lane.
    const std::size_t before = std::min(block * kLaneWords + kGap, ecc_layout::kRows - 1);
    return {(ecc_layout::kRows - before) % ecc_layout::kRows, kGap + block * kLaneWords - before,
            before + kLength - block * kLaneWords};
  }
};

}  // namespace binrip::cd
