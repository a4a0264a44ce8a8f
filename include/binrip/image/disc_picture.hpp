// A picture of a disc as it lies before one, seen from below: where on it the damage is.
#pragma once

#include <span>
#include <string>

#include "binrip/image/report.hpp"
#include "binrip/image/spiral.hpp"

namespace binrip::image {

// The disc is drawn in cells of equal angle and width; the lowest state of all sectors that touch a cell
// decides its colour.
inline constexpr int kPictureRings = 55;    // of 0.6 mm, from 25 mm to 58 mm
inline constexpr int kPictureSpokes = 120;  // of 3 degrees, clockwise from the top

struct PictureCell {
  int ring = 0, spoke = 0;
  friend constexpr auto operator<=>(const PictureCell&, const PictureCell&) = default;
};
// Where a place on the spiral is drawn; beyond 58 mm in the last ring.
PictureCell cell_at(const SpiralPlace& place);

// SVG, at most some 250 KB whatever the disc. `runs`: the states of all sectors of the image, ascending; of
// the report, what it says of disc, drive and tracks is used, and its counts. Texts are made safe for XML.
std::string to_svg(const Report& report, std::span<const StateRun> runs);

}  // namespace binrip::image
