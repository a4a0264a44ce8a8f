#include <algorithm>
#include <bit>
#include <limits>
#include <memory>

#include "sample_sums.hpp"

#include "binrip/cd/lba_ranges.hpp"
#include "binrip/verify/accuraterip.hpp"

namespace binrip::verify {
namespace {

constexpr std::int64_t kSector = cd::kSamplesPerSector;
constexpr std::int64_t kLeftOut = 5 * kSector;  // 2940: at either end of the disc's audio
constexpr std::int64_t kFrame = 450;
constexpr std::int32_t kSumBlock = 128;

std::int64_t first_sample(cd::Lba lba) { return lba.value * kSector; }

cd::LbaRange sectors_around(SampleRange samples) {
  const auto down = [](std::int64_t n) { return n >= 0 ? n / kSector : -((-n + kSector - 1) / kSector); };
  return {cd::Lba{static_cast<std::int32_t>(down(samples.begin))},
          cd::Lba{static_cast<std::int32_t>(-down(-samples.end))}};
}

SampleRange common(SampleRange a, SampleRange b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

// Hands on the samples of `ranges` (ascending) block by block: consume(place of the first, samples).
template <class Consume>
Result<void> read_samples(const std::vector<cd::LbaRange>& ranges, const SectorSource& source,
                          const std::stop_token& stop, Consume consume) {
  std::vector<std::uint32_t> block(kSumBlock * kSector);
  for (const cd::LbaRange& range : ranges) {
    for (cd::Lba at = range.begin; at < range.end;) {
      if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      const cd::Lba end = std::min(range.end, at + cd::SectorCount{kSumBlock});
      const auto count = static_cast<std::size_t>((end - at).value * kSector);
      const MutableBytes bytes(reinterpret_cast<Byte*>(block.data()), count * cd::kBytesPerSample);
      TRY_VOID(source({at, end}, bytes));
      if constexpr (std::endian::native != std::endian::little) {
        for (std::size_t i = 0; i < count; ++i) block[i] = load_le32(bytes, i * cd::kBytesPerSample);
      }
      consume(first_sample(at), std::span<const std::uint32_t>(block).first(count));
      at = end;
    }
  }
  return {};
}

// Of all samples before a place: Σ s and Σ s·place, mod 2^32.
struct Prefix {
  std::uint32_t plain = 0, weighted = 0;
};

// v1 of [begin, end) with the weights 1 … at `origin` follows from what was summed up before begin and end:
// the weight of a place p is p + 1 - origin.
std::uint32_t v1_between(Prefix begin, Prefix end, std::int64_t origin) {
  const std::uint32_t plain = end.plain - begin.plain;
  return end.weighted - begin.weighted + plain * static_cast<std::uint32_t>(1 - origin);
}

SampleRange frame450_of(const AccurateRipTrack& track) {
  const std::int64_t begin = first_sample(track.range.begin) + kFrame * kSector;
  return {begin, begin + kSector};
}

bool has_frame450(const AccurateRipTrack& track) { return track.range.size().value > kFrame; }

// Places before which the sums up to there are remembered.
struct Window {
  std::int64_t begin = 0;
  std::vector<Prefix> prefixes = {};
  std::int64_t end() const { return begin + static_cast<std::int64_t>(prefixes.size()); }
};

std::vector<Window> windows_of(std::span<const AccurateRipTrack> tracks) {
  std::vector<SampleRange> ranges;
  const auto add = [&](std::int64_t from, std::int64_t to) {
    ranges.push_back({from - kMostOffset, to + kMostOffset + 1});
  };
  for (const AccurateRipTrack& track : tracks) {
    add(track.summed.begin, track.summed.begin);
    add(track.summed.end, track.summed.end);
    if (has_frame450(track)) add(frame450_of(track).begin, frame450_of(track).end);
  }
  std::sort(ranges.begin(), ranges.end(), [](auto& a, auto& b) { return a.begin < b.begin; });
  std::vector<Window> windows;
  for (const SampleRange& range : ranges) {
    if (windows.empty() || windows.back().end() < range.begin) windows.push_back({range.begin});
    std::vector<Prefix>& prefixes = windows.back().prefixes;
    const auto size = static_cast<std::size_t>(range.end - windows.back().begin);
    prefixes.resize(std::max(prefixes.size(), size));
  }
  return windows;
}

// Takes the audio of a disc in order, and remembers the sums up to each place near the tracks' edges. From
// two of those any v1 follows, at each offset.
class Stream {
 public:
  explicit Stream(std::span<const AccurateRipTrack> tracks)
      : tracks_(tracks), windows_(windows_of(tracks)), high_(tracks.size()) {
    for (const Window& window : windows_) cuts_.insert(cuts_.end(), {window.begin, window.end()});
    for (const AccurateRipTrack& track : tracks) {
      if (track.summed.begin < track.summed.end) {
        cuts_.insert(cuts_.end(), {track.summed.begin, track.summed.end});
      }
    }
    std::sort(cuts_.begin(), cuts_.end());
  }

  // What lies between two calls counts as zeros.
  void feed(std::int64_t place, std::span<const std::uint32_t> samples) {
    pass_zeros(place);
    while (!samples.empty()) {
      const auto cut = std::upper_bound(cuts_.begin(), cuts_.end(), position_);
      const std::int64_t room =
          cut == cuts_.end() ? std::numeric_limits<std::int64_t>::max() : *cut - position_;
      const auto count = static_cast<std::size_t>(std::min(room, static_cast<std::int64_t>(samples.size())));
      add(samples.first(count));
      samples = samples.subspan(count);
    }
  }

  void finish() { pass_zeros(std::numeric_limits<std::int64_t>::max()); }

  AccurateRipSums sums_of(std::size_t index) const {
    const AccurateRipTrack& track = tracks_[index];
    AccurateRipSums sums{.track = track, .v1 = {}, .frame450 = {}};
    sums.v1 = slide(track.summed, first_sample(track.range.begin));
    if (has_frame450(track)) sums.frame450 = slide(frame450_of(track), frame450_of(track).begin);
    sums.v2 = sums.v1_at(0) + high_[index];
    return sums;
  }

 private:
  // All samples up to the next cut.
  void add(std::span<const std::uint32_t> samples) {
    const auto index = track_at(position_);
    const std::int64_t origin = index ? first_sample(tracks_[*index].range.begin) : 0;
    const auto place = static_cast<std::uint32_t>(position_ - origin + 1);
    const SampleSums sums = sum_samples(samples, place);
    if (index) high_[*index] += sums.high;
    if (Window* window = window_at(position_)) {
      Prefix* prefix = &window->prefixes[static_cast<std::size_t>(position_ - window->begin)];
      for (std::size_t i = 0; i < samples.size(); ++i) {
        prefix[i] = now_;
        now_.plain += samples[i];
        now_.weighted += samples[i] * static_cast<std::uint32_t>(position_ + static_cast<std::int64_t>(i));
      }
    } else {
      now_.plain += sums.plain;
      now_.weighted += sums.weighted + sums.plain * static_cast<std::uint32_t>(origin - 1);
    }
    position_ += static_cast<std::int64_t>(samples.size());
  }

  void pass_zeros(std::int64_t to) {
    for (Window& window : windows_) {
      const SampleRange passed = common({position_, to}, {window.begin, window.end()});
      for (std::int64_t at = passed.begin; at < passed.end; ++at) {
        window.prefixes[static_cast<std::size_t>(at - window.begin)] = now_;
      }
    }
    position_ = std::max(position_, to);
  }

  std::optional<std::size_t> track_at(std::int64_t place) const {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      if (tracks_[i].summed.begin <= place && place < tracks_[i].summed.end) return i;
    }
    return std::nullopt;
  }

  Window* window_at(std::int64_t place) {
    for (Window& window : windows_) {
      if (window.begin <= place && place < window.end()) return &window;
    }
    return nullptr;
  }

  // Valid for kMostOffset places to either side, too: they are in the same window.
  const Prefix* before(std::int64_t place) const {
    const auto window = std::find_if(windows_.begin(), windows_.end(),
                                     [&](const Window& w) { return w.begin <= place && place < w.end(); });
    return window->prefixes.data() + (place - window->begin);
  }

  std::vector<std::uint32_t> slide(SampleRange samples, std::int64_t origin) const {
    std::vector<std::uint32_t> sums(kOffsets);
    if (samples.end <= samples.begin) return sums;
    const Prefix *begin = before(samples.begin), *end = before(samples.end);
    for (int offset = -kMostOffset; offset <= kMostOffset; ++offset) {
      sums[offset_index(offset)] = v1_between(begin[offset], end[offset], origin + offset);
    }
    return sums;
  }

  std::span<const AccurateRipTrack> tracks_;
  std::vector<Window> windows_;
  std::vector<std::uint32_t> high_;  // by track: Σ of the high halves at offset 0
  std::vector<std::int64_t> cuts_;   // where a window or a track begins or ends
  std::int64_t position_ = 0;        // of the next sample; before LBA 0 there are none
  Prefix now_;
};

std::vector<SampleRange> audio_runs(const std::vector<cd::TrackRef>& tracks) {
  std::vector<SampleRange> runs;
  for (const cd::TrackRef& ref : tracks) {
    if (ref.track->is_data() || ref.range.empty()) continue;
    const SampleRange range{first_sample(ref.range.begin), first_sample(ref.range.end)};
    if (!runs.empty() && runs.back().end == range.begin) {
      runs.back().end = range.end;
    } else {
      runs.push_back(range);
    }
  }
  return runs;
}

// Where the first pass has to look.
std::vector<cd::LbaRange> needed(std::span<const AccurateRipTrack> tracks) {
  std::vector<cd::LbaRange> ranges;
  for (const AccurateRipTrack& track : tracks) {
    SampleRange wanted{track.summed.begin - kMostOffset, track.summed.end + kMostOffset};
    if (has_frame450(track)) wanted.end = std::max(wanted.end, frame450_of(track).end + kMostOffset);
    const SampleRange there = common(wanted, track.audio);
    if (there.begin < there.end) ranges = cd::united(std::move(ranges), {sectors_around(there)});
  }
  return ranges;
}

}  // namespace

std::vector<AccurateRipTrack> accuraterip_tracks(const cd::Disc& disc) {
  const std::vector<cd::TrackRef> refs = cd::track_ranges(disc);
  const std::vector<SampleRange> runs = audio_runs(refs);
  std::vector<AccurateRipTrack> tracks;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const cd::TrackRef& ref = refs[i];
    if (ref.track->is_data()) continue;
    const bool last_of_session = i + 1 == refs.size() || refs[i + 1].session != ref.session;
    const cd::Lba end = last_of_session ? ref.session->lead_out : refs[i + 1].track->start();
    AccurateRipTrack track{
        .number = ref.track->number, .entry = tracks.size(), .range = {}, .summed = {}, .audio = {}};
    track.range = {ref.track->start(), std::max(ref.track->start(), end)};
    track.summed = {first_sample(track.range.begin), first_sample(track.range.end)};
    const auto run = std::find_if(runs.begin(), runs.end(), [&](const SampleRange& r) {
      return r.begin <= track.summed.begin && track.summed.begin < r.end;
    });
    if (run != runs.end()) track.audio = *run;
    tracks.push_back(track);
  }
  if (tracks.empty()) return tracks;
  tracks.front().summed.begin += kLeftOut - 1;
  tracks.back().summed.end -= kLeftOut;
  return tracks;
}

