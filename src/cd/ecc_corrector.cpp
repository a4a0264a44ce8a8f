#include "ecc_corrector.hpp"

#include <algorithm>
#include <utility>

#include "ecc_erasures.hpp"
#include "gf256.hpp"

namespace binrip::cd {

using ecc_layout::exponent_of;
using ecc_layout::is_in;
using ecc_layout::offset_of;
using ecc_layout::symbol_at;
using ecc_layout::word_count;
using ecc_layout::word_length;

namespace {

constexpr int kMostRounds = 64;

constexpr ecc_layout::Code other(ecc_layout::Code code) {
  return code == ecc_layout::Code::p ? ecc_layout::Code::q : ecc_layout::Code::p;
}

template <class S>
int count_wrong(const S& syndromes) {
  int count = 0;
  for (std::size_t i = 0; i < syndromes.s0.size(); ++i) {
    count += (syndromes.s0[i] | syndromes.s1[i]) != 0 ? 1 : 0;
  }
  return count;
}

}  // namespace

EccCorrector::EccCorrector(const EccBytes& bytes, EccHeader header)
    : bytes_(bytes),
      header_(header),
      p_(p_syndromes(bytes)),
      q_(q_syndromes(bytes)),
      wrong_p_(count_wrong(p_)),
      wrong_q_(count_wrong(q_)) {}

void EccCorrector::mark(std::span<const std::uint16_t> positions) {
  const std::size_t first = header_ == EccHeader::taken_as_zero ? ecc_layout::kHeaderSize : 0;
  for (const std::size_t position : positions) {
    if (position < ecc_layout::kFirst + first || position >= kSectorSize) continue;
    marked_.set(position - ecc_layout::kFirst);
    any_marked_ = true;
  }
}

int EccCorrector::run(Rule rule) {
  int rounds = 0;
  while (!converged() && rounds < kMostRounds) {
    ++rounds;
    int changes = agreed_pass();
    changes += pass(Code::p, Reach::one, rule);
    changes += pass(Code::q, Reach::one, rule);
    if (changes == 0 && any_marked_) {
      // Two marked symbols use up all that a word knows, nothing is left to see a third error: last.
      changes += pass(Code::p, Reach::two_marked, rule);
      changes += pass(Code::q, Reach::two_marked, rule);
    }
    if (changes == 0) {
      changes += pass(Code::p, Reach::two_crossing, rule);
      changes += pass(Code::q, Reach::two_crossing, rule);
    }
    if (changes == 0) break;
  }
  return rounds;
}

// Every change leaves fewer words wrong, so this ends.
int EccCorrector::run_shuffled(std::minstd_rand& random) {
  struct Word {
    Code code;
    std::size_t number;
  };
  std::array<Word, word_count(Code::p) + word_count(Code::q)> order{};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool p = i < word_count(Code::p);
    order[i] = {p ? Code::p : Code::q, p ? i : i - word_count(Code::p)};
    std::swap(order[i], order[random() % (i + 1)]);
  }
  int rounds = 0;
  const auto mend_one = [&](Reach reach) {
    return std::any_of(order.begin(), order.end(), [&](const Word& word) {
      return is_wrong(word.code, word.number) && mend(word.code, word.number, reach, Rule::both_codes_wrong);
    });
  };
  do {
    ++rounds;
    while (agreed_pass() > 0) continue;
  } while (!converged() && (mend_one(Reach::one) || mend_one(Reach::two_crossing)));
  return rounds;
}

std::vector<std::size_t> EccCorrector::doubtful(Doubt doubt) const {
  std::vector<std::size_t> offsets;
  const std::size_t first = header_ == EccHeader::taken_as_zero ? ecc_layout::kHeaderSize : 0;
  for (std::size_t offset = first; offset < ecc_layout::kCovered; ++offset) {
    if (doubt != Doubt::crossings && !marked_.test(offset)) continue;
    const bool is_right = doubt != Doubt::marked &&
                          ((is_in(Code::p, offset) && !is_wrong(Code::p, symbol_at(Code::p, offset).word)) ||
                           !is_wrong(Code::q, symbol_at(Code::q, offset).word));
    if (!is_right) offsets.push_back(offset);
  }
  return offsets;
}

