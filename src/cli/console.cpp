#include "binrip/cli/console.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// The first of these that is set decides, as setlocale has it; asking the environment spares loading a
// locale.
Glyphs glyphs_of_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view locale = environment(name);
    if (locale.empty()) continue;
    for (const std::string_view charset : {"UTF-8", "utf-8", "UTF8", "utf8"}) {
      if (locale.find(charset) != std::string_view::npos) return Glyphs::unicode;
    }
    return Glyphs::ascii;
  }
  return Glyphs::ascii;
}

winsize size_of(int descriptor) {
  constexpr winsize kUsual{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  if (size.ws_row == 0) size.ws_row = kUsual.ws_row;
  return size;
}

}  // namespace

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  const std::string_view kind = environment("TERM");
  terminal.present = ::isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
  terminal.glyphs = glyphs_of_locale();
  terminal.colour = terminal.present && environment("NO_COLOR").empty() ? Colour::on : Colour::off;
  terminal.columns = [descriptor] { return static_cast<int>(size_of(descriptor).ws_col); };
  terminal.rows = [descriptor] { return static_cast<int>(size_of(descriptor).ws_row); };
  return terminal;
}

void Console::line(const std::string& text) {
  const std::lock_guard guard(mutex_);
  std::string output;
  if (!live_.empty()) output += kClearLine;
  output += text;
  output += '\n';
  output += live_;
  err_ << output << std::flush;
}

void Console::live(const std::string& text) {
  if (!terminal_.present) return;
  const std::lock_guard guard(mutex_);
  if (text == live_) return;
  // Written over rather than cleared first, so that it does not flicker.
  err_ << "\r" + text + "\x1b[K" << std::flush;
  live_ = text;
}

void Console::live_stage(const std::string& stage) {
  const LineStyle now = style();
  const std::string text = stage + (now.glyphs == Glyphs::unicode ? " …" : " ...");
  live(display_width(text) < now.columns ? text : "working ...");
}

void Console::clear() {
  const std::lock_guard guard(mutex_);
  if (live_.empty()) return;
  live_.clear();
  err_ << kClearLine << std::flush;
}

}  // namespace binrip::cli
