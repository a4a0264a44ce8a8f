// The line that tells how a rip goes.
#pragma once

#include <string>

#include "binrip/rip/events.hpp"

namespace binrip::cli {

enum class Glyphs { ascii, unicode };
enum class Colour { off, on };

struct LineStyle {
  int columns = 80;  // of the terminal; the line takes at most one less
  Glyphs glyphs = Glyphs::unicode;
  Colour colour = Colour::off;
};

// "track 03/12  ▕██████░░░░▏  41%  137 812/333 000  23.4×  C2 0  err 0  left 1:52". Where the terminal is
// narrow, fields go by rising importance; what tells of damage goes last.
std::string progress_line(const rip::Progress& progress, const LineStyle& style);

// How far this pass is, 0 … 100; 100 only when it is done.
int percent_done(const rip::Progress& progress);

// One line for a log file or a pipe: "41%  137 812 of 333 000 sectors, track 3 of 12, 23.4x, left 1:52".
std::string progress_sentence(const rip::Progress& progress);

}  // namespace binrip::cli
