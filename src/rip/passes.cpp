#include "passes.hpp"

#include <algorithm>
#include <array>

namespace binrip::rip {

using cd::LbaRange;
using cd::SectorState;

namespace {

// A sweep that changes nothing is worth repeating over a few sectors, not over half a disc.
constexpr std::int64_t kFewSectors = 2000;
// Sectors whose Q alone is wrong are read again in two sweeps, since three reads can vote, and only while
// they lie in a few places: each takes the time of some two hundred sectors in the stream.
constexpr int kQSweeps = 2;
constexpr std::size_t kFewPlaces = 100;
// Out of damage: from the length of a usual transfer to nearly a minute of the disc.
constexpr Stride kStreaming{.transfer = 0, .first_step = 48, .longest_step = 4096};
// Inside of it: small transfers, so that an error costs few neighbours; first coarsely, then every sector.
constexpr Stride kCoarse{.transfer = 8, .first_step = 8, .longest_step = 64};
constexpr Stride kFine{.transfer = 8, .first_step = 0, .longest_step = 0};

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

// A slower disc is read better, and another speed shakes other errors. The first sweeps are for errors that
// come and go at any speed.
std::optional<int> speed_of_sweep(int sweep, std::optional<int> limit) {
  constexpr int kAtFullSpeed = 3;
  constexpr std::array<int, 3> kSlower = {16, 8, 4};
  if (sweep < kAtFullSpeed) return limit;
  const int slower = kSlower[std::min(static_cast<std::size_t>(sweep - kAtFullSpeed), kSlower.size() - 1)];
  return limit ? std::min(*limit, slower) : slower;
}

}  // namespace

bool is_scrambled(Source source) { return source == Source::as_audio || source == Source::vendor_d8; }

bool reads_again(Purpose purpose) {
  return purpose == Purpose::subchannel || purpose == Purpose::proof || purpose == Purpose::raw ||
         purpose == Purpose::sweep || purpose == Purpose::paranoia;
}

PassPlanner::PassPlanner(const drive::Profile& profile, const cd::Disc& disc, const EngineOptions& options)
    : c2_(mode_of(profile.c2.value)),
      sub_(mode_of(profile.sub.value)),
      separate_(profile.combination.value == drive::Combination::separate && c2_ != drive::C2Mode::none &&
                sub_ != drive::SubMode::none),
      sub_goal_(options.sub_goal),
      goal_(options.passes == 1 && c2_ == drive::C2Mode::none ? SectorState::unproven
                                                              : SectorState::consistent),
      retries_(options.retries),
      proofs_left_(options.passes == 1 ? 0 : 2),
      stop_below_(options.stop_below),
      speed_(options.speed),
      wanted_paranoia_(options.paranoia),
      paranoia_(profile, disc),
      sources_{Source::uncorrected, Source::as_audio},
      scrapes_left_{kCoarse, kFine} {
  if (profile.vendor_d8.value) sources_.push_back(Source::vendor_d8);
  raw_left_ = sources_;
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    if (track.track->is_data()) data_.push_back(track.range);
  }
  if (wanted_paranoia_ == Paranoia::always) match_audio(AudioProof::by_matching);
}

void PassPlanner::refuse(Source source) {
  std::erase(sources_, source);
  std::erase(raw_left_, source);
}

void PassPlanner::match_audio(AudioProof proof) {
  if (wanted_paranoia_ == Paranoia::never) return;
  matches_ = true;
  audio_proof_ = std::max(audio_proof_, proof);
}

Pass PassPlanner::pass(Purpose purpose, std::vector<LbaRange> targets) const {
  return {.purpose = purpose,
          .targets = std::move(targets),
          .c2 = c2_,
          .sub = separate_ ? drive::SubMode::none : sub_,
          .stride = kFine,
          .speed = speed_};
}

std::optional<Pass> PassPlanner::next(const SectorMap& map) {
  if (auto found = first_pass(map)) return found;
  if (auto found = whole_disc(map)) return found;
  if (auto found = paranoia(map)) return found;
  if (retries_ <= 0) return std::nullopt;
  if (auto found = raw(map)) return found;
  if (auto found = scrape(map)) return found;
  if (auto found = sweep(map)) return found;
  return paranoia(map);  // over what the sweeps have brought
}

std::optional<Pass> PassPlanner::first_pass(const SectorMap& map) {
  auto untried = map.with(SectorState::untried);
  if (untried.empty() || streams_left_ + trims_left_ == 0) return std::nullopt;
  const bool whole = streams_left_ > 0;
  --(whole ? streams_left_ : trims_left_);
  Pass found = pass(whole ? Purpose::stream : Purpose::trim, std::move(untried));
  found.stride = kStreaming;
  return found;
}

// Passes over all that was read once: what the first could not bring, or could not prove.
std::optional<Pass> PassPlanner::whole_disc(const SectorMap& map) {
  const bool pass_of_its_own = (separate_ && sub_goal_ == SubGoal::complete) ||
                               (sub_ != drive::SubMode::none && sub_goal_ == SubGoal::of_all);
  if (auto targets = map.with_sub(SubState::untried);
      pass_of_its_own && sub_passes_left_ > 0 && !targets.empty()) {
    --sub_passes_left_;
    Pass found = pass(Purpose::subchannel, std::move(targets));
    found.c2 = drive::C2Mode::none;
    found.sub = sub_;
    found.stride = kStreaming;
    return found;
  }
  if (auto targets = without_matched(map.with(SectorState::unproven), map);
      proofs_left_ > 0 && !targets.empty()) {
    --proofs_left_;
    Pass found = pass(Purpose::proof, std::move(targets));
    found.sub = sub_;
    if (separate_) found.c2 = drive::C2Mode::none;
    found.stride = kStreaming;
    found.stride.shorter = 3;  // other seams, so that streaming lost twice at one place ends differently
    return found;
  }
  return std::nullopt;
}

