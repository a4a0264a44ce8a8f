// Makes one good sector of several bad reads: bytes that C2 calls clean are put together from all reads, and
// data sectors are corrected by their own ECC, with what is still doubtful as erasures. The EDC decides.
#pragma once

#include <bitset>
#include <map>
#include <optional>

#include "c2_trust.hpp"
#include "composer.hpp"

#include "binrip/cd/repair.hpp"
#include "binrip/cd/sector_state.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

struct Mended {
  cd::SectorState state = cd::SectorState::damaged;
  std::optional<Mending> how;  // nothing while the sector is still damaged
  std::array<Byte, cd::kSectorSize> main;
};

class Mender {
 public:
  // A read of a sector that is not good by itself: it arrived, C2 is known, and some bytes are wrong. Gives
  // the best that can be made of all reads of this sector so far.
  Mended add(const Composed& sector);
  // The same for a read of a data sector that C2 does not speak of, or calls clean although its EDC is wrong:
  // each byte as most reads have it, with those that ever came differently as erasures.
  Mended vote(const Composed& sector);
  // Two such reads have differed.
  bool disputed(cd::Lba lba) const;
  // How this read differs from those that are kept; nothing changed when there are none.
  ChangedBytes compare(const Composed& sector) const;
  bool knows(cd::Lba lba) const { return reads_.contains(lba.value); }
  // The sector is good now; what was kept of it is dropped.
  void forget(cd::Lba lba);
  // C2 stands elsewhere: what it called clean means nothing.
  void forget_flags() { reads_.clear(); }

 private:
  struct Reads {
    bool is_data = false;
    std::array<Byte, cd::kSectorSize> main;
    std::bitset<cd::kSectorSize> clean;      // some read had this byte without a C2 error
    std::bitset<cd::kSectorSize> came;       // some read had it at all
    std::bitset<cd::kSectorSize> contested;  // two clean reads of it differed: C2 lies here
  };
  struct Ballot {
    std::array<Byte, cd::kSectorSize> main;     // the majority, if there is one
    std::array<Byte, cd::kSectorSize> support;  // by how many voices it leads
    std::bitset<cd::kSectorSize> contested;
  };
  static void merge(const Composed& sector, Reads& reads);
  static void count(const Composed& sector, Ballot& ballot);

  std::map<std::int32_t, Reads> reads_;
  std::map<std::int32_t, Ballot> ballots_;
};

}  // namespace binrip::rip
