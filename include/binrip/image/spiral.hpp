// Where on a disc a sector lies: from its address to radius and angle.
#pragma once

#include <optional>
#include <span>

#include "binrip/cd/address.hpp"

namespace binrip::image {

// ECMA-130, clauses 8 and 10: the program area from 25 mm to 58 mm, a track pitch of 1.6 µm, read at a
// constant 1.2 to 1.4 m/s, which is 75 sectors a second.
inline constexpr double kProgramAreaBegin = 25.0;  // mm, radius
inline constexpr double kProgramAreaEnd = 58.0;
inline constexpr double kTrackPitch = 0.0016;  // mm
inline constexpr double kSlowest = 1.2;        // m/s
inline constexpr double kFastest = 1.4;
inline constexpr double kUsualVelocity = 1.3;

// A place in turns of the spiral since LBA 0, and its radius in mm. The fraction of the turns is the angle.
struct SpiralPlace {
  double turns = 0;
  double radius = kProgramAreaBegin;
};

class Spiral {
 public:
  // `velocity` in m/s, above 0.
  explicit Spiral(double velocity) : velocity_(velocity) {}
  double velocity() const { return velocity_; }
  // `sector`: an LBA; a fraction is a place within the sector.
  SpiralPlace at(double sector) const;

 private:
  double velocity_;
};

// The greatest velocity up to the usual one at which `end` still lies within 58 mm: longer discs are written
// more slowly.
double velocity_that_holds(cd::Lba end);

// A disc does not say its velocity, and an error of a thousandth turns the outer tracks around the disc many
// times. Damage can tell: marks of one scratch or stain lie at like angles only when the velocity is right.
// The velocity from kSlowest to kFastest at which these runs agree best; nothing when they agree no better
// than chance would have it, or there are too few.
std::optional<double> velocity_from_damage(std::span<const cd::LbaRange> damage, cd::Lba end);

}  // namespace binrip::image
