#include "binrip/cd/ecc.hpp"

#include <algorithm>

#include "ecc_corrector.hpp"
#include "ecc_layout.hpp"
#include "ecc_paths.hpp"
#include "ecc_syndromes.hpp"
#include "gf256.hpp"

namespace binrip::cd {
namespace {

using ecc_layout::Code;
using ecc_layout::offset_of;
using ecc_layout::word_length;

// Some 20 microseconds each; a sector that most words of stay wrong in is hardly worth them.
constexpr int kShuffles = 32;
constexpr int kMostWrongToShuffle = 110;

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

// The careful ways first, the bold ones only where those do not lead to the end. What is left when none does
// is the attempt with the fewest code words wrong, so that it is never worse than what was given.
class Search {
 public:
  Search(SectorBytes sector, EccHeader header, std::span<const std::uint16_t> erasures,
         const EccAccept& accept)
      : header_(header),
        erasures_(erasures),
        accept_(accept),
        original_(load_ecc_bytes(sector, header)),
        untouched_(original_, header),
        best_(untouched_) {
    std::copy(sector.begin(), sector.end(), candidate_.begin());
  }

  void run() {
    using Rule = EccCorrector::Rule;
    consider(untouched_);
    if (!erasures_.empty()) {
      word_by_word(Rule::both_codes_wrong, erasures_);
      EccCorrector marked = untouched_;
      marked.mark(erasures_);
      all_at_once(marked, EccCorrector::Doubt::marked);
      all_at_once(marked, EccCorrector::Doubt::marked_crossings);
    }
    word_by_word(Rule::both_codes_wrong, {});
    if (accept_ != nullptr) guess();
    if (!erasures_.empty()) word_by_word(Rule::any, erasures_);
    word_by_word(Rule::any, {});
    EccCorrector last = best_;
    last.renew_q_parity();
    consider(last);
  }

  EccCorrection finish(MutableSectorBytes sector) const {
    EccCorrection result{.converged = done_, .bytes_changed = 0, .rounds = rounds_};
    const EccBytes& mended = best_.bytes();
    for (std::size_t i = first(); i < mended.size(); ++i) {
      result.bytes_changed += mended[i] != original_[i] ? 1 : 0;
    }
    store_ecc_bytes(mended, first(), sector);
    return result;
  }

 private:
  std::size_t first() const { return header_ == EccHeader::taken_as_zero ? ecc_layout::kHeaderSize : 0; }

  void consider(EccCorrector corrector) {
    if (done_) return;
    if (corrector.converged()) {
      store_ecc_bytes(corrector.bytes(), first(), candidate_);
      done_ = accept_ == nullptr || accept_(candidate_);
      if (done_) best_ = corrector;
    } else if (corrector.wrong_words() < best_.wrong_words()) {
      best_ = corrector;
    }
  }

  void word_by_word(EccCorrector::Rule rule, std::span<const std::uint16_t> doubtful) {
    if (done_) return;
    EccCorrector corrector = untouched_;
    corrector.mark(doubtful);
    rounds_ += corrector.run(rule);
    consider(corrector);
  }

  void all_at_once(EccCorrector corrector, EccCorrector::Doubt doubt) {
    if (done_ || !corrector.solve(doubt)) return;
    ++rounds_;
    consider(corrector);
  }

  // Comes upon too many false ones to go without `accept`.
  void guess() {
    all_at_once(best_, EccCorrector::Doubt::crossings);
    std::minstd_rand random;  // the same for every sector: what is mended once is mended again
    for (int i = 0; i < kShuffles && !done_ && best_.wrong_words() <= kMostWrongToShuffle; ++i) {
      EccCorrector corrector = untouched_;
      rounds_ += corrector.run_shuffled(random);
      consider(corrector);
      all_at_once(corrector, EccCorrector::Doubt::crossings);
    }
  }

  EccHeader header_;
  std::span<const std::uint16_t> erasures_;
  const EccAccept& accept_;
  EccBytes original_;
  EccCorrector untouched_, best_;
  std::array<Byte, kSectorSize> candidate_;
  int rounds_ = 0;
  bool done_ = false;
};

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
#if defined(__x86_64__)
  if (cpu::has_avx2()) return ecc_check_avx2(sector, header);
#endif
  return ecc_check_portable(sector, header);
}

EccCorrection ecc_correct(MutableSectorBytes sector, EccHeader header,
                          std::span<const std::uint16_t> erasures, const EccAccept& accept) {
  Search search(sector, header, erasures, accept);
  search.run();
  return search.finish(sector);
}

}  // namespace binrip::cd
