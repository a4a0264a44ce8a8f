// CloneCD's control file: the TOC as the drive gave it, and what CloneCD found on the tracks. The sectors lie
// in an IMG of 2352 bytes each and a SUB of 96 bytes each beside it.
#pragma once

#include <string>
#include <vector>

#include "binrip/cd/disc.hpp"

namespace binrip::image {

struct CcdTrack {
  int number = 1;
  int mode = 0;                              // 0 audio, 1 Mode 1, 2 Mode 2
  std::vector<std::pair<int, int>> indexes;  // number, LBA; ascending
  std::string isrc;
  friend bool operator==(const CcdTrack&, const CcdTrack&) = default;
};

struct CcdSheet {
  cd::FullToc toc;
  bool scrambled = false;  // DataTracksScrambled
  std::string catalog;
  std::vector<CcdTrack> tracks;
  ByteVector cdtext_packs;
  std::size_t toc_line = 0;  // where the first [Entry] stands, for messages; not compared
  friend bool operator==(const CcdSheet& a, const CcdSheet& b);
};

// Sections and keys that are not known are passed over. Errors (invalid): "out.ccd:12: expected a number, got
// \"x\"", a TocEntries that does not count the entries.
Result<CcdSheet> parse_ccd(std::string_view text, std::string_view name);

// The disc that it tells of. Errors (invalid): a TOC that is none.
Result<cd::Disc> disc_of(const CcdSheet& sheet, std::string_view name);

}  // namespace binrip::image
