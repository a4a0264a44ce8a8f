#include "catalog_schema.hpp"

#include <array>
#include <string>

#include <fmt/format.h>

namespace binrip::batch {
namespace {

constexpr int kApplicationId = 0x62726970;  // "brip", by which file(1) and we know our own

// Each step makes the next version of the tables. A step that was released is never changed; a fresh database
// takes them all. Empty texts are unknown values, so that nothing is ever compared with NULL.
constexpr std::array kSteps = {
    // Version 1: what reports tell.
    R"sql(
CREATE TABLE discs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: somebody may have written it on a box
  sheet TEXT NOT NULL UNIQUE,
  identity TEXT NOT NULL, title TEXT NOT NULL, performer TEXT NOT NULL, mcn TEXT NOT NULL,
  musicbrainz TEXT NOT NULL, cddb TEXT NOT NULL, accuraterip TEXT NOT NULL, ctdb TEXT NOT NULL,
  program_version TEXT NOT NULL, started TEXT NOT NULL, finished TEXT NOT NULL,
  exit_code INTEGER NOT NULL, verdict TEXT NOT NULL, tracks INTEGER NOT NULL,
  untried INTEGER NOT NULL, failed INTEGER NOT NULL, damaged INTEGER NOT NULL,
  unproven INTEGER NOT NULL, consistent INTEGER NOT NULL, proven INTEGER NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  check_date TEXT NOT NULL, check_exit_code INTEGER NOT NULL, check_verdict TEXT NOT NULL
);
CREATE TABLE tracks (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  session INTEGER NOT NULL, number INTEGER NOT NULL, mode TEXT NOT NULL,
  range_begin INTEGER NOT NULL, range_end INTEGER NOT NULL,
  isrc TEXT NOT NULL, title TEXT NOT NULL, performer TEXT NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (disc, position)
) WITHOUT ROWID;
CREATE TABLE files (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (disc, position)
) WITHOUT ROWID;
CREATE TABLE drives (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE rips (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  started TEXT NOT NULL, finished TEXT NOT NULL, device TEXT NOT NULL,
  drive INTEGER REFERENCES drives (id),  -- NULL: a merge
  verdict TEXT NOT NULL,
  in_image INTEGER NOT NULL,
  seconds REAL,  -- NULL, as all that follow: no report tells
  sectors_read INTEGER, sectors_retried INTEGER, c2_sectors INTEGER,
  medium_errors INTEGER, other_errors INTEGER,
  PRIMARY KEY (disc, position)
) WITHOUT ROWID;
)sql",
    // Version 2: what happened, and ways to discs by what is on them.
    R"sql(
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  time TEXT NOT NULL, kind TEXT NOT NULL, drive TEXT NOT NULL,
  disc INTEGER REFERENCES discs (id) ON DELETE SET NULL,
  text TEXT NOT NULL
);
CREATE INDEX events_by_disc ON events (disc);
CREATE INDEX discs_by_identity ON discs (identity);
CREATE INDEX discs_by_content ON discs (sha256);
CREATE INDEX tracks_by_content ON tracks (sha256);
CREATE INDEX rips_by_drive ON rips (drive);
)sql"};
constexpr int kVersion = static_cast<int>(kSteps.size());

int version_of(SQLite::Database& database) { return database.execAndGet("PRAGMA user_version").getInt(); }

}  // namespace

CatalogKind kind_of(SQLite::Database& database) {
  // One look at all three: another process may be making the tables.
  const SQLite::Transaction snapshot(database);
  const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
  const int application = database.execAndGet("PRAGMA application_id").getInt();
  const int version = version_of(database);
  if (empty && application == 0 && version == 0) return CatalogKind::fresh;
  if (application != kApplicationId || version < 1) return CatalogKind::foreign;
  if (version > kVersion) return CatalogKind::later;
  return version < kVersion ? CatalogKind::earlier : CatalogKind::current;
}

void migrate(SQLite::Database& database, const std::function<void()>& fill_new) {
  if (version_of(database) >= kVersion) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  const int before = version_of(database);  // now that nobody else can change it
  if (before >= kVersion) return;
  for (int version = before; version < kVersion; ++version) {
    database.exec(kSteps.at(static_cast<std::size_t>(version)));
  }
  if (before == 0) fill_new();
  // Settings take no bound parameters; both are numbers of ours.
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", kVersion));
  transaction.commit();
}

}  // namespace binrip::batch
