#include "binrip/cli/station_screen.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "binrip/cli/text.hpp"
#include "binrip/image/text.hpp"

namespace binrip::cli {
namespace {

using batch::DriveStage;
using batch::DriveView;
using batch::FinishedDisc;
using batch::StationView;

enum class ScreenTone { plain, faint, strong, good, warning, bad };
enum class Align { left, right };

constexpr int kWideScreen = 100;
constexpr int kNarrowestTable = 40;
constexpr int kNarrowestDisc = 14;
constexpr int kNarrowestState = 11;  // "identifying"
constexpr int kMostNameGrowth = 10;
constexpr int kMostStateGrowth = 15;
constexpr int kBarEnd = 5;  // " 100%"

std::string painted_text(const std::string& text, ScreenTone tone, Colour colour) {
  if (colour == Colour::off || tone == ScreenTone::plain) return text;
  constexpr std::array codes = {"0", "2", "1", "32", "33", "31"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(tone)], text);
}

// Exactly `width` columns of safe text; what is cut ends in an ellipsis.
class Fitter {
 public:
  explicit Fitter(const ScreenStyle& style) : style_(style) {}

  std::string fit(std::string_view text, int width, Align align = Align::left) const {
    std::string line = cut(text, width);
    const std::string room(static_cast<std::size_t>(std::max(0, width - width_of(line))), ' ');
    return align == Align::left ? line + room : room + line;
  }

  std::string cut(std::string_view text, int width) const {
    std::string safe = shown(text);
    if (width_of(safe) <= width) return safe;
    std::string line;
    int used = 0;
    bool full = false;
    image::for_each_char(safe, [&](char32_t, std::string_view bytes) {
      const int columns = width_of(bytes);
      full = full || used + columns > width - 1;
      if (full) return;
      used += columns;
      line += bytes;
    });
    if (width <= 0) return {};
    return line + (style_.glyphs == Glyphs::unicode ? "…" : "~");
  }

  static int width_of(std::string_view text) { return static_cast<int>(image::display_width(text)); }

 private:
  std::string shown(std::string_view text) const {
    std::string safe = safe_text(text);
    if (style_.glyphs == Glyphs::unicode) return safe;
    std::string ascii;
    image::for_each_char(
        safe, [&](char32_t c, std::string_view bytes) { ascii += c < 0x80 ? bytes : std::string_view("?"); });
    return ascii;
  }

  const ScreenStyle& style_;
};

std::string drive_bar(int width, double share, Glyphs glyphs) {
  const int inside = width - 2;
  const int full = static_cast<int>(share * inside);
  const bool unicode = glyphs == Glyphs::unicode;
  std::string text = unicode ? "▕" : "[";
  for (int i = 0; i < inside; ++i) text += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : "-");
  return text + (unicode ? "▏" : "]");
}

double share_done(const batch::RipProgress& p) {
  if (p.sectors_total <= 0) return 0;
  return std::clamp(static_cast<double>(p.sectors_done) / static_cast<double>(p.sectors_total), 0.0, 1.0);
}

std::int64_t errors_of(const batch::RipProgress& p) {
  return p.c2_sectors + p.medium_errors + p.other_errors;
}

