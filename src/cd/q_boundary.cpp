#include "q_boundary.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace binrip::cd {
namespace {

// More wrong bits than this, and it may be anything: of random ones a Q has so few once in a billion.
constexpr int kMostWrongBits = 12;

int different_bits(const QBytes& a, const QBytes& b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
  return bits;
}

// How many bits are wrong if this Q should say so, whatever its control is.
int wrong_bits(const QBytes& q, QPosition position) {
  int fewest = std::numeric_limits<int>::max();
  for (Byte control = 0; control < 16; ++control) {
    position.control = control;
    fewest = std::min(fewest, different_bits(q, encode_q(position)));
  }
  return fewest;
}

// How many bits are wrong if the sector has this label.
int wrong_bits(const QTrackBounds& bounds, QLabel label, Lba lba, const QBytes& q) {
  QPosition position{.track = bounds.number, .index = label, .relative = {}, .absolute = to_msf(lba)};
  if (label != kQNextPregap) {
    position.relative = to_msf(lba - bounds.start);
    return wrong_bits(q, position);
  }
  position.track = bounds.next;
  position.index = 0;
  position.relative = to_msf(bounds.end - lba);  // down to 1 or to 0: discs differ
  const int to_one = wrong_bits(q, position);
  position.relative = to_msf(bounds.end - lba - SectorCount{1});
  return std::min(to_one, wrong_bits(q, position));
}

// A Q for one side or the other: by so many wrong bits fewer.
struct Vote {
  Lba lba;
  int inside = 0;
};

std::vector<Vote> votes_of(const QTrackBounds& bounds, QLabel before, const QRun& run,
                           const DoubtfulQs& doubtful) {
  std::vector<Vote> votes;
  auto q = std::lower_bound(doubtful.begin(), doubtful.end(), run.earliest,
                            [](const auto& entry, Lba lba) { return entry.first < lba; });
  for (; q != doubtful.end() && q->first < run.first; ++q) {
    const int if_before = wrong_bits(bounds, before, q->first, q->second);
    const int if_inside = wrong_bits(bounds, run.label, q->first, q->second);
    if (std::min(if_before, if_inside) > kMostWrongBits) continue;
    votes.push_back({q->first, if_before - if_inside});
  }
  return votes;
}

}  // namespace

// The run begins where the Qs from there on have the most votes for it. Between two Qs every place has as
// many.
QRun narrowed(const QTrackBounds& bounds, QLabel before, QRun run, const DoubtfulQs& doubtful) {
  const std::vector<Vote> votes = votes_of(bounds, before, run, doubtful);
  const auto lowest = [&](std::size_t k) {
    return k == 0 ? run.earliest : votes[k - 1].lba + SectorCount{1};
  };
  Lba earliest = lowest(votes.size()), latest = run.first;
  int sum = 0, most = 0;
  for (std::size_t k = votes.size(); k-- > 0;) {
    sum += votes[k].inside;
    if (sum > most) latest = votes[k].lba;
    if (sum >= most) earliest = lowest(k);
    most = std::max(most, sum);
  }
  run.earliest = earliest;
  run.first = latest;
  return run;
}

}  // namespace binrip::cd