bool EccCorrector::solve(Doubt doubt) {
  if (converged()) return true;
  const std::vector<std::size_t> offsets = doubtful(doubt);
  // Only wrong words tell anything about places where they cross: two equations each.
  const auto equations = 2 * static_cast<std::size_t>(wrong_words());
  if (doubt != Doubt::marked && offsets.size() > equations) return false;
  const auto differences = solve_erasures(p_, q_, offsets);
  if (!differences) return false;
  for (std::size_t i = 0; i < offsets.size(); ++i) apply({offsets[i], (*differences)[i]});
  return true;
}

void EccCorrector::renew_q_parity() {
  if (wrong_p_ != 0) return;
  for (std::size_t word = 0; word < word_count(Code::q); ++word) {
    const auto [s0, s1] = syndromes(Code::q, word);
    if ((s0 | s1) == 0) continue;
    // Differences a, b of the two parity symbols: a + b = s0, alpha a + b = s1.
    const std::size_t first = word_length(Code::q) - 2;
    const Byte a = gf256::divide(gf256::add(s0, s1), gf256::add(gf256::power(1), gf256::power(0)));
    apply({offset_of(Code::q, word, first), a});
    apply({offset_of(Code::q, word, first + 1), gf256::add(s0, a)});
  }
}

std::array<Byte, 2> EccCorrector::syndromes(Code code, std::size_t word) const {
  if (code == Code::p) return {p_.s0[word], p_.s1[word]};
  return {q_.s0[word], q_.s1[word]};
}

bool EccCorrector::is_wrong(Code code, std::size_t word) const {
  const auto [s0, s1] = syndromes(code, word);
  return (s0 | s1) != 0;
}

EccCorrector::Marked EccCorrector::marked_in(Code code, std::size_t word) const {
  Marked marked;
  if (!any_marked_) return marked;
  for (std::size_t index = 0; index < word_length(code); ++index) {
    if (!marked_.test(offset_of(code, word, index))) continue;
    if (marked.count < marked.indexes.size()) marked.indexes[marked.count] = index;
    ++marked.count;
  }
  return marked;
}

EccCorrector::Marked EccCorrector::crossing_in(Code code, std::size_t word) const {
  Marked crossing;
  for (std::size_t index = 0; index < word_length(code); ++index) {
    const std::size_t offset = offset_of(code, word, index);
    if (!is_in(other(code), offset) || !is_wrong(other(code), symbol_at(other(code), offset).word)) continue;
    if (crossing.count < crossing.indexes.size()) crossing.indexes[crossing.count] = index;
    ++crossing.count;
  }
  return crossing;
}

// The one byte that, changed, makes the word right; nothing when there is none.
std::optional<EccCorrector::Fix> EccCorrector::single(Code code, std::size_t word) const {
  const auto [s0, s1] = syndromes(code, word);
  if (s0 == 0 || s1 == 0) return std::nullopt;
  const std::size_t exponent = gf256::kTables.log[gf256::divide(s1, s0)];
  if (exponent >= word_length(code)) return std::nullopt;
  return Fix{offset_of(code, word, word_length(code) - 1 - exponent), s0};
}

EccCorrector::Fixes EccCorrector::decode(Code code, std::size_t word, Reach reach) const {
  const Marked marked = reach == Reach::two_crossing ? crossing_in(code, word) : marked_in(code, word);
  if (const auto fix = single(code, word); fix && reach != Reach::two_crossing) {
    // With two marks, one error in an unmarked place is less likely than two in marked ones; with more, any
    // single one is a guess.
    if (marked.count < 2 || (marked.count == 2 && marked_.test(fix->offset))) return {{*fix}, 1};
  }
  if (reach == Reach::one || marked.count != 2) return {};
  return two_in(code, word, marked.indexes);
}

