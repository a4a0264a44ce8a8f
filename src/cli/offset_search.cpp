#include "offset_search.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace binrip::cli {
namespace {

constexpr int kEnoughTracks = 3;
constexpr int kMostUseless = 5;
constexpr int kTries = 3;
constexpr std::size_t kMostOffsets = 16;  // of one track, by sector 450, that v2 is computed at
constexpr std::chrono::seconds kSearchTimeout{30};
// Around a track: an offset of kMostOffset samples reaches so far.
constexpr cd::SectorCount kAround{5};

// One read of a few sectors, tried again where that can help.
Result<void> read_some(drive::Drive& drive, cd::LbaRange range, MutableBytes out) {
  const drive::ReadCd request{.start = range.begin,
                              .count = static_cast<std::uint32_t>(range.size().value),
                              .expected = drive::ExpectedSector::cd_da};
  Error error;
  for (int i = 0; i < kTries; ++i) {
    const auto answer = drive.read_cd(request, out, kSearchTimeout);
    if (answer && (answer->good || classify(answer->sense) == drive::SenseClass::recovered)) return {};
    error = answer ? drive::sense_error(answer->sense, fmt::format("read at LBA {}", range.begin.value))
                   : answer.error();
    if (error.kind == ErrorKind::no_device || error.kind == ErrorKind::medium_changed) break;
  }
  return fail(std::move(error));
}

// What the drive delivers of some sectors, uncorrected, kept in memory: the sums take two passes.
class Delivered {
 public:
  Delivered(drive::Drive& drive, cd::LbaRange range, std::size_t max_transfer)
      : drive_(drive),
        range_(range),
        at_once_(std::max<std::int32_t>(1, static_cast<std::int32_t>(max_transfer / cd::kSectorSize))),
        bytes_(static_cast<std::size_t>(range.size().value) * cd::kSectorSize) {}

  Result<void> read(const std::stop_token& stop) {
    for (cd::Lba at = range_.begin; at < range_.end;) {
      if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      const cd::Lba end = std::min(range_.end, at + cd::SectorCount{at_once_});
      TRY_VOID(read_some(drive_, {at, end}, of({at, end})));
      at = end;
    }
    return {};
  }

  verify::SectorSource source() {
    return [this](cd::LbaRange range, MutableBytes out) -> Result<void> {
      const MutableBytes bytes = of(range);
      std::copy(bytes.begin(), bytes.end(), out.begin());
      return {};
    };
  }

 private:
  MutableBytes of(cd::LbaRange range) {
    const auto bytes = [](cd::SectorCount count) {
      return static_cast<std::size_t>(count.value) * cd::kSectorSize;
    };
    return MutableBytes(bytes_).subspan(bytes(range.begin - range_.begin), bytes(range.size()));
  }

