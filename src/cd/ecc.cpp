#include "binrip/cd/ecc.hpp"

#include <algorithm>

#include "ecc_corrector.hpp"
#include "ecc_layout.hpp"
#include "ecc_syndromes.hpp"
#include "gf256.hpp"

namespace binrip::cd {
namespace {

using ecc_layout::Code;
using ecc_layout::offset_of;
using ecc_layout::word_length;

// The last two symbols of each word, from the syndromes of the word with zeros in their places:
// s0 + a + b = 0 and s1 + alpha a + b = 0.
template <std::size_t kWords>
void store_parity(Code code, const Syndromes<kWords>& syndromes, EccBytes& bytes) {
  constexpr Byte kAlphaPlusOne = 3;
  const std::size_t first = word_length(code) - 2;
  for (std::size_t word = 0; word < kWords; ++word) {
    const Byte s0 = syndromes.s0[word];
    const Byte a = gf256::divide(gf256::add(s0, syndromes.s1[word]), kAlphaPlusOne);
    bytes[offset_of(code, word, first)] = a;
    bytes[offset_of(code, word, first + 1)] = gf256::add(s0, a);
  }
}

void store_ecc_bytes(const EccBytes& bytes, std::size_t from, MutableSectorBytes sector) {
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(),
            sector.begin() + static_cast<std::ptrdiff_t>(ecc_layout::kFirst + from));
}

}  // namespace

void ecc_generate(MutableSectorBytes sector, EccHeader header) {
  constexpr std::size_t kParity = (ecc_layout::kRows - 2) * ecc_layout::kColumns;
  EccBytes bytes = load_ecc_bytes(sector, header);
  std::fill(bytes.begin() + kParity, bytes.end(), Byte{0});
  store_parity(Code::p, p_syndromes(bytes), bytes);
  store_parity(Code::q, q_syndromes(bytes), bytes);  // over P parity too
  store_ecc_bytes(bytes, kParity, sector);
}

bool ecc_check(SectorBytes sector, EccHeader header) {
  const EccBytes bytes = load_ecc_bytes(sector, header);
  return p_syndromes(bytes).all_zero() && q_syndromes_zero(bytes);
}

EccCorrection ecc_correct(MutableSectorBytes sector, EccHeader header,
                          std::span<const std::uint16_t> erasures) {
  const EccBytes original = load_ecc_bytes(sector, header);
  EccCorrector best(original, header);
  EccCorrection result;

  // The careful way first; the bold one only where it does not lead to the end. What is left when none does
  // is the attempt with the fewest code words wrong, so that it is never worse than what was given.
  const auto attempt = [&](EccCorrector::Rule rule, std::span<const std::uint16_t> doubtful) {
    if (best.converged()) return;
    EccCorrector corrector(original, header);
    corrector.mark(doubtful);
    result.rounds += corrector.run(rule);
    if (corrector.wrong_words() < best.wrong_words()) best = corrector;
  };
  if (!erasures.empty()) attempt(EccCorrector::Rule::both_codes_wrong, erasures);
  attempt(EccCorrector::Rule::both_codes_wrong, {});
  if (!erasures.empty()) attempt(EccCorrector::Rule::any, erasures);
  attempt(EccCorrector::Rule::any, {});

  best.renew_q_parity();
  result.converged = best.converged();
  const EccBytes& mended = best.bytes();
  const std::size_t from = header == EccHeader::taken_as_zero ? ecc_layout::kHeaderSize : 0;
  for (std::size_t i = from; i < mended.size(); ++i) result.bytes_changed += mended[i] != original[i] ? 1 : 0;
  store_ecc_bytes(mended, from, sector);
  return result;
}

}  // namespace binrip::cd
