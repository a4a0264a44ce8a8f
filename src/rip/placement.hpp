// Audio from a drive that does not keep its place: its transfers begin some samples off, or lose some on the
// way, and nothing says so. Several readings of a stretch, with different seams between transfers, tell what
// follows what (matching), and where most transfers agree that it lies (placing).
//
// A byte is settled when
//   - two readings or more, none from the drive's cache, gave it, none of them flagged by C2, and no other
//   value
//     came for it from a transfer whose place is known;
//   - it hangs together with its surroundings in two readings or more; and
//   - a vote decides where these lie: each transfer says by how much it is shifted against what was matched,
//   and
//     the most frequent shift leads the next by four times the square root of the number of votes, which two
//     shifts that are equally likely do once in some ten thousand times.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "paranoia.hpp"

#include "binrip/base/bytes.hpp"

namespace binrip::rip {

inline constexpr Byte kAllUsable = 0xF;

// One reading of a stretch of audio, in transfers that follow each other. Positions count samples from the
// stretch's begin.
struct AudioReading {
  struct Piece {
    std::int64_t begin = 0, end = 0;
  };
  std::vector<Sample> samples;
  // Of each sample a bit a byte, the first byte's the highest of four. 0: not delivered, not known to have
  // come, or flagged by C2.
  std::vector<Byte> usable;
  std::vector<Piece> transfers;
};

enum class Sureness : Byte { nothing, guessed, settled };

struct PlacedAudio {
  std::vector<Sample> samples;
  std::vector<Sureness> sure;  // a sample is as sure as the least of its bytes
  // Transfers that were shifted against the place of most, and the furthest of them, in samples.
  std::int64_t shifted_transfers = 0;
  int furthest = 0;
};

// Readings of the same size, whole sectors; fewer than three settle nothing.
PlacedAudio place_audio(std::span<const AudioReading> readings);

// How far `now` is shifted against `before`, both of one place: now[i] = before[i + shift] wherever the two
// overlap, which is half of them at least. 0: not at all, or not by any one shift.
int shift_between(std::span<const Sample> before, std::span<const Sample> now);

}  // namespace binrip::rip
