// The image as one line of cells, from its first sector to its last: where the damage lies, at a glance.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "binrip/image/report.hpp"

namespace binrip::image {

enum class StripGlyphs { ascii, unicode };
enum class StripColour { off, on };  // ANSI escapes

struct StripStyle {
  int columns = 72;  // no line is longer
  StripGlyphs glyphs = StripGlyphs::ascii;
  StripColour colour = StripColour::off;
};

// One cell is a group of sectors, and the worst (lowest) state in it decides. Nothing is consistent here,
// also for what is proven: `not_good` has the runs below consistent. At most `cells` of them.
std::vector<cd::SectorState> strip_cells(std::span<const ReportTrack> tracks,
                                         std::span<const StateRun> not_good, int cells);

// Three lines or four: the numbers of the tracks above the cells they begin in, the cells, and a legend with
// the number of sectors. Empty when every sector is good, or there are none.
std::vector<std::string> damage_strip(const Report& report, const StripStyle& style);

}  // namespace binrip::image
