// Which part of a disc lies where: the pregap of a session, its tracks, its lead-out, and the next session's
// lead-in, from LBA -150 to the end of the last lead-out, without holes.
#pragma once

#include <span>
#include <vector>

#include "binrip/cd/disc.hpp"

namespace binrip::sim {

enum class AreaKind { pregap, track, lead_out, lead_in };

struct Area {
  cd::LbaRange range;
  AreaKind kind = AreaKind::track;
  cd::TrackMode mode = cd::TrackMode::audio;  // a pregap's and lead-in's: the first track's; a lead-out's:
                                              // the last track's
  std::size_t session = 0;                    // position in Disc::sessions
  std::size_t track = 0;                      // position in Session::tracks
  bool is_data() const { return mode != cd::TrackMode::audio; }
};

// Lengths that the standards give: lead-out after the first session 90 s, after later ones 30 s, lead-in 60
// s.
inline constexpr cd::SectorCount kFirstLeadOut{6750};
inline constexpr cd::SectorCount kLaterLeadOut{2250};
inline constexpr cd::SectorCount kLeadIn{4500};

class Layout {
 public:
  // The disc needs a session with a track; odd addresses are taken as they are.
  explicit Layout(const cd::Disc& disc);

  // The area of an address; below the first: the first, beyond the last: the last.
  const Area& at(cd::Lba lba) const;
  std::span<const Area> areas() const { return areas_; }

 private:
  void add(Area area);
  std::vector<Area> areas_;  // ascending, none empty
};

// True when a drive that reads up to `overread` sectors beyond a lead-out's start finds `lba` in a gap
// between two sessions.
bool in_session_gap(const Area& area, cd::Lba lba, int overread, std::size_t sessions);

}  // namespace binrip::sim
