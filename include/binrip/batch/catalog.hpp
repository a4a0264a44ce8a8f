// The catalogue of an archive: which discs are in it, with what digests, read by which drive, and what
// happened. All SQL stands behind Catalog, so that another database can take SQLite's place. What reports
// tell can always be had from them again (catalog_archive.hpp); only events, and runs that an image is no
// longer made of, are told nowhere else.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binrip/image/report.hpp"

namespace binrip::batch {

// Of an image: the last time that somebody looked whether it is as recorded.
struct CatalogCheck {
  std::string date;  // ISO 8601, UTC; empty: never
  int exit_code = 0;
  std::string verdict;
  friend bool operator==(const CatalogCheck&, const CatalogCheck&) = default;
};

// An image in the archive. Texts are UTF-8, and may hold anything that a disc can; empty ones are not known.
struct CatalogDisc {
  std::int64_t id = 0;   // within the catalogue; 0: not in one
  std::string sheet;     // "artist/title [id]/title.cue", within the archive; no two discs have the same
  std::string identity;  // job::disc_identity: the same for all copies of a pressing
  std::string title, performer, mcn;
  std::string musicbrainz, cddb, accuraterip, ctdb;  // disc ids
  std::string program_version, started, finished;    // of the run that made it; ISO 8601, UTC
  int exit_code = 0;
  std::string verdict;
  std::int64_t tracks = 0;
  cd::StateCounts states{};
  image::Digests whole;  // of all sectors, whatever the layout
  CatalogCheck check;
  friend bool operator==(const CatalogDisc&, const CatalogDisc&) = default;
};

struct CatalogTrack {
  int session = 1, number = 1;
  std::string mode;    // as in the CUE sheet
  cd::LbaRange range;  // in the image, pregap included
  std::string isrc = {}, title = {}, performer = {};
  image::Digests digests;
  friend bool operator==(const CatalogTrack&, const CatalogTrack&) = default;
};

// What a drive went through.
struct DriveFigures {
  double seconds = 0;  // of drive time
  std::int64_t sectors_read = 0, sectors_retried = 0, c2_sectors = 0, medium_errors = 0, other_errors = 0;
  friend bool operator==(const DriveFigures&, const DriveFigures&) = default;
};

// A run of the program. A report has figures of its last run only.
struct CatalogRip {
  image::ReportRun run;
  bool in_image = true;  // false: of an image that was here before, and has been replaced
  std::optional<DriveFigures> figures;
  friend bool operator==(const CatalogRip&, const CatalogRip&) = default;
};

struct CatalogEntry {
  CatalogDisc disc;
  std::vector<CatalogTrack> tracks;      // as in the image
  std::vector<image::ReportFile> files;  // as in the report
  std::vector<CatalogRip> rips;          // ascending by time; those that are not in the image last
  friend bool operator==(const CatalogEntry&, const CatalogEntry&) = default;
};

// What a report tells of the image whose sheet lies there in the archive.
CatalogEntry catalog_entry(const image::Report& report, std::string sheet);

struct CatalogEvent {
  std::string time;                  // ISO 8601, UTC
  std::string kind;                  // "published", "failed", "ejected", …
  std::string drive;                 // DriveView::id; empty: of no drive
  std::optional<std::int64_t> disc;  // its id; nothing: of none, or of one that is not in the catalogue now
  std::string text;                  // for people
  friend bool operator==(const CatalogEvent&, const CatalogEvent&) = default;
};

// All that is known of a drive by its runs. Drives are told apart by name, so that those of one model are
// one where they have no serial numbers.
struct CatalogDrive {
  std::string name;  // vendor, product, revision, serial number
  std::int64_t discs = 0, rips = 0;
  DriveFigures figures;  // of the runs that have figures
  friend bool operator==(const CatalogDrive&, const CatalogDrive&) = default;
};

struct ContentMatch {
  CatalogDisc disc;
  bool whole = false;       // the whole image is the same
  std::int64_t tracks = 0;  // of the entry that was asked for: how many the disc has just so
  friend bool operator==(const ContentMatch&, const ContentMatch&) = default;
};

// Each call is one transaction: all of it, or nothing, also when the process is killed in the middle. What
// says that a disc is in the archive survives a loss of power, too; events may lose the last moments. Several
// processes may use one catalogue; they wait for each other, for as long as was agreed upon when it was
// opened. One thread at a time.
// Errors: timeout, another process writes for too long; no_space; permission; io; invalid, it is damaged.
class Catalog {
 public:
  virtual ~Catalog() = default;

