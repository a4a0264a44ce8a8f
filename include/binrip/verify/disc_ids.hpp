// The names under which databases know a disc.
#pragma once

#include <string>

#include "binrip/cd/disc.hpp"

namespace binrip::verify {

// Between the end of the audio session and the data track of a CD-Extra, as the databases assume it whatever
// lies there.
inline constexpr cd::SectorCount kDatabaseSessionGap{11'400};

struct DiscIds {
  std::string musicbrainz;  // 28 characters; CD-Extra: of the audio session, lead-out = data track - 11400
  std::string cddb;         // 8 hex digits
  std::string accuraterip;  // "0002189a-00087f33-1f02e004"
  std::string ctdb;         // TOC id, 28 characters
  friend bool operator==(const DiscIds&, const DiscIds&) = default;
};
// Empty strings where there is none: no audio track, no AccurateRip and CTDB id.
DiscIds disc_ids(const cd::Disc& disc);

}  // namespace binrip::verify
