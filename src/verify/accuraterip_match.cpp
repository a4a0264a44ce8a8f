#include <algorithm>
#include <cstdlib>
#include <map>

#include "binrip/verify/accuraterip.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kMostOtherOffsets = 4;  // that v2 is computed at

// By value, so that an entry's is found at once.
using Sorted = std::vector<std::pair<std::uint32_t, int>>;

Sorted sorted(const std::vector<std::uint32_t>& by_offset) {
  Sorted result;
  for (std::size_t i = 0; i < by_offset.size(); ++i) {
    if (by_offset[i] != 0) result.emplace_back(by_offset[i], static_cast<int>(i) - kMostOffset);
  }
  std::sort(result.begin(), result.end());
  return result;
}

// Confidence by sum, of all pressings: those of one sum together.
std::map<std::uint32_t, int> confidences(const AccurateRipAnswer& answer, std::size_t entry,
                                         std::uint32_t AccurateRipEntry::*field) {
  std::map<std::uint32_t, int> result;
  for (const std::vector<AccurateRipEntry>& pressing : answer.pressings) {
    if (entry >= pressing.size()) continue;
    const AccurateRipEntry& each = pressing[entry];
    if (each.confidence > 0) result[each.*field] += each.confidence;
  }
  return result;
}

template <class Found>
void for_each_offset(const Sorted& sums, std::uint32_t value, Found found) {
  auto at = std::lower_bound(sums.begin(), sums.end(), std::pair(value, -kMostOffset));
  for (; at != sums.end() && at->first == value; ++at) found(at->second);
}

bool earlier(const AccurateRipMatch& a, const AccurateRipMatch& b) {
  if ((a.offset == 0) != (b.offset == 0)) return a.offset == 0;
  if (a.version != b.version) return a.version == AccurateRipVersion::v2;
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return a.offset < b.offset;
}

AccurateRipTrackMatches matches_of(const AccurateRipSums& sums, const AccurateRipAnswer& answer) {
  AccurateRipTrackMatches result{.track = sums.track, .matches = {}};
  const Sorted v1 = sorted(sums.v1);
  Sorted v2;
  const auto add_v2 = [&](int offset, std::uint32_t value) {
    // A v2 that is no other number than v1 proves no more than it: the entry may be either.
    if (value != 0 && value != sums.v1_at(offset)) v2.emplace_back(value, offset);
  };
  add_v2(0, sums.v2);
  for (const auto& [offset, value] : sums.more_v2) add_v2(offset, value);
  std::sort(v2.begin(), v2.end());
  for (const auto& [sum, confidence] : confidences(answer, sums.track.entry, &AccurateRipEntry::sum)) {
    result.known += confidence;
    const auto add = [&, confidence = confidence](AccurateRipVersion version) {
      return [&result, confidence, version](int offset) {
        result.matches.push_back({offset, version, confidence});
      };
    };
    for_each_offset(v1, sum, add(AccurateRipVersion::v1));
    for_each_offset(v2, sum, add(AccurateRipVersion::v2));
  }
  std::sort(result.matches.begin(), result.matches.end(), earlier);
  return result;
}

std::vector<AccurateRipOffset> in_order(const std::map<int, AccurateRipOffset>& offsets) {
  std::vector<AccurateRipOffset> result;
  result.reserve(offsets.size());
  for (const auto& [offset, each] : offsets) result.push_back(each);
  const auto better = [](const AccurateRipOffset& a, const AccurateRipOffset& b) {
    const int tracks_a = a.tracks_v1 + a.tracks_v2, tracks_b = b.tracks_v1 + b.tracks_v2;
    if (tracks_a != tracks_b) return tracks_a > tracks_b;
    if (a.tracks_v2 != b.tracks_v2) return a.tracks_v2 > b.tracks_v2;
    if (a.confidence != b.confidence) return a.confidence > b.confidence;
    return std::abs(a.offset) < std::abs(b.offset);
  };
  std::stable_sort(result.begin(), result.end(), better);
  return result;
}

