// What catalogues are made, opened, brought up to date and refused; and several processes with one.
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog_reports.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/batch/catalog.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using test::report_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::chrono::milliseconds kNoPatience{0};

class CatalogFile : public testing::Test {
 protected:
  std::unique_ptr<Catalog> create() const { return open_sqlite_catalog(path, CatalogAccess::create).value(); }
  Error error(CatalogAccess access) const {
    const auto result = open_sqlite_catalog(path, access);
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }
  void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }
  std::string bytes() const { return read_text(path).value(); }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(dir.path())) result.push_back(entry.path().filename());
    return result;
  }
  // Gives the exit code of `work` in a process of its own; 0 is what it should be.
  template <class F>
  static pid_t start(F work) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        ::_exit(work());
      } catch (const std::exception&) {
        ::_exit(99);
      }
    }
    return child;
  }
  static int code_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  test::TempDir dir;
  fs::path path = dir / "catalog.db";
};

// As version 1 of the tables was: written down here once more, so that no later change of them goes unseen.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE discs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sheet TEXT NOT NULL UNIQUE,
  identity TEXT NOT NULL, title TEXT NOT NULL, performer TEXT NOT NULL, mcn TEXT NOT NULL,
  musicbrainz TEXT NOT NULL, cddb TEXT NOT NULL, accuraterip TEXT NOT NULL, ctdb TEXT NOT NULL,
  program_version TEXT NOT NULL, started TEXT NOT NULL, finished TEXT NOT NULL,
  exit_code INTEGER NOT NULL, verdict TEXT NOT NULL, tracks INTEGER NOT NULL,
  untried INTEGER NOT NULL, failed INTEGER NOT NULL, damaged INTEGER NOT NULL,
  unproven INTEGER NOT NULL, consistent INTEGER NOT NULL, proven INTEGER NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  check_date TEXT NOT NULL, check_exit_code INTEGER NOT NULL, check_verdict TEXT NOT NULL);
CREATE TABLE tracks (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  session INTEGER NOT NULL, number INTEGER NOT NULL, mode TEXT NOT NULL,
  range_begin INTEGER NOT NULL, range_end INTEGER NOT NULL,
  isrc TEXT NOT NULL, title TEXT NOT NULL, performer TEXT NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (disc, position)) WITHOUT ROWID;
CREATE TABLE files (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, crc32 TEXT NOT NULL, md5 TEXT NOT NULL, sha1 TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (disc, position)) WITHOUT ROWID;
CREATE TABLE drives (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE rips (
  disc INTEGER NOT NULL REFERENCES discs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
  started TEXT NOT NULL, finished TEXT NOT NULL, device TEXT NOT NULL,
  drive INTEGER REFERENCES drives (id), verdict TEXT NOT NULL, in_image INTEGER NOT NULL,
  seconds REAL, sectors_read INTEGER, sectors_retried INTEGER, c2_sectors INTEGER,
  medium_errors INTEGER, other_errors INTEGER, PRIMARY KEY (disc, position)) WITHOUT ROWID;
INSERT INTO discs VALUES (7, 'a/out.cue', 'id', 'Old', 'Somebody', '', '', '', '', '', '0.1.0', 's', 'f', 0,
  'good', 1, 0, 0, 0, 0, 600, 0, 1411200, 'c', 'm', 's1', 's256', '', 0, '');
INSERT INTO tracks VALUES (7, 0, 1, 1, 'AUDIO', 0, 600, '', 'Track', '', 1411200, 'c', 'm', 's1', 't256');
INSERT INTO files VALUES (7, 0, 'out.bin', 'bin', 1411200, 'c', 'm', 's1', 's256');
INSERT INTO drives VALUES (3, 'DRIVE');
INSERT INTO rips VALUES (7, 0, 's', 'f', '/dev/sr0', 3, 'good', 1, 1.5, 600, 0, 0, 0, 0);
PRAGMA application_id = 1651665264;
PRAGMA user_version = 1;
)sql";

