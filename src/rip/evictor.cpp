#include "evictor.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;
using cd::SectorState;
using std::chrono::nanoseconds;

namespace {

// No disc turns faster than some 10,400 times a minute (52x), and a sector that has just gone by comes again
// after a whole turn, 5.8 ms. From a cache it comes as fast as the bus carries 2352 bytes.
constexpr nanoseconds kSurelyFromDisc = std::chrono::milliseconds(4);
// One late answer of a busy machine must not pass for a turn of the disc.
constexpr int kTrials = 2;
// Faster than any drive: then the clock is not one of a turning disc.
constexpr int kFasterThanAnyDrive = 100;
// Sectors elsewhere that are tried; the last are more than common caches hold (8 MiB).
constexpr std::array<std::int32_t, 4> kElsewhere = {1, 64, 960, 4464};
// Reads elsewhere stay away from the sectors that they are for.
constexpr SectorCount kAside{64};

// `range` without what lies in `taken` or close to it.
std::vector<LbaRange> apart_from(LbaRange range, const std::vector<LbaRange>& taken) {
  std::vector<LbaRange> left;
  for (const LbaRange& t : taken) {
    if (t.end + kAside <= range.begin) continue;
    if (t.begin - kAside >= range.end) break;
    if (range.begin < t.begin - kAside) left.push_back({range.begin, t.begin - kAside});
    range.begin = t.end + kAside;
    if (range.begin >= range.end) return left;
  }
  left.push_back(range);
  return left;
}

std::int32_t distance(Lba a, Lba b) { return std::abs((a - b).value); }

std::vector<LbaRange> at_least(const SectorMap& map, SectorState least) {
  std::vector<LbaRange> found;
  for (const auto& [run, state] : map.runs()) {
    if (state >= least) found.push_back(run);
  }
  return found;
}
// The one that is nearest to a place.
std::optional<Lba> nearest(const std::vector<LbaRange>& runs, Lba to) {
  std::optional<Lba> best;
  for (const LbaRange& run : runs) {
    const Lba here = std::clamp(to, run.begin, run.end - SectorCount{1});
    if (!best || distance(here, to) < distance(*best, to)) best = here;
  }
  return best;
}

// So many sectors as far from `here` as there are.
std::optional<LbaRange> far_away(const std::vector<LbaRange>& places, Lba here, std::int32_t count) {
  std::optional<LbaRange> best;
  for (const LbaRange& place : places) {
    if (place.size().value < count) continue;
    for (const Lba begin : {place.begin, place.end - SectorCount{count}}) {
      if (!best || distance(begin, here) > distance(best->begin, here)) {
        best = LbaRange{begin, begin + SectorCount{count}};
      }
    }
  }
  return best;
}

}  // namespace

Result<Freshness> Evictor::evict(const std::vector<LbaRange>& targets, Walk walk, const SectorMap& map,
                                 std::stop_token stop) {
  stop_ = std::move(stop);
  const std::vector<LbaRange> runs = at_least(map, SectorState::unproven);
  // A good one if there is any: what is read here serves no other end.
  std::optional<Lba> here = nearest(at_least(map, SectorState::consistent), targets.front().begin);
  if (!here) here = nearest(runs, targets.front().begin);
  if (!here) return Freshness::may_be_cached;
  // Far away is far enough by the clock, also where the pass will come to later.
  if (clock_tells()) return by_the_clock(targets, *here, runs);
  Places places;
  for (const LbaRange& run : runs) {
    for (const LbaRange& place : apart_from(run, targets)) places.push_back(place);
  }
  return by_its_word(targets, walk, places);
}

// Once it does it does for good: sectors from the cache come faster than any drive reads.
bool Evictor::clock_tells() {
  const nanoseconds fastest = issuer_.counts().sectors * std::chrono::nanoseconds(std::chrono::seconds(1)) /
                              (cd::kSectorsPerSecond * kFasterThanAnyDrive);
  clock_tells_ = clock_tells_ || issuer_.reading_time() > fastest;
  return clock_tells_;
}

Result<Freshness> Evictor::by_the_clock(const std::vector<LbaRange>& targets, Lba here,
                                        const Places& places) {
  std::vector<Method> methods;
  if (worked_) methods.push_back(*worked_);
  methods.push_back({Means::nothing_needed, 0});
  for (const std::int32_t count : kElsewhere) methods.push_back({Means::sectors_elsewhere, count});
  methods.push_back({Means::unit_access, 0});
  for (const Method& method : methods) {
    TRY(const bool found, works(method, here, places));
    if (!found) continue;
    worked_ = method;
    if (method.means != Means::unit_access) return Freshness::fresh;
    for (const LbaRange& range : targets) TRY_VOID(force_unit_access(range.begin));
    return Freshness::fresh;
  }
  worked_.reset();
  return Freshness::may_be_cached;
}

