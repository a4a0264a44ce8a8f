// One sector out of two images: what is known of it when both are looked at. Pure; the order of the two does
// not matter.
#pragma once

#include <optional>

#include "binrip/cd/sector.hpp"
#include "binrip/cd/sector_state.hpp"
#include "binrip/cd/subchannel.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::job {

struct MergeSide {
  cd::SectorState state = cd::SectorState::untried;
  std::array<Byte, cd::kSectorSize> main{};  // means nothing below damaged
};

enum class Origin {
  both,  // they are the same
  first,
  second,         // this one knows more, or is taken where none does
  joined,         // neither was right; the ECC found the truth between them
  none,           // nothing was read of it by either
  contradiction,  // both say that theirs is good, and they differ
};

struct MergedSector {
  Origin origin = Origin::none;
  cd::SectorState state = cd::SectorState::untried;
  std::array<Byte, cd::kSectorSize> main{};
  bool overruled = false;  // the other one was consistent and differs from this proven one
};

enum class SectorIs { audio, data };
// Whether two equal reads, one from each, confirm each other.
enum class Independence { independent, none };

MergedSector merge_sector(cd::Lba lba, SectorIs kind, const MergeSide& first, const MergeSide& second,
                          Independence independence);

struct SubSide {
  rip::SubState state = rip::SubState::untried;
  std::array<Byte, cd::kSubSize> sub{};
};
// An image's record, of which its map says so much: maps of before there were more words, and images without
// one, say "read" also of a Q that is right.
SubSide sub_side(cd::Lba lba, rip::SubState state, cd::SubBytes sub);
// The record that more is known of; nothing when neither image has one. The same wrong Q in both is confirmed
// if they are independent.
std::optional<SubSide> merge_sub(const std::optional<SubSide>& first, const std::optional<SubSide>& second,
                                 Independence independence);

}  // namespace binrip::job
