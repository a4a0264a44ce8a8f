// Where databases of discs are asked.
#pragma once

#include <string>
#include <string_view>

namespace binrip::verify {

// The folder with the answers, and with DriveOffsets.bin.
inline constexpr std::string_view kAccurateRipUrl = "https://www.accuraterip.com/accuraterip/";
inline constexpr std::string_view kCtdbServer = "http://db.cuetools.net";
inline constexpr std::string_view kMusicBrainzServer = "https://musicbrainz.org";

struct DatabaseServers {  // an empty one is not asked
  std::string accuraterip{kAccurateRipUrl}, ctdb{kCtdbServer}, musicbrainz{kMusicBrainzServer};
};

}  // namespace binrip::verify
