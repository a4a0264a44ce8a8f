#include "merge_sector.hpp"

#include <algorithm>
#include <vector>

#include "binrip/cd/repair.hpp"

namespace binrip::job {

using cd::SectorState;

namespace {

bool is_good(const MergeSide& side) { return side.state >= SectorState::consistent; }
bool has_bytes(const MergeSide& side) { return side.state >= SectorState::damaged; }

MergedSector take(Origin origin, const MergeSide& side) { return {origin, side.state, side.main}; }

MergedSector both_good(const MergeSide& first, const MergeSide& second) {
  MergedSector merged = take(Origin::both, first);
  merged.state = std::max(first.state, second.state);
  if (first.main == second.main) return merged;
  if (first.state == second.state) {
    merged.origin = Origin::contradiction;
    return merged;
  }
  merged = first.state > second.state ? take(Origin::first, first) : take(Origin::second, second);
  merged.overruled = true;
  return merged;
}

// The bytes in which they differ are where either is wrong.
bool join(cd::Lba lba, const MergeSide& first, const MergeSide& second, MergedSector& merged) {
  std::vector<std::uint16_t> doubtful;
  for (std::size_t i = 0; i < first.main.size(); ++i) {
    if (first.main[i] != second.main[i]) doubtful.push_back(static_cast<std::uint16_t>(i));
  }
  for (const auto* start : {&std::min(first.main, second.main), &std::max(first.main, second.main)}) {
    merged.main = *start;
    if (!cd::repair_data_sector(merged.main, lba, doubtful)) continue;
    merged.origin = Origin::joined;
    merged.state = SectorState::proven;
    return true;
  }
  return false;
}

MergedSector neither_good(const MergeSide& first, const MergeSide& second, Independence independence) {
  if (!has_bytes(first) && !has_bytes(second)) {
    return {Origin::none, std::max(first.state, second.state), {}};
  }
  const bool same = has_bytes(first) && has_bytes(second) && first.main == second.main;
  if (same) {
    MergedSector merged = take(Origin::both, first.state > second.state ? first : second);
    const bool confirmed = first.state == SectorState::unproven && second.state == SectorState::unproven &&
                           independence == Independence::independent;
    if (confirmed) merged.state = SectorState::consistent;
    return merged;
  }
  // Equal in rank: either may be right. Their bytes decide, so that the order of the images does not.
  const bool second_wins =
      first.state != second.state ? second.state > first.state : second.main < first.main;
  return second_wins ? take(Origin::second, second) : take(Origin::first, first);
}

// A drive that checks Q gives zeros for one that it could not read: twice the same of them tells nothing.
bool says_something(const cd::QBytes& q) {
  return std::any_of(q.begin(), q.end() - 2, [](Byte b) { return b != 0; });
}

}  // namespace

MergedSector merge_sector(cd::Lba lba, SectorIs kind, const MergeSide& first, const MergeSide& second,
                          Independence independence) {
  if (is_good(first) && is_good(second)) return both_good(first, second);
  if (is_good(first)) return take(Origin::first, first);
  if (is_good(second)) return take(Origin::second, second);
  MergedSector merged;
  if (kind == SectorIs::data && has_bytes(first) && has_bytes(second) && join(lba, first, second, merged)) {
    return merged;
  }
  return neither_good(first, second, independence);
}

SubSide sub_side(cd::Lba lba, rip::SubState state, cd::SubBytes sub) {
  SubSide side{state, {}};
  std::copy(sub.begin(), sub.end(), side.sub.begin());
  if (state == rip::SubState::read && cd::has_right_q(sub, lba)) {
    side.state = rip::SubState::right;
  }
  return side;
}

std::optional<SubSide> merge_sub(const std::optional<SubSide>& first, const std::optional<SubSide>& second,
                                 Independence independence) {
  if (!first || !second) return first ? first : second;
  if (first->state != second->state) return first->state > second->state ? first : second;
  // Equal in rank: their bytes decide, so that the order of the images does not.
  SubSide merged = second->sub < first->sub ? *second : *first;
  const cd::QBytes q = cd::q_of(merged.sub);
  const bool confirmed = merged.state == rip::SubState::read && independence == Independence::independent &&
                         cd::q_of(first->sub) == cd::q_of(second->sub) && says_something(q);
  if (confirmed) merged.state = rip::SubState::confirmed;
  return merged;
}

}  // namespace binrip::job
