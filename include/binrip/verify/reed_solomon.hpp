// The Reed-Solomon code of CTDB's parity. A code word is the words w[0] … w[n-1] of one column, w[0] being
// the coefficient of the highest power: D(x) = sum of w[k] * x^(n-1-k). Its syndromes are D(alpha^i) for
// i = 0, 1, …, so what CTDB keeps of a column are those values, and the syndromes of what is wrong in it are
// the XOR of ours and theirs.
//
// Checked against CUETools' source: Parity2Syndrome.cs (syndromes of parity; weights), CDRepair.cs (highest
// power first, roots from alpha^0), AccurateRip.cs (registers), and by the bytes that its RsEncode16Test
// expects. Galois.cs and RsDecode.cs could not be opened; the field is told by the former's constants.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace binrip::verify {

inline constexpr std::size_t kMaxParity = 16;  // syndromes of a column at most
using Syndromes = std::array<std::uint16_t, kMaxParity>;

// Many code words side by side, of which one word each comes in turn: w[0] of all columns, w[1] of all, …
// A pass of 32-byte table look-ups, one pair a word.
class ColumnCoder {
 public:
  explicit ColumnCoder(std::size_t columns);
  // The next words, of column `column` and those after it; not beyond the last column.
  void add(std::size_t column, std::span<const std::uint16_t> words);
  // All kMaxParity of them; fewer are the first of these.
  Syndromes syndromes(std::size_t column) const;

 private:
  static constexpr std::size_t kRegister = kMaxParity + 1;  // and a 0 that is shifted in
  std::vector<std::uint16_t> registers_;
};

// The syndromes of a code word whose parity words are these (highest power first), as many as there are.
Syndromes syndromes_of_parity(std::span<const std::uint16_t> parity);

struct WordError {
  std::size_t position = 0;      // k of w[k]
  std::uint16_t difference = 0;  // XOR of the right word and the wrong one; not 0
  friend bool operator==(const WordError&, const WordError&) = default;
};

// How many words are wrong, by what the syndromes are alone: the least number that explains them, 0 …
// syndromes.size() / 2; nothing when it takes more. Cheap; no word of a length is asked for.
std::optional<std::size_t> count_errors(std::span<const std::uint16_t> syndromes);

// The wrong words of a code word of `words` words (at most 65535), ascending. What comes back explains all
// syndromes; there are at most half as many as syndromes. Nothing: more words are wrong. With more, another
// code word can be nearer: for one error too many and 16 syndromes of 30,000 words that happens to 1 in 10^7
// columns or fewer, for 8 syndromes to about 1 in 500. So whatever was corrected must be confirmed by a
// checksum.
std::optional<std::vector<WordError>> locate_errors(std::span<const std::uint16_t> syndromes,
                                                    std::size_t words);

}  // namespace binrip::verify
