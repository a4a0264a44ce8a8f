#include "catalog_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/cli/text.hpp"

namespace binrip::cli {
namespace {

constexpr std::size_t kDayLength = 10;  // "2026-11-26"

std::string_view quality(int exit_code) {
  switch (exit_code) {
    case 0:
      return "good";
    case 2:
      return "unproven";
    default:
      return "damaged";
  }
}

std::string day_of(const std::string& time) { return safe_text(time.substr(0, kDayLength)); }

std::string label(const batch::CatalogDisc& disc) {
  if (disc.title.empty() && disc.performer.empty()) return safe_text(disc.sheet);
  const std::string_view between = disc.title.empty() || disc.performer.empty() ? "" : " - ";
  return safe_text(disc.performer) + std::string(between) + safe_text(disc.title);
}

std::string check_word(const batch::CatalogCheck& check) {
  if (check.date.empty()) return "never";
  return check.exit_code == 0 ? day_of(check.date) : "wrong";
}

void add_row(std::string& text, std::string_view name, const std::string& value) {
  if (!value.empty()) text += fmt::format("{:<12}{}\n", name, safe_text(value));
}

std::string states_line(const cd::StateCounts& states) {
  std::string line;
  for (const cd::SectorState state : cd::kAllSectorStates) {
    const std::int64_t count = states[static_cast<std::size_t>(state)];
    if (count > 0)
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", grouped(count), cd::to_string(state));
  }
  return line;
}

std::string tracks_text(const std::vector<batch::CatalogTrack>& tracks) {
  std::string text = fmt::format("\n  {:>5}  {:<10}  {:>8}  {:<12}  {:<8}  {:<40}  {}\n", "track", "mode",
                                 "sectors", "ISRC", "CRC-32", "SHA-1", "title");
  for (const batch::CatalogTrack& t : tracks) {
    const std::string between = t.title.empty() || t.performer.empty() ? "" : " - ";
    const std::string line =
        fmt::format("  {:>5}  {:<10}  {:>8}  {:<12}  {:<8}  {:<40}  {}", t.number, safe_text(t.mode),
                    t.range.size().value, safe_text(t.isrc), safe_text(t.digests.crc32),
                    safe_text(t.digests.sha1), safe_text(t.performer + between + t.title));
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string files_text(const std::vector<image::ReportFile>& files) {
  std::string text = "\nFiles\n";
  for (const image::ReportFile& file : files) {
    text += fmt::format("  {:>13}  {}  {}\n", grouped(static_cast<std::int64_t>(file.digests.size)),
                        safe_text(file.digests.sha256), safe_text(file.name));
  }
  return text;
}

std::string rips_text(const std::vector<batch::CatalogRip>& rips) {
  std::string text = "\nRips\n";
  for (const batch::CatalogRip& rip : rips) {
    const std::string by = rip.run.drive.empty() ? rip.run.device : rip.run.drive;
    text += fmt::format("  {}  {}{}\n    {}\n", safe_text(rip.run.finished), safe_text(by),
                        rip.in_image ? "" : " (replaced since)", safe_text(rip.run.verdict));
    if (!rip.figures) continue;
    const batch::DriveFigures& f = *rip.figures;
    text += fmt::format("    {} read, {} again; C2 {}, medium errors {}, other errors {}\n",
                        counted(f.sectors_read, "sector"), grouped(f.sectors_retried), grouped(f.c2_sectors),
                        grouped(f.medium_errors), grouped(f.other_errors));
  }
  return text;
}

}  // namespace

std::string discs_text(std::span<const batch::CatalogDisc> discs) {
  if (discs.empty()) return "no discs\n";
  std::string text = fmt::format("{:>6}  {:<8}  {:>6}  {:<10}  {:<10}  {}\n", "ID", "state", "tracks",
                                 "ripped", "checked", "disc");
  for (const batch::CatalogDisc& disc : discs) {
    text += fmt::format("{:>6}  {:<8}  {:>6}  {:<10}  {:<10}  {}\n", disc.id, quality(disc.exit_code),
                        disc.tracks, day_of(disc.finished), check_word(disc.check), label(disc));
  }
  return text + fmt::format("{}\n", counted(static_cast<std::int64_t>(discs.size()), "disc"));
}

std::string entry_text(const batch::CatalogEntry& entry, std::span<const batch::ContentMatch> alike) {
  const batch::CatalogDisc& disc = entry.disc;
  std::string text;
  add_row(text, "Disc", fmt::format("{}", disc.id));
  add_row(text, "Sheet", disc.sheet);
  add_row(text, "Title", disc.title);
  add_row(text, "Performer", disc.performer);
  add_row(text, "MCN", disc.mcn);
  add_row(text, "Identity", disc.identity);
  add_row(text, "MusicBrainz", disc.musicbrainz);
  add_row(text, "CDDB", disc.cddb);
  add_row(text, "AccurateRip", disc.accuraterip);
  add_row(text, "CTDB", disc.ctdb);
  add_row(text, "Ripped", disc.finished);
  add_row(text, "Verdict", disc.verdict);
  add_row(text, "Sectors", states_line(disc.states));
  add_row(text, "CRC-32", disc.whole.crc32);
  add_row(text, "SHA-256", disc.whole.sha256);
  add_row(text, "Checked",
          disc.check.date.empty() ? "never" : fmt::format("{}: {}", disc.check.date, disc.check.verdict));
  text += tracks_text(entry.tracks) + files_text(entry.files) + rips_text(entry.rips);
  if (!alike.empty()) text += "\nThe same content\n";
  for (const batch::ContentMatch& match : alike) {
    text += fmt::format(
        "  disc {}: {}, {}\n", match.disc.id,
        match.whole ? "all of it" : fmt::format("{} of {}", match.tracks, counted(disc.tracks, "track")),
        safe_text(match.disc.sheet));
  }
  return text;
}

std::string check_text(const batch::ImageCheck& check) {
  std::string text = fmt::format("disc {:>4}  {}  {}\n", check.disc.id,
                                 check.problems.empty() ? "right" : "wrong", label(check.disc));
  for (const std::string& problem : check.problems) text += fmt::format("  {}\n", safe_text(problem));
  return text;
}

std::string checks_summary(std::span<const batch::ImageCheck> checks, std::size_t all) {
  const auto wrong = std::count_if(checks.begin(), checks.end(),
                                   [](const batch::ImageCheck& check) { return !check.problems.empty(); });
  return fmt::format("{} of {} checked: {}\n", checks.size(), counted(static_cast<std::int64_t>(all), "disc"),
                     wrong == 0 ? "everything is as recorded" : fmt::format("{} wrong", wrong));
}

}  // namespace binrip::cli
