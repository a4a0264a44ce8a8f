// Mends the covered bytes of one sector, code word by code word, keeping all syndromes up to date.
#pragma once

#include <bitset>
#include <optional>
#include <random>
#include <vector>

#include "ecc_syndromes.hpp"

namespace binrip::cd {

class EccCorrector {
 public:
  // When a byte may be changed. A byte lies in a P and a Q word (Q parity in Q alone): that the other word is
  // wrong too is strong evidence that the byte is. Under `any` a word may be mended at the other's cost.
  enum class Rule { both_codes_wrong, any };

  EccCorrector(const EccBytes& bytes, EccHeader header);
  // Positions in the sector that are doubtful; others than the code covers are passed over.
  void mark(std::span<const std::uint16_t> positions);
  // Until nothing changes, or a limit is reached. Gives the number of rounds.
  int run(Rule rule);

  // Word by word in a random order, each time followed by what P and Q agree upon. A word of two wrong bytes
  // may look like one of a single one; in another order the other code comes first and mends one of the two.
  int run_shuffled(std::minstd_rand& random);

  // Mends all doubtful bytes at once, where the code words together leave no choice: those marked, those
  // where a wrong P and a wrong Q word cross, or those that are both. False, and nothing is changed, where
  // they leave one.
  enum class Doubt { marked, crossings, marked_crossings };
  bool solve(Doubt doubt);

  // Where every P word is right, but not every Q word: takes what P covers as right and computes Q parity
  // anew. Two wrong bytes in the parity of one Q word cannot be mended in another way.
  void renew_q_parity();

  int wrong_words() const { return wrong_p_ + wrong_q_; }
  bool converged() const { return wrong_words() == 0; }
  const EccBytes& bytes() const { return bytes_; }

 private:
  using Code = ecc_layout::Code;
  // How many symbols of a word may be wrong: one in any place, two in marked ones, or two where wrong words
  // of the other code cross this one.
  enum class Reach { one, two_marked, two_crossing };
  struct Fix {
    std::size_t offset;
    Byte difference;
  };
  struct Fixes {
    std::array<Fix, 2> fixes{};
    std::size_t count = 0;
  };
  struct Marked {
    std::array<std::size_t, 2> indexes{};  // the first two
    std::size_t count = 0;                 // of all
  };

  std::vector<std::size_t> doubtful(Doubt doubt) const;
  std::array<Byte, 2> syndromes(Code code, std::size_t word) const;
  bool is_wrong(Code code, std::size_t word) const;
  Marked marked_in(Code code, std::size_t word) const;
  Marked crossing_in(Code code, std::size_t word) const;
  std::optional<Fix> single(Code code, std::size_t word) const;
  Fixes decode(Code code, std::size_t word, Reach reach) const;
  Fixes two_in(Code code, std::size_t word, std::array<std::size_t, 2> indexes) const;
  bool is_allowed(Code code, const Fix& fix, Rule rule) const;
  bool mend(Code code, std::size_t word, Reach reach, Rule rule);
  int pass(Code code, Reach reach, Rule rule);
  int agreed_pass();
  void apply(const Fix& fix);
  void add_to_syndromes(Code code, const Fix& fix);

  EccBytes bytes_;
  EccHeader header_;
  PSyndromes p_;
  QSyndromes q_;
  int wrong_p_ = 0;
  int wrong_q_ = 0;
  std::bitset<ecc_layout::kCovered> marked_;
  bool any_marked_ = false;
};

}  // namespace binrip::cd