// The values of two wrong symbols in known places.
EccCorrector::Fixes EccCorrector::two_in(Code code, std::size_t word,
                                         std::array<std::size_t, 2> indexes) const {
  const auto [s0, s1] = syndromes(code, word);
  const Byte x = gf256::power(exponent_of(code, indexes[0]));
  const Byte y = gf256::power(exponent_of(code, indexes[1]));
  const Byte e = gf256::divide(gf256::add(s1, gf256::multiply(y, s0)), gf256::add(x, y));
  return {
      {Fix{offset_of(code, word, indexes[0]), e}, Fix{offset_of(code, word, indexes[1]), gf256::add(s0, e)}},
      2};
}

bool EccCorrector::is_allowed(Code code, const Fix& fix, Rule rule) const {
  // The code takes these as zero, so they cannot be wrong.
  if (header_ == EccHeader::taken_as_zero && fix.offset < ecc_layout::kHeaderSize) return false;
  if (rule == Rule::any || fix.difference == 0 || !is_in(other(code), fix.offset)) return true;
  return is_wrong(other(code), symbol_at(other(code), fix.offset).word);
}

bool EccCorrector::mend(Code code, std::size_t word, Reach reach, Rule rule) {
  const Fixes found = decode(code, word, reach);
  const auto fixes = std::span(found.fixes).first(found.count);
  if (fixes.empty()) return false;
  for (const Fix& fix : fixes) {
    if (!is_allowed(code, fix, rule)) return false;
  }
  for (const Fix& fix : fixes) apply(fix);
  return true;
}

int EccCorrector::pass(Code code, Reach reach, Rule rule) {
  int changes = 0;
  for (std::size_t word = 0; word < word_count(code); ++word) {
    if (is_wrong(code, word)) {
      changes += mend(code, word, reach, rule) ? 1 : 0;
    }
    if (!any_marked_ || is_wrong(code, word)) continue;
    // Right now: what was marked here need not be doubted in the other code.
    for (std::size_t index = 0; index < word_length(code); ++index) {
      marked_.reset(offset_of(code, word, index));
    }
  }
  return changes;
}

// Where a P and a Q word name the same byte and the same error, there is hardly a doubt. Doing these first
// keeps words with several errors from being "mended" wrongly.
int EccCorrector::agreed_pass() {
  int changes = 0;
  for (std::size_t word = 0; word < word_count(Code::p); ++word) {
    if (!is_wrong(Code::p, word)) continue;
    const auto fix = single(Code::p, word);
    if (!fix || !is_allowed(Code::p, *fix, Rule::any)) continue;
    const auto crossing = single(Code::q, symbol_at(Code::q, fix->offset).word);
    if (!crossing || crossing->offset != fix->offset || crossing->difference != fix->difference) continue;
    apply(*fix);
    ++changes;
  }
  return changes;
}

void EccCorrector::apply(const Fix& fix) {
  bytes_[fix.offset] = gf256::add(bytes_[fix.offset], fix.difference);
  marked_.reset(fix.offset);
  add_to_syndromes(Code::q, fix);
  if (is_in(Code::p, fix.offset)) add_to_syndromes(Code::p, fix);
}

void EccCorrector::add_to_syndromes(Code code, const Fix& fix) {
  const auto [word, index] = symbol_at(code, fix.offset);
  Byte& s0 = code == Code::p ? p_.s0[word] : q_.s0[word];
  Byte& s1 = code == Code::p ? p_.s1[word] : q_.s1[word];
  int& wrong = code == Code::p ? wrong_p_ : wrong_q_;
  wrong -= (s0 | s1) != 0 ? 1 : 0;
  s0 = gf256::add(s0, fix.difference);
  s1 = gf256::add(s1, gf256::multiply(gf256::power(exponent_of(code, index)), fix.difference));
  wrong += (s0 | s1) != 0 ? 1 : 0;
}

}  // namespace binrip::cd
