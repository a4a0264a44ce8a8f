#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "catalog_rows.hpp"
#include "catalog_schema.hpp"

#include "binrip/base/file.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr const char* kRebuildHint = "`binrip catalog rebuild ARCHIVE` makes one from the reports";

Error error_of(const SQLite::Exception& problem, const fs::path& path) {
  const std::string name = path.string();
  constexpr int kPrimary = 0xFF;
  switch (problem.getErrorCode() & kPrimary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::timeout, fmt::format("{}: another process has been writing for too long", name),
              "try again when it is done"};
    case SQLITE_FULL:
      return {ErrorKind::no_space, fmt::format("{}: no space left", name)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorKind::permission, fmt::format("{}: it cannot be written", name)};
    case SQLITE_CORRUPT:
      return {ErrorKind::invalid, fmt::format("{}: it is damaged", name),
              "move it away; `binrip catalog rebuild ARCHIVE` makes another from the reports"};
    case SQLITE_NOTADB:
      return {ErrorKind::invalid, fmt::format("{}: expected a catalogue, got some other file", name)};
    default:
      return {ErrorKind::io, fmt::format("{}: {}", name, problem.what())};
  }
}

// What SQLite throws becomes an Error; a transaction that was open is rolled back by then.
template <class F>
auto guarded(const fs::path& path, F f) -> decltype(f()) {
  try {
    return f();
  } catch (const SQLite::Exception& problem) {
    return fail(error_of(problem, path));
  }
}

// "?, ?, ?" for the columns of a list.
std::string marks(std::string_view columns) {
  std::string result = "?";
  for (auto n = std::count(columns.begin(), columns.end(), ','); n > 0; --n) result += ", ?";
  return result;
}

// "a = excluded.a, b = excluded.b".
std::string taken_over(std::string_view columns) {
  std::string result;
  while (!columns.empty()) {
    const std::size_t comma = std::min(columns.find(','), columns.size());
    const std::string_view column = columns.substr(0, comma);
    result += fmt::format("{}{} = excluded.{}", result.empty() ? "" : ", ", column, column);
    columns.remove_prefix(std::min(comma + 2, columns.size()));
  }
  return result;
}

// For LIKE with ESCAPE '\': the word anywhere.
std::string pattern_of(std::string_view word) {
  std::string pattern = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

// The word in lower case if it can be the beginning of a digest.
std::optional<std::string> digest_of(std::string_view word) {
  constexpr std::size_t kFewest = 8;  // fewer would be in the digests of any collection
  std::string lower;
  for (const char c : word) {
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!letter && (c < '0' || c > '9')) return std::nullopt;
    lower += letter ? static_cast<char>(c | 0x20) : c;
  }
  if (lower.size() < kFewest) return std::nullopt;
  return lower;
}

// ?1: a pattern, ?2: the word, ?3 and ?4: between which digests lie that begin so.
constexpr const char* kSearch = R"sql(
SELECT id FROM discs WHERE title LIKE ?1 ESCAPE '\' OR performer LIKE ?1 ESCAPE '\'
  OR sheet LIKE ?1 ESCAPE '\' OR mcn LIKE ?1 ESCAPE '\'
  OR musicbrainz = ?2 OR accuraterip = ?2 OR ctdb = ?2 OR cddb = ?2
  OR cddb BETWEEN ?3 AND ?4 OR identity BETWEEN ?3 AND ?4
  OR crc32 BETWEEN ?3 AND ?4 OR md5 BETWEEN ?3 AND ?4 OR sha1 BETWEEN ?3 AND ?4 OR sha256 BETWEEN ?3 AND ?4
UNION
SELECT disc FROM tracks WHERE title LIKE ?1 ESCAPE '\' OR performer LIKE ?1 ESCAPE '\'
  OR isrc LIKE ?1 ESCAPE '\'
  OR crc32 BETWEEN ?3 AND ?4 OR md5 BETWEEN ?3 AND ?4 OR sha1 BETWEEN ?3 AND ?4 OR sha256 BETWEEN ?3 AND ?4
UNION
SELECT disc FROM files WHERE crc32 BETWEEN ?3 AND ?4 OR md5 BETWEEN ?3 AND ?4 OR sha1 BETWEEN ?3 AND ?4
  OR sha256 BETWEEN ?3 AND ?4
)sql";

