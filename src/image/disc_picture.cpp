#include "binrip/image/disc_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::image {

using cd::SectorState;

namespace {

// Tenths of a millimetre on the disc, so that whole numbers are fine enough for the arcs.
constexpr double kUnit = 20;
constexpr double kCentre = 64 * kUnit;
constexpr double kRingWidth = (kProgramAreaEnd - kProgramAreaBegin) / kPictureRings;
constexpr double kDiscRadius = 60;  // ECMA-130: a disc of 120 mm with a hole of 15 mm
constexpr double kHoleRadius = 7.5;
constexpr int kWidth = 2560;
constexpr int kHeight = 3080;
constexpr int kTextLeft = 60;
constexpr int kLineHeight = 62;
constexpr std::size_t kLongestText = 76;  // characters

struct Paint {
  SectorState state;
  std::string_view colour;
};
// In the order of drawing. Told apart also by those who see few colours: good is pale, bad is dark.
constexpr std::array<Paint, 6> kPaints = {{{SectorState::proven, "#9fd8b4"},
                                           {SectorState::consistent, "#bcd9f2"},
                                           {SectorState::unproven, "#f2c230"},
                                           {SectorState::damaged, "#e0601c"},
                                           {SectorState::failed, "#a00018"},
                                           {SectorState::untried, "#777777"}}};

using Ring = std::array<std::optional<SectorState>, kPictureSpokes>;
using Grid = std::array<Ring, kPictureRings>;

// For XML: what marks it up is written as entities, what it cannot hold as "?".
std::string escaped(std::string_view text) {
  const std::string shown = visible(text);
  std::string out;
  std::size_t characters = 0;
  for_each_char(shown, [&](char32_t code, std::string_view bytes) {
    if (++characters > kLongestText) return;
    if (code == '<') {
      out += "&lt;";
    } else if (code == '>') {
      out += "&gt;";
    } else if (code == '&') {
      out += "&amp;";
    } else if ((code & 0xFFFEU) == 0xFFFE) {
      out += '?';
    } else {
      out += bytes;
    }
  });
  return characters > kLongestText ? out + "…" : out;
}

// A sector is an arc of 17 to 40 degrees: all cells under it take part.
void paint_sector(Grid& grid, const Spiral& spiral, std::int32_t lba, SectorState state) {
  const SpiralPlace begin = spiral.at(lba);
  const SpiralPlace end = spiral.at(lba + 1.0);
  Ring& ring = grid[static_cast<std::size_t>(cell_at(begin).ring)];
  const auto first = static_cast<std::int64_t>(std::floor(begin.turns * kPictureSpokes));
  const auto last = static_cast<std::int64_t>(std::ceil(end.turns * kPictureSpokes)) - 1;
  for (std::int64_t i = first; i <= std::max(first, last); ++i) {
    auto& cell = ring[static_cast<std::size_t>(((i % kPictureSpokes) + kPictureSpokes) % kPictureSpokes)];
    if (!cell || state < *cell) cell = state;
  }
}

Grid grid_of(std::span<const StateRun> runs, const Spiral& spiral) {
  Grid grid{};
  for (const StateRun& run : runs) {
    for (cd::Lba lba = run.range.begin; lba < run.range.end; ++lba) {
      paint_sector(grid, spiral, lba.value, run.state);
    }
  }
  return grid;
}

// Clockwise from the top.
std::string point(double radius, double spoke) {
  const double angle = spoke / kPictureSpokes * 2 * std::numbers::pi;
  return fmt::format("{:.0f} {:.0f}", kCentre + radius * kUnit * std::sin(angle),
                     kCentre - radius * kUnit * std::cos(angle));
}

void add_arc(std::string& path, int ring, int first, int end) {
  const double radius = kProgramAreaBegin + (ring + 0.5) * kRingWidth;
  const double r = std::round(radius * kUnit);
  // An arc all around would begin where it ends, and be nothing: two halves.
  if (end - first == kPictureSpokes) {
    add_arc(path, ring, first, first + kPictureSpokes / 2);
    add_arc(path, ring, first + kPictureSpokes / 2, end);
    return;
  }
  path += fmt::format("M{}A{} {} 0 {} 1 {}", point(radius, first), r, r,
                      end - first > kPictureSpokes / 2 ? 1 : 0, point(radius, end));
}

std::string arcs_of(const Grid& grid, SectorState state) {
  std::string path;
  for (int ring = 0; ring < kPictureRings; ++ring) {
    const Ring& cells = grid[static_cast<std::size_t>(ring)];
    for (int first = 0; first < kPictureSpokes;) {
      int end = first;
      while (end < kPictureSpokes && cells[static_cast<std::size_t>(end)] == state) ++end;
      if (end > first) add_arc(path, ring, first, end);
      first = end + 1;
    }
  }
  return path;
}

std::string text_at(int x, int y, int size, std::string_view text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>\n", x, y, size, escaped(text));
}

class Picture {
 public:
  Picture(const Report& report, std::span<const StateRun> runs)
      : report_(report), fitted_(fit(runs)), spiral_(fitted_.value_or(velocity_that_holds(end_of(runs)))) {
    draw(runs);
  }
  std::string take() { return std::move(svg_); }

