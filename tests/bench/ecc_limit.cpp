#include "ecc_limit.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "cd/sector_oracle.hpp"

namespace binrip::bench {
namespace {

using Symbols = std::vector<std::size_t>;  // byte positions, in the order of the word

// Annex A: 16-bit words S(n) from byte 12 on, low and high bytes apart. P: S(43 M + N), M = 0 … 25. Q:
// S((44 M + 43 N) mod 1118), M = 0 … 42, then S(1118 + N) and S(1144 + N).
std::vector<Symbols> make_words() {
  std::vector<Symbols> words;
  for (std::size_t half = 0; half < 2; ++half) {
    for (std::size_t n = 0; n < 43; ++n) {
      Symbols& word = words.emplace_back();
      for (std::size_t m = 0; m < 26; ++m) word.push_back(12 + 2 * (43 * m + n) + half);
    }
    for (std::size_t n = 0; n < 26; ++n) {
      Symbols& word = words.emplace_back();
      for (std::size_t m = 0; m < 43; ++m) word.push_back(12 + 2 * ((44 * m + 43 * n) % 1118) + half);
      word.push_back(12 + 2 * (1118 + n) + half);
      word.push_back(12 + 2 * (1144 + n) + half);
    }
  }
  return words;
}

const std::vector<Symbols>& words() {
  static const std::vector<Symbols> kWords = make_words();
  return kWords;
}

using Multiplication = std::array<std::array<std::uint8_t, 256>, 256>;

const Multiplication& products() {
  static const Multiplication kProducts = [] {
    Multiplication table{};
    for (unsigned a = 0; a < 256; ++a) {
      for (unsigned b = 0; b < 256; ++b) table[a][b] = cd::test::oracle_multiply(a, b);
    }
    return table;
  }();
  return kProducts;
}

std::uint8_t inverse(std::uint8_t a) {
  unsigned b = 1;
  while (products()[a][b] != 1) ++b;
  return static_cast<std::uint8_t>(b);
}

// The columns of the parity check matrix at these places, as rows: easier to add.
std::vector<std::vector<std::uint8_t>> check_columns(Positions wrong) {
  std::vector<std::vector<std::uint8_t>> columns(wrong.size(), std::vector<std::uint8_t>(2 * words().size()));
  for (std::size_t w = 0; w < words().size(); ++w) {
    std::uint8_t weight = 1;
    for (auto at = words()[w].rbegin(); at != words()[w].rend(); ++at) {
      const auto found = std::find(wrong.begin(), wrong.end(), *at);
      if (found != wrong.end()) {
        auto& column = columns[static_cast<std::size_t>(found - wrong.begin())];
        column[2 * w] = 1;
        column[2 * w + 1] = weight;
      }
      weight = products()[weight][2];
    }
  }
  return columns;
}

}  // namespace

bool peels(Positions wrong, int in_a_word) {
  std::vector<bool> is_wrong(cd::kSectorSize, false);
  for (const std::size_t at : wrong) is_wrong[at] = true;
  auto left = static_cast<std::ptrdiff_t>(wrong.size());
  for (bool goes_on = true; goes_on && left > 0;) {
    goes_on = false;
    for (const Symbols& word : words()) {
      const auto count =
          std::count_if(word.begin(), word.end(), [&](std::size_t at) { return is_wrong[at]; });
      if (count == 0 || count > in_a_word) continue;
      for (const std::size_t at : word) is_wrong[at] = false;
      left -= count;
      goes_on = true;
    }
  }
  return left == 0;
}

bool is_solvable(Positions wrong) {
  auto columns = check_columns(wrong);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto pivot =
        std::find_if(columns[i].begin(), columns[i].end(), [](std::uint8_t v) { return v != 0; });
    if (pivot == columns[i].end()) return false;  // a sum of those before it
    const auto at = static_cast<std::size_t>(pivot - columns[i].begin());
    const std::uint8_t by = inverse(*pivot);
    for (std::size_t other = i + 1; other < columns.size(); ++other) {
      const std::uint8_t times = products()[columns[other][at]][by];
      if (times == 0) continue;
      const auto& product = products()[times];
      for (std::size_t r = 0; r < columns[i].size(); ++r) columns[other][r] ^= product[columns[i][r]];
    }
  }
  return true;
}

}  // namespace binrip::bench
