#include "versions.hpp"

#include <algorithm>
#include <cstring>

#include "binrip/cd/lba_ranges.hpp"

namespace binrip::rip {

namespace {

// Bounds what a drive that never repeats itself makes us remember of a sector.
constexpr std::size_t kMostOthers = 30;

// Not for adversaries: sectors that differ by what a drive misread.
std::uint64_t hash_of(cd::SectorBytes main) {
  std::uint64_t hash = 0x9E3779B97F4A7C15U;
  for (std::size_t at = 0; at < main.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, main.data() + at, sizeof word);
    hash = (hash ^ word) * 0xBF58476D1CE4E5B9U;
    hash ^= hash >> 31;
  }
  return hash;
}
static_assert(cd::kSectorSize % sizeof(std::uint64_t) == 0);

}  // namespace

std::size_t Versions::index(cd::Lba lba) const {
  std::int32_t before = 0;
  for (const cd::LbaRange& range : ranges_) {
    if (lba < range.end) return static_cast<std::size_t>(before + (lba - range.begin).value);
    before += range.size().value;
  }
  return 0;
}

bool Versions::knows(cd::Lba lba) const { return !first_.empty() && first_[index(lba)].votes > 0; }

void Versions::forget(cd::Lba lba) {
  if (first_.empty()) return;
  first_[index(lba)] = {};
  others_.erase(lba.value);
}

Standing Versions::add(cd::Lba lba, cd::SectorBytes main, const Testimony& testimony) {
  if (first_.empty()) {
    first_.resize(static_cast<std::size_t>(cd::total_size(ranges_)));
  }
  const std::uint64_t hash = hash_of(main);
  const auto pass = static_cast<std::uint16_t>(testimony.pass);
  std::vector<Version*> all;
  Version& first = first_[index(lba)];
  if (first.votes == 0) first = {.hash = hash, .votes = 1, .last_pass = pass};
  all.push_back(&first);
  if (const auto others = others_.find(lba.value); others != others_.end()) {
    for (Version& version : others->second) all.push_back(&version);
  }
  auto found = std::find_if(all.begin(), all.end(), [&](const Version* v) { return v->hash == hash; });
  if (found == all.end()) {
    std::vector<Version>& others = others_[lba.value];
    if (others.size() >= kMostOthers)
      return {.most_against = 1, .versions = static_cast<int>(all.size()) + 1};
    others.push_back({.hash = hash, .votes = 1, .last_pass = pass});
    all.assign(1, &first);
    for (Version& version : others) all.push_back(&version);
    found = all.end() - 1;
  }
  Version& version = **found;
  if (testimony.fresh && version.last_pass != pass) {
    version.last_pass = pass;
    ++version.votes;
  }
  version.clean = version.clean || testimony.clean;
  version.placed = version.placed || testimony.placed;
  Standing standing{.votes = version.votes,
                    .versions = static_cast<int>(all.size()),
                    .clean = version.clean,
                    .placed = version.placed};
  for (const Version* other : all) {
    if (other == &version) continue;
    standing.most_against = std::max<int>(standing.most_against, other->votes);
    standing.another_was_as_good = standing.another_was_as_good || (other->clean && other->placed);
  }
  return standing;
}

}  // namespace binrip::rip
