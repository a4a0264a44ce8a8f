// Records over a real archive, a real catalogue, and images that were ripped from software drives.
#include "batch/archive_records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/job/disc_identity.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kTracks = 2;

class ArchiveRecordsTest : public testing::Test {
 protected:
  void SetUp() override { open(OnCopy::skip); }
  void open(OnCopy on_copy) {
    records.reset();
    auto archive = Archive::open(dir / "archive");
    ASSERT_TRUE(archive) << archive.error().message;
    auto catalog = open_sqlite_catalog(dir / "archive/catalog.db", CatalogAccess::create);
    ASSERT_TRUE(catalog) << catalog.error().message;
    auto names = NameTemplate::parse("{artist}/{title} [{discid}]");
    auto lists = ListKeeper::open(*archive, list, ListKeeper::Repeats::stop);
    ASSERT_TRUE(lists) << lists.error().message;
    records = std::make_unique<ArchiveRecords>(std::move(*archive), std::move(*catalog), std::move(*lists),
                                               *names, on_copy,
                                               [this](const std::string& text) { warnings.push_back(text); });
    ASSERT_TRUE(records->go_on());
  }
  // As a worker would: the disc of so many sectors is ripped to where the records say.
  EndedRip rip(int sectors, const std::string& title = "Title") {
    const auto disc =
        sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, kTracks, cd::SectorCount{sectors}));
    sim::SimDrive drive(disc, {});
    job::RipOptions options;
    rip::Listener listener;
    options.cue = dir / "first-look.cue";
    options.existing = job::Existing::overwrite;
    const auto look = job::rip_disc(drive, options, listener, {});
    EXPECT_TRUE(look);
    DiscInfo info{.identity = job::disc_identity(look->report.disc),
                  .disc_id = "id-" + std::to_string(sectors),
                  .title = title,
                  .artist = "Band",
                  .mcn = {},
                  .tracks = kTracks,
                  .sectors = sectors};
    const auto expected = records->expect("drive", info, 1);
    EXPECT_EQ(expected->contradiction, "");
    const auto place = records->begin("drive", info, 1);
    EXPECT_TRUE(place) << place.error().message;
    options.cue = place->cue;
    const auto outcome = job::rip_disc(drive, options, listener, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    return {"drive", info, *place, outcome->report.exit_code, outcome->report.verdict};
  }
  std::vector<std::string> folders() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir / "archive/Band"))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  void open_with_list(const std::string& text) {
    list = dir / "jobs.csv";
    ASSERT_TRUE(write_atomically(list, text));
    open(OnCopy::skip);
  }
  std::vector<ManifestRow> rows() const {
    return *parse_manifest(*read_text(dir / "archive/manifest.csv"), "manifest.csv");
  }

  test::TempDir dir;
  fs::path list;
  std::unique_ptr<ArchiveRecords> records;
  std::vector<std::string> warnings;
};

TEST_F(ArchiveRecordsTest, AnImageComesIntoTheArchiveAndTheCatalogue) {
  const EndedRip ended = rip(1200);
  const auto finished = records->publish(ended);
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->end, DiscEnd::published);
  EXPECT_EQ(finished->folder, "Band/Title [id-1200]");
  EXPECT_TRUE(fs::exists(dir / "archive/Band/Title [id-1200]/Title [id-1200].cue"));
  EXPECT_FALSE(fs::exists(ended.place.cue));
  records.reset();
  const auto catalog = open_sqlite_catalog(dir / "archive/catalog.db", CatalogAccess::read);
  const auto discs = (*catalog)->discs();
  ASSERT_EQ(discs->size(), 1U);
  EXPECT_EQ((*discs)[0].sheet, "Band/Title [id-1200]/Title [id-1200].cue");
  EXPECT_EQ((*(*catalog)->latest_events(1))[0].kind, "published");
  EXPECT_TRUE(warnings.empty());
}

TEST_F(ArchiveRecordsTest, TheSameContentIsNotKeptTwice) {
  ASSERT_TRUE(records->publish(rip(1200)));
  const EndedRip again = rip(1200);
  const auto finished = records->publish(again);
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->end, DiscEnd::skipped);
  EXPECT_THAT(finished->verdict, HasSubstr("Band/Title [id-1200]"));
  EXPECT_FALSE(fs::exists(again.place.cue));
  EXPECT_EQ(folders().size(), 1U);
}

