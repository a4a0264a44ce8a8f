// Lays out a disc model track by track.
#pragma once

#include <string>

#include "binrip/cd/disc.hpp"

namespace binrip::sim {

class DiscBuilder {
 public:
  // Begins a session; a later one starts behind the gap that the standards give.
  DiscBuilder& session(cd::DiscType type = cd::DiscType::cd_da_or_rom);
  // A track with that many sectors before its INDEX 01 (the 150 before LBA 0 and before a later session do
  // not count) and from INDEX 01 on.
  DiscBuilder& track(cd::TrackMode mode, int pregap, int sectors);
  // To the last track.
  DiscBuilder& index(int number, int sectors_after_index_1);
  DiscBuilder& control(Byte bits);
  DiscBuilder& isrc(std::string code);
  DiscBuilder& mcn(std::string digits);
  cd::Disc finish();

 private:
  cd::Track& last() { return disc_.sessions.back().tracks.back(); }

  cd::Disc disc_;
  cd::Lba next_{0};
  int tracks_ = 0;
};

}  // namespace binrip::sim
