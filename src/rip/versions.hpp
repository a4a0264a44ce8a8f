// The versions of a sector that reads gave where nothing in it proves it, and how many independent reads
// speak for each. Bytes are not kept: the one who asks has those of the version in question.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "binrip/cd/sector.hpp"

namespace binrip::rip {

// What one read brings along for its version.
struct Testimony {
  int pass = 0;         // reads of one pass are one voice
  bool fresh = false;   // not from the drive's cache: a voice of its own
  bool clean = false;   // C2 saw no error in any byte
  bool placed = false;  // it is known to be the sector that was asked for
};

// What all reads say of one version.
struct Standing {
  int votes = 1;
  int most_against = 0;                // votes of the strongest other version
  int versions = 1;                    // how many there are
  bool clean = false, placed = false;  // in some read
  bool another_was_as_good = false;    // another version was both
  // Two voices, and twice as many as for any other version.
  bool elected() const { return votes >= 2 && votes >= 2 * most_against; }
};

class Versions {
 public:
  explicit Versions(std::vector<cd::LbaRange> ranges) : ranges_(std::move(ranges)) {}

  bool knows(cd::Lba lba) const;
  // lba must be in the ranges.
  Standing add(cd::Lba lba, cd::SectorBytes main, const Testimony& testimony);
  void forget(cd::Lba lba);

 private:
  struct Version {
    std::uint64_t hash = 0;
    std::uint16_t votes = 0, last_pass = 0;
    bool clean = false, placed = false;
  };
  std::size_t index(cd::Lba lba) const;

  std::vector<cd::LbaRange> ranges_;
  std::vector<Version>
      first_;  // one a sector, as most have no more; votes 0: none. Empty until one is needed
  std::unordered_map<std::int32_t, std::vector<Version>> others_;
};

}  // namespace binrip::rip
