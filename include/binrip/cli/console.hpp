// The terminal, or what stands in its place, that messages for people go to.
#pragma once

#include <functional>
#include <mutex>
#include <ostream>
#include <string>

#include "binrip/cli/progress_line.hpp"

namespace binrip::cli {

struct Terminal {
  bool present = false;  // lines can be rewritten
  Glyphs glyphs = Glyphs::ascii;
  Colour colour = Colour::off;
  std::function<int()> columns = [] { return 80; };  // asked at each drawing, since windows change
  std::function<int()> rows = [] { return 24; };
};

// What the descriptor and the environment say: NO_COLOR, TERM=dumb, LC_ALL, LC_CTYPE and LANG for UTF-8.
Terminal terminal_of(int descriptor);

// Permanent lines, and below them one live line that is rewritten. Any thread.
class Console {
 public:
  Console(std::ostream& err, Terminal terminal) : err_(err), terminal_(std::move(terminal)) {}
  ~Console() { clear(); }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  const Terminal& terminal() const { return terminal_; }
  LineStyle style() const { return {terminal_.columns(), terminal_.glyphs, terminal_.colour}; }

  // A permanent line, above the live one. `text` must be safe.
  void line(const std::string& text);
  // Replaces the live line; nothing happens where there is no terminal.
  void live(const std::string& text);
  // The same with dots after what is being done, where that fits.
  void live_stage(const std::string& stage);
  void clear();

 private:
  std::mutex mutex_;
  std::ostream& err_;
  Terminal terminal_;
  std::string live_;
};

}  // namespace binrip::cli
