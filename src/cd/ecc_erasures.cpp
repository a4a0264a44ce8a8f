#include "ecc_erasures.hpp"

#include <algorithm>

#include "gf256.hpp"

namespace binrip::cd {

using ecc_layout::Code;

namespace {

// Equations over GF(2^8), a row each: the unknowns' factors, then the right side.
class LinearSystem {
 public:
  LinearSystem(std::size_t equations, std::size_t unknowns)
      : equations_(equations), unknowns_(unknowns), cells_(equations * (unknowns + 1), Byte{0}) {}

  Byte& factor(std::size_t equation, std::size_t unknown) { return row(equation)[unknown]; }
  Byte& right_side(std::size_t equation) { return row(equation)[unknowns_]; }

  // Gauss and Jordan. Nothing unless there is exactly one solution.
  std::optional<std::vector<Byte>> solve() {
    if (unknowns_ > equations_) return std::nullopt;
    for (std::size_t unknown = 0; unknown < unknowns_; ++unknown) {
      if (!choose_pivot(unknown)) return std::nullopt;
      take_terms(unknown);
      for (std::size_t other = 0; other < equations_; ++other) {
        if (other != unknown) eliminate(unknown, other);
      }
    }
    for (std::size_t rest = unknowns_; rest < equations_; ++rest) {
      if (right_side(rest) != 0) return std::nullopt;
    }
    std::vector<Byte> solution;
    for (std::size_t unknown = 0; unknown < unknowns_; ++unknown) solution.push_back(right_side(unknown));
    return solution;
  }

 private:
  std::span<Byte> row(std::size_t equation) {
    return std::span(cells_).subspan(equation * (unknowns_ + 1), unknowns_ + 1);
  }

  // Brings an equation that has the unknown, with factor 1, to the row of the same number.
  bool choose_pivot(std::size_t unknown) {
    std::size_t found = unknown;
    while (found < equations_ && factor(found, unknown) == 0) ++found;
    if (found == equations_) return false;
    if (found != unknown) std::swap_ranges(row(found).begin(), row(found).end(), row(unknown).begin());
    const Byte first = factor(unknown, unknown);
    for (Byte& cell : row(unknown)) cell = gf256::divide(cell, first);
    return true;
  }

  // The pivot's cells that are not zero, with their logarithms: most are, at first.
  void take_terms(std::size_t pivot) {
    terms_.clear();
    const std::span<const Byte> source = row(pivot);
    for (std::size_t i = pivot; i < source.size(); ++i) {
      if (source[i] != 0) terms_.push_back({i, gf256::kTables.log[source[i]]});
    }
  }

  void eliminate(std::size_t pivot, std::size_t from) {
    const std::span<Byte> target = row(from);
    if (target[pivot] == 0) return;
    const unsigned times = gf256::kTables.log[target[pivot]];
    for (const Term& term : terms_) {
      target[term.at] = gf256::add(target[term.at], gf256::power(times + term.log));
    }
  }

  struct Term {
    std::size_t at;
    unsigned log;
  };
  std::size_t equations_, unknowns_;
  std::vector<Byte> cells_;
  std::vector<Term> terms_;
};

}  // namespace

std::optional<std::vector<Byte>> solve_erasures(const PSyndromes& p, const QSyndromes& q,
                                                std::span<const std::size_t> offsets) {
  constexpr std::size_t kFirstOfQ = 2 * ecc_layout::kColumns;
  if (offsets.size() > kMostErasures) return std::nullopt;
  LinearSystem system(kMostErasures, offsets.size());
  for (std::size_t word = 0; word < p.s0.size(); ++word) {
    system.right_side(2 * word) = p.s0[word];
    system.right_side(2 * word + 1) = p.s1[word];
  }
  for (std::size_t word = 0; word < q.s0.size(); ++word) {
    system.right_side(kFirstOfQ + 2 * word) = q.s0[word];
    system.right_side(kFirstOfQ + 2 * word + 1) = q.s1[word];
  }
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    for (const Code code : {Code::p, Code::q}) {
      if (!ecc_layout::is_in(code, offsets[i])) continue;
      const auto [word, index] = ecc_layout::symbol_at(code, offsets[i]);
      const std::size_t equation = (code == Code::p ? 0 : kFirstOfQ) + 2 * word;
      system.factor(equation, i) = 1;
      system.factor(equation + 1, i) = gf256::power(ecc_layout::exponent_of(code, index));
    }
  }
  return system.solve();
}

}  // namespace binrip::cd
