// The table of contents in the forms that READ TOC/PMA/ATIP gives (MMC-6 clause 6.30): parse and encode.
// Every parser takes what a drive delivered, whole reply with its 4-byte header, and reads as much of it as
// is there and as its length field says (drives pad, cut off, and lie). Descriptors that make no sense and a
// cut last one are left out; a reply without a header or without one sensible descriptor is an Error
// (invalid).
#pragma once

#include <optional>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cd/address.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::cd {

// Format 0000b: formatted TOC.
struct TocTrack {
  Byte adr = 1;
  Byte control = 0;
  Byte number = 0;  // 1 … 99, kLeadOutTrack
  Lba start;
  friend bool operator==(const TocTrack&, const TocTrack&) = default;
};
struct FormattedToc {
  Byte first_track = 0;
  Byte last_track = 0;
  std::vector<TocTrack> tracks;  // as delivered; the lead-out is among them
  friend bool operator==(const FormattedToc&, const FormattedToc&) = default;
};
Result<FormattedToc> parse_formatted_toc(Bytes reply);  // LBA form (MSF bit 0)
ByteVector encode_formatted_toc(const FormattedToc& toc, Byte from_track, bool msf);

// Format 0001b: multi-session information.
struct SessionInfo {
  Byte first_session = 0;
  Byte last_session = 0;
  Byte first_track_in_last_session = 0;
  Lba start_of_last_session;
  Byte control = 0;  // of that track
  friend bool operator==(const SessionInfo&, const SessionInfo&) = default;
};
Result<SessionInfo> parse_session_info(Bytes reply);
ByteVector encode_session_info(const SessionInfo& info, bool msf);

// Format 0010b: full TOC, the Q of the lead-ins. Values as on disc, decoded from hex as READ TOC gives them
// (not BCD). POINT 1 … 99 tracks, A0/A1/A2 first track and disc type, last track, lead-out; B0, C0 and
// others.
struct FullTocEntry {
  Byte session = 0;
  Byte adr = 1;
  Byte control = 0;
  Byte tno = 0;
  Byte point = 0;
  Msf time;       // Min, Sec, Frame
  Byte zero = 0;  // HOUR/PHOUR nibbles
  Msf p_time;     // PMin, PSec, PFrame
  friend bool operator==(const FullTocEntry&, const FullTocEntry&) = default;
};
struct FullToc {
  Byte first_session = 1;
  Byte last_session = 1;
  std::vector<FullTocEntry> entries;  // in the order delivered
  friend bool operator==(const FullToc&, const FullToc&) = default;
};
Result<FullToc> parse_full_toc(Bytes reply);
ByteVector encode_full_toc(const FullToc& toc, Byte from_session);

// Format 0100b: ATIP of a CD-R or CD-RW.
struct Atip {
  bool rewritable = false;
  Msf lead_in_start;  // names the manufacturer
  Msf last_lead_out;
  friend bool operator==(const Atip&, const Atip&) = default;
};
Result<Atip> parse_atip(Bytes reply);
ByteVector encode_atip(const Atip& atip);

// Format 0101b: CD-TEXT packs, 18 bytes each, without the header. See cdtext.hpp.
Result<ByteVector> parse_cdtext_toc(Bytes reply);
ByteVector encode_cdtext_toc(Bytes packs);

}  // namespace binrip::cd
