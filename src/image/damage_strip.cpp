#include "binrip/image/damage_strip.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::image {

using cd::SectorState;

namespace {

constexpr int kFewestCells = 8;

struct Look {
  SectorState state;
  std::string_view name, ascii, unicode, colour;
};
// In the order of the legend. Without colours the glyphs alone must tell them apart.
constexpr std::array<Look, 5> kLooks = {{{SectorState::consistent, "good", "-", "─", "32"},
                                         {SectorState::unproven, "unproven", "?", "░", "33"},
                                         {SectorState::damaged, "damaged", "+", "▓", "35"},
                                         {SectorState::failed, "failed", "X", "█", "31"},
                                         {SectorState::untried, "untried", "o", "○", "36"}}};

const Look& look_of(SectorState state) {
  const auto found =
      std::find_if(kLooks.begin(), kLooks.end(), [&](auto& look) { return look.state == state; });
  return found == kLooks.end() ? kLooks.front() : *found;
}

std::string glyph(const Look& look, const StripStyle& style) {
  const std::string_view text = style.glyphs == StripGlyphs::unicode ? look.unicode : look.ascii;
  return style.colour == StripColour::off ? std::string(text)
                                          : fmt::format("\x1b[{}m{}\x1b[0m", look.colour, text);
}

std::int64_t size_of(std::span<const ReportTrack> tracks) {
  std::int64_t size = 0;
  for (const ReportTrack& track : tracks) size += track.range.size().value;
  return size;
}

// Of how many sectors a state of the legend tells.
std::int64_t count_of(const cd::StateCounts& counts, SectorState state) {
  const auto at = [&](SectorState s) { return counts[static_cast<std::size_t>(s)]; };
  return state == SectorState::consistent ? at(state) + at(SectorState::proven) : at(state);
}

// Numbers where they fit, and a mark where the number before takes the room.
std::string track_line(const Report& report, std::size_t cells) {
  const std::int64_t size = size_of(report.tracks);
  std::string line;
  std::int64_t position = 0;
  for (const ReportTrack& track : report.tracks) {
    const auto cell = static_cast<std::size_t>(position * static_cast<std::int64_t>(cells) / size);
    position += track.range.size().value;
    const std::string number = std::to_string(track.number);
    const bool room = line.empty() || cell > line.size();
    if (cell + number.size() > cells || (!room && cell < line.size())) continue;
    line.resize(cell, ' ');
    line += room ? number : "'";
  }
  return line;
}

// The entries in as many lines as they need.
std::vector<std::string> legend(const Report& report, std::int64_t sectors_per_cell,
                                const StripStyle& style) {
  std::vector<std::string> lines;
  int room = 0;
  const auto add = [&](const std::string& drawn, int width) {
    if (lines.empty() || width + 3 > room) {
      lines.push_back(drawn);
      room = style.columns - width;
    } else {
      lines.back() += "   " + drawn;
      room -= width + 3;
    }
  };
  for (const Look& look : kLooks) {
    const std::int64_t count = count_of(report.states, look.state);
    if (count == 0) continue;
    const std::string text = fmt::format(" {} {}", look.name, count);
    add(glyph(look, style) + text, 1 + static_cast<int>(text.size()));
  }
  const std::string scale =
      fmt::format("a cell: {} sector{}", sectors_per_cell, sectors_per_cell == 1 ? "" : "s");
  add(scale, static_cast<int>(scale.size()));
  return lines;
}

}  // namespace

std::vector<SectorState> strip_cells(std::span<const ReportTrack> tracks, std::span<const StateRun> not_good,
                                     int cells) {
  const std::int64_t size = size_of(tracks);
  const std::int64_t count = std::clamp<std::int64_t>(size, 0, std::max(cells, 0));
  std::vector<SectorState> result(static_cast<std::size_t>(count), SectorState::consistent);
  std::int64_t position = 0;
  for (const ReportTrack& track : tracks) {
    for (const StateRun& run : not_good) {
      const cd::LbaRange part{std::max(run.range.begin, track.range.begin),
                              std::min(run.range.end, track.range.end)};
      if (part.empty()) continue;
      const std::int64_t first = position + (part.begin - track.range.begin).value;
      const std::int64_t last = first + part.size().value - 1;
      for (std::int64_t cell = first * count / size; cell <= last * count / size; ++cell) {
        SectorState& worst = result[static_cast<std::size_t>(cell)];
        worst = std::min(worst, run.state);
      }
    }
    position += track.range.size().value;
  }
  return result;
}

std::vector<std::string> damage_strip(const Report& report, const StripStyle& style) {
  if (report.not_good.empty() || report.tracks.empty() || style.columns < kFewestCells) return {};
  const std::vector<SectorState> cells = strip_cells(report.tracks, report.not_good, style.columns);
  if (cells.empty()) return {};
  std::string drawn;
  for (const SectorState state : cells) drawn += glyph(look_of(state), style);
  std::vector<std::string> lines = {track_line(report, cells.size()), std::move(drawn)};
  const auto count = static_cast<std::int64_t>(cells.size());
  for (std::string& line : legend(report, (size_of(report.tracks) + count - 1) / count, style)) {
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace binrip::image