bool is_complete(const AccurateRipTrack& track, int offset) {
  return track.audio.begin <= track.summed.begin + offset && track.summed.end + offset <= track.audio.end;
}

cd::LbaRange vouched_for(const AccurateRipTrack& track, int offset) {
  const SampleRange samples = common({track.summed.begin + offset, track.summed.end + offset}, track.audio);
  // Rounded inwards: the sectors after those that hold what lies before, up to those that hold what follows.
  const cd::Lba begin = sectors_around({samples.begin, samples.begin}).end;
  const cd::Lba end = sectors_around({samples.end, samples.end}).begin;
  return {begin, std::max(begin, end)};
}

std::optional<std::uint32_t> AccurateRipSums::v2_at(int offset) const {
  if (offset == 0) return v2;
  const auto found =
      std::find_if(more_v2.begin(), more_v2.end(), [&](const auto& each) { return each.first == offset; });
  return found == more_v2.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<AccurateRipSums>> accuraterip_sums(std::span<const AccurateRipTrack> tracks,
                                                      const SectorSource& source, std::stop_token stop) {
  Stream stream(tracks);
  TRY_VOID(read_samples(needed(tracks), source, stop,
                        [&](std::int64_t place, auto samples) { stream.feed(place, samples); }));
  stream.finish();
  std::vector<AccurateRipSums> sums;
  for (std::size_t i = 0; i < tracks.size(); ++i) sums.push_back(stream.sums_of(i));
  return sums;
}

Result<void> add_v2(AccurateRipSums& sums, std::span<const int> offsets, const SectorSource& source,
                    std::stop_token stop) {
  const AccurateRipTrack& track = sums.track;
  if (offsets.empty() || track.summed.end <= track.summed.begin) return {};
  const auto [least, most] = std::minmax_element(offsets.begin(), offsets.end());
  const SampleRange wanted = common({track.summed.begin + *least, track.summed.end + *most}, track.audio);
  std::vector<std::uint32_t> v2(offsets.size());
  const auto add = [&](std::int64_t place, std::span<const std::uint32_t> samples) {
    const SampleRange here{place, place + static_cast<std::int64_t>(samples.size())};
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      const SampleRange part =
          common(common(here, track.audio), {track.summed.begin + offsets[i], track.summed.end + offsets[i]});
      if (part.begin >= part.end) continue;
      const std::int64_t first = part.begin - first_sample(track.range.begin) - offsets[i] + 1;
      const SampleSums each = sum_samples(samples.subspan(static_cast<std::size_t>(part.begin - place),
                                                          static_cast<std::size_t>(part.end - part.begin)),
                                          static_cast<std::uint32_t>(first));
      v2[i] += each.weighted + each.high;
    }
  };
  if (wanted.begin < wanted.end) TRY_VOID(read_samples({sectors_around(wanted)}, source, stop, add));
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (offsets[i] != 0 && !sums.v2_at(offsets[i])) sums.more_v2.emplace_back(offsets[i], v2[i]);
  }
  return {};
}

}  // namespace binrip::verify
