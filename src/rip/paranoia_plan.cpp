#include "paranoia_plan.hpp"

#include <algorithm>

#include "binrip/cd/lba_ranges.hpp"

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;
using cd::SectorState;

namespace {

// Three can settle what is clean; damage, and seams that meet, need more.
constexpr int kMostReadings = 10;
// A vote over fewer sectors than this has too few transfers.
constexpr std::int32_t kFewestTogether = 400;
// One reading of a batch has to be kept whole, and so does each other one of it.
constexpr std::int64_t kSmallestBatch = 1200, kLargestBatch = 4800;

std::int64_t batch_size(const drive::Profile& profile) {
  std::uint32_t kib = profile.cache_kib.value;
  if (profile.cache_kib.source == drive::ProfileSource::assumed)
    kib = std::max(kib, drive::kMaxCommonCacheKib);
  const auto cached = static_cast<std::int64_t>(std::uint64_t{kib} * 1024 * 4 / 3 / cd::kSectorSize);
  return std::clamp(cached, kSmallestBatch, kLargestBatch);
}

}  // namespace

// The pregap before an audio track that follows data may hold either: it is left out.
ParanoiaPlan::ParanoiaPlan(const drive::Profile& profile, const cd::Disc& disc)
    : batch_size_(batch_size(profile)) {
  bool after_data = false;
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    const bool audio = !track.track->is_data();
    LbaRange range = track.range;
    if (after_data) range.begin = std::max(range.begin, track.track->start());
    if (audio && range.begin < range.end) audio_ = cd::united(std::move(audio_), {range});
    after_data = !audio;
  }
}

ParanoiaPlan::Reading ParanoiaPlan::next(const SectorMap& map) {
  const auto left = cd::common(map.below(SectorState::consistent), audio_);
  if (!batch_.empty()) left_after_.push_back(cd::total_size(cd::common(sought_, left)));
  if (!batch_.empty() && worth_another()) return {batch_, ++readings_};
  tried_ = cd::united(std::move(tried_), sought_);
  batch_.clear();
  // Of the rest nothing has come yet that could be matched.
  std::vector<LbaRange> came = map.with(SectorState::unproven);
  came = cd::united(std::move(came), map.with(SectorState::damaged));
  const auto wanted = cd::without(cd::common(came, audio_), tried_);
  if (wanted.empty()) return {};
  begin_batch(wanted);
  readings_ = 1;
  return {batch_, readings_};
}

// Two readings that brought nothing are the last, once there are enough for a vote.
bool ParanoiaPlan::worth_another() const {
  constexpr std::size_t kEnough = 5;
  const std::size_t n = left_after_.size();
  if (readings_ >= kMostReadings || left_after_.back() == 0) return false;
  return n < kEnough || left_after_[n - 1] < left_after_[n - 3];
}

LbaRange ParanoiaPlan::with_surroundings(LbaRange range) const {
  const SectorCount more{std::max(0, (kFewestTogether - range.size().value) / 2)};
  for (const LbaRange& piece : audio_) {
    if (!piece.contains(range.begin)) continue;
    return {std::max(range.begin - more, piece.begin), std::min(range.end + more, piece.end)};
  }
  return range;
}

// A small rest would have too few transfers to vote: the last two batches are of one size.
void ParanoiaPlan::begin_batch(const std::vector<LbaRange>& wanted) {
  sought_.clear();
  left_after_.clear();
  const std::int64_t all = cd::total_size(wanted);
  const bool last_two = all > batch_size_ && all < 2 * batch_size_;
  const std::int64_t size = last_two ? (all + 1) / 2 : batch_size_;
  for (LbaRange range : wanted) {
    const std::int64_t room = size - cd::total_size(batch_);
    if (room <= 0) return;
    range.end = std::min(range.end, range.begin + SectorCount{static_cast<std::int32_t>(room)});
    sought_.push_back(range);
    batch_ = cd::united(std::move(batch_), {with_surroundings(range)});
  }
}

}  // namespace binrip::rip
