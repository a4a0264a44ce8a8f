#include "catalog_rows.hpp"

#include <algorithm>

namespace binrip::batch {

Binder& Binder::operator<<(const std::string& text) {
  statement_.bind(next_++, text);
  return *this;
}
Binder& Binder::operator<<(std::int64_t number) {
  statement_.bind(next_++, number);
  return *this;
}
Binder& Binder::operator<<(double number) {
  statement_.bind(next_++, number);
  return *this;
}
Binder& Binder::operator<<(std::optional<std::int64_t> number) {
  if (number) return *this << *number;
  statement_.bind(next_++);
  return *this;
}
Binder& Binder::operator<<(const image::Digests& d) {
  return *this << static_cast<std::int64_t>(d.size) << d.crc32 << d.md5 << d.sha1 << d.sha256;
}
Binder& Binder::operator<<(const std::optional<DriveFigures>& figures) {
  if (figures) {
    return *this << figures->seconds << figures->sectors_read << figures->sectors_retried
                 << figures->c2_sectors << figures->medium_errors << figures->other_errors;
  }
  constexpr int kColumns = 6;
  for (int i = 0; i < kColumns; ++i) *this << std::optional<std::int64_t>();
  return *this;
}

std::optional<std::int64_t> RowReader::optional_number() {
  const SQLite::Column column = statement_.getColumn(next_++);
  if (column.isNull()) return std::nullopt;
  return column.getInt64();
}
int RowReader::small_number() {
  return static_cast<int>(
      std::clamp<std::int64_t>(number(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}
image::Digests RowReader::digests() {
  image::Digests d;
  d.size = static_cast<std::uint64_t>(number());
  d.crc32 = text();
  d.md5 = text();
  d.sha1 = text();
  d.sha256 = text();
  return d;
}
DriveFigures RowReader::figures() {
  DriveFigures f;
  f.seconds = real();
  f.sectors_read = number();
  f.sectors_retried = number();
  f.c2_sectors = number();
  f.medium_errors = number();
  f.other_errors = number();
  return f;
}
std::optional<DriveFigures> RowReader::optional_figures() {
  if (statement_.getColumn(next_).isNull()) return std::nullopt;
  return figures();
}

void bind_disc(const CatalogDisc& disc, Binder& binder) {
  binder << disc.sheet << disc.identity << disc.title << disc.performer << disc.mcn << disc.musicbrainz
         << disc.cddb << disc.accuraterip << disc.ctdb << disc.program_version << disc.started
         << disc.finished << std::int64_t{disc.exit_code} << disc.verdict << disc.tracks;
  for (const std::int64_t count : disc.states) binder << count;
  binder << disc.whole << disc.check.date << std::int64_t{disc.check.exit_code} << disc.check.verdict;
}

CatalogDisc read_disc(RowReader row) {
  CatalogDisc disc;
  disc.id = row.number();
  for (std::string CatalogDisc::*text :
       {&CatalogDisc::sheet, &CatalogDisc::identity, &CatalogDisc::title, &CatalogDisc::performer,
        &CatalogDisc::mcn, &CatalogDisc::musicbrainz, &CatalogDisc::cddb, &CatalogDisc::accuraterip,
        &CatalogDisc::ctdb, &CatalogDisc::program_version, &CatalogDisc::started, &CatalogDisc::finished}) {
    disc.*text = row.text();
  }
  disc.exit_code = row.small_number();
  disc.verdict = row.text();
  disc.tracks = row.number();
  for (std::int64_t& count : disc.states) count = row.number();
  disc.whole = row.digests();
  disc.check.date = row.text();
  disc.check.exit_code = row.small_number();
  disc.check.verdict = row.text();
  return disc;
}

void bind_track(const CatalogTrack& track, Binder& binder) {
  binder << std::int64_t{track.session} << std::int64_t{track.number} << track.mode
         << std::int64_t{track.range.begin.value} << std::int64_t{track.range.end.value} << track.isrc
         << track.title << track.performer << track.digests;
}

CatalogTrack read_track(RowReader row) {
  CatalogTrack track;
  track.session = row.small_number();
  track.number = row.small_number();
  track.mode = row.text();
  track.range.begin = row.lba();
  track.range.end = row.lba();
  track.isrc = row.text();
  track.title = row.text();
  track.performer = row.text();
  track.digests = row.digests();
  return track;
}

void bind_file(const image::ReportFile& file, Binder& binder) {
  binder << file.name << file.kind << file.digests;
}

image::ReportFile read_file(RowReader row) {
  image::ReportFile file;
  file.name = row.text();
  file.kind = row.text();
  file.digests = row.digests();
  return file;
}

}  // namespace binrip::batch
