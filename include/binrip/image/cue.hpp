// The CUE sheet: a model of what stands in it, a reader and a writer. Conventions of redump for sessions and
// split files; see the writer.
#pragma once

#include <string>
#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/image/bin_layout.hpp"

namespace binrip::image {

enum class CueFileType { binary, motorola, wave };

struct CueIndex {
  int number = 1;
  cd::SectorCount offset;  // in the FILE, in sectors
  std::size_t file = 0;    // which of CueSheet::files
  friend bool operator==(const CueIndex&, const CueIndex&) = default;
};

struct CueTrack {
  int number = 1;
  std::string type;  // AUDIO, MODE1/2048, MODE1/2352, MODE2/2336, MODE2/2352, CDI/2336, CDI/2352
  std::vector<CueIndex> indexes;
  std::optional<cd::SectorCount> pregap, postgap;  // PREGAP, POSTGAP: not in the file
  bool dcp = false, four_channel = false, pre_emphasis = false;
  std::string isrc;
  cd::Text text;
  std::size_t file = 0;  // which of CueSheet::files INDEX 01 lies in
  std::size_t line = 0;  // where TRACK stands, for messages; not compared

  const CueIndex* index(int wanted) const;  // nullptr when there is none
  friend bool operator==(const CueTrack& a, const CueTrack& b);
};

struct CueFile {
  std::string name;
  CueFileType type = CueFileType::binary;
  std::size_t line = 0;  // where FILE stands, for messages; not compared
  friend bool operator==(const CueFile& a, const CueFile& b) { return a.name == b.name && a.type == b.type; }
};

// Between two sessions redump's sheets give three lengths: REM LEAD-OUT of the session that ends, then, after
// REM SESSION, REM LEAD-IN and REM PREGAP of the one that begins. Together they lead from the end of the one
// to INDEX 01 of the other: 01:30:00 + 01:00:00 + 00:02:00 after the first session, 00:30:00 + … after later
// ones. Other programs put the gap into the file and let REM LEAD-OUT give the position in the FILE where it
// begins; they write no REM LEAD-IN. See open_image.
struct CueSession {
  int number = 1;
  int first_track = 1;
  std::optional<cd::SectorCount> lead_out;         // REM LEAD-OUT that follows its last track
  std::optional<cd::SectorCount> lead_in, pregap;  // REM LEAD-IN, REM PREGAP before its first track
  friend bool operator==(const CueSession&, const CueSession&) = default;
};

struct CueSheet {
  std::string catalog, cdtext_file;
  cd::Text text;
  std::vector<CueFile> files;
  std::vector<CueTrack> tracks;
  std::vector<CueSession> sessions;  // empty: one
  std::vector<std::string> remarks;  // other REM lines, without "REM "
  std::size_t cdtext_line = 0;       // where CDTEXTFILE stands, for messages; not compared
  friend bool operator==(const CueSheet& a, const CueSheet& b);
};

// Takes sheets as other programs write them: any case, CRLF, a byte order mark, values quoted or not, texts
// in Latin-1. File names stay the bytes that they are. What changes the layout must be right: commands that
// are not known, tracks not in sequence, a missing INDEX 01 are errors (invalid). `name` is for messages:
// "out.cue:12: expected INDEX number 00-99, got \"x\"".
Result<CueSheet> parse_cue(std::string_view text, std::string_view name);
// Parsing the result gives the sheet again, as far as its texts can stand in a sheet: quotes become
// apostrophes, control characters spaces, and what is longer than 500 bytes is cut.
std::string write_cue(const CueSheet& sheet);

// The sheet of a disc as binrip lays it out. `stem` is the file name without extension: "out" gives "out.bin"
// or the names of split_bin_name, and "out.cdt" when the disc has CD-TEXT.
CueSheet cue_of(const cd::Disc& disc, std::string_view stem, BinLayout layout);
// As redump does: "out (Track 1).bin", two digits from ten tracks on; "out.bin" when there is but one track.
std::string split_bin_name(std::string_view stem, int track, int last_track);

}  // namespace binrip::image
