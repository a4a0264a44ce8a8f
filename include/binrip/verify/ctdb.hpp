// The CUETools database: how it is asked for a disc, and what it answers.
//
// Checked against CUETools' source (gchudov/cuetools.net):
//   URL, use of the answer, parity by Range, relative URLs   CUETools.CTDB/CUEToolsDB.cs
//   attributes of an entry; npar above 16 is taken as 16     CUETools.CTDB/CTDBResponseEntry.cs, DBEntry.cs
//   namespace and root element                               CUETools.CTDB/CTDBResponse.cs
//   TOC in the URL and in entries, length of the audio       CUETools.CDImage/CDImage.cs
// `version=3&ctdb=1` is how CTDB's own pages and other programs ask today; the CUEToolsDB.cs that was seen
// asks with `ctdb=2` and no version. The server itself was not asked: no answer of it has been parsed by this
// code but those quoted in public, and what it answers to a disc that it does not know (404, or no entries)
// is taken from CUETools' handling of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/net/fetcher.hpp"
#include "binrip/verify/database_servers.hpp"

namespace binrip::verify {

inline constexpr int kCtdbStride = 10 * cd::kSamplesPerSector;  // samples; twice as many 16-bit words

// What of a disc CTDB speaks of: from INDEX 01 of its first audio track to the end of its last one.
struct CtdbLayout {
  cd::LbaRange audio;
  std::vector<cd::Lba> tracks;  // INDEX 01 of each audio track
  std::int64_t samples() const { return std::int64_t{audio.size().value} * cd::kSamplesPerSector; }
  std::int64_t start(std::size_t track) const;  // samples from the begin of the audio; the end for one more
  friend bool operator==(const CtdbLayout&, const CtdbLayout&) = default;
};
// Nothing where CTDB can say nothing: audio shorter than three strides, in several sessions, or with data
// between or, in the same session, behind it.
std::optional<CtdbLayout> ctdb_layout(const cd::Disc& disc);

// "0:13915:…:-218477:241060": INDEX 01 of each track (a data track's with "-") and the last lead-out.
std::string ctdb_toc(const cd::Disc& disc);
// "/lookup2.php?…".
std::string ctdb_query(const cd::Disc& disc);

struct CtdbEntry {
  std::uint64_t id = 0;
  std::uint32_t crc32 = 0;  // of the disc
  std::int64_t confidence = 0;
  int npar = 0;                           // syndromes of each column that can be had, 1 … 16
  int stride = 0;                         // samples; kCtdbStride in all that is known
  std::string parity_url;                 // http or https; empty: there is none
  std::vector<std::uint16_t> syndrome;    // of column 0, npar of them; empty: not told
  std::vector<std::uint32_t> track_crcs;  // of the audio tracks; empty: not told
  std::string toc;
  cd::SectorCount audio;  // its length by that TOC
  int audio_tracks = 0;
  friend bool operator==(const CtdbEntry&, const CtdbEntry&) = default;
};
// Whether the entry speaks of audio like this disc's.
bool fits(const CtdbEntry& entry, const CtdbLayout& layout);

// The entries of an answer. `server`: where relative URLs lead. An entry without TOC is left out, as CUETools
// does; a parity URL that is not http or https, or has characters beyond printable ASCII, is taken for none.
// Errors (invalid): not well-formed, a document type or entity, more than a megabyte, 1000 entries or 16
// levels, missing attributes, numbers that are none, checksums of the wrong length: "CTDB's answer:LINE: …".
Result<std::vector<CtdbEntry>> parse_ctdb(std::string_view xml, std::string_view server = kCtdbServer);

// Errors: unsupported, when CTDB can say nothing of such a disc; those of the fetcher and of parse_ctdb. No
// entries: the disc is not known.
Result<std::vector<CtdbEntry>> look_up_ctdb(const cd::Disc& disc, net::Fetcher& fetcher,
                                            std::string_view server = kCtdbServer);

}  // namespace binrip::verify
