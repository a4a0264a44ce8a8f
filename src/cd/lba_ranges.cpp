#include "binrip/cd/lba_ranges.hpp"

#include <algorithm>

namespace binrip::cd {

std::int64_t total_size(const std::vector<LbaRange>& ranges) {
  std::int64_t size = 0;
  for (const LbaRange& range : ranges) size += range.size().value;
  return size;
}

std::vector<LbaRange> united(std::vector<LbaRange> a, const std::vector<LbaRange>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  std::vector<LbaRange> joined;
  for (const LbaRange& range : a) {
    if (!joined.empty() && range.begin <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, range.end);
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

std::vector<LbaRange> common(const std::vector<LbaRange>& a, const std::vector<LbaRange>& b) {
  std::vector<LbaRange> shared;
  for (const LbaRange& x : a) {
    for (const LbaRange& y : b) {
      const LbaRange both{std::max(x.begin, y.begin), std::min(x.end, y.end)};
      if (both.begin < both.end) shared.push_back(both);
    }
  }
  return shared;
}

std::vector<LbaRange> without(const std::vector<LbaRange>& a, const std::vector<LbaRange>& b) {
  std::vector<LbaRange> left;
  for (LbaRange range : a) {
    for (const LbaRange& taken : b) {
      if (taken.end <= range.begin || taken.begin >= range.end) continue;
      if (range.begin < taken.begin) left.push_back({range.begin, taken.begin});
      range.begin = std::min(taken.end, range.end);
    }
    if (range.begin < range.end) left.push_back(range);
  }
  return left;
}

}  // namespace binrip::cd