// A loss of power may take what is written under it, as a whole; never anything before it.
class Lazily {
 public:
  explicit Lazily(SQLite::Database& database) : database_(database) {
    database_.exec("PRAGMA synchronous = NORMAL");
  }
  ~Lazily() { static_cast<void>(database_.tryExec("PRAGMA synchronous = FULL")); }
  Lazily(const Lazily&) = delete;
  Lazily& operator=(const Lazily&) = delete;

 private:
  SQLite::Database& database_;
};

class SqliteCatalog : public Catalog {
 public:
  SqliteCatalog(std::unique_ptr<SQLite::Database> database, fs::path path)
      : database_(std::move(database)), path_(std::move(path)) {}

  // Makes what a fresh or an earlier database lacks.
  void bring_up_to_date(std::span<const CatalogEntry> first) {
    migrate(*database_, [&] {
      for (const CatalogEntry& entry : first) put_by_sheet(entry);
    });
  }

  Result<std::int64_t> put(const CatalogEntry& entry) override {
    return guarded(path_, [&]() -> Result<std::int64_t> {
      SQLite::Transaction transaction = writing();
      const std::int64_t id = put_by_sheet(entry);
      transaction.commit();
      return id;
    });
  }

  Result<void> replace(std::int64_t id, const CatalogEntry& entry) override {
    return guarded(path_, [&]() -> Result<void> {
      SQLite::Transaction transaction = writing();
      if (!disc_with_id(id)) return no_such_disc(id);
      const auto other = disc_with_sheet(entry.disc.sheet);
      if (other && other->id != id) {
        return fail(ErrorKind::exists,
                    fmt::format("{} is disc {} in {} already", entry.disc.sheet, other->id, path_.string()));
      }
      write_entry(id, entry);
      transaction.commit();
      return {};
    });
  }

  Result<void> reconcile(std::span<const CatalogEntry> found, std::span<const std::string> gone) override {
    return guarded(path_, [&]() -> Result<void> {
      SQLite::Transaction transaction = writing();
      for (const CatalogEntry& entry : found) put_by_sheet(entry);
      SQLite::Statement remove(*database_, "DELETE FROM discs WHERE sheet = ?");
      for (const std::string& sheet : gone) {
        Binder(remove) << sheet;
        remove.exec();
        remove.reset();
      }
      transaction.commit();
      return {};
    });
  }

  Result<void> add_event(const CatalogEvent& event) override {
    return guarded(path_, [&]() -> Result<void> {
      const Lazily lazily(*database_);
      SQLite::Transaction transaction = writing();
      if (event.disc && !disc_with_id(*event.disc)) return no_such_disc(*event.disc);
      SQLite::Statement insert(*database_,
                               "INSERT INTO events (time, kind, drive, disc, text) VALUES (?, ?, ?, ?, ?)");
      Binder(insert) << image::as_utf8(event.time) << image::as_utf8(event.kind)
                     << image::as_utf8(event.drive) << event.disc << image::as_utf8(event.text);
      insert.exec();
      transaction.commit();
      return {};
    });
  }

  Result<void> set_check(std::int64_t id, const CatalogCheck& check) override {
    return guarded(path_, [&]() -> Result<void> {
      SQLite::Transaction transaction = writing();
      SQLite::Statement update(
          *database_, "UPDATE discs SET check_date = ?, check_exit_code = ?, check_verdict = ? WHERE id = ?");
      Binder(update) << image::as_utf8(check.date) << std::int64_t{check.exit_code}
                     << image::as_utf8(check.verdict) << id;
      if (update.exec() == 0) return no_such_disc(id);
      transaction.commit();
      return {};
    });
  }

  Result<std::vector<CatalogDisc>> discs() override {
    return guarded(path_, [&]() -> Result<std::vector<CatalogDisc>> {
      SQLite::Statement query(*database_, select_discs("ORDER BY sheet"));
      return all_discs(query);
    });
  }

  Result<std::optional<CatalogEntry>> entry(std::int64_t id) override {
    return guarded(path_, [&]() -> Result<std::optional<CatalogEntry>> {
      const SQLite::Transaction snapshot(*database_);
      std::optional<CatalogDisc> disc = disc_with_id(id);
      if (!disc) return std::nullopt;
      return CatalogEntry{.disc = std::move(*disc),
                          .tracks = rows_of(id, kTrackColumns, "tracks", read_track),
                          .files = rows_of(id, kFileColumns, "files", read_file),
                          .rips = rips_of(id)};
    });
  }