  drive::Drive& drive_;
  cd::LbaRange range_;
  std::int32_t at_once_;
  ByteVector bytes_;
};

// The track with what lies around it, as far as that is audio.
cd::LbaRange sectors_for(const verify::AccurateRipTrack& track) {
  const auto lba = [](std::int64_t sample) {
    return cd::Lba{static_cast<std::int32_t>(sample / cd::kSamplesPerSector)};
  };
  return {std::max(track.range.begin - kAround, lba(track.audio.begin)),
          std::min(track.range.end + kAround, lba(track.audio.end))};
}

// Confidence by offset at which the whole track matches.
using Matches = std::map<int, int>;

Result<Matches> matches_of(const verify::AccurateRipTrack& track, const verify::AccurateRipAnswer& answer,
                           const verify::SectorSource& source, const std::stop_token& stop) {
  TRY(auto sums, verify::accuraterip_sums(std::span(&track, 1), source, stop));
  std::vector<int> offsets;
  for (const verify::AccurateRipOffset& each : verify::frame450_offsets(sums, answer)) {
    if (offsets.size() < kMostOffsets) offsets.push_back(each.offset);
  }
  TRY_VOID(verify::add_v2(sums.front(), offsets, source, stop));
  const verify::AccurateRipVerdict verdict = verify::match(sums, answer);
  Matches matches;
  for (const verify::AccurateRipMatch& each : verdict.tracks.front().matches) {
    int& confidence = matches[each.offset];
    confidence = std::max(confidence, each.confidence);
  }
  return matches;
}

bool is_of_use(const verify::AccurateRipTrack& track, const verify::AccurateRipAnswer& answer) {
  constexpr std::int32_t kLeastSectors = 451;
  const bool known = std::ranges::any_of(answer.pressings, [&](const auto& pressing) {
    return track.entry < pressing.size() && pressing[track.entry].confidence > 0;
  });
  return known && track.range.size().value >= kLeastSectors &&
         verify::is_complete(track, -verify::kMostOffset) && verify::is_complete(track, verify::kMostOffset);
}

std::vector<verify::AccurateRipTrack> tracks_of_use(const cd::Disc& disc,
                                                    const verify::AccurateRipAnswer& answer) {
  std::vector<verify::AccurateRipTrack> tracks = verify::accuraterip_tracks(disc);
  std::erase_if(tracks, [&](const auto& track) { return !is_of_use(track, answer); });
  std::stable_sort(tracks.begin(), tracks.end(),
                   [](const auto& a, const auto& b) { return a.range.size() < b.range.size(); });
  return tracks;
}

// At which all tracks match.
std::vector<OffsetCandidate> common_offsets(const std::vector<Matches>& tracks) {
  std::vector<OffsetCandidate> common;
  for (const auto& [offset, first] : tracks.front()) {
    int lowest = first;
    const bool everywhere = std::ranges::all_of(tracks, [&, offset = offset](const Matches& track) {
      const auto at = track.find(offset);
      if (at != track.end()) lowest = std::min(lowest, at->second);
      return at != track.end();
    });
    if (everywhere) common.push_back({offset, lowest});
  }
  return common;
}

bool ends_the_search(const Error& error) {
  return error.kind == ErrorKind::cancelled || error.kind == ErrorKind::no_device ||
         error.kind == ErrorKind::medium_changed || error.kind == ErrorKind::no_medium;
}

}  // namespace

Result<OffsetSearch> search_offset(drive::Drive& drive, const cd::Disc& disc, std::size_t max_transfer,
                                   const verify::AccurateRipAnswer& answer,
                                   const std::function<void(int track)>& about_to_read,
                                   std::stop_token stop) {
  OffsetSearch search;
  std::vector<Matches> matching;
  int useless = 0;
  for (const verify::AccurateRipTrack& track : tracks_of_use(disc, answer)) {
    if (static_cast<int>(matching.size()) == kEnoughTracks || useless == kMostUseless) break;
    about_to_read(track.number);
    Delivered delivered(drive, sectors_for(track), max_transfer);
    if (const auto read = delivered.read(stop); !read) {
      if (ends_the_search(read.error())) return fail(read.error());
      search.notes.push_back(fmt::format("track {} cannot be read: {}", track.number, read.error().message));
      ++useless;
      continue;
    }
    TRY(Matches matches, matches_of(track, answer, delivered.source(), stop));
    if (matches.empty()) {
      search.notes.push_back(fmt::format("track {} matches at no offset", track.number));
      ++useless;
    } else {
      matching.push_back(std::move(matches));
    }
  }
  search.tracks = static_cast<int>(matching.size());
  if (search.tracks < kLeastTracks) {
    const std::string why = search.notes.empty() ? "the disc has too few of them" : search.notes.front();
    return fail(ErrorKind::mismatch,
                fmt::format("fewer than {} tracks match what AccurateRip has: {}", kLeastTracks, why),
                "try another disc, clean and pressed, that many people own");
  }
  search.candidates = common_offsets(matching);
  if (search.candidates.empty()) {
    return fail(ErrorKind::mismatch, "the tracks of this disc do not agree on an offset",
                "try another disc; a drive that does not keep its place in audio has no read offset");
  }
  return search;
}

}  // namespace binrip::cli
