#include "binrip/batch/catalog_archive.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "catalog_reports.hpp"
#include "support/temp_dir.hpp"

#include "binrip/verify/seal.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using test::report_of;
using test::SampleDisc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CatalogArchive : public testing::Test {
 protected:
  // A report with its sheet, as a rip leaves them.
  void add(const std::string& sheet, const image::Report& report) {
    const fs::path cue = archive / sheet;
    fs::create_directories(cue.parent_path());
    std::ofstream(cue) << "FILE";
    write(fs::path(sheet).replace_extension(".json"), verify::seal_json(image::to_json(report)));
  }
  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((archive / name).parent_path());
    std::ofstream(archive / name) << text;
  }
  struct Rebuilt {
    std::size_t discs = 0, removed = 0;
    std::vector<std::string> problems;
  };
  Rebuilt rebuild() { return rebuild(*catalog, archive); }
  static Rebuilt rebuild(Catalog& into, const fs::path& from) {
    const ArchiveReports reports = read_reports(from).value();
    const std::size_t removed = take_in(into, from, reports).value();
    return {reports.entries.size(), removed, reports.problems};
  }
  std::vector<std::string> sheets() {
    std::vector<std::string> result;
    const std::vector<CatalogDisc> discs = catalog->discs().value();
    for (const CatalogDisc& disc : discs) result.push_back(disc.sheet);
    return result;
  }

  test::TempDir dir;
  fs::path archive = dir / "archive";
  bool made = fs::create_directory(archive);
  std::unique_ptr<Catalog> catalog =
      open_sqlite_catalog(archive / kCatalogName, CatalogAccess::create).value();
};

// All but the numbers, which tell in which order the discs came.
std::vector<CatalogEntry> everything(Catalog& catalog) {
  std::vector<CatalogEntry> result;
  const std::vector<CatalogDisc> discs = catalog.discs().value();
  for (const CatalogDisc& disc : discs) {
    result.push_back(catalog.entry(disc.id).value().value());
    result.back().disc.id = 0;
  }
  return result;
}

TEST_F(CatalogArchive, IsTheSameWhenItIsMadeFromTheReports) {
  image::Report refined =
      report_of({.title = "b", .performer = std::string("x\0\x1b'\xFF", 5), .content = "b"});
  refined.runs.insert(refined.runs.begin(), {"2025", "2025", "/dev/sr9", "AN OLD ONE", "damaged"});
  refined.verifications = {{"2030-01-01T00:00:00Z", "0.2.0", 3, "1 problem found", {}}};
  image::Report merged = report_of({.title = "c", .content = "c", .tracks = 5});
  merged.runs.push_back({"2026", "2026", "merge", "", "all good"});
  merged.reading = {};
  const std::vector<std::pair<std::string, image::Report>> discs = {
      {"z/out.cue", report_of({.title = "a"})}, {"b/b b/b.cue", refined}, {"c.cue", merged}};
  for (const auto& [sheet, report] : discs) {
    add(sheet, report);
    catalog->put(catalog_entry(report, sheet)).value();
  }
  const std::vector<CatalogEntry> original = everything(*catalog);
  const std::vector<CatalogDrive> drives = catalog->drives().value();
  ASSERT_EQ(original.size(), 3U);

  const auto other = open_sqlite_catalog(dir / "other.db", CatalogAccess::create).value();
  const Rebuilt rebuilt = rebuild(*other, archive / "");
  EXPECT_EQ(rebuilt.discs, 3U);
  EXPECT_THAT(rebuilt.problems, IsEmpty());
  EXPECT_EQ(everything(*other), original);
  EXPECT_EQ(other->drives().value(), drives);
  rebuild();  // over what is there
  EXPECT_EQ(everything(*catalog), original);
}

TEST_F(CatalogArchive, LooksOnlyWhereFinishedImagesLie) {
  const image::Report report = report_of({.title = "a"});
  for (const char* sheet : {"a/out.cue", "deep/failed/1/2/3/out.cue", "failed/out.cue", ".work/out.cue",
                            "b/out.partial/out.cue", "failed/x/out.cue"}) {
    add(sheet, report);
  }
  fs::create_directory_symlink(archive, archive / "a/again");
  ASSERT_EQ(::mkfifo((archive / "a/pipe.json").c_str(), 0600), 0);
  fs::create_directory(archive / "a/folder.json");
  const Rebuilt rebuilt = rebuild();
  EXPECT_THAT(sheets(), ElementsAre("a/out.cue", "deep/failed/1/2/3/out.cue"));
  EXPECT_THAT(rebuilt.problems, IsEmpty());
}

