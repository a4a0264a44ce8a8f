// AccurateRip: sums over audio tracks, and what other people's rips of the same disc gave for them. There are
// two, over the stereo samples s of a track as 32-bit numbers with their place i in it, from 1 on:
//   v1 = Σ s·i mod 2^32
//   v2 = Σ (low 32 bits of s·i + high 32 bits of s·i) mod 2^32
// The first audio track of a disc leaves out i < 2940, the last one its final 2940 samples. v1 loses bits: at
// an even place the highest bit of the right channel has no part in it, and at multiples of 4, 8, … more. So
// the two are kept apart everywhere.
//
// An offset k means that the sums begin k samples later. What was read by a drive with the read offset
// correction k, and not corrected, has the disc's sums at k; another pressing of a disc has them at some k.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/net/fetcher.hpp"
#include "binrip/verify/database_servers.hpp"
#include "binrip/verify/sector_source.hpp"

namespace binrip::verify {

// --- The database's answer ---

struct AccurateRipIds {
  int tracks = 0;  // audio tracks, 1 … 99
  std::uint32_t id1 = 0, id2 = 0, cddb = 0;
  friend bool operator==(const AccurateRipIds&, const AccurateRipIds&) = default;
};
// Nothing for a disc without audio.
std::optional<AccurateRipIds> accuraterip_ids(const cd::Disc& disc);
// Below the database's address: "a/9/8/dBAR-004-0002189a-00087f33-1f02e004.bin".
std::string accuraterip_path(const AccurateRipIds& ids);

struct AccurateRipEntry {
  int confidence = 0;          // how many rips gave these; 0 … 255, 0 says nothing
  std::uint32_t sum = 0;       // v1 or v2, the answer does not say which
  std::uint32_t frame450 = 0;  // v1 of the track's sector 450 alone, counted from 0; its places from 1 on
  friend bool operator==(const AccurateRipEntry&, const AccurateRipEntry&) = default;
};
struct AccurateRipAnswer {
  std::vector<std::vector<AccurateRipEntry>> pressings;  // an entry for each audio track in each
  friend bool operator==(const AccurateRipAnswer&, const AccurateRipAnswer&) = default;
};
// The dBAR form: chunks of u8 tracks, 3 × u32 ids, then per track u8 confidence, u32 sum, u32 of sector 450,
// all little-endian. Chunks of other discs are passed over. Errors (invalid): empty, cut short, no or more
// than 99 tracks, larger than kLargestAccurateRipAnswer, nothing of this disc in it.
inline constexpr std::size_t kLargestAccurateRipAnswer = 1U << 20;
Result<AccurateRipAnswer> parse_accuraterip(Bytes answer, const AccurateRipIds& ids);

// Nothing: the database does not know the disc. `base_url` with or without the slash at its end. Errors: the
// fetcher's and the parser's.
Result<std::optional<AccurateRipAnswer>> look_up_accuraterip(net::Fetcher& fetcher, std::string_view base_url,
                                                             const AccurateRipIds& ids);

// --- Sums ---

inline constexpr int kMostOffset = 2939;  // either way: as far as the left out samples reach
inline constexpr std::size_t kOffsets = 2 * kMostOffset + 1;
constexpr std::size_t offset_index(int offset) { return static_cast<std::size_t>(offset) + kMostOffset; }

// Places of samples on the disc, from LBA 0 on, [begin, end).
struct SampleRange {
  std::int64_t begin = 0, end = 0;
  friend bool operator==(const SampleRange&, const SampleRange&) = default;
};

struct AccurateRipTrack {
  int number = 1;         // on the disc
  std::size_t entry = 0;  // among the audio tracks: its place in an AccurateRipAnswer
  cd::LbaRange range;     // from its INDEX 01 to that of the next track, or to the lead-out
  SampleRange summed;     // what its sums take at offset 0; empty for a very short first or last track
  SampleRange audio;      // the run of audio in the image that it is in; samples outside count as 0
  friend bool operator==(const AccurateRipTrack&, const AccurateRipTrack&) = default;
};
// The audio tracks of a disc. First and last are those of the audio, not of the disc.
std::vector<AccurateRipTrack> accuraterip_tracks(const cd::Disc& disc);

// Whether all that the sums take at that offset is audio in the image, so that nothing counts as 0.
bool is_complete(const AccurateRipTrack& track, int offset);
// The sectors that lie wholly in what the sums take at that offset: what a match there speaks for.
cd::LbaRange vouched_for(const AccurateRipTrack& track, int offset);

struct AccurateRipSums {
  AccurateRipTrack track;
  std::uint32_t v2 = 0;                 // at offset 0
  std::vector<std::uint32_t> v1;        // by offset_index; kOffsets of them
  std::vector<std::uint32_t> frame450;  // likewise; empty for tracks of fewer than 451 sectors
  // v2 at other offsets, where add_v2 has computed it.
  std::vector<std::pair<int, std::uint32_t>> more_v2 = {};

