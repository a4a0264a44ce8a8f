#include "binrip/verify/ctdb_sums.hpp"

#include <algorithm>
#include <utility>

#include "binrip/cd/lba_ranges.hpp"
#include "binrip/verify/crc32.hpp"
#include "binrip/verify/gf16.hpp"

namespace binrip::verify {
namespace {

constexpr std::int64_t kCrcBlock = 200;

// The CRC-32 of all samples before a place, for the places that it was made for.
class PrefixCrcs {
 public:
  explicit PrefixCrcs(std::vector<SampleSpan> places) {
    std::sort(places.begin(), places.end(), [](auto a, auto b) { return a.begin < b.begin; });
    for (const SampleSpan& p : places) {
      if (runs_.empty() || runs_.back().span.end < p.begin) {
        runs_.push_back({p, {}});
      } else {
        runs_.back().span.end = std::max(runs_.back().span.end, p.end);
      }
    }
  }

  void add(Bytes samples) {
    while (!samples.empty()) {
      note();
      const auto left = static_cast<std::int64_t>(samples.size()) / cd::kBytesPerSample;
      std::int64_t step = left;
      if (run_ < runs_.size()) {
        step = runs_[run_].span.begin <= place_ ? 1 : std::min(left, runs_[run_].span.begin - place_);
      }
      const auto bytes = static_cast<std::size_t>(step * cd::kBytesPerSample);
      crc_ = crc32(crc_, samples.first(bytes));
      place_ += step;
      samples = samples.subspan(bytes);
    }
  }
  void finish() { note(); }

  std::uint32_t before(std::int64_t place) const {
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), place,
                                        [](std::int64_t p, const Run& r) { return p < r.span.begin; });
    const Run& run = *std::prev(after);
    return run.values[static_cast<std::size_t>(place - run.span.begin)];
  }

 private:
  struct Run {
    SampleSpan span;
    std::vector<std::uint32_t> values;
  };
  void note() {
    while (run_ < runs_.size() && runs_[run_].span.end <= place_) ++run_;
    if (run_ < runs_.size() && runs_[run_].span.begin <= place_) runs_[run_].values.push_back(crc_);
  }

  std::vector<Run> runs_;
  std::size_t run_ = 0;
  std::int64_t place_ = 0;
  std::uint32_t crc_ = 0;
};

// The places [least, most] of a boundary at all offsets, within the audio.
SampleSpan places_around(std::int64_t boundary, std::int64_t samples) {
  return {std::max<std::int64_t>(boundary - kCtdbOffsets, 0), std::min(boundary + kCtdbOffsets, samples) + 1};
}

OffsetCrcs crcs_of(const SampleSpan& part, std::int64_t samples, const PrefixCrcs& prefixes) {
  OffsetCrcs result;
  if (part.size() <= 0) return result;
  const auto least = std::max<std::int64_t>(-kCtdbOffsets, -part.begin);
  const auto most = std::min<std::int64_t>(kCtdbOffsets, samples - part.end);
  result.first = static_cast<int>(least);
  const Crc32Shift shift(static_cast<std::uint64_t>(part.size() * cd::kBytesPerSample));
  for (std::int64_t offset = least; offset <= most; ++offset) {
    result.values.push_back(shift(prefixes.before(part.begin + offset)) ^ prefixes.before(part.end + offset));
  }
  return result;
}

