// Keeps the audio of several readings of the same sectors, transfer by transfer, until it can be matched;
// then hands it on as sectors, each with what is known of it.
#pragma once

#include <vector>

#include "composer.hpp"
#include "judge.hpp"
#include "passes.hpp"
#include "placement.hpp"
#include "reader.hpp"

namespace binrip::rip {

// Not thread-safe.
class AudioCollector : private SectorSink {
 public:
  // `judge` takes the sectors.
  AudioCollector(const cd::Disc& disc, int read_offset, Judge& judge)
      : reach_(read_offset), composer_(disc, read_offset, *this), judge_(judge) {}

  // The first reading of other targets drops what was kept.
  void begin_pass(const Pass& pass, Judge::Freshness freshness);
  // Then the run's transfers, judged.
  void begin_run(const BeginRun& run);
  void add(const Transfer& transfer);
  // After each reading: matches what there is. Sectors of which nothing is known are not handed on.
  Result<void> hand_on();

 private:
  struct Stretch {
    BeginRun run;
    std::vector<AudioReading> readings;
  };
  void keep(const Delivered& sector, Stretch& stretch, AudioReading& reading) const;
  bool has_come(const Delivered& sector) const;
  Result<void> hand_on(const Stretch& stretch);
  static void take_sector(const PlacedAudio& placed, std::size_t at, Delivered& sector);
  Result<void> on_main(const Composed& sector) override;
  Result<void> on_sub(const Delivered& /*sector*/) override { return {}; }

  OffsetReach reach_;
  Composer composer_;
  Judge& judge_;
  std::vector<Stretch> stretches_;
  std::size_t stretch_ = 0;  // in work; one beyond the last: none
  bool counts_ = false;      // this reading did not come from the drive's cache
  bool has_sub_ = false;
  Delivered sector_;
};

}  // namespace binrip::rip