 private:
  static cd::Lba end_of(std::span<const StateRun> runs) {
    return runs.empty() ? cd::Lba{0} : runs.back().range.end;
  }
  static std::optional<double> fit(std::span<const StateRun> runs) {
    std::vector<cd::LbaRange> damage;
    for (const StateRun& run : runs) {
      if (run.state < SectorState::consistent) damage.push_back(run.range);
    }
    return velocity_from_damage(damage, end_of(runs));
  }

  void draw(std::span<const StateRun> runs) {
    svg_ = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" "
        "font-family=\"sans-serif\" fill=\"#222222\">\n<title>{}</title>\n",
        kWidth, kHeight, kWidth / 3, kHeight / 3, escaped(disc_name()));
    svg_ += fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", kWidth, kHeight);
    circle(kDiscRadius, "fill=\"#e9e9ee\" stroke=\"#999999\" stroke-width=\"4\"");
    circle(kHoleRadius, "fill=\"#ffffff\" stroke=\"#999999\" stroke-width=\"4\"");
    const Grid grid = grid_of(runs, spiral_);
    for (const Paint& paint : kPaints) {
      const std::string path = arcs_of(grid, paint.state);
      if (path.empty()) continue;
      // A little wider than the ring, so that no seams show.
      svg_ += fmt::format("<path id=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.1f}\" d=\"{}\"/>\n",
                          cd::to_string(paint.state), paint.colour, kRingWidth * kUnit + 2.0, path);
    }
    tracks();
    legend();
    svg_ += "</svg>\n";
  }

  void circle(double radius, std::string_view style) {
    svg_ += fmt::format("<circle cx=\"{0:.0f}\" cy=\"{0:.0f}\" r=\"{1:.1f}\" {2}/>\n", kCentre,
                        radius * kUnit, style);
  }

  void tracks() {
    constexpr double kLabelRoom = 1.7;  // mm
    double labelled = 0;
    for (const ReportTrack& track : report_.tracks) {
      const double radius = std::min(spiral_.at(track.range.begin.value).radius, kProgramAreaEnd);
      svg_ += fmt::format(
          "<circle cx=\"{0:.0f}\" cy=\"{0:.0f}\" r=\"{1:.1f}\" fill=\"none\" stroke=\"#444466\" "
          "stroke-width=\"2\"><title>track {2}: LBA {3}, {4:.1f} mm</title></circle>\n",
          kCentre, radius * kUnit, track.number, track.range.begin.value, radius);
      if (radius < labelled + kLabelRoom) continue;
      labelled = radius;
      svg_ += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" font-size=\"30\">{}</text>\n", kCentre + 4,
                          kCentre - radius * kUnit - 4, track.number);
    }
  }

  std::string disc_name() const {
    const cd::Text& text = report_.disc.text;
    if (text.title.empty()) return "Compact disc";
    return text.performer.empty() ? text.title : text.performer + ": " + text.title;
  }

  void line(std::string_view text) {
    svg_ += text_at(kTextLeft, y_, 44, text);
    y_ += kLineHeight;
  }

  void legend() {
    y_ = kWidth + 20;
    svg_ += text_at(kTextLeft, y_, 60, disc_name());
    y_ += kLineHeight + 10;
    std::string ids;
    for (const ReportValue& id : report_.ids) {
      if (ids.size() < kLongestText / 2)
        ids += fmt::format("{}{} {}", ids.empty() ? "" : ", ", id.name, id.value);
    }
    if (!ids.empty()) line(ids);
    line(fmt::format("{} {} {}, {}", report_.vendor, report_.product, report_.revision, report_.finished));
    states();
    line(fitted_ ? fmt::format("Seen from below. Angles by {:.4f} m/s, at which the damage agrees best.",
                               spiral_.velocity())
                 : fmt::format("Seen from below. Radii by {:.2f} m/s; the angles are not known.",
                               spiral_.velocity()));
    line("A cell shows the worst of its sectors; circles are the beginnings of tracks.");
  }

  void states() {
    int x = kTextLeft;
    for (const Paint& paint : kPaints) {
      const std::int64_t count = report_.states[static_cast<std::size_t>(paint.state)];
      if (count == 0) continue;
      const std::string text = fmt::format("{} {}", cd::to_string(paint.state), count);
      constexpr int kCharacter = 29;
      const int width = 54 + kCharacter * (static_cast<int>(text.size()) + 1);
      if (x + width > kWidth) x = kTextLeft, y_ += kLineHeight;
      svg_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"40\" height=\"40\" fill=\"{}\"/>\n", x, y_ - 36,
                          paint.colour);
      svg_ += text_at(x + 54, y_, 44, text);
      x += width;
    }
    y_ += kLineHeight;
  }

  const Report& report_;
  std::optional<double> fitted_;
  Spiral spiral_;
  std::string svg_;
  int y_ = 0;
};

}  // namespace

PictureCell cell_at(const SpiralPlace& place) {
  const int ring = static_cast<int>((place.radius - kProgramAreaBegin) / kRingWidth);
  const double angle = place.turns - std::floor(place.turns);
  return {std::clamp(ring, 0, kPictureRings - 1),
          std::min(static_cast<int>(angle * kPictureSpokes), kPictureSpokes - 1)};
}

std::string to_svg(const Report& report, std::span<const StateRun> runs) {
  return Picture(report, runs).take();
}

}  // namespace binrip::image
