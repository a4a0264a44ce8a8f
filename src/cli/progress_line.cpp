#include "binrip/cli/progress_line.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr int kNarrowestBar = 8;
constexpr int kWidestBar = 30;
constexpr int kGap = 2;  // columns between fields

enum class LineTone { plain, faint, warning, bad };

// A field of the line. Fields stand in the order of the list; where there is too little room, those of the
// lowest rank are left out first.
struct Field {
  std::string text;
  int rank = 0;
  LineTone tone = LineTone::plain;
  bool is_bar = false;
  bool shown = false;
};

std::int64_t count_of(const rip::Progress& progress, cd::SectorState state) {
  return progress.states[static_cast<std::size_t>(state)];
}

std::string time_left(const rip::Progress& progress) {
  const bool done = progress.sectors_total > 0 && progress.sectors_done >= progress.sectors_total;
  if (progress.remaining.count() <= 0 && !done) return "left --:--";
  return "left " + clock_time(progress.remaining);
}

std::string sector_count(const rip::Progress& progress) {
  const std::string total = grouped(progress.sectors_total);
  return fmt::format("{:>{}}/{}", grouped(progress.sectors_done), total.size(), total);
}

std::vector<Field> fields_of(const rip::Progress& p, Glyphs glyphs) {
  std::vector<Field> fields;
  const auto add = [&](std::string text, int rank, LineTone tone = LineTone::plain) {
    fields.push_back({std::move(text), rank, tone});
  };
  const auto add_counter = [&](std::string_view name, std::int64_t count, LineTone tone) {
    add(fmt::format("{} {}", name, grouped(count)), count > 0 ? 8 : 3, count > 0 ? tone : LineTone::faint);
  };
  const auto add_if_any = [&](std::string_view name, std::int64_t count, LineTone tone) {
    if (count > 0) add_counter(name, count, tone);
  };
  const bool later = p.passes > 1 || p.pass > 1;
  if (later) add(fmt::format("pass {}{}{}", p.pass, p.pass_name.empty() ? "" : " ", p.pass_name), 4);
  if (p.track > 0) {
    add(fmt::format("track {:02}/{:02}", p.track, p.last_track), 5);
  } else {
    add("track --/--", 5, LineTone::faint);
  }
  fields.push_back({.text = {}, .rank = 7, .tone = LineTone::plain, .is_bar = true});
  add(fmt::format("{:>3}%", percent_done(p)), 10);
  add(sector_count(p), 2, LineTone::faint);
  add(fmt::format("{:>4.1f}{}", std::clamp(p.speed, 0.0, 9999.0), glyphs == Glyphs::unicode ? "×" : "x"), 6);
  add_counter("C2", p.c2_sectors, LineTone::warning);
  add_counter("err", p.medium_errors, LineTone::bad);
  add_if_any("bus", p.other_errors, LineTone::bad);
  add_if_any("bad", count_of(p, cd::SectorState::failed) + count_of(p, cd::SectorState::damaged),
             LineTone::bad);
  if (later) add_if_any("not good", p.sectors_not_good, LineTone::warning);
  add(time_left(p), 9);
  return fields;
}

int width_of(const Field& field) { return field.is_bar ? kNarrowestBar : display_width(field.text); }

// Marks the fields that fit, the most important first, and answers with the columns that are left over.
int choose(std::vector<Field>& fields, int room) {
  std::vector<Field*> by_rank;
  by_rank.reserve(fields.size());
  for (Field& field : fields) by_rank.push_back(&field);
  std::stable_sort(by_rank.begin(), by_rank.end(), [](auto* a, auto* b) { return a->rank > b->rank; });
  int used = 0;
  for (Field* field : by_rank) {
    const int needed = width_of(*field) + (used > 0 ? kGap : 0);
    if (used + needed > room) break;
    field->shown = true;
    used += needed;
  }
  return room - used;
}

std::string progress_bar(int width, double share, Glyphs glyphs) {
  const int inside = width - 2;
  const int full = static_cast<int>(share * inside);
  std::string text = glyphs == Glyphs::unicode ? "▕" : "[";
  for (int i = 0; i < inside; ++i) {
    text += glyphs == Glyphs::unicode ? (i < full ? "█" : "░") : (i < full ? "#" : "-");
  }
  return text + (glyphs == Glyphs::unicode ? "▏" : "]");
}

std::string painted_field(const Field& field, Colour colour) {
  if (colour == Colour::off || field.tone == LineTone::plain) return field.text;
  const char* code = field.tone == LineTone::bad ? "31" : field.tone == LineTone::warning ? "33" : "2";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, field.text);
}

}  // namespace

int percent_done(const rip::Progress& progress) {
  if (progress.sectors_total <= 0) return 0;
  const std::int64_t done = std::clamp<std::int64_t>(progress.sectors_done, 0, progress.sectors_total);
  return static_cast<int>(done * 100 / progress.sectors_total);
}

std::string progress_line(const rip::Progress& progress, const LineStyle& style) {
  std::vector<Field> fields = fields_of(progress, style.glyphs);
  const int left_over = choose(fields, style.columns - 1);
  const double share = progress.sectors_total > 0
                           ? std::clamp(static_cast<double>(progress.sectors_done) /
                                            static_cast<double>(progress.sectors_total),
                                        0.0, 1.0)
                           : 0.0;
  std::string line;
  for (Field& field : fields) {
    if (!field.shown) continue;
    if (field.is_bar) {
      field.text = progress_bar(std::min(kNarrowestBar + left_over, kWidestBar), share, style.glyphs);
    }
    if (!line.empty()) line.append(kGap, ' ');
    line += painted_field(field, style.colour);
  }
  return line;
}

std::string progress_sentence(const rip::Progress& p) {
  std::string text = fmt::format("{:>3}%  {} of {} sectors", percent_done(p), grouped(p.sectors_done),
                                 grouped(p.sectors_total));
  if (p.passes > 1) {
    text += fmt::format(", pass {}", p.pass);
    if (!p.pass_name.empty()) text += fmt::format(" ({})", p.pass_name);
    if (p.sectors_not_good > 0) text += fmt::format(", {} not good yet", grouped(p.sectors_not_good));
  }
  if (p.track > 0) text += fmt::format(", track {} of {}", p.track, p.last_track);
  text += fmt::format(", {:.1f}x", p.speed);
  if (p.c2_sectors > 0) text += fmt::format(", {} with C2 errors", counted(p.c2_sectors, "sector"));
  if (const std::int64_t errors = p.medium_errors + p.other_errors; errors > 0) {
    text += fmt::format(", {}", counted(errors, "read error"));
  }
  if (p.remaining.count() > 0) text += ", left " + clock_time(p.remaining);
  return text;
}

}  // namespace binrip::cli