  std::uint32_t v1_at(int offset) const { return v1[offset_index(offset)]; }
  std::optional<std::uint32_t> v2_at(int offset) const;
};
// All sums of these tracks (ascending, of one disc) in one pass over them and 5 sectors to either side. Takes
// 15 MB for 99 tracks. Errors: the source's; cancelled.
Result<std::vector<AccurateRipSums>> accuraterip_sums(std::span<const AccurateRipTrack> tracks,
                                                      const SectorSource& source, std::stop_token stop = {});
// Reads the track once more for v2 at these offsets (within ± kMostOffset).
Result<void> add_v2(AccurateRipSums& sums, std::span<const int> offsets, const SectorSource& source,
                    std::stop_token stop = {});

// --- What the database says of them ---

enum class AccurateRipVersion { v1, v2 };

struct AccurateRipMatch {
  int offset = 0;
  AccurateRipVersion version = AccurateRipVersion::v1;
  int confidence = 0;  // of all entries with this sum together
  friend bool operator==(const AccurateRipMatch&, const AccurateRipMatch&) = default;
};

struct AccurateRipTrackMatches {
  AccurateRipTrack track;
  int known = 0;  // rips that the database knows of this track; 0: nothing to compare with
  // At offset 0 first, v2 before v1, then by confidence. Sums of 0 match nothing: silence has them anywhere.
  std::vector<AccurateRipMatch> matches;
  int confidence(int offset, AccurateRipVersion version) const;  // 0: no match
};

// Tracks that match at one offset: the disc's own pressing at 0, or another one.
struct AccurateRipOffset {
  int offset = 0;
  int tracks_v2 = 0;   // match by v2
  int tracks_v1 = 0;   // match by v1 alone
  int confidence = 0;  // the lowest among those tracks, of each its best
  friend bool operator==(const AccurateRipOffset&, const AccurateRipOffset&) = default;
};

struct AccurateRipVerdict {
  std::vector<AccurateRipTrackMatches> tracks;
  std::vector<AccurateRipOffset> offsets;  // by tracks, then by those with v2, then confidence
};
AccurateRipVerdict match(std::span<const AccurateRipSums> sums, const AccurateRipAnswer& answer);

// Offsets at which the sums of sector 450 are those of the answer, in the same order. `tracks_v1` counts.
std::vector<AccurateRipOffset> frame450_offsets(std::span<const AccurateRipSums> sums,
                                                const AccurateRipAnswer& answer);

// All of it for a disc: sums, and v2 at the likeliest other offsets where sector 450 or v1 speak for one and
// offset 0 does not settle every track.
Result<AccurateRipVerdict> check_accuraterip(const cd::Disc& disc, const AccurateRipAnswer& answer,
                                             const SectorSource& source, std::stop_token stop = {});

}  // namespace binrip::verify
