#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "binrip/cd/lba_ranges.hpp"
#include "binrip/image/damage_strip.hpp"
#include "binrip/image/report.hpp"
#include "binrip/image/text.hpp"

namespace binrip::image {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kMostRuns = 50;  // of sectors that are not good; the map has them all

// 1234567 -> "1,234,567"
std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}
std::string grouped(std::int64_t value) {
  return value < 0 ? '-' + grouped(std::uint64_t{0} - static_cast<std::uint64_t>(value))
                   : grouped(static_cast<std::uint64_t>(value));
}

// The words of `text` in lines of at most `width` columns; a word that is longer is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t column = 0;
  const auto add_word = [&](std::string_view word) {
    if (word.empty()) return;
    const std::size_t columns = display_width(word);
    if (column > 0 && column + 1 + columns > width) lines.emplace_back(), column = 0;
    if (column > 0) lines.back() += ' ', ++column;
    for_each_char(word, [&](char32_t, std::string_view character) {
      const std::size_t step = display_width(character);
      if (column + step > width) lines.emplace_back(), column = 0;
      lines.back() += character;
      column += step;
    });
  };
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    add_word(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool is_one_state(const cd::StateCounts& counts) {
  return std::count_if(counts.begin(), counts.end(), [](std::int64_t n) { return n > 0; }) <= 1;
}
// The lowest state that any sector has: no chain is better than that.
std::string_view lowest_state(const cd::StateCounts& counts) {
  for (const cd::SectorState state : cd::kAllSectorStates) {
    if (counts[static_cast<std::size_t>(state)] > 0) return cd::to_string(state);
  }
  return "-";
}
std::string all_states(const cd::StateCounts& counts) {
  std::string out;
  for (const cd::SectorState state : cd::kAllSectorStates) {
    const std::int64_t n = counts[static_cast<std::size_t>(state)];
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", grouped(n), cd::to_string(state));
  }
  return out.empty() ? "none" : out;
}

class Log {
 public:
  explicit Log(const Report& report) : report_(report) {}

  std::string write() {
    line("binrip {}", visible(report_.program_version));
    head();
    runs();
    sources();
    profile();
    disc();
    tracks();
    files();
    not_good();
    filled();
    databases();
    reading();
    notes();
    section("Verdict");
    paragraph("  ", report_.verdict);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> form, Args&&... args) {
    std::string text = fmt::format(form, std::forward<Args>(args)...);
    while (text.ends_with(' ')) text.pop_back();
    out_ += text;
    out_ += '\n';
  }
  void section(std::string_view title) {
    out_ += '\n';
    line("{}", title);
  }
  // `first` before the first line, as many blanks before the others.
  void paragraph(std::string_view first, std::string_view text) {
    const std::size_t indent = display_width(first);
    std::string start(first);
    for (const std::string& part : wrap(visible(text), kColumns - indent)) {
      line("{}{}", start, part);
      start.assign(indent, ' ');
    }
  }
  void field(std::string_view name, std::string_view value) {
    if (!value.empty()) paragraph(fmt::format("  {:<22}", name), value);
  }

  void head() {
    section("Rip");
    field("started", report_.started);
    field("finished", report_.finished);
    field("device", report_.device);
    std::string drive = report_.vendor;
    for (const std::string& part : {report_.product, report_.revision}) {
      if (!part.empty()) drive += (drive.empty() ? "" : " ") + part;
    }
    field("drive", drive);
    field("serial number", report_.serial);
  }

  // One run by one drive has been told in the head.
  void runs() {
    if (report_.runs.size() > 1) {
      section("Runs that this image is made of");
      for (const ReportRun& run : report_.runs) {
        std::string text = fmt::format("{} to {}", run.started, run.finished);
        for (const std::string& part : {run.device, run.drive}) {
          if (!part.empty()) text += ", " + part;
        }
        paragraph("  ", text);
        paragraph("      ", run.verdict);
      }
    }
    if (report_.drives.size() > 1) {
      section("Drives that read it");
      for (const ReportDrive& drive : report_.drives) {
        paragraph("  ", fmt::format("{}, read offset {:+}", drive.name, drive.read_offset));
      }
    }
  }

  void sources() {
    if (report_.sources.empty()) return;
    section("Where its sectors come from");
    for (const ReportSource& source : report_.sources) {
      paragraph("  ", fmt::format("{}: {}", source.name, grouped(source.sectors)));
    }
  }

  void profile() {
    if (report_.profile.empty()) return;
    section("Drive profile");
    values(report_.profile);
  }
  void values(const std::vector<ReportValue>& values) {
    for (const ReportValue& v : values) {
      const std::string source = v.source.empty() ? "" : fmt::format(" ({})", v.source);
      paragraph(fmt::format("  {:<22}", visible(v.name)), v.value + source);
    }
  }

  void disc() {
    section("Disc");
    const cd::Disc& disc = report_.disc;
    std::size_t tracks = 0;
    for (const cd::Session& session : disc.sessions) tracks += session.tracks.size();
    field("sessions", std::to_string(disc.sessions.size()));
    field("tracks", std::to_string(tracks));
    if (!disc.sessions.empty()) {
      field("lead-out", cd::to_string(cd::to_msf(disc.sessions.back().lead_out)));
    }
    field("media catalog number", disc.mcn);
    field("title", disc.text.title);
    field("performer", disc.text.performer);
    if (!disc.cdtext_packs.empty()) {
      field("CD-TEXT", fmt::format("raw, {} bytes", disc.cdtext_packs.size()));
    }
    values(report_.ids);
  }

  const cd::Track* disc_track(int number) const {
    for (const cd::Session& session : report_.disc.sessions) {
      for (const cd::Track& track : session.tracks) {
        if (track.number == number) return &track;
      }
    }
    return nullptr;
  }
  // What a track has beyond its row: title, ISRC, flags, pregap, further indexes, mixed states.
  std::vector<std::string> details(const ReportTrack& row) const {
    std::vector<std::string> out;
    for (const auto& [number, text] : report_.disc.track_texts) {
      if (number != row.number) continue;
      if (!text.title.empty()) out.push_back('"' + text.title + '"');
      if (!text.performer.empty()) out.push_back("by " + text.performer);
    }
    if (const cd::Track* track = disc_track(row.number)) {
      if (!track->isrc.empty()) out.push_back("ISRC " + track->isrc);
      if (track->control & cd::kControlCopyPermitted) out.push_back("copying permitted");
      if (!track->is_data() && (track->control & cd::kControlPreEmphasis)) out.push_back("pre-emphasis");
      if (!track->is_data() && (track->control & cd::kControlFourChannel)) out.push_back("four channels");
      if (track->start() > row.range.begin) {
        out.push_back(fmt::format("pregap {}", cd::to_string(cd::to_msf(track->start() - row.range.begin))));
      }
      for (const cd::Index& index : track->indexes) {
        if (index.number > 1) {
          out.push_back(fmt::format("INDEX {:02} {}", index.number, cd::to_string(cd::to_msf(index.lba))));
        }
      }
    }
    if (!is_one_state(row.states)) out.push_back(all_states(row.states));
    return out;
  }

  void tracks() {
    if (report_.tracks.empty()) return;
    section("Tracks (start and length with their pregap)");
    line("  {:>2}  {:<10}  {:<8}  {:<8}  {:<10}  {:<8}  {}", "no", "mode", "start", "length", "lowest",
         "CRC-32", "SHA-1");
    int session = report_.tracks.front().session;
    for (const ReportTrack& row : report_.tracks) {
      if (row.session != session) line("  session {}", row.session);
      session = row.session;
      line("  {:>2}  {:<10}  {:<8}  {:<8}  {:<10}  {:<8}  {}", row.number, visible(row.mode),
           cd::to_string(cd::to_msf(row.range.begin)), cd::to_string(cd::to_msf(row.range.size())),
           lowest_state(row.states), visible(row.digests.crc32), visible(row.digests.sha1));
      std::string text;
      for (const std::string& detail : details(row)) text += (text.empty() ? "" : ", ") + detail;
      if (!text.empty()) paragraph("      ", text);
    }
    line("  all {} sectors: {}", grouped(total(report_.states)), all_states(report_.states));
  }
  static std::int64_t total(const cd::StateCounts& counts) {
    std::int64_t sum = 0;
    for (const std::int64_t n : counts) sum += n;
    return sum;
  }

  void digests(const Digests& d) {
    line("      CRC-32   {}{}{}", visible(d.crc32), d.md5.empty() ? "" : "  MD5 ", visible(d.md5));
    if (!d.sha1.empty()) line("      SHA-1    {}", visible(d.sha1));
    if (!d.sha256.empty()) line("      SHA-256  {}", visible(d.sha256));
  }
  void files() {
    section("Files");
    for (const ReportFile& file : report_.files) {
      paragraph("  ", fmt::format("{}, {} bytes", file.name, grouped(file.digests.size)));
      digests(file.digests);
    }
    line("  whole image, all tracks one after the other, {} bytes", grouped(report_.whole_disc.size));
    digests(report_.whole_disc);
  }

  void not_good() {
    if (report_.not_good.empty()) return;
    section("Sectors that are not good");
    for (const std::string& part : damage_strip(report_, {.columns = kColumns - 2})) line("  {}", part);
    line("  {:>8}  {:>8}  {:>8}  {}", "first", "last", "number", "state");
    const std::size_t shown = std::min(report_.not_good.size(), kMostRuns);
    for (std::size_t i = 0; i < shown; ++i) {
      const StateRun& run = report_.not_good[i];
      line("  {:>8}  {:>8}  {:>8}  {}", run.range.begin.value, run.range.end.value - 1,
           run.range.size().value, cd::to_string(run.state));
    }
    if (shown < report_.not_good.size()) line("  and {} more runs", report_.not_good.size() - shown);
  }

  void filled() {
    if (report_.filled.empty()) return;
    section("Sectors that were filled, since nothing was read");
    line("  {:>8}  {:>8}  {:>8}  {}", "first", "last", "number", "with");
    const std::size_t shown = std::min(report_.filled.size(), kMostRuns);
    for (std::size_t i = 0; i < shown; ++i) {
      const ReportFill& fill = report_.filled[i];
      paragraph(fmt::format("  {:>8}  {:>8}  {:>8}  ", fill.range.begin.value, fill.range.end.value - 1,
                            fill.range.size().value),
                fill.with);
    }
    if (shown < report_.filled.size()) line("  and {} more runs", report_.filled.size() - shown);
  }

  void databases() {
    if (report_.databases.empty()) return;
    section("Databases");
    for (const ReportDatabase& database : report_.databases) {
      std::string text = fmt::format("{}: {}", database.name, database.answer);
      if (!database.problem.empty()) text += ": " + database.problem;
      if (database.disc_confidence > 0) {
        text += fmt::format(", the whole disc as in {} rips", grouped(database.disc_confidence));
      }
      paragraph("  ", text);
      for (const ReportDatabaseTrack& track : database.tracks) {
        paragraph(fmt::format("    track {:>2}  ", track.number), in_words(track));
      }
    }
  }
  void count(std::string_view name, std::int64_t n) {
    if (n != 0) field(name, grouped(n));
  }
  void reading() {
    const Report::Reading& r = report_.reading;
    const Report::Subchannel& s = report_.subchannel;
    section("Reading");
    field("drive time", fmt::format("{:.1f} s, {:.1f}x on average, {} pass{}", r.seconds, r.average_speed,
                                    r.passes, r.passes == 1 ? "" : "es"));
    field("commands", grouped(r.commands));
    field("sectors read", grouped(r.sectors_read));
    count("sectors read again", r.sectors_retried);
    count("sectors with C2", r.c2_sectors);
    count("medium errors", r.medium_errors);
    count("other errors", r.other_errors);
    count("edge samples missing", r.edge_samples_missing);
    field("subchannel", s.kind + (s.cdg ? ", with CD+G" : ""));
    if (s.q_right + s.q_wrong_crc + s.q_wrong_address > 0) {
      field("Q", fmt::format("{} right, {} with a wrong CRC, {} of another address", grouped(s.q_right),
                             grouped(s.q_wrong_crc), grouped(s.q_wrong_address)));
    }
    count("Q right by vote", s.q_voted);
    count("Q wrong alike", cd::total_size(s.q_confirmed));
  }

  void notes() {
    if (report_.notes.empty()) return;
    section("Notes");
    for (const std::string& note : report_.notes) paragraph("  - ", note);
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string in_words(const ReportDatabaseTrack& track) {
  if (track.known == 0) return "not in the database";
  if (track.match == "none") return fmt::format("differs from all {} rips", grouped(track.known));
  const std::string at = track.offset == 0 ? "" : fmt::format(", shifted by {:+} samples", track.offset);
  return fmt::format("as in {} of {} rips ({}){}", grouped(track.confidence), grouped(track.known),
                     track.match, at);
}

std::string to_log(const Report& report) { return Log(report).write(); }

}  // namespace binrip::image