// A count in few columns: "9999", "12k", "340M".
std::string brief(std::int64_t n) {
  if (n < 10'000) return fmt::format("{}", n);
  return n < 10'000'000 ? fmt::format("{}k", n / 1000) : fmt::format("{}M", n / 1'000'000);
}

// "3" of /dev/sr3.
std::string number_of(const DriveView& drive) {
  std::string_view node = drive.node;
  for (const std::string_view prefix : {"/dev/sr", "/dev/"}) {
    if (node.starts_with(prefix)) return std::string(node.substr(prefix.size()));
  }
  return node.empty() ? "-" : std::string(node);
}

std::string short_node(const DriveView& drive) {
  constexpr std::string_view kFolder = "/dev/";
  if (drive.node.empty()) return drive.id;
  return drive.node.starts_with(kFolder) ? drive.node.substr(kFolder.size()) : drive.node;
}

std::string node_of(const StationView& view, const std::string& drive_id) {
  const auto drive =
      std::find_if(view.drives.begin(), view.drives.end(), [&](const auto& d) { return d.id == drive_id; });
  return drive == view.drives.end() ? drive_id : short_node(*drive);
}

std::string bytes_of(std::uint64_t bytes) {
  auto number = static_cast<double>(bytes);
  for (const char* unit : {"B", "kB", "MB", "GB"}) {
    if (number < 1000) return fmt::format("{:.0f} {}", number, unit);
    number /= 1000;
  }
  return fmt::format("{:.1f} TB", number);
}

ScreenTone tone_of(const DriveView& drive) {
  switch (drive.stage) {
    case DriveStage::gone:
    case DriveStage::empty:
      return ScreenTone::faint;
    case DriveStage::done:
      return drive.reason.empty() ? ScreenTone::good : ScreenTone::bad;
    case DriveStage::set_aside:
      return ScreenTone::bad;
    default:
      return ScreenTone::plain;
  }
}

ScreenTone tone_of(batch::DiscEnd end) {
  return end == batch::DiscEnd::failed    ? ScreenTone::bad
         : end == batch::DiscEnd::skipped ? ScreenTone::faint
                                          : ScreenTone::good;
}

// The columns that only drives that rip fill, the most important first. They stand in the order of `place`.
struct Column {
  std::string_view head;
  int width, place;
  Align align;
  std::string (*text)(const batch::RipProgress&, Glyphs);
  ScreenTone (*tone)(const batch::RipProgress&);
};
ScreenTone plain(const batch::RipProgress&) { return ScreenTone::plain; }
const std::array kColumns = {
    Column{"left", 7, 5, Align::right,
           [](const batch::RipProgress& p, Glyphs) {
             return p.time_left ? clock_time(*p.time_left) : std::string("-:--");
           },
           plain},
    Column{
        "err", 4, 3, Align::right, [](const batch::RipProgress& p, Glyphs) { return brief(errors_of(p)); },
        [](const batch::RipProgress& p) { return errors_of(p) > 0 ? ScreenTone::bad : ScreenTone::faint; }},
    Column{"speed", 5, 2, Align::right,
           [](const batch::RipProgress& p, Glyphs glyphs) {
             return fmt::format("{:.1f}{}", std::clamp(p.speed, 0.0, 99.9),
                                glyphs == Glyphs::unicode ? "×" : "x");
           },
           plain},
    Column{"track", 5, 1, Align::right,
           [](const batch::RipProgress& p, Glyphs) {
             return p.track > 0 ? fmt::format("{:02}/{:02}", p.track, p.last_track) : std::string("--/--");
           },
           plain},
    Column{"pass", 10, 0, Align::left,
           [](const batch::RipProgress& p, Glyphs) { return p.pass > 1 ? p.pass_name : std::string(); },
           plain},
    Column{"bad", 5, 4, Align::right,
           [](const batch::RipProgress& p, Glyphs) {
             return p.pass > 1 ? brief(p.sectors_not_good) : std::string();
           },
           [](const batch::RipProgress& p) {
             return p.sectors_not_good > 0 ? ScreenTone::warning : ScreenTone::faint;
           }},
};
constexpr int kNarrowestName = 14;

class Table {
 public:
  Table(const StationView& view, const ScreenStyle& style)
      : style_(style), fitter_(style), gap_(style.columns >= kWideScreen ? 2 : 1), room_(style.columns - 1) {
    for (const DriveView& drive : view.drives) {
      number_ = std::max(number_, std::min(Fitter::width_of(number_of(drive)), 4));
    }
    int left = room_ - number_ - gap_ - kNarrowestDisc - gap_ - kNarrowestState;
    const auto take = [&](int width) {
      if (left < width + gap_) return false;
      left -= width + gap_;
      return true;
    };
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (i == 4 && take(kNarrowestName)) name_ = kNarrowestName;  // after the track
      if (!take(kColumns[i].width)) break;
      columns_.push_back(&kColumns[i]);
    }
    std::sort(columns_.begin(), columns_.end(), [](auto* a, auto* b) { return a->place < b->place; });
    share_out(std::max(left, 0));
  }

  std::string heads() const {
    std::string line = fitter_.fit("#", number_, Align::right) + gap();
    if (name_ > 0) line += fitter_.fit("drive", name_) + gap();
    line += fitter_.fit("disc", disc_) + gap() + fitter_.fit("state", state_);
    for (const Column* column : columns_)
      line += gap() + fitter_.fit(column->head, column->width, column->align);
    return painted_text(fitter_.cut(line, room_), ScreenTone::faint, style_.colour);
  }

  std::string row(const DriveView& drive) const {
    std::string line =
        painted_text(fitter_.fit(number_of(drive), number_, Align::right), ScreenTone::strong, style_.colour);
    line += gap();
    if (name_ > 0)
      line += painted_text(fitter_.fit(drive.name, name_), ScreenTone::faint, style_.colour) + gap();
    if (drive.progress) return line + fitter_.fit(drive.disc, disc_) + gap() + figures(*drive.progress);
    std::string state(batch::to_string(drive.stage));
    if (!drive.reason.empty()) state += ": " + drive.reason;
    int width = room_ - number_ - gap_ - (name_ > 0 ? name_ + gap_ : 0);
    // Without a disc a reason has its column, too.
    if (!drive.disc.empty() || drive.reason.empty()) {
      line += fitter_.fit(drive.disc, disc_) + gap();
      width -= disc_ + gap_;
    }
    return line + painted_text(fitter_.cut(state, width), tone_of(drive), style_.colour);
  }

 private:
  void share_out(int left) {
    const int name = name_ > 0 ? std::min(left / 4, kMostNameGrowth) : 0;
    const int state = std::min(left / 4, kMostStateGrowth);
    if (name_ > 0) name_ += name;
    state_ += state;
    disc_ = std::max(0, room_ - number_ - gap_ - state_ - gap_ - (name_ > 0 ? name_ + gap_ : 0));
    for (const Column* column : columns_) disc_ -= column->width + gap_;
    disc_ = std::max(0, disc_);
  }

  std::string figures(const batch::RipProgress& p) const {
    const double share = share_done(p);
    const int percent = static_cast<int>(share * 100);
    std::string line = drive_bar(state_ - kBarEnd, share, style_.glyphs) + fmt::format("{:>4}%", percent);
    for (const Column* column : columns_) {
      const std::string text = fitter_.fit(column->text(p, style_.glyphs), column->width, column->align);
      line += gap() + painted_text(text, column->tone(p), style_.colour);
    }
    return line;
  }

  std::string gap() const { return std::string(static_cast<std::size_t>(gap_), ' '); }

  const ScreenStyle& style_;
  Fitter fitter_;
  int gap_, room_;
  int number_ = 2, name_ = 0, disc_ = kNarrowestDisc, state_ = kNarrowestState;
  std::vector<const Column*> columns_;
};

