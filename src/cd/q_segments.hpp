// What the Qs of one track's sectors say about where indexes begin: runs of Qs that say the same, and the
// order of indexes that most of them agree with.
#pragma once

#include <cstdint>
#include <vector>

#include "binrip/cd/address.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::cd {

// What a Q says of its sector, seen from the track that the TOC puts there, in the order in which it can
// follow. 1 … 99 are indexes.
using QLabel = std::uint8_t;
inline constexpr QLabel kQBefore = 0;        // still the track before, or this one's pregap
inline constexpr QLabel kQNextPregap = 100;  // INDEX 00 of the next track
inline constexpr QLabel kQAfter = 101;       // already the next track, or the lead-out
inline constexpr std::size_t kQLabels = 102;

// Sectors of one track by the TOC, [start, end).
struct QTrackBounds {
  Byte number = 0;
  Byte next = 0;  // the next track in the session, 0 for none
  Lba start;
  Lba end;
};

struct QRun {
  QLabel label = 0;
  Lba earliest;  // after the last sector whose Q says something else
  Lba first;
  Lba last;
  std::int32_t count = 0;
  std::int32_t in_time = 0;  // of these, Qs whose relative time fits as well
};

// Collects Qs in ascending order of their addresses.
class QRuns {
 public:
  explicit QRuns(QTrackBounds bounds) : bounds_(bounds) {}
  // A right Q of ADR 1 in these sectors. One that cannot be there, by its track number, is left out.
  void add(Lba lba, const QPosition& position);

  // The longest sequence of runs that ascends in their labels, one run for each label: a label counts only
  // when several Qs in the right order carry it, so that single wrong ones change nothing.
  std::vector<QRun> segments() const;

 private:
  QTrackBounds bounds_;
  std::vector<QRun> runs_;
};

}  // namespace binrip::cd