TEST_F(ArchiveRecordsTest, ASecondCopyGetsANameOfItsOwn) {
  open(OnCopy::keep);
  ASSERT_TRUE(records->publish(rip(1200)));
  const auto finished = records->publish(rip(1200));
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->end, DiscEnd::second_copy);
  EXPECT_EQ(folders().size(), 2U);
}

TEST_F(ArchiveRecordsTest, AKillBetweenArchiveAndCatalogueIsMended) {
  const EndedRip ended = rip(1200);
  records.reset();
  {
    auto archive = Archive::open(dir / "archive");
    const auto work = archive->work({ended.disc.identity}, {});
    const FinishedDisc finished{.time = "2026-11-26T12:00:00Z",
                                .drive_id = "drive",
                                .disc = "Band: Title",
                                .folder = {},
                                .end = DiscEnd::published,
                                .exit_code = 0,
                                .verdict = ended.verdict};
    ASSERT_TRUE(archive->publish(*work, ended.disc.identity, finished, {}, work->target));
  }
  open(OnCopy::skip);
  const auto next = records->publish(rip(1500));
  ASSERT_TRUE(next) << next.error().message;
  records.reset();
  const auto catalog = open_sqlite_catalog(dir / "archive/catalog.db", CatalogAccess::read);
  EXPECT_EQ((*catalog)->discs()->size(), 2U);
  EXPECT_TRUE(fs::is_empty(dir / "archive/.binrip/work"));
}

TEST_F(ArchiveRecordsTest, AnImageThatWasRippedBeforeAKillIsNotRippedAgain) {
  const EndedRip ended = rip(1200);
  const auto place = records->begin("other drive", ended.disc, 1);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->cue, ended.place.cue);
  EXPECT_EQ(place->holds, Holds::an_image);
  EXPECT_EQ(place->ripped.verdict, ended.verdict);
}

TEST_F(ArchiveRecordsTest, DiscsOfOneTocAreWorkedOnInPlacesOfTheirOwn) {
  const EndedRip first = rip(1200);
  auto place = records->begin("drive", first.disc, 2);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->number, 2);
  EXPECT_EQ(place->holds, Holds::nothing);
  EXPECT_NE(place->cue, first.place.cue);
  EXPECT_EQ(records->begin("drive", first.disc, 2)->holds, Holds::a_part);
  EXPECT_EQ(records->place(first.disc, 1), 1);
  EXPECT_EQ(records->place(first.disc, 2), 2);
  EXPECT_EQ(records->place(first.disc, 3), 3) << "the first that is free";
  // What becomes of the second is not the first's.
  records->failed("drive", first.disc, *place, "upside down");
  EXPECT_EQ(records->begin("drive", first.disc, 1)->holds, Holds::an_image);
  EXPECT_EQ(records->begin("drive", first.disc, 2)->holds, Holds::nothing);
  records->failed("drive", first.disc, std::nullopt, "it was not begun");
  const auto finished = records->publish(first);
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->folder, "Band/Title [id-1200]");
  // What was begun in the second place is found there when the first is gone.
  records->begin("drive", first.disc, 2).value();
  EXPECT_EQ(records->place(first.disc, 1), 2);
  EXPECT_EQ(records->place(first.disc, 3), 1);
}

TEST_F(ArchiveRecordsTest, WhatWasTakenOutOfTheArchiveIsNoCopy) {
  ASSERT_TRUE(records->publish(rip(1200)));
  const auto catalog = open_sqlite_catalog(dir / "archive/catalog.db", CatalogAccess::read);
  DiscInfo disc;
  disc.identity = (*(*catalog)->discs())[0].identity;
  EXPECT_EQ(records->copies(disc)->size(), 1U);
  fs::remove_all(dir / "archive/Band");
  EXPECT_TRUE(records->copies(disc)->empty());
}

TEST_F(ArchiveRecordsTest, WhatFailedIsPutAside) {
  const EndedRip ended = rip(1200);
  const FinishedDisc finished =
      records->failed("drive", ended.disc, ended.place, "it does not verify").value();
  EXPECT_TRUE(fs::exists(dir / "archive" / finished.folder / "Title [id-1200].cue"));
  EXPECT_TRUE(fs::exists(dir / "archive" / finished.folder / "reason.json"));
  EXPECT_TRUE(warnings.empty());
}