// Whether `here` is read from the disc again once this has been done.
Result<bool> Evictor::works(const Method& method, Lba here, const Places& places) {
  for (int trial = 0; trial < kTrials; ++trial) {
    TRY(const auto before, read(here, 1));
    if (!before) return false;
    TRY(const bool done, apply(method, here, places));
    if (!done) return false;
    TRY(const auto after, read(here, 1));
    if (!after || *after < kSurelyFromDisc) return false;
  }
  return true;
}

Result<bool> Evictor::apply(const Method& method, Lba here, const Places& places) {
  switch (method.means) {
    case Means::nothing_needed:
      return true;
    case Means::unit_access:
      return force_unit_access(here);
    case Means::sectors_elsewhere:
      break;
  }
  const auto place = far_away(places, here, method.sectors);
  if (!place) return false;
  return read_all(*place);
}

// The clock is no help: as many sectors as the cache may hold are read elsewhere, unless the pass itself
// goes over more than that; on a disc that is smaller the drive can only be told.
Result<Freshness> Evictor::by_its_word(const std::vector<LbaRange>& targets, Walk walk,
                                       const Places& places) {
  std::int32_t needed = cache_sectors();
  if (walk == Walk::ascending_again && cd::total_size(targets) >= needed) return Freshness::fresh;
  Places largest_first = places;
  std::sort(largest_first.begin(), largest_first.end(),
            [](const LbaRange& a, const LbaRange& b) { return b.size() < a.size(); });
  for (const LbaRange& place : largest_first) {
    if (needed <= 0) break;
    const SectorCount size{std::min(needed, place.size().value)};
    const Lba begin = place.end <= targets.front().begin ? place.end - size : place.begin;
    TRY(const bool done, read_all({begin, begin + size}));
    if (done) needed -= size.value;
  }
  if (needed <= 0) return Freshness::fresh;
  for (const LbaRange& range : targets) {
    TRY(const bool taken, force_unit_access(range.begin));
    if (!taken) return Freshness::may_be_cached;
  }
  return Freshness::told_to_drop;
}

std::int32_t Evictor::cache_sectors() const {
  const std::uint32_t kib = std::max(profile_.cache_kib.value, drive::kMaxCommonCacheKib);
  return static_cast<std::int32_t>(std::uint64_t{kib} * 1024 * 5 / 4 / cd::kSectorSize);
}

// How long it took; nothing when it could not be read.
Result<std::optional<nanoseconds>> Evictor::read(Lba lba, std::uint32_t count) {
  if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
  transfer_.prepare({.start = lba, .count = count}, profile_.order.value, ++salt_);
  const nanoseconds began = drive_.transport().now();
  TRY(const Attempt attempt, issuer_.read(transfer_));
  if (attempt.kind != Attempt::Kind::delivered) return std::optional<nanoseconds>();
  return std::optional<nanoseconds>(drive_.transport().now() - began);
}

// False when some of it could not be read.
Result<bool> Evictor::read_all(LbaRange range) {
  constexpr std::uint32_t kFewSectors = 8;
  const std::uint32_t most =
      std::max(profile_.max_transfer.value / static_cast<std::uint32_t>(cd::kSectorSize), 1U);
  bool all = true;
  for (Lba at = range.begin; at < range.end;) {
    std::uint32_t count = std::min(static_cast<std::uint32_t>((range.end - at).value), most);
    TRY(std::optional<nanoseconds> time, read(at, count));
    if (!time && count > kFewSectors) {  // kinds of sectors that do not come in one command
      count = kFewSectors;
      TRY(time, read(at, count));
    }
    all = all && time.has_value();
    at += SectorCount{static_cast<std::int32_t>(count)};
  }
  return all;
}

// READ(12) with FUA and no length: drives that honour it drop what they hold.
Result<bool> Evictor::force_unit_access(Lba lba) {
  issuer_.count_command();
  const auto reply = drive_.read_12_fua(lba, 0, {});
  if (!reply && reply.error().kind == ErrorKind::no_device) return fail(reply.error());
  return reply && reply->good;
}

}  // namespace binrip::rip
