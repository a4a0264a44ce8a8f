#include "binrip/batch/catalog.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog_reports.hpp"
#include "support/temp_dir.hpp"

namespace binrip::batch {
namespace {

using test::report_of;
using test::SampleDisc;
using testing::ElementsAre;
using testing::IsEmpty;

class CatalogTest : public testing::Test {
 protected:
  std::int64_t put(const SampleDisc& sample, const std::string& sheet) {
    return put(catalog_entry(report_of(sample), sheet));
  }
  std::int64_t put(const CatalogEntry& entry) {
    const auto id = catalog->put(entry);
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or(0);
  }
  CatalogEntry entry(std::int64_t id) { return catalog->entry(id).value().value(); }
  std::vector<std::string> found(std::vector<std::string> words) {
    return sheets(catalog->search(words).value());
  }
  static std::vector<std::string> sheets(const std::vector<CatalogDisc>& discs) {
    std::vector<std::string> result;
    for (const CatalogDisc& disc : discs) result.push_back(disc.sheet);
    return result;
  }

  test::TempDir dir;
  std::unique_ptr<Catalog> catalog = open_sqlite_catalog(dir / "catalog.db", CatalogAccess::create).value();
};

TEST_F(CatalogTest, HoldsWhatAReportTells) {
  image::Report report = report_of({.title = "Revolver", .performer = "The Beatles"});
  report.verifications = {{"2030-01-01T00:00:00Z", "0.2.0", 3, "1 problem found", {}},
                          {"2031-01-01T00:00:00Z", "0.2.0", 0, "everything is as recorded", {}}};
  const CatalogEntry e = entry(put(catalog_entry(report, "beatles/revolver/out.cue")));
  EXPECT_EQ(e.disc.id, 1);
  EXPECT_EQ(e.disc.sheet, "beatles/revolver/out.cue");
  // SHA-256 of "1:00:02:00/0,00:10:00/0,00:18:00": two tracks of 8 seconds, after the pregap of 2.
  EXPECT_EQ(e.disc.identity, sha256_hex(std::string_view("1:00:02:00/0,00:10:00/0,00:18:00")));
  EXPECT_EQ(e.disc.title, "Revolver");
  EXPECT_EQ(e.disc.performer, "The Beatles");
  EXPECT_EQ(e.disc.mcn, "0724354526329");
  EXPECT_EQ(e.disc.musicbrainz, "mb-a");
  EXPECT_EQ(e.disc.cddb, "1f02e004");
  EXPECT_EQ(e.disc.accuraterip, "ar-a");
  EXPECT_EQ(e.disc.ctdb, "ct-a");
  EXPECT_EQ(e.disc.program_version, "0.1.0");
  EXPECT_EQ(e.disc.started, "2026-11-01T10:00:00Z");
  EXPECT_EQ(e.disc.finished, "2026-11-01T10:02:00Z");
  EXPECT_EQ(e.disc.exit_code, 3);
  EXPECT_EQ(e.disc.verdict, "1 damaged, 0 failed, 0 unproven; the rest is good");
  EXPECT_EQ(e.disc.tracks, 2);
  EXPECT_EQ(e.disc.states, (cd::StateCounts{0, 0, 1, 0, 1199, 0}));
  EXPECT_EQ(e.disc.whole, report.whole_disc);
  EXPECT_EQ(e.disc.check, (CatalogCheck{"2031-01-01T00:00:00Z", 0, "everything is as recorded"}));

  ASSERT_EQ(e.tracks.size(), 2U);
  const CatalogTrack second{.session = 1,
                            .number = 2,
                            .mode = "AUDIO",
                            .range = {{600}, {1200}},
                            .isrc = "GBAYE6700002",
                            .title = "Revolver, part 2",
                            .performer = "",
                            .digests = test::digests_of("a track 2", 1'411'200)};
  EXPECT_EQ(e.tracks[1], second);
  EXPECT_EQ(e.files, report.files);
  const DriveFigures figures{.seconds = 60.5,
                             .sectors_read = 1300,
                             .sectors_retried = 90,
                             .c2_sectors = 7,
                             .medium_errors = 3,
                             .other_errors = 2};
  EXPECT_THAT(e.rips, ElementsAre(CatalogRip{report.runs[0], true, figures}));
}

TEST_F(CatalogTest, HasOneRowForASheet) {
  const std::int64_t first = put({.title = "one"}, "a/out.cue");
  EXPECT_EQ(put({.title = "one"}, "a/out.cue"), first);
  EXPECT_EQ(put({.title = "another", .tracks = 1}, "a/out.cue"), first);
  EXPECT_EQ(catalog->discs()->size(), 1U);
  EXPECT_EQ(entry(first).disc.title, "another");
  EXPECT_EQ(entry(first).tracks.size(), 1U);
  EXPECT_EQ(entry(first).files.size(), 2U);
  EXPECT_EQ(entry(first).rips.size(), 1U);
  EXPECT_NE(put({.title = "one"}, "b/out.cue"), first);
  EXPECT_EQ(*catalog->entry(77), std::nullopt);
}

TEST_F(CatalogTest, KeepsTheRunsOfAnImageThatIsMendedOrReplaced) {
  image::Report report = report_of({.title = "one"});
  const std::int64_t id = put(catalog_entry(report, "a/out.cue"));
  const auto first = entry(id).rips.at(0);

  // Mended: the report knows both runs, and figures of the second only.
  report.runs.push_back(
      {"2026-11-02T10:00:00Z", "2026-11-02T10:01:00Z", "/dev/sr1", "LITE-ON X", "all good"});
  report.reading.sectors_read = 55;
  put(catalog_entry(report, "a/out.cue"));
  auto rips = entry(id).rips;
  ASSERT_EQ(rips.size(), 2U);
  EXPECT_EQ(rips[0], first);
  EXPECT_EQ(rips[1].figures->sectors_read, 55);

  // Ripped anew, under another name.
  image::Report anew = report_of({.title = "one"});
  anew.runs = {{"2026-11-03T10:00:00Z", "2026-11-03T10:01:00Z", "/dev/sr2", "OTHER", "all good"}};
  ASSERT_TRUE(catalog->replace(id, catalog_entry(anew, "b/out.cue")));
  EXPECT_EQ(entry(id).disc.sheet, "b/out.cue");
  rips = entry(id).rips;
  ASSERT_EQ(rips.size(), 3U);
  EXPECT_TRUE(rips[0].in_image);
  EXPECT_EQ(rips[0].run.drive, "OTHER");
  EXPECT_FALSE(rips[1].in_image);
  EXPECT_EQ(rips[1].figures, first.figures);
  EXPECT_FALSE(rips[2].in_image);
}

TEST_F(CatalogTest, ReplacesOnlyWhatIsThere) {
  const std::int64_t a = put({.title = "one"}, "a/out.cue");
  put({.title = "two"}, "b/out.cue");
  const CatalogEntry other = catalog_entry(report_of({.title = "three"}), "b/out.cue");
  EXPECT_EQ(catalog->replace(99, other).error().kind, ErrorKind::mismatch);
  EXPECT_EQ(catalog->replace(a, other).error().kind, ErrorKind::exists);
  EXPECT_EQ(entry(a).disc.title, "one");
  EXPECT_EQ(catalog->set_check(99, {}).error().kind, ErrorKind::mismatch);
}

TEST_F(CatalogTest, FindsDiscsByTheirTocAndNeverByTheirLabel) {
  put({.title = "Greatest Hits", .content = "a"}, "a/out.cue");
  put({.title = "Something else", .content = "b"}, "b/out.cue");
  put({.title = "Greatest Hits", .content = "a", .pressing = 20}, "c/out.cue");
  const std::string identity = catalog_entry(report_of({.title = "", .content = "x"}), "").disc.identity;
  EXPECT_THAT(sheets(catalog->with_identity(identity).value()), ElementsAre("a/out.cue", "b/out.cue"));
  EXPECT_THAT(catalog->with_identity("").value(), IsEmpty());
}

TEST_F(CatalogTest, FindsCopiesByWhatIsOnThem) {
  CatalogEntry part = catalog_entry(report_of({.title = "part", .content = "p"}), "d/out.cue");
  const CatalogEntry asked = catalog_entry(report_of({.title = "x", .content = "a"}), "a/out.cue");
  part.tracks[1].digests = asked.tracks[0].digests;
  put({.title = "x", .content = "a"}, "a/out.cue");
  put(part);
  put({.title = "x", .content = "b"}, "b/out.cue");
  put({.title = "y", .content = "a"}, "c/out.cue");
  const auto matches = catalog->with_content(asked).value();
  ASSERT_EQ(matches.size(), 2U);
  EXPECT_EQ(matches[0].disc.sheet, "c/out.cue");
  EXPECT_TRUE(matches[0].whole);
  EXPECT_EQ(matches[0].tracks, 2);
  EXPECT_EQ(matches[1].disc.sheet, "d/out.cue");
  EXPECT_FALSE(matches[1].whole);
  EXPECT_EQ(matches[1].tracks, 1);
}

TEST_F(CatalogTest, TakesNoDigestForNoMatch) {
  CatalogEntry bare = catalog_entry(report_of({.title = "x"}), "a/out.cue");
  bare.disc.whole.sha256.clear();
  for (CatalogTrack& track : bare.tracks) track.digests.sha256.clear();
  put(bare);
  bare.disc.sheet = "b/out.cue";
  EXPECT_THAT(catalog->with_content(bare).value(), IsEmpty());
}

TEST_F(CatalogTest, IsSearchedByWordsIdsAndDigests) {
  put({.title = "Abbey Road", .performer = "The Beatles", .content = "a"}, "a/out.cue");
  put({.title = "100% Colombian_", .performer = "Fun Lovin' Criminals", .content = "b"}, "b/out.cue");
  EXPECT_THAT(found({"abbey"}), ElementsAre("a/out.cue"));
  EXPECT_THAT(found({"ROAD", "beatles"}), ElementsAre("a/out.cue"));
  EXPECT_THAT(found({"road", "criminals"}), IsEmpty());
  EXPECT_THAT(found({"road, part 2"}), ElementsAre("a/out.cue"));
  EXPECT_THAT(found({"gbaye6700001"}), ElementsAre("a/out.cue", "b/out.cue"));
  EXPECT_THAT(found({"724354526329"}), ElementsAre("a/out.cue", "b/out.cue"));
  EXPECT_THAT(found({"b/out"}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({"mb-b"}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({"mb-"}), IsEmpty());
  EXPECT_THAT(found({"1F02E004"}), ElementsAre("a/out.cue", "b/out.cue"));
  const std::string track = sha256_hex(std::string_view("a track 2"));
  EXPECT_THAT(found({track}), ElementsAre("a/out.cue"));
  EXPECT_THAT(found({track.substr(0, 8)}), ElementsAre("a/out.cue"));
  EXPECT_THAT(found({track.substr(0, 7)}), IsEmpty());
  EXPECT_THAT(found({sha256_hex(std::string_view("b"))}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({sha256_hex(std::string_view("cue"))}), ElementsAre("a/out.cue", "b/out.cue"));
}

TEST_F(CatalogTest, TakesWordsForNothingButWords) {
  put({.title = "100% Colombian_", .performer = "Fun Lovin' Criminals"}, "b/out.cue");
  EXPECT_THAT(found({"0%"}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({"1%C"}), IsEmpty());
  EXPECT_THAT(found({"colombian_"}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({"co_ombian"}), IsEmpty());
  EXPECT_THAT(found({"lovin'"}), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({"' OR 1=1 --"}), IsEmpty());
  EXPECT_THAT(found({"\\"}), IsEmpty());
  EXPECT_THAT(found({"\xFF\xFE"}), IsEmpty());
  EXPECT_THAT(found({std::string(100'000, '%')}), IsEmpty());
  EXPECT_THAT(found(std::vector<std::string>(2000, "fun")), ElementsAre("b/out.cue"));
  EXPECT_THAT(found({}), ElementsAre("b/out.cue"));
}

TEST_F(CatalogTest, GivesTextsBackAsTheyWere) {
  const std::string hostile = std::string("'; DROP TABLE discs; --\0\x01\x1b[2J\r\n\"=1+1", 36);
  CatalogEntry e = catalog_entry(report_of({.title = hostile, .performer = "caf\xE9"}), "\xFF\n'/out.cue");
  EXPECT_EQ(e.disc.performer, "caf\u00e9");
  e.disc.id = put(e);
  EXPECT_EQ(entry(e.disc.id), e);
  EXPECT_EQ(catalog->put(e).value(), e.disc.id);
  ASSERT_TRUE(catalog->add_event({"2026", hostile, hostile, e.disc.id, hostile}));
  EXPECT_THAT(catalog->latest_events(9).value(),
              ElementsAre(CatalogEvent{"2026", hostile, hostile, e.disc.id, hostile}));
}

TEST_F(CatalogTest, RemembersEventsOfDiscsThatAreGone) {
  const std::int64_t id = put({.title = "one"}, "a/out.cue");
  ASSERT_TRUE(catalog->add_event({"2026-11-01", "published", "drive 1", id, "one"}));
  ASSERT_TRUE(catalog->add_event({"2026-11-02", "failed", "drive 2", std::nullopt, "no TOC"}));
  EXPECT_EQ(catalog->add_event({"2026-11-02", "failed", "drive 2", 99, "x"}).error().kind,
            ErrorKind::mismatch);
  EXPECT_EQ(catalog->latest_events(1)->at(0).text, "no TOC");
  EXPECT_EQ(catalog->latest_events(9)->at(1).disc, id);
  const std::vector<std::string> gone = {"a/out.cue"};
  ASSERT_TRUE(catalog->reconcile({}, gone));
  EXPECT_EQ(*catalog->entry(id), std::nullopt);
  EXPECT_EQ(catalog->latest_events(9)->at(1),
            (CatalogEvent{"2026-11-01", "published", "drive 1", {}, "one"}));
  EXPECT_NE(put({.title = "two"}, "b/out.cue"), id);  // numbers are not given twice
}

TEST_F(CatalogTest, AddsUpWhatEachDriveWentThrough) {
  put({.title = "one"}, "a/out.cue");
  put({.title = "two"}, "b/out.cue");
  image::Report merged = report_of({.title = "three"});
  merged.runs.push_back({"2026", "2026", "merge", "", "all good"});
  merged.reading = {};
  put(catalog_entry(merged, "c/out.cue"));
  EXPECT_THAT(catalog->drives().value(), ElementsAre(CatalogDrive{.name = "PLEXTOR PREMIUM 1.07 serial=1",
                                                                  .discs = 3,
                                                                  .rips = 3,
                                                                  .figures = {.seconds = 121,
                                                                              .sectors_read = 2600,
                                                                              .sectors_retried = 180,
                                                                              .c2_sectors = 14,
                                                                              .medium_errors = 6,
                                                                              .other_errors = 4}}));
}

TEST_F(CatalogTest, SurvivesFiguresThatCannotBe) {
  image::Report report = report_of({.title = "one"});
  report.reading.sectors_read = std::numeric_limits<std::int64_t>::max();
  put(catalog_entry(report, "a/out.cue"));
  put(catalog_entry(report, "b/out.cue"));
  EXPECT_EQ(catalog->drives()->at(0).figures.sectors_read, std::numeric_limits<std::int64_t>::max());
}

TEST_F(CatalogTest, NamesFirstWhatNobodyHasSeenForLongest) {
  const std::int64_t a = put({.title = "a"}, "a/out.cue");
  put({.title = "b"}, "b/out.cue");
  const std::int64_t c = put({.title = "c"}, "c/out.cue");
  ASSERT_TRUE(catalog->set_check(a, {"2028-01-01T00:00:00Z", 0, "right"}));
  ASSERT_TRUE(catalog->set_check(c, {"2027-01-01T00:00:00Z", 3, "wrong"}));
  EXPECT_THAT(sheets(catalog->least_recently_checked(9).value()),
              ElementsAre("b/out.cue", "c/out.cue", "a/out.cue"));
  EXPECT_THAT(sheets(catalog->least_recently_checked(2).value()), ElementsAre("b/out.cue", "c/out.cue"));
}

TEST_F(CatalogTest, NamesFirstOfOneSecondWhatWasOnlyRipped) {
  const std::int64_t a = put({.title = "a"}, "a/out.cue");
  put({.title = "b"}, "b/out.cue");
  ASSERT_TRUE(catalog->set_check(a, {"2026-11-01T10:02:00Z", 0, "right"}));
  EXPECT_THAT(sheets(catalog->least_recently_checked(9).value()), ElementsAre("b/out.cue", "a/out.cue"));
}

// A report that could not be told of a check takes nothing from the catalogue; another image does.
TEST_F(CatalogTest, KeepsACheckOfTheSameImage) {
  const std::int64_t a = put({.title = "a"}, "a/out.cue");
  const CatalogCheck check{"2028-01-01T00:00:00Z", 0, "right"};
  ASSERT_TRUE(catalog->set_check(a, check));
  put({.title = "a"}, "a/out.cue");
  EXPECT_EQ(entry(a).disc.check, check);
  put({.title = "a", .content = "other"}, "a/out.cue");
  EXPECT_EQ(entry(a).disc.check, CatalogCheck{});
}

}  // namespace
}  // namespace binrip::batch
