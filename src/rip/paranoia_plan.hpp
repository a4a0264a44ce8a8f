// Which audio is read again and again until its readings can be matched: piece by piece, each as large as the
// drive's cache, so that a reading pushes the one before it out.
#pragma once

#include <vector>

#include "binrip/cd/disc.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {

class ParanoiaPlan {
 public:
  ParanoiaPlan(const drive::Profile& profile, const cd::Disc& disc);

  struct Reading {
    std::vector<cd::LbaRange> targets;  // empty: there is nothing to read, or all has been tried
    int number = 1;                     // of these targets
  };
  // Call after each reading. Ends: no sector is tried twice.
  Reading next(const SectorMap& map);

  const std::vector<cd::LbaRange>& audio() const { return audio_; }

 private:
  bool worth_another() const;
  void begin_batch(const std::vector<cd::LbaRange>& wanted);
  cd::LbaRange with_surroundings(cd::LbaRange range) const;

  std::vector<cd::LbaRange> audio_;
  std::int64_t batch_size_;
  std::vector<cd::LbaRange> batch_;   // what is read
  std::vector<cd::LbaRange> sought_;  // what of it is for the sake of
  std::vector<cd::LbaRange> tried_;
  int readings_ = 0;
  std::vector<std::int64_t> left_after_;  // each reading, of what is sought
};

}  // namespace binrip::rip
