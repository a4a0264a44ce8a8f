// The disc model: sessions, tracks, indexes. Everything that a CUE sheet can say about a disc, and what is
// needed to lay out an image. Plain data; functions below derive from it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cd/address.hpp"
#include "binrip/cd/sector.hpp"
#include "binrip/cd/toc.hpp"

namespace binrip::cd {

// What a track holds. A Mode 2 track may mix forms; `cdi` is Mode 2 in a session of disc type 0x10 or by its
// own TOC; it differs in the CUE sheet only.
enum class TrackMode { audio, mode1, mode2, cdi };

struct Index {
  Byte number = 1;  // 0 is the pregap
  Lba lba;
  friend bool operator==(const Index&, const Index&) = default;
};

struct Track {
  Byte number = 1;   // 1 … 99
  Byte control = 0;  // kControl… bits, as found to be true (Q over TOC)
  TrackMode mode = TrackMode::audio;
  std::vector<Index> indexes = {};  // ascending; INDEX 01 is always there, INDEX 00 when there is a pregap
  std::string isrc = {};            // 12 characters, or empty
  friend bool operator==(const Track&, const Track&) = default;

  bool is_data() const { return mode != TrackMode::audio; }
  Lba start() const;  // INDEX 01
  Lba begin() const;  // INDEX 00 where there is one, else INDEX 01
};

enum class DiscType : Byte { cd_da_or_rom = 0x00, cd_i = 0x10, cd_xa = 0x20 };  // PSEC of POINT A0

struct Session {
  Byte number = 1;
  DiscType type = DiscType::cd_da_or_rom;
  std::vector<Track> tracks;  // ascending numbers
  Lba lead_out;
  friend bool operator==(const Session&, const Session&) = default;
};

// Values that people read; all UTF-8, empty when unknown. From CD-TEXT or from the user.
struct Text {
  std::string title, performer, songwriter, composer, arranger, message;
  friend bool operator==(const Text&, const Text&) = default;
  bool empty() const;
};

struct Disc {
  std::vector<Session> sessions;
  std::string mcn;          // 13 digits, or empty
  ByteVector cdtext_packs;  // raw, a multiple of 18 bytes
  Text text;
  std::vector<std::pair<Byte, Text>> track_texts;  // by track number, ascending
  friend bool operator==(const Disc&, const Disc&) = default;
};

// A first disc model from the TOC alone: INDEX 01 of each track, no pregaps but that of track 1 when it
// starts after LBA 0 (INDEX 00 at 0). Data tracks get mode1, or mode2 when the session's type is cd_xa, cdi
// for cd_i. Errors (invalid): no tracks, addresses not ascending, tracks beyond the lead-out, missing
// lead-out.
Result<Disc> disc_from_full_toc(const FullToc& toc);
// For drives without the full TOC. A second session (from `sessions`) is told by its first track; the
// lead-out before it is taken as 11,400 sectors (6,900 after later ones) before that track's start.
Result<Disc> disc_from_formatted_toc(const FormattedToc& toc, const std::optional<SessionInfo>& sessions);
// The same where more is known: the sessions after the first, ascending, and the disc's type.
struct SessionStart {
  Byte session = 2;
  Byte first_track = 2;
  friend bool operator==(const SessionStart&, const SessionStart&) = default;
};
Result<Disc> disc_from_formatted_toc(const FormattedToc& toc, std::span<const SessionStart> later_sessions,
                                     DiscType type);
// The TOC that a disc's lead-ins hold. Includes B0/C0 entries for multi-session discs.
FullToc full_toc_of(const Disc& disc);
FormattedToc formatted_toc_of(const Disc& disc);
SessionInfo session_info_of(const Disc& disc);

// The sectors of a session in the image: [0 for the first session, INDEX 01 of its first track for a later
// one; lead-out).
LbaRange session_range(const Disc& disc, std::size_t session);
// All of them, ascending. Session gaps lie between.
std::vector<LbaRange> image_ranges(const Disc& disc);
// Number of sectors in the image, and the position of a sector in it; nothing for a sector not in the image.
SectorCount image_size(const Disc& disc);
std::optional<SectorCount> image_position(const Disc& disc, Lba lba);

struct TrackRef {
  const Session* session = nullptr;
  const Track* track = nullptr;
  LbaRange range;  // its sectors in the image, pregap included
};
// All tracks with their sectors, ascending: each from its begin() to the next one's begin(), or the lead-out.
// The first track of the first session starts at LBA 0, that of a later one at INDEX 01.
std::vector<TrackRef> track_ranges(const Disc& disc);

// SHA-free identity of a disc: session, track starts, controls and lead-outs as one line of text, the same
// for the same pressing: "1:00:02:00/4,…,57:12:33;2:…". What the map and resume compare. Of the control only
// the data bit goes in, so that the identity stays when Q mends the others.
std::string toc_identity(const Disc& disc);

}  // namespace binrip::cd