// How many rows each part gets.
struct Shares {
  int head = 0, needs = 0, heads = 0, drives = 0, finished = 0, messages = 0;
};

int ssize_of(const auto& list) { return static_cast<int>(list.size()); }

Shares share_rows(const StationView& view, int messages, int rows) {
  Shares shares;
  int left = rows - 1;  // totals
  const auto take = [&](int wanted) {
    const int taken = std::clamp(wanted, 0, std::max(left, 0));
    left -= taken;
    return taken;
  };
  shares.head = take(1);
  shares.needs = take(std::min(ssize_of(view.needs_a_hand), std::max(1, left / 4)));
  shares.heads = left >= 3 ? take(1) : 0;
  // What is finished and said keeps a little even where drives would fill the screen.
  const int kept_finished = rows >= 20 ? std::min(ssize_of(view.finished), 3) : 0;
  const int kept_messages = rows >= 12 ? std::min(messages, 2) : 0;
  left -= kept_finished + kept_messages;
  shares.drives = take(ssize_of(view.drives));
  left += kept_finished + kept_messages;
  shares.messages = take(std::min(messages, std::max(kept_messages, left / 4)));
  shares.finished = take(ssize_of(view.finished));
  return shares;
}

class Screen {
 public:
  Screen(const StationView& view, const ScreenStyle& style)
      : view_(view), style_(style), fitter_(style), width_(style.columns - 1) {}

