// Values of the catalogue as columns of its tables, and back. All values go in as bound parameters.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "binrip/batch/catalog.hpp"

namespace binrip::batch {

// Binds one parameter after the other.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}
  Binder& operator<<(const std::string& text);
  Binder& operator<<(std::int64_t number);
  Binder& operator<<(double number);
  Binder& operator<<(std::optional<std::int64_t> number);  // nothing: NULL
  Binder& operator<<(const image::Digests& digests);
  Binder& operator<<(const std::optional<DriveFigures>& figures);

 private:
  SQLite::Statement& statement_;
  int next_ = 1;
};

// Takes one column after the other from the row that the statement stands at.
class RowReader {
 public:
  explicit RowReader(SQLite::Statement& statement) : statement_(statement) {}
  std::string text() { return statement_.getColumn(next_++).getString(); }
  std::int64_t number() { return statement_.getColumn(next_++).getInt64(); }
  double real() { return statement_.getColumn(next_++).getDouble(); }
  std::optional<std::int64_t> optional_number();
  // Out of its range, as nothing that this program writes is: the nearest value in it.
  int small_number();
  cd::Lba lba() { return {small_number()}; }
  image::Digests digests();
  DriveFigures figures();
  std::optional<DriveFigures> optional_figures();

 private:
  SQLite::Statement& statement_;
  int next_ = 0;
};

// Columns in the order of the functions below them.
inline constexpr const char* kDiscColumns =
    "sheet, identity, title, performer, mcn, musicbrainz, cddb, accuraterip, ctdb, program_version, started, "
    "finished, exit_code, verdict, tracks, untried, failed, damaged, unproven, consistent, proven, "
    "size, crc32, md5, sha1, sha256, check_date, check_exit_code, check_verdict";
void bind_disc(const CatalogDisc& disc, Binder& binder);
CatalogDisc read_disc(RowReader row);  // with the id before these columns

inline constexpr const char* kTrackColumns =
    "session, number, mode, range_begin, range_end, isrc, title, performer, size, crc32, md5, sha1, sha256";
void bind_track(const CatalogTrack& track, Binder& binder);
CatalogTrack read_track(RowReader row);

inline constexpr const char* kFileColumns = "name, kind, size, crc32, md5, sha1, sha256";
void bind_file(const image::ReportFile& file, Binder& binder);
image::ReportFile read_file(RowReader row);

inline constexpr const char* kFigureColumns =
    "seconds, sectors_read, sectors_retried, c2_sectors, medium_errors, other_errors";

}  // namespace binrip::batch