std::ptrdiff_t signed_of(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

// Whole sectors within samples of the audio.
cd::LbaRange sectors_of(const CtdbLayout& layout, const SampleSpan& part, int offset) {
  const std::int64_t first = (part.begin + offset + cd::kSamplesPerSector - 1) / cd::kSamplesPerSector;
  const std::int64_t last = (part.end + offset) / cd::kSamplesPerSector;
  return {layout.audio.begin + cd::SectorCount{static_cast<std::int32_t>(first)},
          layout.audio.begin + cd::SectorCount{static_cast<std::int32_t>(std::max(first, last))}};
}

// The offset at which most of an entry's tracks are right, and how many are.
std::pair<int, int> best_offset(const CtdbSums& sums, const CtdbEntry& entry) {
  std::vector<int> votes(2 * kCtdbOffsets + 1, 0);
  const auto votes_at = [&](int offset) -> int& {
    const int place = offset + kCtdbOffsets;
    return votes[static_cast<std::size_t>(place)];
  };
  for (std::size_t t = 0; t < sums.tracks.size(); ++t) {
    const OffsetCrcs& crcs = sums.tracks[t];
    for (std::size_t i = 0; i < crcs.values.size(); ++i) {
      if (crcs.values[i] == entry.track_crcs[t]) ++votes_at(crcs.first + static_cast<int>(i));
    }
  }
  int best = 0;
  for (int distance = 1; distance <= kCtdbOffsets; ++distance) {
    for (const int offset : {distance, -distance}) {
      if (votes_at(offset) > votes_at(best)) best = offset;
    }
  }
  return {best, votes_at(best)};
}

CtdbMatch match_of(const CtdbSums& sums, const CtdbEntry& entry) {
  CtdbMatch match;
  match.tracks.assign(sums.tracks.size(), false);
  match.offset = sums.disc.find(entry.crc32);
  if (match.offset) {
    match.disc = true;
    match.tracks.assign(sums.tracks.size(), true);
    return match;
  }
  if (entry.track_crcs.size() != sums.tracks.size()) return match;
  const auto [offset, right] = best_offset(sums, entry);
  if (right == 0 || (right == 1 && offset != 0)) return match;
  match.offset = offset;
  for (std::size_t t = 0; t < sums.tracks.size(); ++t) {
    match.tracks[t] = sums.tracks[t].at(offset) == entry.track_crcs[t];
  }
  return match;
}

}  // namespace

SampleSpan ctdb_disc_span(const CtdbLayout& layout) {
  const std::int64_t samples = layout.samples();
  return {kCtdbStride, samples - kCtdbStride - samples % kCtdbStride};
}

SampleSpan ctdb_track_span(const CtdbLayout& layout, std::size_t track) {
  const SampleSpan disc = ctdb_disc_span(layout);
  return {track == 0 ? disc.begin : layout.start(track),
          track + 1 == layout.tracks.size() ? disc.end : layout.start(track + 1)};
}

std::size_t ctdb_column_words(const CtdbLayout& layout) {
  return static_cast<std::size_t>(ctdb_disc_span(layout).size() / kCtdbStride);
}

std::optional<std::uint32_t> OffsetCrcs::at(int offset) const {
  const auto i = static_cast<std::size_t>(offset - first);
  if (offset < first || i >= values.size()) return std::nullopt;
  return values[i];
}

std::optional<int> OffsetCrcs::find(std::uint32_t crc) const {
  std::optional<int> best;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int offset = first + static_cast<int>(i);
    if (values[i] == crc && (!best || std::abs(offset) <= std::abs(*best))) best = offset;
  }
  return best;
}

CtdbParity::CtdbParity(const CtdbLayout& layout)
    : column_words_(ctdb_column_words(layout)),
      words_(2 * static_cast<std::size_t>(layout.samples())),
      coder_(kCtdbColumns),
      head_(2 * kCtdbColumns),
      tail_(words_ - column_words_ * kCtdbColumns) {}

void CtdbParity::add(std::span<const std::uint16_t> words) {
  while (!words.empty()) {
    const std::size_t column = taken_ % kCtdbColumns;
    const auto part = words.first(std::min(words.size(), kCtdbColumns - column));
    const std::size_t row = taken_ / kCtdbColumns;
    if (row >= 1 && row <= column_words_) coder_.add(column, part);
    if (taken_ < head_.size()) std::copy(part.begin(), part.end(), head_.begin() + signed_of(taken_));
    const std::size_t tail = words_ - tail_.size();  // whole rows lie before it
    if (taken_ >= tail) std::copy(part.begin(), part.end(), tail_.begin() + signed_of(taken_ - tail));
    taken_ += part.size();
    words = words.subspan(part.size());
  }
}