  // Adds a disc, or takes the place of what was known of the image with this sheet; disc.id does not matter.
  // Gives the id. Figures of runs that were known before are kept, and so are runs that the image is no
  // longer made of.
  virtual Result<std::int64_t> put(const CatalogEntry& entry) = 0;
  // The image of this disc was replaced: mended, or ripped once more, perhaps under another name. Errors
  // besides: mismatch, there is no such disc; exists, another disc has that sheet.
  virtual Result<void> replace(std::int64_t id, const CatalogEntry& entry) = 0;
  // What a walk through the archive has found, and sheets of discs that are not there any more, at once.
  virtual Result<void> reconcile(std::span<const CatalogEntry> found, std::span<const std::string> gone) = 0;
  virtual Result<void> add_event(const CatalogEvent& event) = 0;
  // Errors besides: mismatch, there is no such disc.
  virtual Result<void> set_check(std::int64_t id, const CatalogCheck& check) = 0;

  virtual Result<std::vector<CatalogDisc>> discs() = 0;  // by sheet
  virtual Result<std::optional<CatalogEntry>> entry(std::int64_t id) = 0;
  // Copies of one pressing have the same; so may, now and then, other discs whose tracks begin alike.
  virtual Result<std::vector<CatalogDisc>> with_identity(const std::string& identity) = 0;
  // Discs with the whole image or tracks of this one, by their SHA-256; the most alike first. The one with
  // the same sheet is not among them.
  virtual Result<std::vector<ContentMatch>> with_content(const CatalogEntry& entry) = 0;
  // Discs for which each word stands in a title, performer, sheet, ISRC or MCN (upper and lower case of A to
  // Z alike), is one of the disc's ids, or begins a digest, with at least 8 digits. By sheet.
  virtual Result<std::vector<CatalogDisc>> search(std::span<const std::string> words) = 0;
  // Those that nobody has looked at for the longest time, in that order: at most so many. Ripping counts as
  // looking.
  virtual Result<std::vector<CatalogDisc>> least_recently_checked(std::size_t most) = 0;
  virtual Result<std::vector<CatalogDrive>> drives() = 0;                         // by name
  virtual Result<std::vector<CatalogEvent>> latest_events(std::size_t most) = 0;  // latest first
};

inline constexpr std::string_view kCatalogName = "catalog.db";  // in the folder of the archive

// read: nothing is made, migrated or changed; also in a folder that cannot be written. update: it must be
// there, and is brought up to date when an earlier version of the program made it. create: it is made when it
// is missing.
enum class CatalogAccess { read, update, create };
inline constexpr std::chrono::milliseconds kCatalogPatience{30'000};
// `patience`: how long a call waits for other processes. `first`: what a catalogue that is made anew holds
// from its first moment on; nobody ever sees it without. Errors besides Catalog's: io, there is none (read,
// update); unsupported, a later version of the program made it, or (read) an earlier one; invalid, it is
// something else. Then nothing is changed.
Result<std::unique_ptr<Catalog>> open_sqlite_catalog(const std::filesystem::path& path, CatalogAccess access,
                                                     std::chrono::milliseconds patience = kCatalogPatience,
                                                     std::span<const CatalogEntry> first = {});

}  // namespace binrip::batch