TEST_F(CatalogArchive, ListsReportsThatItCannotTake) {
  add("a/out.cue", report_of({.title = "a"}));
  const std::string good = verify::seal_json(image::to_json(report_of({.title = "b"})));
  write("cut/out.json", good.substr(0, good.size() / 2));
  write("other/notes.json", "{\"schema_version\": 1}");
  write("deep/out.json", std::string(100'000, '['));
  std::string changed = good;
  changed.replace(changed.find("serial=1"), 8, "serial=2");
  write("changed/out.json", changed);
  write("changed/out.cue", "FILE");
  write("alone/out.json", good);
  const Rebuilt rebuilt = rebuild();
  EXPECT_EQ(rebuilt.discs, 3U);
  EXPECT_THAT(sheets(), ElementsAre("a/out.cue", "alone/out.cue", "changed/out.cue"));
  EXPECT_THAT(rebuilt.problems,
              UnorderedElementsAre(HasSubstr("cut/out.json:"), HasSubstr("other/notes.json: expected"),
                                   HasSubstr("deep/out.json:"),
                                   HasSubstr("changed/out.json: its checksum of itself does not fit"),
                                   HasSubstr("alone/out.cue: the image of this report is not there")));
}

TEST_F(CatalogArchive, ForgetsWhatIsGoneAndKeepsWhatIsOnlyDamaged) {
  add("a/out.cue", report_of({.title = "a"}));
  add("b/out.cue", report_of({.title = "b"}));
  add("c/out.cue", report_of({.title = "c"}));
  EXPECT_EQ(rebuild().discs, 3U);
  const std::int64_t c = catalog->discs()->at(2).id;
  ASSERT_TRUE(catalog->add_event({"t", "note", "", c, "x"}));
  fs::remove_all(archive / "a");
  write("b/out.json", "{");
  const Rebuilt rebuilt = rebuild();
  EXPECT_EQ(rebuilt.discs, 1U);
  EXPECT_EQ(rebuilt.removed, 1U);
  EXPECT_THAT(sheets(), ElementsAre("b/out.cue", "c/out.cue"));
  EXPECT_EQ(catalog->discs()->at(1).id, c);
  EXPECT_EQ(catalog->latest_events(1)->at(0).disc, c);
}

TEST_F(CatalogArchive, StopsWhenAsked) {
  add("a/out.cue", report_of({.title = "a"}));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(read_reports(archive, stop.get_token()).error().kind, ErrorKind::cancelled);
  EXPECT_THAT(sheets(), IsEmpty());
  EXPECT_EQ(read_reports(archive / "none").error().kind, ErrorKind::io);
}

TEST_F(CatalogArchive, AMissingImageIsAProblemAndStaysOne) {
  const auto id = catalog->put(catalog_entry(report_of({.title = "a"}), "a/out.cue")).value();
  const ImageCheck check = check_image(*catalog, archive, id, "0.1.0").value();
  EXPECT_EQ(check.disc.check.exit_code, 3);
  EXPECT_THAT(check.problems, ElementsAre(HasSubstr("a/out.cue")));
  EXPECT_EQ(catalog->entry(id).value()->disc.check, check.disc.check);
  EXPECT_EQ(check_image(*catalog, archive, 99, "0.1.0").error().kind, ErrorKind::mismatch);
}

TEST_F(CatalogArchive, LooksAtNoFileOutsideOfTheArchive) {
  for (const char* sheet : {"../out.cue", "/etc/hostname", "a/../../x.cue", ""}) {
    const auto id = catalog->put(catalog_entry(report_of({.title = "a"}), sheet)).value();
    const ImageCheck check = check_image(*catalog, archive, id, "0.1.0").value();
    EXPECT_THAT(check.problems, ElementsAre(HasSubstr("not a place in the archive")));
  }
}

}  // namespace
}  // namespace binrip::batch
