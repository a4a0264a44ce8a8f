#include "passes.hpp"

#include <algorithm>

namespace binrip::rip {

using cd::LbaRange;
using cd::SectorState;

namespace {

// A retry pass that changes nothing is worth repeating over a few sectors, not over half a disc.
constexpr std::int64_t kFewSectors = 2000;

drive::C2Mode mode_of(drive::C2Support support) {
  switch (support) {
    case drive::C2Support::bits:
      return drive::C2Mode::bits;
    case drive::C2Support::bits_and_block:
      return drive::C2Mode::bits_and_block;
    case drive::C2Support::none:
      break;
  }
  return drive::C2Mode::none;
}

drive::SubMode mode_of(drive::SubSupport support) {
  switch (support) {
    case drive::SubSupport::raw:
      return drive::SubMode::raw;
    case drive::SubSupport::formatted_q:
      return drive::SubMode::q;
    case drive::SubSupport::none:
      break;
  }
  return drive::SubMode::none;
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

}  // namespace

std::int64_t total_size(const std::vector<LbaRange>& ranges) {
  std::int64_t size = 0;
  for (const LbaRange& range : ranges) size += range.size().value;
  return size;
}

PassPlanner::PassPlanner(const drive::Profile& profile, int retries)
    : c2_(mode_of(profile.c2.value)),
      sub_(mode_of(profile.sub.value)),
      separate_(profile.combination.value == drive::Combination::separate && c2_ != drive::C2Mode::none &&
                sub_ != drive::SubMode::none),
      retries_left_(retries) {}

std::optional<Pass> PassPlanner::next(const SectorMap& map) {
  if (auto targets = map.with(SectorState::untried); streams_left_ > 0 && !targets.empty()) {
    --streams_left_;
    return Pass{Purpose::stream, std::move(targets), c2_, separate_ ? drive::SubMode::none : sub_};
  }
  if (auto targets = map.sub_untried(); separate_ && sub_passes_left_ > 0 && !targets.empty()) {
    --sub_passes_left_;
    return Pass{Purpose::subchannel, std::move(targets), drive::C2Mode::none, sub_};
  }
  if (auto targets = map.with(SectorState::unproven); proofs_left_ > 0 && !targets.empty()) {
    --proofs_left_;
    return Pass{Purpose::proof, std::move(targets), separate_ ? drive::C2Mode::none : c2_, sub_};
  }
  return retry(map);
}

std::optional<Pass> PassPlanner::retry(const SectorMap& map) {
  std::vector<LbaRange> targets = map.below(SectorState::consistent);
  if (sub_ != drive::SubMode::none) targets = united(std::move(targets), map.sub_untried());
  const std::int64_t size = total_size(targets);
  if (retries_left_ <= 0 || size == 0) return std::nullopt;
  if (size == last_retry_size_ && size > kFewSectors) return std::nullopt;
  last_retry_size_ = size;
  --retries_left_;
  Pass pass{Purpose::retry, std::move(targets), c2_, sub_};
  // One with C2, the next with subchannel, and so on.
  if (separate_ && retries_left_ % 2 == 0) pass.sub = drive::SubMode::none;
  if (separate_ && retries_left_ % 2 != 0) pass.c2 = drive::C2Mode::none;
  return pass;
}

}  // namespace binrip::rip
