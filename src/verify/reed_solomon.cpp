#include "binrip/verify/reed_solomon.hpp"

#include <algorithm>

#include "binrip/verify/gf16.hpp"

namespace binrip::verify {
namespace {

using Polynomial = std::vector<std::uint16_t>;  // [i] is the coefficient of x^i
using Row = std::array<std::uint16_t, kMaxParity>;

// What a word that is shifted out adds to the register: its multiples of the generator's coefficients, by
// its low byte and by its high one.
struct CoderTables {
  std::array<Row, 256> low{}, high{};
  CoderTables() {
    Row generator{};  // without the leading 1, highest power first
    for (std::size_t root = 0; root < kMaxParity; ++root) {
      const std::uint16_t alpha = gf16::power(root);
      for (std::size_t i = root + 1; i-- > 0;) {
        const std::uint16_t above = i == 0 ? std::uint16_t{1} : generator[i - 1];
        generator[i] = static_cast<std::uint16_t>(generator[i] ^ gf16::multiply(above, alpha));
      }
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      for (std::size_t i = 0; i < kMaxParity; ++i) {
        low[byte][i] = gf16::multiply(static_cast<std::uint16_t>(byte), generator[i]);
        high[byte][i] = gf16::multiply(static_cast<std::uint16_t>(byte << 8), generator[i]);
      }
    }
  }
};

const CoderTables& coder_tables() {
  static const CoderTables kTables;
  return kTables;
}

std::uint16_t value_at(std::span<const std::uint16_t> polynomial, std::uint16_t x) {
  std::uint16_t sum = 0;
  for (std::size_t i = polynomial.size(); i-- > 0;) {
    sum = static_cast<std::uint16_t>(gf16::multiply(sum, x) ^ polynomial[i]);
  }
  return sum;
}

// Berlekamp-Massey: the shortest recurrence that gives the syndromes. Its polynomial has the inverses of the
// errors' places as roots. Nothing when it is longer than half of them.
std::optional<Polynomial> error_locator(std::span<const std::uint16_t> syndromes) {
  Polynomial locator(syndromes.size() + 1, 0), before = locator;
  locator[0] = before[0] = 1;
  std::size_t length = 0, shift = 1;  // of the recurrence; of `before` against the next step
  std::uint16_t before_discrepancy = 1;
  for (std::size_t n = 0; n < syndromes.size(); ++n, ++shift) {
    std::uint16_t discrepancy = syndromes[n];
    for (std::size_t i = 1; i <= length; ++i) {
      discrepancy = static_cast<std::uint16_t>(discrepancy ^ gf16::multiply(locator[i], syndromes[n - i]));
    }
    if (discrepancy == 0) continue;
    const std::uint16_t factor = gf16::divide(discrepancy, before_discrepancy);
    const Polynomial now = locator;
    for (std::size_t i = shift; i < locator.size(); ++i) {
      locator[i] = static_cast<std::uint16_t>(locator[i] ^ gf16::multiply(factor, before[i - shift]));
    }
    if (2 * length > n) continue;
    length = n + 1 - length;
    before = now;
    before_discrepancy = discrepancy;
    shift = 0;
  }
  if (length > syndromes.size() / 2 || locator[length] == 0) return std::nullopt;
  locator.resize(length + 1);
  return locator;
}

// Chien search: the powers e < words for which the locator is 0 at alpha^-e, as many as its degree.
std::optional<std::vector<std::size_t>> error_powers(const Polynomial& locator, std::size_t words) {
  const std::size_t degree = locator.size() - 1;
  std::vector<std::size_t> powers;
  if (degree == 1) {
    powers.push_back(gf16::logarithm(locator[1]));
    if (powers[0] >= words) return std::nullopt;
    return powers;
  }
  struct Term {
    unsigned logarithm, step;
  };
  std::vector<Term> terms;
  for (unsigned i = 1; i <= degree; ++i) {
    if (locator[i] != 0) terms.push_back({gf16::logarithm(locator[i]), i});
  }
  const std::uint16_t* power_of = gf16::powers().data();
  for (std::size_t e = 0; e < words && powers.size() < degree; ++e) {
    unsigned sum = 1;
    for (Term& term : terms) {
      sum ^= power_of[term.logarithm];
      term.logarithm += term.logarithm < term.step ? gf16::kOrder - term.step : 0U - term.step;
    }
    if (sum == 0) powers.push_back(e);
  }
  if (powers.size() != degree) return std::nullopt;
  return powers;
}

// Forney: how much is wrong at alpha^power.
std::uint16_t magnitude(const Polynomial& locator, const Polynomial& evaluator, std::size_t power) {
  const std::uint16_t inverse = gf16::power(gf16::kOrder - power % gf16::kOrder);
  Polynomial derivative(locator.size() - 1, 0);  // in characteristic 2 the even powers vanish
  for (std::size_t i = 1; i < locator.size(); i += 2) derivative[i - 1] = locator[i];
  const std::uint16_t below = value_at(derivative, inverse);
  if (below == 0) return 0;
  return gf16::multiply(gf16::power(power), gf16::divide(value_at(evaluator, inverse), below));
}

bool explains(const std::vector<WordError>& errors, std::span<const std::uint16_t> syndromes,
              std::size_t words) {
  for (std::size_t i = 0; i < syndromes.size(); ++i) {
    std::uint16_t sum = 0;
    for (const WordError& error : errors) {
      const std::uint64_t weight = std::uint64_t{words - 1 - error.position} * i;
      sum = static_cast<std::uint16_t>(sum ^ gf16::multiply(error.difference, gf16::power(weight)));
    }
    if (sum != syndromes[i]) return false;
  }
  return true;
}

}  // namespace

ColumnCoder::ColumnCoder(std::size_t columns) : registers_(columns * kRegister, 0) {}

void ColumnCoder::add(std::size_t column, std::span<const std::uint16_t> words) {
  const CoderTables& tables = coder_tables();
  std::uint16_t* at = registers_.data() + column * kRegister;
  for (const std::uint16_t word : words) {
    const unsigned out = at[0] ^ unsigned { word };
    const Row& low = tables.low[out & 0xFFU];
    const Row& high = tables.high[out >> 8];
    Row next;
    for (std::size_t i = 0; i < kMaxParity; ++i) {
      next[i] = static_cast<std::uint16_t>(at[i + 1] ^ low[i] ^ high[i]);
    }
    std::copy(next.begin(), next.end(), at);
    at += kRegister;
  }
}

Syndromes ColumnCoder::syndromes(std::size_t column) const {
  return syndromes_of_parity(std::span(registers_).subspan(column * kRegister, kMaxParity));
}

// Parity is D(x) * x^count modulo the generator, so at a root it has the value of D times the root^count.
Syndromes syndromes_of_parity(std::span<const std::uint16_t> parity) {
  Syndromes result{};
  for (std::size_t i = 0; i < parity.size() && i < kMaxParity; ++i) {
    const std::uint16_t root = gf16::power(i);
    std::uint16_t sum = 0;
    for (const std::uint16_t word : parity) {
      sum = static_cast<std::uint16_t>(gf16::multiply(sum, root) ^ word);
    }
    result[i] = gf16::divide(sum, gf16::power(i * parity.size()));
  }
  return result;
}

std::optional<std::size_t> count_errors(std::span<const std::uint16_t> syndromes) {
  const std::optional<Polynomial> locator = error_locator(syndromes);
  if (!locator) return std::nullopt;
  return locator->size() - 1;
}

std::optional<std::vector<WordError>> locate_errors(std::span<const std::uint16_t> syndromes,
                                                    std::size_t words) {
  std::vector<WordError> errors;
  const std::optional<Polynomial> locator = error_locator(syndromes);
  if (!locator) return std::nullopt;
  if (locator->size() == 1) return errors;
  const auto powers = error_powers(*locator, words);
  if (!powers) return std::nullopt;
  Polynomial evaluator(powers->size(), 0);  // syndromes * locator, below the degree
  for (std::size_t i = 0; i < evaluator.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      evaluator[i] =
          static_cast<std::uint16_t>(evaluator[i] ^ gf16::multiply(syndromes[i - j], (*locator)[j]));
    }
  }
  for (auto power = powers->rbegin(); power != powers->rend(); ++power) {
    errors.push_back({words - 1 - *power, magnitude(*locator, evaluator, *power)});
    if (errors.back().difference == 0) return std::nullopt;
  }
  if (!explains(errors, syndromes, words)) return std::nullopt;
  return errors;
}

}  // namespace binrip::verify