  std::vector<std::string> lines(const std::vector<std::string>& messages) {
    const Shares shares = share_rows(view_, ssize_of(messages), style_.rows);
    if (shares.head > 0) add_head();
    add_needs(shares.needs);
    add_drives(shares);
    add(totals(), ScreenTone::strong);
    for (int i = 0; i < shares.finished; ++i) add_finished(view_.finished[static_cast<std::size_t>(i)]);
    for (auto text = messages.end() - shares.messages; text != messages.end(); ++text)
      add(*text, ScreenTone::warning);
    return std::move(lines_);
  }

 private:
  void add(std::string_view text, ScreenTone tone) {
    lines_.push_back(painted_text(fitter_.cut(text, width_), tone, style_.colour));
  }

  void add_head() {
    std::string right = counted(ssize_of(view_.drives), "drive");
    if (view_.stopping) right += ", stopping";
    const int room = width_ - Fitter::width_of(right) - 2;
    add(fitter_.fit("binrip  " + view_.archive, std::max(room, 0)) + "  " + right, ScreenTone::strong);
  }

  void add_needs(int rows) {
    for (int i = 0; i < rows; ++i) {
      const int more = i == rows - 1 ? ssize_of(view_.needs_a_hand) - rows : 0;
      const std::string end = more > 0 ? fmt::format(" (and {} more)", more) : "";
      const std::string text = "! " + view_.needs_a_hand[static_cast<std::size_t>(i)];
      add(fitter_.cut(text, std::max(width_ - Fitter::width_of(end), 0)) + end, ScreenTone::warning);
    }
  }

  void add_drives(const Shares& shares) {
    const Table table(view_, style_);
    if (shares.heads > 0) lines_.push_back(table.heads());
    const bool all = shares.drives == ssize_of(view_.drives);
    const int shown = all ? shares.drives : std::max(0, shares.drives - 1);
    for (int i = 0; i < shown; ++i) lines_.push_back(table.row(view_.drives[static_cast<std::size_t>(i)]));
    if (!all && shares.drives > 0) add(others(shown), ScreenTone::faint);
  }

  // "and 12 more: 10 ripping, 2 empty"
  std::string others(int shown) const {
    std::map<DriveStage, int> stages;
    for (auto drive = view_.drives.begin() + shown; drive != view_.drives.end(); ++drive)
      ++stages[drive->stage];
    std::string text = fmt::format("and {} more: ", ssize_of(view_.drives) - shown);
    for (const auto& [stage, count] : stages) {
      text += fmt::format("{}{} {}", text.ends_with(": ") ? "" : ", ", count, batch::to_string(stage));
    }
    return text;
  }

  std::string totals() const { return station_totals(view_) + ", " + bytes_of(view_.free_bytes) + " free"; }

  void add_finished(const FinishedDisc& disc) {
    constexpr std::size_t kTimeOfDay = 11, kTimeLength = 5;  // in "2026-11-26T11:14:02Z"
    const std::string time =
        disc.time.size() >= kTimeOfDay + kTimeLength ? disc.time.substr(kTimeOfDay, kTimeLength) : "";
    const std::string name = disc.disc.empty() ? "not identified" : disc.disc;
    const std::string begin =
        fitter_.fit(time, 5) + " " + fitter_.fit(node_of(view_, disc.drive_id), 5) + " ";
    const std::string end = fitter_.fit(batch::to_string(disc.end), 11);
    const int room = width_ - 5 - 1 - 5 - 1 - 11 - 1;
    std::string line = begin + painted_text(end, tone_of(disc.end), style_.colour) + " ";
    // The verdict where there is room for some of it.
    const int verdict_room = disc.verdict.empty() ? 0 : room - std::max(room / 2, 10) - 2;
    const std::string shown = fitter_.cut(name, verdict_room >= 10 ? std::max(room / 2, 10) : room);
    line += shown;
    if (verdict_room >= 10) {
      const int left = room - Fitter::width_of(shown) - 2;
      line += "  " + painted_text(fitter_.cut(disc.verdict, left), ScreenTone::faint, style_.colour);
    }
    lines_.push_back(line);
  }

