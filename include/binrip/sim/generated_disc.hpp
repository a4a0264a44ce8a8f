// Discs made of nothing: every kind that there is, byte for byte known, for tests, the test beds and
// `sim:demo`. Contents are a pure function of the description and the address, so that nothing is stored.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binrip/image/disc_image.hpp"

namespace binrip::sim {

// What the subchannel says besides what the disc model implies.
struct SubQuirks {
  std::vector<std::pair<cd::Lba, cd::QBytes>> wrong_q;  // LibCrypt-like: these Qs stand as they are
  std::vector<Byte> cdg_tracks;                         // tracks with R-W packs
  bool mcn = true, isrc = true;  // ADR 2 and 3 in Q, about one in 100 sectors, where the disc has them
  std::vector<std::pair<Byte, Byte>> toc_control;  // track, control that the TOC says while Q says the disc's
};

struct DiscRecipe {
  std::string name;
  cd::Disc disc;  // indexes, controls, ISRC, MCN, packs: the truth
  SubQuirks quirks;
  std::optional<cd::Atip> atip;  // a CD-R or CD-RW
  std::uint64_t seed = 1;
  // Kinds of Mode 2 sectors: form 2 every n-th, 0 never.
  int form2_every = 0;
  // Audio tracks begin and end with silence, so that what a drive cannot over-read is zero: samples.
  int silent_edge = 3000;
};

// Has main channel and subchannel for every sector from LBA -150 on, through gaps and the last lead-out's
// 6750. disc() is what a perfect rip finds; quirks.toc_control shows through TocSource only (toc_source.hpp).
std::shared_ptr<image::DiscImage> make_disc(DiscRecipe recipe);

// The zoo, by name: every kind of disc that binrip must rip. Small: a few thousand sectors each.
std::vector<std::string> zoo_names();
DiscRecipe zoo_recipe(std::string_view name);  // an unknown name throws std::invalid_argument
// A disc of every feature: `sim:demo`.
DiscRecipe demo_recipe();
// One audio or Mode 1 track of that many sectors, for benchmarks.
DiscRecipe plain_recipe(cd::TrackMode mode, int tracks, cd::SectorCount sectors);

// ISO 9660 level-1 file system with a few files, for a data track that starts at `first` and holds `sectors`
// sectors of 2048 bytes: the user data of sector `first + n`. Deterministic.
ByteVector iso_filesystem(cd::Lba first, cd::SectorCount sectors, std::string_view volume);

}  // namespace binrip::sim
