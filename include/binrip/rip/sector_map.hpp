// The map: what is known of every sector of an image. Text form, ddrescue-like:
//   # binrip map 1
//   # disc 5d41402a…           (identity of the disc: a hash of its full TOC)
//   # drive PLEXTOR PX-W1210A 1.05 serial=… offset=+98
//   # subchannel 0 1500 right    (runs whose subchannel was read, by how its Q is known; see SubState)
//   # repaired 1498 2             (runs that were mended: by their own ECC, or "merged" from several reads,
//                                  or "elected" by more reads than any other version)
//   # edge 0 30                   (a sector with so many samples beyond the drive's reach; zeros stand there)
//   # wrong-edc 700 2             (runs that came with a wrong EDC, although the drive saw no error)
//   # filled 1500 20 pattern    (runs that nothing was read of, and what stands there instead: one word)
//   # first-pregap 150 3          (sectors of LBA -150 ... -1 that were read, and those that are not silent)
//   # jitter 12 40              (the drive did not keep its place in audio: places seen, samples at most)
//   0 1500 consistent
//   1500 20 failed
// LBA COUNT state, ascending, covering every sector of the image; gaps between sessions are not in it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/interval_map.hpp"
#include "binrip/base/result.hpp"
#include "binrip/cd/disc.hpp"
#include "binrip/cd/sector_state.hpp"

namespace binrip::rip {

// What is known of a sector's subchannel record; only rises. Maps of before there was more than one word for
// it say "read" of whatever arrived.
enum class SubState : std::uint8_t {
  untried,    // nothing, or a record that may belong to another sector
  read,       // it arrived, and its Q has a wrong CRC or gives another address
  confirmed,  // the same wrong Q in two reads: mastered so, or damage that reads the same each time
  voted,      // wrong in each read, but what most of them say, bit by bit, is a right Q
  right,      // its Q has a right CRC and this address
};
inline constexpr std::size_t kSubStates = 5;
using SubCounts = std::array<std::int64_t, kSubStates>;  // sectors, by SubState

std::string_view to_string(SubState state);

// How a good sector was made of bad reads.
enum class Mending : std::uint8_t {
  none,
  merged,    // bytes without C2 errors from several reads
  repaired,  // corrected by its own ECC
  elected,   // reads differed, and most of them agree on this
};

// What was seen of LBA -150 … -1, which no image holds.
struct FirstPregap {
  std::int64_t read = 0, not_silent = 0;  // sectors
  friend bool operator==(const FirstPregap&, const FirstPregap&) = default;
};

// Audio that came shifted: places where it was seen, and the furthest, in samples.
struct Jitter {
  std::int64_t places = 0;
  int furthest = 0;
  friend bool operator==(const Jitter&, const Jitter&) = default;
};

// What stands in the image where nothing was read: a word such as "pattern" or "silence".
struct MapFill {
  cd::LbaRange range;
  std::string with;
  friend bool operator==(const MapFill&, const MapFill&) = default;
};

struct MapDrive {
  std::string name;  // vendor, product, revision, serial: one line
  int read_offset = 0;
  friend bool operator==(const MapDrive&, const MapDrive&) = default;
};

// Not thread-safe; copies are independent.
class SectorMap {
 public:
  // `ranges`: cd::image_ranges, not empty, ascending.
  SectorMap(std::string disc_identity, std::vector<cd::LbaRange> ranges);

  const std::string& disc_identity() const { return identity_; }
  const std::vector<cd::LbaRange>& ranges() const { return ranges_; }
  const std::vector<MapDrive>& drives() const { return drives_; }
  void add_drive(const MapDrive& drive);  // once each

  bool contains(cd::Lba lba) const;
  cd::SectorState state(cd::Lba lba) const;  // lba must be in the image
  SubState sub_state(cd::Lba lba) const;
  // Raises what is lower; never lowers. Parts outside the image are ignored.
  void raise(cd::LbaRange range, cd::SectorState state);
  void raise_sub(cd::LbaRange range, SubState state);
  // The one way down: the drive turned out not to keep its place, so that its reads of these sectors prove
  // less than was thought. Consistent sectors become unproven.
  void doubt(cd::LbaRange range);
  void forget_subs();  // none has been read
  void note_mending(cd::Lba lba, Mending how) {
    note_mending(cd::LbaRange{lba, lba + cd::SectorCount{1}}, how);
  }
  void note_mending(cd::LbaRange range, Mending how);
  std::vector<cd::LbaRange> mended(Mending how) const;
  Mending mending(cd::Lba lba) const { return part_of(lba).mendings.at(lba.value); }

  // What a report tells besides the states; it stands here so that no interruption loses it.
  // `samples` of this sector lie beyond the drive's reach; 0: none any more.
  void note_edge(cd::Lba lba, int samples);
  void note_wrong_edc(cd::LbaRange range);
  void note_first_pregap(const FirstPregap& seen) { first_pregap_ = seen; }
  void note_jitter(const Jitter& seen) { jitter_ = seen; }
  const Jitter& jitter() const { return jitter_; }
  void set_fills(std::vector<MapFill> fills) { fills_ = std::move(fills); }
  const std::vector<MapFill>& fills() const { return fills_; }
  std::int64_t edge_samples() const;
  const std::map<cd::Lba, int>& edges() const { return edges_; }
  bool has_wrong_edc(cd::Lba lba) const { return part_of(lba).wrong_edc.at(lba.value); }
  std::int64_t wrong_edc() const;  // sectors; without those that have been proven since
  const std::optional<FirstPregap>& first_pregap() const { return first_pregap_; }

  cd::StateCounts counts() const { return counts(whole()); }
  cd::StateCounts counts(cd::LbaRange range) const;
  // Maximal runs, ascending, never across a gap.
  std::vector<std::pair<cd::LbaRange, cd::SectorState>> runs() const;
  std::vector<cd::LbaRange> below(cd::SectorState state) const;
  std::vector<cd::LbaRange> with(cd::SectorState state) const;
  SubCounts sub_counts() const;
  std::vector<cd::LbaRange> with_sub(SubState state) const;  // as runs()

  std::string to_text() const;

 private:
  struct Part {
    cd::LbaRange range;
    IntervalMap<std::int32_t, cd::SectorState> states;
    IntervalMap<std::int32_t, SubState> subs;
    IntervalMap<std::int32_t, Mending> mendings;
    IntervalMap<std::int32_t, bool> wrong_edc;
  };
  cd::LbaRange whole() const { return {ranges_.front().begin, ranges_.back().end}; }
  const Part& part_of(cd::Lba lba) const;
  template <class Predicate>
  std::vector<cd::LbaRange> runs_where(Predicate predicate) const;

  std::string identity_;
  std::vector<cd::LbaRange> ranges_;
  std::vector<MapDrive> drives_;
  std::vector<Part> parts_;
  std::map<cd::Lba, int> edges_;  // samples
  std::vector<MapFill> fills_;
  std::optional<FirstPregap> first_pregap_;
  Jitter jitter_;
};

// Any text; errors are "name:line: expected …, got …". The ranges come from the lines themselves.
Result<SectorMap> parse_map(std::string_view text, std::string_view name);

}  // namespace binrip::rip
