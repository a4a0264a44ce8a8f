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
    records = std::make_unique<ArchiveRecords>(std::move(*archive), std::move(*catalog), *names, on_copy,
                                               [this](const std::string& text) { warnings.push_back(text); });
    ASSERT_TRUE(records->go_on());
  }
  // As a worker would: the disc of so many sectors is ripped to where the records say.
  EndedRip rip(int sectors) {
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
                  .title = "Title",
                  .artist = "Band",
                  .mcn = {},
                  .tracks = kTracks,
                  .sectors = sectors};
    const auto place = records->begin("drive", info);
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

  test::TempDir dir;
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
    const auto work = archive->work(ended.disc.identity, {});
    const FinishedDisc finished{.time = "2026-11-26T12:00:00Z",
                                .drive_id = "drive",
                                .disc = "Band: Title",
                                .folder = {},
                                .end = DiscEnd::published,
                                .exit_code = 0,
                                .verdict = ended.verdict};
    ASSERT_TRUE(archive->publish(*work, ended.disc.identity, finished, work->target));
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
  const auto place = records->begin("other drive", ended.disc);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->cue, ended.place.cue);
  ASSERT_TRUE(place->ripped);
  EXPECT_EQ(place->ripped->verdict, ended.verdict);
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
  const FinishedDisc finished = records->failed("drive", ended.disc, "it does not verify");
  EXPECT_TRUE(fs::exists(dir / "archive" / finished.folder / "Title [id-1200].cue"));
  EXPECT_TRUE(fs::exists(dir / "archive" / finished.folder / "reason.json"));
  EXPECT_TRUE(warnings.empty());
}

}  // namespace
}  // namespace binrip::batch
