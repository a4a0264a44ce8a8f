#include "binrip/batch/catalog_export.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "binrip/image/cue.hpp"
#include "binrip/image/text.hpp"
#include "binrip/verify/dat.hpp"

namespace binrip::batch {
namespace {

constexpr std::array kCsvNames = {"id",          "sheet",   "title",           "performer",    "mcn",
                                  "tracks",      "sectors", "started",         "finished",     "drive",
                                  "exit_code",   "verdict", "identity",        "musicbrainz",  "cddb",
                                  "accuraterip", "ctdb",    "crc32",           "md5",          "sha1",
                                  "sha256",      "checked", "check_exit_code", "check_verdict"};

std::int64_t sectors_of(const CatalogDisc& disc) {
  std::int64_t total = 0;
  for (const std::int64_t count : disc.states) total += count;
  return total;
}

// The last run that the image is made of.
std::string drive_of(const CatalogEntry& entry) {
  std::string name;
  for (const CatalogRip& rip : entry.rips) {
    if (rip.in_image) name = rip.run.drive;
  }
  return name;
}

std::string csv_line(const CatalogEntry& entry) {
  const CatalogDisc& d = entry.disc;
  const bool checked = !d.check.date.empty();
  const std::array<std::string, kCsvNames.size()> values = {
      fmt::format("{}", d.id),
      d.sheet,
      d.title,
      d.performer,
      d.mcn,
      fmt::format("{}", d.tracks),
      fmt::format("{}", sectors_of(d)),
      d.started,
      d.finished,
      drive_of(entry),
      fmt::format("{}", d.exit_code),
      d.verdict,
      d.identity,
      d.musicbrainz,
      d.cddb,
      d.accuraterip,
      d.ctdb,
      d.whole.crc32,
      d.whole.md5,
      d.whole.sha1,
      d.whole.sha256,
      d.check.date,
      checked ? fmt::format("{}", d.check.exit_code) : "",
      d.check.verdict};
  std::vector<std::string> fields;
  fields.reserve(values.size());
  for (const std::string& value : values) fields.push_back(csv_field(value));
  return fmt::format("{}\r\n", fmt::join(fields, ","));
}

constexpr std::size_t kCrc32Digits = 8, kMd5Digits = 32, kSha1Digits = 40;

// A digest that is none would make the whole file unreadable.
std::string well_formed(const std::string& digest, std::size_t digits) {
  const bool right =
      digest.size() == digits && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  return right ? digest : std::string();
}

// "artist - title [id]" for "artist/title [id]/title [id].cue": no two sheets give the same, or hardly.
std::string game_name(const std::string& sheet) {
  const std::filesystem::path path = std::filesystem::path(sheet).replace_extension();
  std::string name;
  for (auto part = path.begin(); part != path.end(); ++part) {
    const bool repeated = part != path.begin() && *part == *std::prev(part);
    if (!repeated) name += (name.empty() ? "" : " - ") + part->string();
  }
  return name;
}

}  // namespace

std::string csv_field(std::string_view text) {
  constexpr std::string_view kFormula = "=+-@";
  std::string field = image::visible(text);
  if (!field.empty() && kFormula.find(field.front()) != std::string_view::npos) field.insert(0, 1, '\'');
  if (field.find_first_of(",\"") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string catalog_csv(std::span<const CatalogEntry> entries) {
  std::string text = fmt::format("{}\r\n", fmt::join(kCsvNames, ","));
  for (const CatalogEntry& entry : entries) text += csv_line(entry);
  return text;
}

std::string catalog_dat(std::span<const CatalogEntry> entries, std::string_view name,
                        std::string_view program_version, std::string_view date) {
  std::vector<verify::DatGame> games;
  for (const CatalogEntry& entry : entries) {
    verify::DatGame game{.name = game_name(entry.disc.sheet), .files = {}};
    for (const CatalogTrack& track : entry.tracks) {
      const image::Digests& d = track.digests;
      game.files.push_back(
          {.name = image::split_bin_name(game.name, track.number, entry.tracks.back().number),
           .size = d.size,
           .crc32 = well_formed(d.crc32, kCrc32Digits),
           .md5 = well_formed(d.md5, kMd5Digits),
           .sha1 = well_formed(d.sha1, kSha1Digits)});
    }
    games.push_back(std::move(game));
  }
  return verify::write_dat(name, games, program_version, date);
}

}  // namespace binrip::batch