TEST_F(CatalogFile, IsBroughtUpToDateFromVersion1) {
  SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kVersion1);
  const std::string before = bytes();
  const Error refused = error(CatalogAccess::read);
  EXPECT_EQ(refused.kind, ErrorKind::unsupported);
  EXPECT_THAT(refused.message, HasSubstr("an earlier version of binrip made it"));
  EXPECT_EQ(bytes(), before);

  const auto catalog = open_sqlite_catalog(path, CatalogAccess::update).value();
  const CatalogEntry entry = catalog->entry(7).value().value();
  EXPECT_EQ(entry.disc.title, "Old");
  EXPECT_EQ(entry.disc.states[static_cast<std::size_t>(cd::SectorState::consistent)], 600);
  EXPECT_EQ(entry.tracks.at(0).title, "Track");
  EXPECT_EQ(entry.files.at(0).name, "out.bin");
  EXPECT_EQ(entry.rips.at(0).run.drive, "DRIVE");
  EXPECT_EQ(entry.rips.at(0).figures->seconds, 1.5);
  EXPECT_TRUE(catalog->add_event({"t", "note", "", 7, "x"}));
  EXPECT_TRUE(open_sqlite_catalog(path, CatalogAccess::read));
}

TEST_F(CatalogFile, OfALaterVersionIsNotTouched) {
  create();
  SQLite::Database(path.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 3");
  const std::string before = bytes();
  for (const auto access : {CatalogAccess::read, CatalogAccess::update, CatalogAccess::create}) {
    EXPECT_EQ(error(access).kind, ErrorKind::unsupported);
    EXPECT_THAT(error(access).message, HasSubstr("a later version of binrip made it"));
  }
  EXPECT_EQ(bytes(), before);
}

TEST_F(CatalogFile, OfAnotherProgramIsNotTouched) {
  SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE bookmarks (x); PRAGMA user_version = 2");
  const std::string before = bytes();
  for (const auto access : {CatalogAccess::read, CatalogAccess::create}) {
    EXPECT_EQ(error(access).kind, ErrorKind::invalid);
    EXPECT_THAT(error(access).message, HasSubstr("a database of another program"));
  }
  EXPECT_EQ(bytes(), before);
}

TEST_F(CatalogFile, IsNotMadeByThoseWhoRead) {
  for (const auto access : {CatalogAccess::read, CatalogAccess::update}) {
    EXPECT_THAT(error(access).message, HasSubstr("there is no catalogue"));
    EXPECT_THAT(error(access).hint, HasSubstr("rebuild"));
    EXPECT_THAT(names(), IsEmpty());
  }
  write("");  // a kill before the first tables were made
  EXPECT_THAT(error(CatalogAccess::read).message, HasSubstr("there is no catalogue"));
  EXPECT_EQ(fs::file_size(path), 0U);
  EXPECT_TRUE(open_sqlite_catalog(path, CatalogAccess::create));
}

TEST_F(CatalogFile, MustBeAFileOfItsKind) {
  write("not a database, but long enough to be taken for one by its length alone: " + std::string(5000, 'x'));
  const std::string before = bytes();
  for (const auto access : {CatalogAccess::read, CatalogAccess::create}) {
    EXPECT_EQ(error(access).kind, ErrorKind::invalid);
  }
  EXPECT_EQ(bytes(), before);
  fs::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(error(CatalogAccess::read).message, HasSubstr("no regular file"));
  fs::remove(path);
  fs::create_directory(path);
  EXPECT_THAT(error(CatalogAccess::create).message, HasSubstr("no regular file"));
  path = dir / "nowhere/catalog.db";
  EXPECT_EQ(error(CatalogAccess::create).kind, ErrorKind::io);
}

TEST_F(CatalogFile, HasItsFirstDiscsOnlyWhenItIsNew) {
  const std::vector<CatalogEntry> first = {catalog_entry(report_of({.title = "one"}), "a/out.cue")};
  for (int i = 0; i < 2; ++i) {
    const auto catalog = open_sqlite_catalog(path, CatalogAccess::create, kCatalogPatience, first).value();
    EXPECT_EQ(catalog->discs()->size(), 1U);
    ASSERT_TRUE(catalog->reconcile({}, std::vector<std::string>{"a/out.cue"}));
    ASSERT_TRUE(catalog->put(catalog_entry(report_of({.title = "two"}), "b/out.cue")));
  }
}

TEST_F(CatalogFile, LeavesNothingBesideItBehind) {
  create()->put(catalog_entry(report_of({.title = "one"}), "a/out.cue")).value();
  open_sqlite_catalog(path, CatalogAccess::read).value()->discs().value();
  EXPECT_THAT(names(), ElementsAre("catalog.db"));
}

TEST_F(CatalogFile, IsReadWhereNothingCanBeWritten) {
  create()->put(catalog_entry(report_of({.title = "one"}), "a/out.cue")).value();
  fs::permissions(path, fs::perms(0444));
  fs::permissions(dir.path(), fs::perms(0555));
  const pid_t reader = start([&] {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 2;  // nothing is forbidden to root
    const auto catalog = open_sqlite_catalog(path, CatalogAccess::read);
    if (!catalog) return 3;
    if ((*catalog)->discs().value().size() != 1) return 4;
    const auto added = (*catalog)->add_event({});
    if (added || added.error().kind != ErrorKind::permission) return 5;
    const auto writer = open_sqlite_catalog(path, CatalogAccess::update);
    return !writer || !(*writer)->add_event({}) ? 0 : 6;
  });
  EXPECT_EQ(code_of(reader), 0);
  fs::permissions(dir.path(), fs::perms(0755));
}

TEST_F(CatalogFile, ChangesNothingForReaders) {
  create();
  const auto catalog = open_sqlite_catalog(path, CatalogAccess::read).value();
  EXPECT_EQ(catalog->put(catalog_entry(report_of({}), "a/out.cue")).error().kind, ErrorKind::permission);
}

TEST_F(CatalogFile, SaysWhenAnotherWritesForTooLong) {
  create();
  const auto catalog = open_sqlite_catalog(path, CatalogAccess::update, kNoPatience).value();
  SQLite::Database other(path.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto result = catalog->add_event({"t", "note", "", {}, "x"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  EXPECT_TRUE(catalog->discs());  // who reads does not wait
  other.exec("COMMIT");
  EXPECT_TRUE(catalog->add_event({"t", "note", "", {}, "x"}));
}

TEST_F(CatalogFile, ServesSeveralProcessesAtOnce) {
  constexpr int kProcesses = 4, kDiscs = 20;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    children.push_back(start([&] {  // each may be the one that makes the tables
      const auto catalog = open_sqlite_catalog(path, CatalogAccess::create);
      if (!catalog) return 2;
      for (int i = 0; i < kDiscs; ++i) {
        const auto id = (*catalog)->put(
            catalog_entry(report_of({.title = "x"}), fmt::format("{}-{}/out.cue", process, i)));
        if (!id || !(*catalog)->add_event({"t", "published", "", *id, "x"})) return 3;
        if (!(*catalog)->put(catalog_entry(report_of({.title = "shared"}), "shared/out.cue"))) return 4;
      }
      return 0;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(code_of(child), 0);
  const auto catalog = open_sqlite_catalog(path, CatalogAccess::read).value();
  EXPECT_EQ(catalog->discs()->size(), std::size_t{kProcesses * kDiscs + 1});
  EXPECT_EQ(catalog->latest_events(1000)->size(), std::size_t{kProcesses * kDiscs});
  SQLite::Database database(path.string());
  EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
}

// What a damaged disk makes of it is an error or old news, never the end of the program.
TEST_F(CatalogFile, SurvivesDamage) {
  {
    const auto catalog = create();
    for (int i = 0; i < 3; ++i) {
      catalog->put(catalog_entry(report_of({.title = "x"}), fmt::format("{}/out.cue", i))).value();
    }
  }
  const std::string whole = bytes();
  const auto use = [&] {
    const auto catalog = open_sqlite_catalog(path, CatalogAccess::update);
    if (!catalog) {
      EXPECT_NE(catalog.error().message, "");
      return;
    }
    const std::vector<std::string> words = {"part"};
    static_cast<void>((*catalog)->discs());
    static_cast<void>((*catalog)->entry(1));
    static_cast<void>((*catalog)->search(words));
    static_cast<void>((*catalog)->drives());
    static_cast<void>((*catalog)->put(catalog_entry(report_of({.title = "y"}), "0/out.cue")));
  };
  constexpr std::size_t kStep = 1000;
  for (std::size_t size = 0; size < whole.size(); size += 2 * kStep) {
    write(whole.substr(0, size));
    use();
  }
  for (std::size_t at = 0; at < whole.size(); at += kStep) {
    std::string changed = whole;
    for (std::size_t i = at; i < std::min(at + 16, changed.size()); ++i)
      changed[i] = static_cast<char>(~changed[i]);
    write(changed);
    use();
  }
}

}  // namespace
}  // namespace binrip::batch