TEST_F(ArchiveRecordsTest, EveryDiscGetsALineInTheManifest) {
  ASSERT_TRUE(records->publish(rip(1200)));
  ASSERT_TRUE(records->publish(rip(1200)));
  records->failed("drive", std::nullopt, std::nullopt, "upside down");
  const auto lines = rows();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].end, DiscEnd::published);
  EXPECT_EQ(lines[0].folder, "Band/Title [id-1200]");
  EXPECT_EQ(lines[0].title, "Title");
  EXPECT_EQ(lines[0].disc_id, "id-1200");
  EXPECT_EQ(lines[1].end, DiscEnd::skipped);
  EXPECT_EQ(lines[2].end, DiscEnd::failed);
  EXPECT_EQ(lines[2].verdict, "upside down");
  EXPECT_EQ(lines[2].disc_id, "");
}

TEST_F(ArchiveRecordsTest, TheListGivesNameAndOrder) {
  open_with_list("order,barcode,title,volume,artist\n12,,Big Title,2,Orchestra\n13,,Later,,\n");
  const auto finished = records->publish(rip(1200, "Big Title (Disc 2)"));
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_EQ(finished->folder, "Orchestra/Big Title [id-1200]");
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].order, "12");
  EXPECT_EQ(rows()[0].volume, "2");
}

TEST_F(ArchiveRecordsTest, AContradictionIsToldAndTakesNoEntry) {
  open_with_list("order,barcode,title,volume\n1,,The Wall,\n");
  DiscInfo disc{.identity = std::string(64, 'a'), .disc_id = "x", .title = "Jazz", .artist = {}, .mcn = {}};
  EXPECT_THAT(records->expect("drive", disc, 1)->contradiction, HasSubstr("The Wall"));
  records->failed("drive", disc, std::nullopt, "it is not the one");
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].order, "");
  disc.title = "The Wall";
  EXPECT_EQ(records->expect("drive", disc, 1)->contradiction, "");
}

TEST_F(ArchiveRecordsTest, ARepeatIsTold) {
  open_with_list("order,barcode,title,volume\n1,,,\n2,,,\n");
  const EndedRip first = rip(1200);
  ASSERT_TRUE(records->publish(first));
  EXPECT_THAT(records->expect("drive", first.disc, 1)->contradiction, HasSubstr("was there before"));
}

TEST_F(ArchiveRecordsTest, WhatIsInWorkKeepsItsEntryOverARestart) {
  const std::string text = "order,barcode,title,volume\n1,,,\n2,,,\n";
  open_with_list(text);
  const DiscInfo other{
      .identity = std::string(64, 'b'), .disc_id = "o", .title = {}, .artist = {}, .mcn = {}};
  records->expect("other drive", other, 1).value();
  const EndedRip ended = rip(1200);  // the second of the list
  open_with_list(text);
  EXPECT_EQ(records->expect("drive", ended.disc, 1)->contradiction, "");
  ASSERT_TRUE(records->publish(ended));
  EXPECT_EQ(rows()[0].order, "2");
}

TEST_F(ArchiveRecordsTest, WhatALoaderBroughtKeepsItsEntryOverARestart) {
  const std::string text = "order,barcode,title,volume\n1,,,\n2,,,\n";
  open_with_list(text);
  records->brought("other drive");
  records->brought("drive");
  open_with_list(text);
  const EndedRip ended = rip(1200);
  ASSERT_TRUE(records->publish(ended));
  EXPECT_EQ(rows()[0].order, "2");
  // It has come to its end: the drive holds nothing of the list any more.
  open_with_list(text + "3,,,\n");
  ASSERT_TRUE(records->publish(rip(1500)));
  EXPECT_EQ(rows()[1].order, "3");
}

TEST_F(ArchiveRecordsTest, AKillBetweenAFailureAndItsLineIsMended) {
  records->failed("drive", std::nullopt, std::nullopt, "upside down");
  records.reset();
  ASSERT_EQ(rows().size(), 1U);
  fs::remove(dir / "archive/manifest.csv");
  open(OnCopy::skip);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].verdict, "upside down");
  open(OnCopy::skip);
  EXPECT_EQ(rows().size(), 1U);
}

}  // namespace
}  // namespace binrip::batch
