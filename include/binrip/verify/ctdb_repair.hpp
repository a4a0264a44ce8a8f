// Audio repaired by CTDB's parity: up to half as many wrong words in each column as there are syndromes
// (eight of 16), in as many columns as there are, and so up to 80 sectors in a row. Only what then has the
// checksum of the entry is written, as another image.
//
// Checked against CUETools' source: CUETools.CTDB/CUEToolsDB.cs (FetchDB: the file by Range, its first column
// compared with the entry), CUETools.Parity/Parity2Syndrome.cs (Bytes2Syndrome: layout of the file) and
// CUETools.AccurateRip/CDRepair.cs (FindOffset, VerifyParity: offsets, places, the checksum decides). The
// layout of the file is also as others have found it on the server; this code has not fetched one from there.
#pragma once

#include <filesystem>
#include <stop_token>
#include <vector>

#include "binrip/image/disc_image.hpp"
#include "binrip/net/fetcher.hpp"
#include "binrip/verify/ctdb.hpp"
#include "binrip/verify/ctdb_sums.hpp"

namespace binrip::verify {

// CTDB's file of an entry: 16-bit little-endian words, the first syndrome of all columns, the second of all,
// …
class CtdbSyndromes {
 public:
  // Errors (invalid): not as long as entry.npar asks for; mismatch: column 0 is not the entry's.
  static Result<CtdbSyndromes> from_file(const CtdbEntry& entry, Bytes file);
  std::size_t count() const { return count_; }  // of a column
  std::uint16_t at(std::size_t column, std::size_t i) const { return words_[i * kCtdbColumns + column]; }

 private:
  std::size_t count_ = 0;
  std::vector<std::uint16_t> words_;
};
// At most 376,320 bytes. Errors: unsupported, when the entry has no parity; those of the fetcher and of
// from_file; network, when the server has none after all.
Result<CtdbSyndromes> fetch_ctdb_parity(const CtdbEntry& entry, net::Fetcher& fetcher);

struct AudioFix {
  std::uint64_t word = 0;        // of the audio of a layout
  std::uint16_t difference = 0;  // XOR of the right word and ours
  friend bool operator==(const AudioFix&, const AudioFix&) = default;
};
struct AudioFixes {
  int offset = 0;               // at which the parity fits
  std::vector<AudioFix> fixes;  // ascending
};
// What is wrong by the parity. `sums` with parity, of audio that the entry fits. The offset is taken from
// tracks that are right, else it is 0 or what some columns with less errors than can be mended tell. Errors:
// mismatch, when at no such offset all columns can be mended; cancelled.
Result<AudioFixes> find_audio_fixes(const CtdbLayout& layout, const CtdbSums& sums, const CtdbEntry& entry,
                                    const CtdbSyndromes& parity, std::stop_token stop = {});

// One 16-bit sample that was changed, as it stands in the BIN.
struct AudioPatch {
  cd::Lba lba;
  int byte = 0;  // in the sector, even
  std::uint16_t before = 0, after = 0;
  friend bool operator==(const AudioPatch&, const AudioPatch&) = default;
};
// Text that undoes a repair: "#" lines say what and by whom, then a line for each patch, ascending:
//   LBA BYTE BEFORE AFTER
// the first two decimal, the others the two bytes in hexadecimal as they stand in the file.
std::string patch_record(const cd::Disc& disc, const CtdbEntry& entry, int offset,
                         std::span<const AudioPatch> patches);

struct CtdbRepair {
  int offset = 0;
  std::vector<AudioPatch> patches;  // ascending; none: the audio is right, and nothing was written
  std::filesystem::path record;     // of the patches; beside the sheet, .patch
};
// Writes `sheet` (a .cue), a BIN beside it, a .sub where the image has one, and the record of patches. The
// image stays as it is. Errors, of all of which nothing is written: exists, when one of the files is there;
// unsupported, when the entry has no parity or is of other audio; mismatch, when more is wrong than the
// parity can mend, or the result has not the entry's checksum; those of the fetcher and the image; cancelled.
Result<CtdbRepair> repair_audio(image::DiscImage& image, const CtdbEntry& entry, net::Fetcher& fetcher,
                                const std::filesystem::path& sheet, std::stop_token stop = {});

}  // namespace binrip::verify