// At an offset a column is another one, and where that lies beyond the last or before the first, one word
// farther: it loses a word at one end and gains one at the other.
Syndromes CtdbParity::at(std::size_t column, int offset) const {
  const auto columns = static_cast<std::int64_t>(kCtdbColumns);
  const std::int64_t place = static_cast<std::int64_t>(column) + 2 * std::int64_t{offset};
  const auto from = static_cast<std::size_t>((place + columns) % columns);
  Syndromes syndromes = coder_.syndromes(from);
  if (place >= 0 && place < columns) return syndromes;
  // The tail begins one stride before the end of what the columns hold.
  const std::uint16_t first = place < 0 ? head_[from] : head_[kCtdbColumns + from];
  const std::uint16_t last = place < 0 ? tail_[from] : tail_[kCtdbColumns + from];
  for (std::size_t i = 0; i < kMaxParity; ++i) {
    const std::uint16_t root = gf16::power(i);
    const std::uint16_t weight = gf16::power(i * (column_words_ - (place < 0 ? 1 : 0)));
    const std::uint16_t at_first = gf16::multiply(first, weight);
    const std::uint16_t value = place < 0
                                    ? gf16::divide(static_cast<std::uint16_t>(syndromes[i] ^ last), root)
                                    : static_cast<std::uint16_t>(gf16::multiply(syndromes[i], root) ^ last);
    syndromes[i] = static_cast<std::uint16_t>(value ^ at_first);
  }
  return syndromes;
}

Result<CtdbSums> ctdb_sums(const CtdbLayout& layout, const SectorSource& source, CtdbScope scope,
                           std::stop_token stop) {
  const std::int64_t samples = layout.samples();
  const SampleSpan disc = ctdb_disc_span(layout);
  std::vector<SampleSpan> places{places_around(disc.begin, samples), places_around(disc.end, samples)};
  for (std::size_t t = 1; t < layout.tracks.size(); ++t) {
    places.push_back(places_around(layout.start(t), samples));
  }
  PrefixCrcs prefixes(std::move(places));
  CtdbSums sums;
  if (scope == CtdbScope::checksums_and_parity) sums.parity.emplace(layout);

  ByteVector block(static_cast<std::size_t>(kCrcBlock) * cd::kSectorSize);
  std::vector<std::uint16_t> words(block.size() / 2);
  for (cd::Lba lba = layout.audio.begin; lba < layout.audio.end; lba += cd::SectorCount{kCrcBlock}) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    const cd::LbaRange range{lba, std::min(lba + cd::SectorCount{kCrcBlock}, layout.audio.end)};
    const MutableBytes bytes =
        MutableBytes(block).first(static_cast<std::size_t>(range.size().value) * cd::kSectorSize);
    TRY_VOID(source(range, bytes));
    prefixes.add(bytes);
    if (!sums.parity) continue;
    for (std::size_t i = 0; i < bytes.size() / 2; ++i) words[i] = load_le16(bytes, 2 * i);
    sums.parity->add(std::span(words).first(bytes.size() / 2));
  }
  prefixes.finish();
  sums.disc = crcs_of(disc, samples, prefixes);
  for (std::size_t t = 0; t < layout.tracks.size(); ++t) {
    sums.tracks.push_back(crcs_of(ctdb_track_span(layout, t), samples, prefixes));
  }
  return sums;
}

CtdbVerdict compare(const CtdbLayout& layout, const CtdbSums& sums, std::span<const CtdbEntry> entries) {
  CtdbVerdict verdict;
  verdict.tracks.assign(layout.tracks.size(), 0);
  for (const CtdbEntry& entry : entries) {
    CtdbMatch& match = verdict.matches.emplace_back();
    match.tracks.assign(layout.tracks.size(), false);
    if (!fits(entry, layout)) continue;
    verdict.total += entry.confidence;
    match = match_of(sums, entry);
    if (match.disc) verdict.disc += entry.confidence;
    for (std::size_t t = 0; t < match.tracks.size(); ++t) {
      if (match.tracks[t]) verdict.tracks[t] += entry.confidence;
    }
  }
  return verdict;
}

std::vector<cd::LbaRange> vouched(const CtdbLayout& layout, const CtdbMatch& match) {
  std::vector<cd::LbaRange> ranges;
  if (!match.offset) return ranges;
  if (match.disc) return {sectors_of(layout, ctdb_disc_span(layout), *match.offset)};
  for (std::size_t t = 0; t < match.tracks.size(); ++t) {
    if (!match.tracks[t]) continue;
    const cd::LbaRange range = sectors_of(layout, ctdb_track_span(layout, t), *match.offset);
    if (!range.empty()) ranges.push_back(range);
  }
  return cd::united({}, ranges);
}

}  // namespace binrip::verify
