#include "q_segments.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdlib>
#include <optional>

namespace binrip::cd {
namespace {

constexpr int kSkew = 10;         // Q may be off the TOC by some sectors
constexpr int kEnoughInTime = 2;  // Qs that make an index or pregap, if their relative times are right
constexpr int kEnough = 3;        // if not
constexpr int kRounds = 4;
using Allowed = std::bitset<kQLabels>;

std::optional<QLabel> label_of(const QTrackBounds& bounds, Lba lba, const QPosition& q) {
  if (q.track == bounds.number) return q.index == 0 ? kQBefore : QLabel{q.index};
  if (bounds.next != 0 && q.track == bounds.next) return q.index == 0 ? kQNextPregap : kQAfter;
  if (bounds.next == 0 && q.track == kLeadOutTrack) return kQAfter;
  const bool near_start = (lba - bounds.start).value < kSkew;
  if (near_start && q.track + 1 == bounds.number) return kQBefore;
  return std::nullopt;
}

// From the start of its track, or down to the start of the next one; drives and discs differ by one in that.
bool is_in_time(const QTrackBounds& bounds, Lba lba, QLabel label, Msf relative) {
  const std::int32_t time = to_count(relative).value;
  const std::int32_t expected =
      label == kQNextPregap ? (bounds.end - lba).value - 1 : (lba - bounds.start).value;
  return std::abs(time - expected) <= kSkew;
}

bool is_enough(const QRun& run) {
  return run.count >= kEnough || (run.count >= kEnoughInTime && run.in_time == run.count);
}

// The ascending sequence of greatest weight, as one pass over the runs with the best sequence that ends in
// each label. A Q that is in time weighs double.
std::vector<QRun> heaviest_sequence(const std::vector<QRun>& runs, const Allowed& allowed) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::array<std::int64_t, kQLabels> best{};
  std::array<std::size_t, kQLabels> tail;
  tail.fill(kNone);
  std::vector<std::size_t> before(runs.size(), kNone);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const QRun& run = runs[r];
    if (!allowed[run.label]) continue;
    const auto end = best.begin() + run.label + 1;
    const auto from = std::max_element(best.begin(), end);
    before[r] = tail[static_cast<std::size_t>(from - best.begin())];
    best[run.label] = *from + run.count + run.in_time;
    tail[run.label] = r;
  }
  std::vector<QRun> chosen;
  const auto heaviest = std::max_element(best.begin(), best.end());
  for (std::size_t r = tail[static_cast<std::size_t>(heaviest - best.begin())]; r != kNone; r = before[r]) {
    if (!chosen.empty() && chosen.back().label == runs[r].label) {
      chosen.back().earliest = runs[r].earliest;
      chosen.back().first = runs[r].first;
      chosen.back().count += runs[r].count;
      chosen.back().in_time += runs[r].in_time;
    } else {
      chosen.push_back(runs[r]);
    }
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

void QRuns::add(Lba lba, const QPosition& position) {
  const auto label = label_of(bounds_, lba, position);
  if (!label) return;
  if (runs_.empty() || runs_.back().label != *label) {
    const Lba earliest = runs_.empty() ? bounds_.start : runs_.back().last + SectorCount{1};
    runs_.push_back({*label, earliest, lba, lba, 0, 0});
  }
  QRun& run = runs_.back();
  run.last = lba;
  ++run.count;
  run.in_time += is_in_time(bounds_, lba, *label, position.relative) ? 1 : 0;
}

std::vector<QRun> QRuns::segments() const {
  Allowed allowed;
  allowed.set();
  std::vector<QRun> chosen;
  for (int round = 0; round < kRounds; ++round) {
    chosen = heaviest_sequence(runs_, allowed);
    bool all_enough = true;
    for (const QRun& run : chosen) {
      if (is_enough(run)) continue;
      allowed.reset(run.label);
      all_enough = false;
    }
    if (all_enough) return chosen;
  }
  std::erase_if(chosen, [](const QRun& run) { return !is_enough(run); });
  return chosen;
}

}  // namespace binrip::cd
