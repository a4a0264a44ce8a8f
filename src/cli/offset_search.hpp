// The read offset that a drive must have, by the audio that it delivers of a disc that AccurateRip knows.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/drive/drive.hpp"
#include "binrip/verify/accuraterip.hpp"

namespace binrip::cli {

struct OffsetCandidate {
  int offset = 0;      // samples, AccurateRip's sign
  int confidence = 0;  // the lowest of the tracks' sums there
  friend bool operator==(const OffsetCandidate&, const OffsetCandidate&) = default;
};

struct OffsetSearch {
  int tracks = 0;  // that match as a whole, at least kLeastTracks
  // At which each of them matches, by rising offset. Several where AccurateRip has other pressings of the
  // disc, whose audio is the same but for a shift: which one lies in the drive, the disc does not tell.
  std::vector<OffsetCandidate> candidates;
  std::vector<std::string> notes;  // tracks that were of no use
};

inline constexpr int kLeastTracks = 2;

// Reads tracks as the drive delivers them until three match, the shortest first, and five more at most that
// do not. Errors: mismatch (fewer than two match, or they do not agree), the transport's, cancelled.
// `about_to_read` hears the number of each track.
Result<OffsetSearch> search_offset(drive::Drive& drive, const cd::Disc& disc, std::size_t max_transfer,
                                   const verify::AccurateRipAnswer& answer,
                                   const std::function<void(int track)>& about_to_read, std::stop_token stop);

}  // namespace binrip::cli