  Result<std::vector<CatalogDisc>> with_identity(const std::string& identity) override {
    return guarded(path_, [&]() -> Result<std::vector<CatalogDisc>> {
      SQLite::Statement query(*database_, select_discs("WHERE identity = ? ORDER BY sheet"));
      Binder(query) << identity;
      return all_discs(query);
    });
  }

  Result<std::vector<ContentMatch>> with_content(const CatalogEntry& entry) override;
  Result<std::vector<CatalogDisc>> search(std::span<const std::string> words) override;

  Result<std::vector<CatalogDisc>> least_recently_checked(std::size_t most) override {
    return guarded(path_, [&]() -> Result<std::vector<CatalogDisc>> {
      SQLite::Statement query(*database_,
                              select_discs("ORDER BY max(check_date, finished), check_date, id LIMIT ?"));
      Binder(query) << limit(most);
      return all_discs(query);
    });
  }

  Result<std::vector<CatalogDrive>> drives() override;
  Result<std::vector<CatalogEvent>> latest_events(std::size_t most) override;

 private:
  // Taken at the beginning, so that whoever comes second waits, instead of failing in the middle.
  SQLite::Transaction writing() {
    return SQLite::Transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  }

  tl::unexpected<Error> no_such_disc(std::int64_t id) const {
    return fail(ErrorKind::mismatch, fmt::format("{}: there is no disc {}", path_.string(), id));
  }
  static std::int64_t limit(std::size_t most) {
    return static_cast<std::int64_t>(
        std::min(most, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
  }
  static std::string select_discs(std::string_view rest) {
    return fmt::format("SELECT id, {} FROM discs {}", kDiscColumns, rest);
  }
  static std::vector<CatalogDisc> all_discs(SQLite::Statement& query) {
    std::vector<CatalogDisc> result;
    while (query.executeStep()) result.push_back(read_disc(RowReader(query)));
    return result;
  }
  std::optional<CatalogDisc> disc_with_id(std::int64_t id) {
    SQLite::Statement query(*database_, select_discs("WHERE id = ?"));
    Binder(query) << id;
    if (!query.executeStep()) return std::nullopt;
    return read_disc(RowReader(query));
  }
  std::optional<CatalogDisc> disc_with_sheet(const std::string& sheet) {
    SQLite::Statement query(*database_, select_discs("WHERE sheet = ?"));
    Binder(query) << sheet;
    if (!query.executeStep()) return std::nullopt;
    return read_disc(RowReader(query));
  }
  template <class T>
  std::vector<T> rows_of(std::int64_t id, const char* columns, const char* table, T (*read)(RowReader)) {
    SQLite::Statement query(
        *database_, fmt::format("SELECT {} FROM {} WHERE disc = ? ORDER BY position", columns, table));
    Binder(query) << id;
    std::vector<T> result;
    while (query.executeStep()) result.push_back(read(RowReader(query)));
    return result;
  }
  std::vector<CatalogRip> rips_of(std::int64_t id);

  std::int64_t put_by_sheet(const CatalogEntry& entry);
  void write_entry(std::optional<std::int64_t> id, const CatalogEntry& entry);
  template <class T>
  void write_rows(std::int64_t id, const char* table, const char* columns, const std::vector<T>& values,
                  void (*bind)(const T&, Binder&));
  void write_rips(std::int64_t id, std::vector<CatalogRip> rips);
  std::optional<std::int64_t> drive_id(const std::string& name);
  std::set<std::int64_t> discs_with_word(const std::string& word);

  std::unique_ptr<SQLite::Database> database_;
  fs::path path_;
};

// ---- writing ----

std::int64_t SqliteCatalog::put_by_sheet(const CatalogEntry& entry) {
  const auto before = disc_with_sheet(entry.disc.sheet);
  if (!before) {
    write_entry(std::nullopt, entry);
    return disc_with_sheet(entry.disc.sheet)->id;
  }
  // A check that the report could not be told of counts while the image is the same.
  const bool same_image = before->whole == entry.disc.whole;
  if (same_image && before->check.date > entry.disc.check.date) {
    CatalogEntry kept = entry;
    kept.disc.check = before->check;
    write_entry(before->id, kept);
  } else {
    write_entry(before->id, entry);
  }
  return before->id;
}

// The runs of before: their figures where the new report has none, and those that it does not know.
std::vector<CatalogRip> with_history(std::vector<CatalogRip> rips, std::vector<CatalogRip> before) {
  for (CatalogRip& old : before) {
    const auto same =
        std::find_if(rips.begin(), rips.end(), [&](const CatalogRip& rip) { return rip.run == old.run; });
    if (same == rips.end()) {
      old.in_image = false;
      rips.push_back(std::move(old));
    } else if (!same->figures) {
      same->figures = old.figures;
    }
  }
  return rips;
}

// Without an id a new one is taken.
void SqliteCatalog::write_entry(std::optional<std::int64_t> id, const CatalogEntry& entry) {
  SQLite::Statement insert(
      *database_,
      fmt::format("INSERT INTO discs (id, {0}) VALUES (?, {1}) ON CONFLICT (id) DO UPDATE SET {2}",
                  kDiscColumns, marks(kDiscColumns), taken_over(kDiscColumns)));
  Binder binder(insert);
  binder << id;
  bind_disc(entry.disc, binder);
  insert.exec();
  const std::int64_t disc = id ? *id : database_->getLastInsertRowid();
  write_rows(disc, "tracks", kTrackColumns, entry.tracks, bind_track);
  write_rows(disc, "files", kFileColumns, entry.files, bind_file);
  write_rips(disc, with_history(entry.rips, rips_of(disc)));
}

template <class T>
void SqliteCatalog::write_rows(std::int64_t id, const char* table, const char* columns,
                               const std::vector<T>& values, void (*bind)(const T&, Binder&)) {
  SQLite::Statement remove(*database_, fmt::format("DELETE FROM {} WHERE disc = ?", table));
  Binder(remove) << id;
  remove.exec();
  SQLite::Statement insert(*database_, fmt::format("INSERT INTO {} (disc, position, {}) VALUES (?, ?, {})",
                                                   table, columns, marks(columns)));
  std::int64_t position = 0;
  for (const T& value : values) {
    Binder binder(insert);
    binder << id << position++;
    bind(value, binder);
    insert.exec();
    insert.reset();
  }
}

void SqliteCatalog::write_rips(std::int64_t id, std::vector<CatalogRip> rips) {
  std::vector<std::pair<CatalogRip, std::optional<std::int64_t>>> rows;
  for (CatalogRip& rip : rips) {
    const auto drive = drive_id(rip.run.drive);
    rows.emplace_back(std::move(rip), drive);
  }
  const std::string columns =
      fmt::format("started, finished, device, drive, verdict, in_image, {}", kFigureColumns);
  write_rows<std::pair<CatalogRip, std::optional<std::int64_t>>>(
      id, "rips", columns.c_str(), rows, [](const auto& row, Binder& binder) {
        const auto& [rip, drive] = row;
        binder << rip.run.started << rip.run.finished << rip.run.device << drive << rip.run.verdict
               << std::int64_t{rip.in_image ? 1 : 0} << rip.figures;
      });
}

std::optional<std::int64_t> SqliteCatalog::drive_id(const std::string& name) {
  if (name.empty()) return std::nullopt;
  SQLite::Statement insert(*database_, "INSERT INTO drives (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
  Binder(insert) << name;
  insert.exec();
  SQLite::Statement query(*database_, "SELECT id FROM drives WHERE name = ?");
  Binder(query) << name;
  query.executeStep();
  return RowReader(query).number();
}

// ---- reading ----

std::vector<CatalogRip> SqliteCatalog::rips_of(std::int64_t id) {
  SQLite::Statement query(
      *database_,
      fmt::format("SELECT started, finished, device, coalesce(name, ''), verdict, in_image, {} "
                  "FROM rips LEFT JOIN drives ON drives.id = drive WHERE disc = ? ORDER BY position",
                  kFigureColumns));
  Binder(query) << id;
  std::vector<CatalogRip> result;
  while (query.executeStep()) {
    RowReader row(query);
    CatalogRip rip;
    rip.run.started = row.text();
    rip.run.finished = row.text();
    rip.run.device = row.text();
    rip.run.drive = row.text();
    rip.run.verdict = row.text();
    rip.in_image = row.number() != 0;
    rip.figures = row.optional_figures();
    result.push_back(std::move(rip));
  }
  return result;
}

Result<std::vector<ContentMatch>> SqliteCatalog::with_content(const CatalogEntry& entry) {
  return guarded(path_, [&]() -> Result<std::vector<ContentMatch>> {
    const SQLite::Transaction snapshot(*database_);
    std::map<std::int64_t, std::int64_t> tracks;  // by disc
    SQLite::Statement by_track(*database_, "SELECT DISTINCT disc FROM tracks WHERE sha256 = ?");
    for (const CatalogTrack& track : entry.tracks) {
      if (track.digests.sha256.empty()) continue;
      Binder(by_track) << track.digests.sha256;
      while (by_track.executeStep()) ++tracks[RowReader(by_track).number()];
      by_track.reset();
    }
    if (const std::string& whole = entry.disc.whole.sha256; !whole.empty()) {
      SQLite::Statement by_whole(*database_, "SELECT id FROM discs WHERE sha256 = ?");
      Binder(by_whole) << whole;
      while (by_whole.executeStep()) tracks.try_emplace(RowReader(by_whole).number(), 0);
    }
    std::vector<ContentMatch> matches;
    for (const auto& [id, same] : tracks) {
      std::optional<CatalogDisc> disc = disc_with_id(id);
      if (!disc || disc->sheet == entry.disc.sheet) continue;
      const bool whole = !disc->whole.sha256.empty() && disc->whole.sha256 == entry.disc.whole.sha256;
      matches.push_back({.disc = std::move(*disc), .whole = whole, .tracks = same});
    }
    std::stable_sort(matches.begin(), matches.end(), [](const ContentMatch& a, const ContentMatch& b) {
      return std::pair(a.whole, a.tracks) > std::pair(b.whole, b.tracks);
    });
    return matches;
  });
}

std::set<std::int64_t> SqliteCatalog::discs_with_word(const std::string& word) {
  constexpr std::size_t kLongest = 1000;  // SQLite refuses patterns beyond some length
  if (word.size() > kLongest) return {};
  SQLite::Statement query(*database_, kSearch);
  query.bind(1, pattern_of(word));
  query.bind(2, word);
  if (const auto digest = digest_of(word)) {  // else NULL, between which there is nothing
    query.bind(3, *digest);
    query.bind(4, *digest + 'g');  // after all hex digits
  }
  std::set<std::int64_t> found;
  while (query.executeStep()) found.insert(RowReader(query).number());
  return found;
}

Result<std::vector<CatalogDisc>> SqliteCatalog::search(std::span<const std::string> words) {
  return guarded(path_, [&]() -> Result<std::vector<CatalogDisc>> {
    const SQLite::Transaction snapshot(*database_);
    SQLite::Statement query(*database_, select_discs("ORDER BY sheet"));
    std::vector<CatalogDisc> result = all_discs(query);
    for (const std::string& word : words) {
      const std::set<std::int64_t> found = discs_with_word(word);
      std::erase_if(result, [&](const CatalogDisc& disc) { return found.count(disc.id) == 0; });
    }
    return result;
  });
}

Result<std::vector<CatalogDrive>> SqliteCatalog::drives() {
  return guarded(path_, [&]() -> Result<std::vector<CatalogDrive>> {
    // total() instead of sum(): whatever figures a report claims, they do not overflow.
    SQLite::Statement query(*database_,
                            "SELECT name, count(DISTINCT disc), count(*), total(seconds), "
                            "CAST(total(sectors_read) AS INTEGER), CAST(total(sectors_retried) AS INTEGER), "
                            "CAST(total(c2_sectors) AS INTEGER), CAST(total(medium_errors) AS INTEGER), "
                            "CAST(total(other_errors) AS INTEGER) "
                            "FROM rips JOIN drives ON drives.id = drive GROUP BY drives.id ORDER BY name");
    std::vector<CatalogDrive> result;
    while (query.executeStep()) {
      RowReader row(query);
      CatalogDrive drive;
      drive.name = row.text();
      drive.discs = row.number();
      drive.rips = row.number();
      drive.figures = row.figures();
      result.push_back(std::move(drive));
    }
    return result;
  });
}

Result<std::vector<CatalogEvent>> SqliteCatalog::latest_events(std::size_t most) {
  return guarded(path_, [&]() -> Result<std::vector<CatalogEvent>> {
    SQLite::Statement query(*database_,
                            "SELECT time, kind, drive, disc, text FROM events ORDER BY id DESC LIMIT ?");
    Binder(query) << limit(most);
    std::vector<CatalogEvent> result;
    while (query.executeStep()) {
      RowReader row(query);
      CatalogEvent event;
      event.time = row.text();
      event.kind = row.text();
      event.drive = row.text();
      event.disc = row.optional_number();
      event.text = row.text();
      result.push_back(std::move(event));
    }
    return result;
  });
}

// ---- opening ----

tl::unexpected<Error> none_at(const fs::path& path) {
  return fail(ErrorKind::io, fmt::format("there is no catalogue {}", path.string()), kRebuildHint);
}

// An Error unless this program can read (or write) what is there.
Result<void> check_kind(CatalogKind kind, const fs::path& path, CatalogAccess access) {
  switch (kind) {
    case CatalogKind::current:
      return {};
    case CatalogKind::fresh:
      if (access == CatalogAccess::create) return {};
      return none_at(path);
    case CatalogKind::earlier:
      if (access != CatalogAccess::read) return {};
      return fail(ErrorKind::unsupported,
                  fmt::format("{}: an earlier version of binrip made it", path.string()),
                  "`binrip catalog rebuild ARCHIVE` brings it up to date");
    case CatalogKind::later:
      return fail(ErrorKind::unsupported, fmt::format("{}: a later version of binrip made it", path.string()),
                  "use that version");
    case CatalogKind::foreign:
      break;
  }
  return fail(ErrorKind::invalid,
              fmt::format("{}: expected a catalogue, got a database of another program", path.string()));
}

// Unlike other statements this one may be refused at once while another process does the same.
void use_write_ahead_log(SQLite::Database& database, milliseconds patience) {
  constexpr milliseconds kPause{20};
  for (auto waited = milliseconds{0};; waited += kPause) {
    try {
      // Where there is no shared memory it stays a rollback journal, which is as safe.
      static_cast<void>(database.execAndGet("PRAGMA journal_mode = WAL").getString());
      return;
    } catch (const SQLite::Exception& problem) {
      if (problem.getErrorCode() != SQLITE_BUSY || waited >= patience) throw;
      std::this_thread::sleep_for(kPause);
    }
  }
}

// A folder that cannot be written has no room for the shared memory of readers; where nobody has left a log,
// nobody writes either, and none is needed.
bool stands_still(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code none;
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) != 0 &&
         !fs::exists(path.string() + "-wal", none);
}

std::string uri_of(const fs::path& path) {
  std::string uri = "file:";
  for (const char c : fs::absolute(path).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || c == '/' || c == '.' || c == '-' || c == '_';
    uri += plain ? std::string(1, c) : fmt::format("%{:02x}", byte);
  }
  return uri + "?immutable=1";
}

std::unique_ptr<SQLite::Database> open_to_read(const fs::path& path, int patience) {
  if (stands_still(path)) {
    return std::make_unique<SQLite::Database>(uri_of(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                                              patience);
  }
  // Able to write, so that the log's leftovers are put in order as SQLite does it; no statement may.
  auto database = std::make_unique<SQLite::Database>(path.string(), SQLite::OPEN_READWRITE, patience);
  database->exec("PRAGMA query_only = ON");
  return database;
}

Result<std::unique_ptr<SqliteCatalog>> open_to_write(const fs::path& path, CatalogAccess access,
                                                     milliseconds patience,
                                                     std::span<const CatalogEntry> first) {
  std::error_code none;
  const bool is_new = !fs::exists(path, none);
  const int create = access == CatalogAccess::create ? SQLite::OPEN_CREATE : 0;
  auto database = std::make_unique<SQLite::Database>(path.string(), SQLite::OPEN_READWRITE | create,
                                                     static_cast<int>(patience.count()));
  TRY_VOID(check_kind(kind_of(*database), path, access));
  use_write_ahead_log(*database, patience);
  database->exec("PRAGMA synchronous = FULL");
  database->exec("PRAGMA foreign_keys = ON");
  auto catalog = std::make_unique<SqliteCatalog>(std::move(database), path);
  catalog->bring_up_to_date(first);
  if (is_new) TRY_VOID(sync_folder(path.parent_path()));
  return catalog;
}

}  // namespace

Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const fs::path& path, CatalogAccess access,
                                                     milliseconds patience,
                                                     std::span<const CatalogEntry> first) {
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: expected a catalogue, got no regular file", path.string()));
  }
  if (access != CatalogAccess::create && status.type() == fs::file_type::not_found) return none_at(path);
  return guarded(path, [&]() -> Result<std::unique_ptr<Catalog>> {
    if (access != CatalogAccess::read) return open_to_write(path, access, patience, first);
    auto database = open_to_read(path, static_cast<int>(patience.count()));
    TRY_VOID(check_kind(kind_of(*database), path, access));
    return std::make_unique<SqliteCatalog>(std::move(database), path);
  });
}

}  // namespace binrip::batch