// What only matching can make good is not for the other passes, once it has come.
std::vector<LbaRange> PassPlanner::without_matched(std::vector<LbaRange> targets,
                                                   const SectorMap& map) const {
  if (audio_proof_ != AudioProof::by_matching) return targets;
  return cd::without(targets, cd::common(map.with(SectorState::unproven), paranoia_.audio()));
}

// In each reading the seams between transfers lie elsewhere, so that another one tells what belongs there.
// Where C2 and subchannel do not come together, the place counts for more: it takes two readings in any case.
std::optional<Pass> PassPlanner::paranoia(const SectorMap& map) {
  constexpr std::array<std::uint32_t, 10> kShorter = {0, 3, 7, 1, 5, 2, 9, 4, 8, 6};
  if (!matches_) return std::nullopt;
  ParanoiaPlan::Reading reading = paranoia_.next(map);
  if (reading.targets.empty()) return std::nullopt;
  Pass found = pass(Purpose::paranoia, std::move(reading.targets));
  found.sub = sub_;
  if (separate_) found.c2 = drive::C2Mode::none;
  found.stride = {};
  found.stride.shorter = kShorter[static_cast<std::size_t>(reading.number - 1) % kShorter.size()];
  found.reading = reading.number;
  return found;
}

std::optional<Pass> PassPlanner::raw(const SectorMap& map) {
  // Not sectors that the drive does deliver, though damaged: their bytes come in every sweep.
  undelivered_ = cd::united(std::move(undelivered_), cd::common(map.below(SectorState::damaged), data_));
  auto targets = cd::common(undelivered_, map.below(goal_));
  if (targets.empty()) return std::nullopt;
  const std::optional<Source> source = next_source();
  if (!source) return std::nullopt;
  Pass found = pass(Purpose::raw, std::move(targets));
  found.source = *source;
  if (*source == Source::vendor_d8) {
    const bool both = c2_ != drive::C2Mode::none && sub_ == drive::SubMode::raw && !separate_;
    found.c2 = both ? drive::C2Mode::bits : drive::C2Mode::none;
    found.sub = both ? drive::SubMode::raw : drive::SubMode::none;
  }
  return found;
}

// D8 brings nothing that READ CD does not where the drive takes that.
std::optional<Source> PassPlanner::next_source() {
  while (!raw_left_.empty()) {
    const Source source = raw_left_.front();
    raw_left_.erase(raw_left_.begin());
    const bool reads_as_audio =
        std::find(sources_.begin(), sources_.end(), Source::as_audio) != sources_.end();
    if (source != Source::vendor_d8 || !reads_as_audio) return source;
  }
  return std::nullopt;
}

std::optional<Pass> PassPlanner::scrape(const SectorMap& map) {
  auto targets = map.with(SectorState::untried);
  if (targets.empty() || scrapes_left_.empty()) return std::nullopt;
  Pass found = pass(Purpose::scrape, std::move(targets));
  found.stride = scrapes_left_.front();
  scrapes_left_.erase(scrapes_left_.begin());
  return found;
}

bool PassPlanner::worth_another_sweep(std::int64_t size) const {
  if (sweeps_ >= retries_ || size == 0) return false;
  if (last_sweep_size_ < 0) return true;
  const std::int64_t gained = last_sweep_size_ - size;
  if (gained <= 0 && size > kFewSectors) return false;
  return static_cast<double>(gained) * 100 >= stop_below_ * static_cast<double>(last_sweep_size_);
}

// Sectors whose Q is worth another read, though their main channel may be good.
std::vector<LbaRange> PassPlanner::wrong_qs(const SectorMap& map) const {
  const bool wanted = sub_ != drive::SubMode::none && sub_goal_ != SubGoal::by_the_way;
  if (!wanted || q_sweeps_ >= std::min(kQSweeps, retries_)) return {};
  std::vector<LbaRange> wrong = map.with_sub(SubState::read);
  if (wrong.size() > kFewPlaces || cd::total_size(wrong) > kFewSectors) return {};
  return wrong;
}

std::optional<Pass> PassPlanner::sweep(const SectorMap& map) {
  std::vector<LbaRange> targets = without_matched(map.below(goal_), map);
  if (sub_ != drive::SubMode::none && sub_goal_ != SubGoal::by_the_way) {
    targets = cd::united(std::move(targets), map.with_sub(SubState::untried));
  }
  const std::int64_t size = cd::total_size(targets);
  const bool worth = worth_another_sweep(size);
  if (!worth) targets.clear();
  // One with C2, the next with subchannel, and so on; for Q alone, with subchannel.
  const bool with_sub = !separate_ || !worth || sweeps_ % 2 != 0;
  const std::vector<LbaRange> wrong = with_sub ? wrong_qs(map) : std::vector<LbaRange>{};
  targets = cd::united(std::move(targets), wrong);
  if (targets.empty()) return std::nullopt;

  Pass found = pass(Purpose::sweep, std::move(targets));
  found.sub = with_sub ? sub_ : drive::SubMode::none;
  if (separate_ && with_sub) found.c2 = drive::C2Mode::none;
  found.speed = speed_of_sweep(sweeps_, speed_);
  found.order = turns_++ % 2 == 0 ? Order::ascending : Order::descending;
  if (!wrong.empty()) ++q_sweeps_;
  if (worth) {
    last_sweep_size_ = size;
    ++sweeps_;
    raw_left_ = sources_;
  }
  return found;
}

}  // namespace binrip::rip