// One track more at this offset.
void count(std::map<int, AccurateRipOffset>& offsets, int offset, int v1, int v2) {
  const int best = std::max(v1, v2);
  const auto [at, added] = offsets.try_emplace(offset, AccurateRipOffset{offset, 0, 0, best});
  AccurateRipOffset& each = at->second;
  ++(v2 > 0 ? each.tracks_v2 : each.tracks_v1);
  each.confidence = std::min(each.confidence, best);
}

std::vector<AccurateRipOffset> offsets_of(const std::vector<AccurateRipTrackMatches>& tracks) {
  std::map<int, AccurateRipOffset> offsets;
  for (const AccurateRipTrackMatches& track : tracks) {
    std::map<int, std::pair<int, int>> at;  // confidence of v1 and v2
    for (const AccurateRipMatch& match : track.matches) {
      auto& [v1, v2] = at[match.offset];
      (match.version == AccurateRipVersion::v1 ? v1 : v2) = match.confidence;
    }
    for (const auto& [offset, both] : at) count(offsets, offset, both.first, both.second);
  }
  return in_order(offsets);
}

// Whether there is nothing to gain from looking at other offsets.
bool is_settled(const AccurateRipVerdict& verdict) {
  return std::ranges::all_of(verdict.tracks, [](const AccurateRipTrackMatches& track) {
    return track.known == 0 || track.confidence(0, AccurateRipVersion::v2) > 0;
  });
}

std::vector<int> likeliest_others(const AccurateRipVerdict& verdict,
                                  const std::vector<AccurateRipOffset>& frames) {
  std::vector<int> offsets;
  const auto take = [&](const std::vector<AccurateRipOffset>& from) {
    for (const AccurateRipOffset& each : from) {
      if (offsets.size() == kMostOtherOffsets) return;
      const bool known = std::find(offsets.begin(), offsets.end(), each.offset) != offsets.end();
      if (each.offset != 0 && !known) offsets.push_back(each.offset);
    }
  };
  take(frames);
  take(verdict.offsets);
  return offsets;
}

}  // namespace

int AccurateRipTrackMatches::confidence(int offset, AccurateRipVersion version) const {
  const auto found = std::find_if(matches.begin(), matches.end(), [&](const AccurateRipMatch& match) {
    return match.offset == offset && match.version == version;
  });
  return found == matches.end() ? 0 : found->confidence;
}

AccurateRipVerdict match(std::span<const AccurateRipSums> sums, const AccurateRipAnswer& answer) {
  AccurateRipVerdict verdict;
  for (const AccurateRipSums& track : sums) verdict.tracks.push_back(matches_of(track, answer));
  verdict.offsets = offsets_of(verdict.tracks);
  return verdict;
}

std::vector<AccurateRipOffset> frame450_offsets(std::span<const AccurateRipSums> sums,
                                                const AccurateRipAnswer& answer) {
  std::map<int, AccurateRipOffset> offsets;
  for (const AccurateRipSums& track : sums) {
    const Sorted frames = sorted(track.frame450);
    for (const auto& [sum, confidence] :
         confidences(answer, track.track.entry, &AccurateRipEntry::frame450)) {
      for_each_offset(frames, sum,
                      [&, confidence = confidence](int offset) { count(offsets, offset, confidence, 0); });
    }
  }
  return in_order(offsets);
}

Result<AccurateRipVerdict> check_accuraterip(const cd::Disc& disc, const AccurateRipAnswer& answer,
                                             const SectorSource& source, std::stop_token stop) {
  const std::vector<AccurateRipTrack> tracks = accuraterip_tracks(disc);
  TRY(std::vector<AccurateRipSums> sums, accuraterip_sums(tracks, source, stop));
  AccurateRipVerdict verdict = match(sums, answer);
  if (is_settled(verdict)) return verdict;
  const std::vector<int> others = likeliest_others(verdict, frame450_offsets(sums, answer));
  if (others.empty()) return verdict;
  for (AccurateRipSums& each : sums) TRY_VOID(add_v2(each, others, source, stop));
  return match(sums, answer);
}

}  // namespace binrip::verify
