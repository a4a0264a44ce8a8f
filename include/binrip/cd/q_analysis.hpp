// Understanding a disc from its Q: pregaps, indexes, ISRC, MCN, flags. Bad Qs are voted down. The TOC owns
// INDEX 01; Q owns INDEX 00 and 02 ….
#pragma once

#include <memory>

#include "binrip/cd/disc.hpp"

namespace binrip::cd {

// Feed the Q of each sector of the image in ascending order, then ask. One object for one disc; not
// thread-safe.
class QAnalysis {
 public:
  explicit QAnalysis(const Disc& toc_disc);  // from the TOC; copied
  ~QAnalysis();
  QAnalysis(QAnalysis&&) noexcept;
  QAnalysis& operator=(QAnalysis&&) noexcept;

  void add(Lba lba, const QBytes& q);  // any bytes; checked here
  void add_rw(Lba lba, bool has_rw);   // whether R-W hold anything

  struct Findings {
    Disc disc;                 // the TOC's, deepened: indexes, ISRCs, MCN, controls
    bool has_cdg = false;      // R-W packs with graphics on at least 1 % of a track's audio sectors
    std::int64_t q_right = 0;  // Qs with a right CRC and a fitting address
    std::int64_t q_wrong_crc = 0;
    std::int64_t q_wrong_address = 0;  // right CRC, but of another place or out of range
    std::vector<Lba> first_wrong;      // up to 100 of them, ascending
    std::vector<std::string>
        notes;  // deviations, a line each, for the log: "track 3: pre-emphasis in Q, not in the TOC"
  };
  Findings finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace binrip::cd
