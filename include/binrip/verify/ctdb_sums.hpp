// What CTDB's entries are compared with: checksums of a disc's audio and of its tracks, as they are and as
// they would be at other offsets, and the syndromes of its columns.
//
// Another pressing, or a drive with another read offset, gives the same audio some samples later. With offset
// N an entry's disc has as sample x what is sample x + N here; CUETools calls that -N. In the audio of a
// layout:
//   disc        from 10 sectors after its begin to 10 sectors and what is over to whole strides of 10 before
//               its end, so that what lies between is whole strides
//   tracks      from INDEX 01 to the next INDEX 01; the first begins where the disc does, the last ends so
//   columns     16-bit little-endian words of the disc's part: word w is in column w mod 11760 (10 sectors),
//               each a code word (reed_solomon.hpp), its first word being the highest power
//   offsets     |N| < 10 sectors, so that all that is summed lies within the audio. CUETools looks for whole
//               discs that far, and for single tracks half as far.
// Checked against CUETools.AccurateRip/AccurateRip.cs (CTDBCRC, CalculateCRCs, GetSyndrome), CDRepair.cs
// (strides, FindOffset, TrackCRC) and by the checksum and parity of 10 minutes of noise that CUETools'
// CDRepairEncodeTest expects.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "binrip/verify/ctdb.hpp"
#include "binrip/verify/reed_solomon.hpp"
#include "binrip/verify/sector_source.hpp"

namespace binrip::verify {

inline constexpr std::size_t kCtdbColumns = 2 * std::size_t{kCtdbStride};
inline constexpr int kCtdbOffsets = kCtdbStride - 1;  // either way

// Where sums lie in the audio: [begin, end) in samples at offset 0.
struct SampleSpan {
  std::int64_t begin = 0, end = 0;
  std::int64_t size() const { return end - begin; }
  friend bool operator==(const SampleSpan&, const SampleSpan&) = default;
};
SampleSpan ctdb_disc_span(const CtdbLayout& layout);
SampleSpan ctdb_track_span(const CtdbLayout& layout, std::size_t track);
std::size_t ctdb_column_words(const CtdbLayout& layout);  // words in each column, at least 1

// The CRC-32 of a part at each offset for which it lies within the audio.
struct OffsetCrcs {
  int first = 0;  // the least offset
  std::vector<std::uint32_t> values;
  std::optional<std::uint32_t> at(int offset) const;
  // The offset nearest to 0, of two the positive one.
  std::optional<int> find(std::uint32_t crc) const;
};

// Syndromes of all columns at all offsets.
class CtdbParity {
 public:
  explicit CtdbParity(const CtdbLayout& layout);
  // The next words of the audio, in order.
  void add(std::span<const std::uint16_t> words);
  // |offset| <= kCtdbOffsets, column < kCtdbColumns; once all words are there.
  Syndromes at(std::size_t column, int offset) const;

 private:
  std::size_t column_words_, words_, taken_ = 0;
  ColumnCoder coder_;
  std::vector<std::uint16_t> head_, tail_;  // of the audio: what offsets add to columns and take from them
};

struct CtdbSums {
  OffsetCrcs disc;
  std::vector<OffsetCrcs> tracks;
  std::optional<CtdbParity> parity;
};

enum class CtdbScope { checksums, checksums_and_parity };
// One pass over the audio. Errors: those of `source`; cancelled.
Result<CtdbSums> ctdb_sums(const CtdbLayout& layout, const SectorSource& source, CtdbScope scope,
                           std::stop_token stop = {});

// What one entry says of this audio. All tracks are compared at one offset, that at which most are right. One
// track alone counts only at offset 0: some entries times some tracks times 11,759 offsets would let chance
// vouch for one damaged disc in a thousand. (For whole discs it is one in 10,000 at most, with 36 entries.)
struct CtdbMatch {
  std::optional<int> offset;  // where it fits, if it does anywhere
  bool disc = false;          // by the checksum of the disc
  std::vector<bool> tracks;   // which are right; all, when the disc is
};
struct CtdbVerdict {
  std::vector<CtdbMatch> matches;    // of each entry
  std::int64_t total = 0;            // the confidence of all entries that fit the layout
  std::int64_t disc = 0;             // of those whose disc fits
  std::vector<std::int64_t> tracks;  // of those in which the track is right
};
CtdbVerdict compare(const CtdbLayout& layout, const CtdbSums& sums, std::span<const CtdbEntry> entries);

// The sectors that the match speaks of in whole, ascending. CTDB never speaks of the first and the last 10
// sectors of the audio or so.
std::vector<cd::LbaRange> vouched(const CtdbLayout& layout, const CtdbMatch& match);

}  // namespace binrip::verify
