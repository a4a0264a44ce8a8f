// Which sectors to read next, and how: pure decisions over the map. The drive is not asked here.
#pragma once

#include <optional>
#include <vector>

#include "paranoia_plan.hpp"

#include "binrip/cd/disc.hpp"
#include "binrip/cd/lba_ranges.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

// By rising cost.
enum class Purpose {
  stream,      // the one pass over everything, at full speed; steps out of damage and leaves it untried
  trim,        // what was stepped over, from both sides up to the first error
  subchannel,  // drives that give C2 or subchannel, not both: the same way again for the other
  proof,       // sectors that one read cannot prove: read again, not from the cache
  paranoia,    // audio from a drive that does not keep its place: read several times over, to be matched
  raw,         // data sectors that are not good, from a source that gives their bytes uncorrected
  scrape,      // what is left of the damage, in small transfers
  sweep,       // all that is still below its goal, in order of address, pass after pass
};

// Sectors of these passes have been read before, so that what comes now might come from the cache.
bool reads_again(Purpose purpose);

// How the bytes of a sector are asked for.
enum class Source {
  normal,
  uncorrected,  // mode page 01h with TB and DCR: the drive hands data over without correcting it
  as_audio,     // READ CD as CD-DA: data comes scrambled, shifted like audio
  vendor_d8,    // the same by a vendor command, for drives that refuse to read data as CD-DA
};
// Whether data comes scrambled from it, in its place in the stream.
bool is_scrambled(Source source);

enum class Order { ascending, descending };

// How a pass walks: in transfers of so many sectors at most (0: as large as the drive takes), and after an
// error so many sectors are left out, twice as many after the next, up to a limit. 0: nothing is left out.
struct Stride {
  std::uint32_t transfer = 0;
  int first_step = 0, longest_step = 0;
  std::uint32_t shorter = 0;  // transfers have so many sectors less than the drive takes, at most half
};

struct Pass {
  Purpose purpose = Purpose::stream;
  std::vector<cd::LbaRange> targets;  // ascending, never across a session gap
  drive::C2Mode c2 = drive::C2Mode::none;
  drive::SubMode sub = drive::SubMode::none;
  Stride stride;
  Source source = Source::normal;
  Order order = Order::ascending;
  std::optional<int> speed;  // ×; nothing: as fast as the drive can
  int reading = 1;           // paranoia: of the same targets
};

// What makes audio good that nothing in it proves.
enum class AudioProof {
  by_reading,   // C2, or reads that agree
  by_matching,  // the drive does not keep its place: nothing but matched readings
};

class PassPlanner {
 public:
  PassPlanner(const drive::Profile& profile, const cd::Disc& disc, const EngineOptions& options);

  // The next pass over this map, or nothing when no pass can help. Call after each pass.
  std::optional<Pass> next(const SectorMap& map);
  // The drive does not take this source: it is not planned again.
  void refuse(Source source);
  // The drive was seen not to keep its place in audio: what is not good is matched from now on, and under
  // by_matching nothing else is tried for it.
  void match_audio(AudioProof proof);

  drive::C2Mode c2_mode() const { return c2_; }
  drive::SubMode sub_mode() const { return sub_; }

 private:
  std::optional<Pass> first_pass(const SectorMap& map);
  std::optional<Pass> whole_disc(const SectorMap& map);
  std::optional<Pass> paranoia(const SectorMap& map);
  std::optional<Pass> raw(const SectorMap& map);
  std::optional<Source> next_source();
  std::optional<Pass> scrape(const SectorMap& map);
  std::optional<Pass> sweep(const SectorMap& map);
  std::vector<cd::LbaRange> wrong_qs(const SectorMap& map) const;
  bool worth_another_sweep(std::int64_t size) const;
  std::vector<cd::LbaRange> without_matched(std::vector<cd::LbaRange> targets, const SectorMap& map) const;
  Pass pass(Purpose purpose, std::vector<cd::LbaRange> targets) const;

  drive::C2Mode c2_;
  drive::SubMode sub_;
  bool separate_;  // C2 and subchannel both exist, but not in one command
  SubGoal sub_goal_;
  std::vector<cd::LbaRange> data_;         // the data tracks
  std::vector<cd::LbaRange> undelivered_;  // data that the drive would not hand over in the usual way
  const cd::SectorState goal_;             // sectors below it are come back to
  const int retries_;
  int proofs_left_;
  const double stop_below_;
  const std::optional<int> speed_;
  int sweeps_ = 0;    // over what is below its goal
  int q_sweeps_ = 0;  // over wrong Qs, alone or together with those
  int turns_ = 0;     // sweeps of either kind: each goes the other way
  const Paranoia wanted_paranoia_;
  bool matches_ = false;  // what is left of the audio
  AudioProof audio_proof_ = AudioProof::by_reading;
  ParanoiaPlan paranoia_;
  int streams_left_ = 1, trims_left_ = 1, sub_passes_left_ = 1;
  std::vector<Source> sources_;   // that the drive has not refused
  std::vector<Source> raw_left_;  // to be tried before the next sweep
  std::vector<Stride> scrapes_left_;
  std::int64_t last_sweep_size_ = -1;
};

}  // namespace binrip::rip