  const StationView& view_;
  const ScreenStyle& style_;
  Fitter fitter_;
  int width_;
  std::vector<std::string> lines_;
};

std::string ends_in_words(batch::DiscEnd end, std::int64_t count) {
  if (end == batch::DiscEnd::second_copy)
    return count == 1 ? "1 second copy" : grouped(count) + " second copies";
  return grouped(count) + " " + std::string(batch::to_string(end));
}

}  // namespace

std::vector<std::string> station_screen(const StationView& view, const std::vector<std::string>& messages,
                                        const ScreenStyle& style) {
  if (style.rows <= 0 || style.columns <= 1) return {};
  if (style.columns >= kNarrowestTable) return Screen(view, style).lines(messages);
  // No table fits here: what does of each line.
  const ScreenStyle plain{kNarrowestTable, style.rows, style.glyphs, Colour::off};
  std::vector<std::string> lines = Screen(view, plain).lines(messages);
  for (std::string& line : lines) line = Fitter(style).cut(line, style.columns - 1);
  return lines;
}

std::string station_totals(const StationView& view) {
  std::string text;
  for (const batch::DiscEnd end : batch::kAllDiscEnds) {
    const std::int64_t count = view.ends[static_cast<std::size_t>(end)];
    if (count > 0) text += (text.empty() ? "" : ", ") + ends_in_words(end, count);
  }
  return text.empty() ? "no disc yet" : text;
}

std::vector<std::string> station_lines(const batch::StationChanges& changes, const StationView& now,
                                       std::string_view time) {
  std::vector<std::string> lines;
  const auto tell = [&](const std::string& text) {
    lines.push_back(fmt::format("{} {}", time, safe_text(text)));
  };
  for (const DriveView& drive : changes.drives) {
    std::string text = fmt::format("{}: {}", short_node(drive), batch::to_string(drive.stage));
    if (!drive.disc.empty()) text += ", " + drive.disc;
    if (!drive.reason.empty()) text += ": " + drive.reason;
    tell(text);
  }
  for (const FinishedDisc& disc : changes.finished) {
    std::string text = fmt::format("{}: {}: {}", node_of(now, disc.drive_id), batch::to_string(disc.end),
                                   disc.disc.empty() ? "a disc that was not identified" : disc.disc);
    if (!disc.verdict.empty()) text += ": " + disc.verdict;
    if (!disc.folder.empty()) text += fmt::format(" ({})", disc.folder);
    tell(text);
  }
  for (const std::string& need : changes.needs) tell("needs a hand: " + need);
  for (const std::string& need : changes.settled) tell("settled: " + need);
  if (changes.stopping) tell("no disc is begun any more");
  return lines;
}

std::string ScreenPainter::paint(const std::vector<std::string>& lines, int columns, int rows) {
  std::vector<std::string> wanted = lines;
  wanted.resize(static_cast<std::size_t>(std::max(rows, 0)));
  const bool all = columns != columns_ || wanted.size() != shown_.size();
  std::string bytes;
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    if (!all && wanted[row] == shown_[row]) continue;
    bytes += fmt::format("\x1b[{};1H{}\x1b[K", row + 1, wanted[row]);
  }
  shown_ = std::move(wanted);
  columns_ = columns;
  if (bytes.empty()) return bytes;
  // Terminals that know of synchronised updates show all of it at once; others leave that out.
  return "\x1b[?2026h" + bytes + "\x1b[?2026l";
}

}  // namespace binrip::cli
