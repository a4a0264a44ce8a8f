// A station of drives as lines: a table for a terminal, and sentences for a log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/batch/station_changes.hpp"
#include "binrip/batch/station_view.hpp"
#include "binrip/cli/progress_line.hpp"

namespace binrip::cli {

struct ScreenStyle {
  int columns = 80;  // of the terminal; a line takes at most one less
  int rows = 24;     // there are at most so many lines
  Glyphs glyphs = Glyphs::unicode;
  Colour colour = Colour::off;
};

// What needs a hand, a row for each drive, totals, the last finished discs, the last messages. Where there is
// too little room, columns go by rising importance, and rows that do not fit are counted.
std::vector<std::string> station_screen(const batch::StationView& view,
                                        const std::vector<std::string>& messages, const ScreenStyle& style);

// "2026-11-26T11:14:02Z sr3: ripping, Miles Davis - Kind of Blue", a line for each change. `time`: ISO 8601.
std::vector<std::string> station_lines(const batch::StationChanges& changes, const batch::StationView& now,
                                       std::string_view time);

// "41 published, 2 second copies, 3 failed", of what there is any.
std::string station_totals(const batch::StationView& view);

// Keeps what stands on a terminal, and gives the bytes that make it show something else: only the rows that
// have changed, so that nothing flickers.
class ScreenPainter {
 public:
  // Empty when all stands there already. Another size, or `repaint`, writes every row.
  std::string paint(const std::vector<std::string>& lines, int columns, int rows);
  void repaint() { shown_.clear(); }

 private:
  std::vector<std::string> shown_;  // a line for each row
  int columns_ = 0;
};

}  // namespace binrip::cli
