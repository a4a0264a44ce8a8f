#include "sub_merger.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace binrip::rip {

namespace {

// Bounds what is remembered to some 3 MB.
constexpr std::size_t kMaxMerged = 4096;
constexpr std::size_t kMostReads = 8;
constexpr std::size_t kEnoughForAVote = 3;

SubRecord record_of(cd::SubBytes sub) {
  SubRecord record;
  std::copy(sub.begin(), sub.end(), record.begin());
  return record;
}

// A drive that checks Q gives zeros for one that it could not read: twice the same of them tells nothing.
bool says_nothing(const cd::QBytes& q) {
  return std::all_of(q.begin(), q.end() - 2, [](Byte b) { return b == 0; });
}

// Where as many say one as say the other, `decides` does.
SubRecord majority(const std::vector<SubRecord>& reads, const SubRecord& decides) {
  SubRecord out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (unsigned bit = 1; bit < 0x100; bit <<= 1) {
      const auto ones = static_cast<std::size_t>(
          std::count_if(reads.begin(), reads.end(), [&](const SubRecord& r) { return (r[i] & bit) != 0; }));
      const bool tie = 2 * ones == reads.size();
      const bool one = tie ? (decides[i] & bit) != 0 : 2 * ones > reads.size();
      if (one) out[i] = static_cast<Byte>(out[i] | bit);
    }
  }
  return out;
}

int different_bits(const cd::QBytes& a, const cd::QBytes& b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
  return bits;
}

// Ties are decided by the read whose Q is closest to the outcome.
std::optional<SubRecord> vote(const std::vector<SubRecord>& reads, cd::Lba lba) {
  std::optional<SubRecord> best;
  int least = 0;
  for (const SubRecord& decides : reads) {
    const SubRecord outcome = majority(reads, decides);
    if (!cd::has_right_q(outcome, lba)) continue;
    const int bits = different_bits(cd::q_of(decides), cd::q_of(outcome));
    if (best && bits >= least) continue;
    best = outcome;
    least = bits;
  }
  return best;
}

}  // namespace

MergedSub SubMerger::add(cd::Lba lba, cd::SubBytes first, cd::SubBytes again) {
  std::vector<SubRecord> alone;
  const bool remembered = reads_.contains(lba.value) || reads_.size() < kMaxMerged;
  std::vector<SubRecord>& reads = remembered ? reads_[lba.value] : alone;
  if (reads.empty()) reads.push_back(record_of(first));

  const cd::QBytes q = cd::q_of(again);
  const auto same =
      std::find_if(reads.begin(), reads.end(), [&](const SubRecord& r) { return cd::q_of(r) == q; });
  if (same != reads.end() && !says_nothing(q)) return {SubState::confirmed, *same};
  if (reads.size() < kMostReads) reads.push_back(record_of(again));
  if (reads.size() >= kEnoughForAVote) {
    if (const auto outcome = vote(reads, lba)) return {SubState::voted, *outcome};
  }
  return {SubState::read, reads.front()};
}

}  // namespace binrip::rip
