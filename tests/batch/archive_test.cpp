#include "batch/archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kDisc(64, 'd'), kOther(64, 'e');

FinishedDisc finished(DiscEnd end = DiscEnd::published) {
  return {.time = "2026-11-26T12:00:00Z",
          .drive_id = "drive",
          .disc = "Band: A/B",
          .folder = "",
          .end = end,
          .exit_code = 3,
          .verdict = "some are damaged"};
}

const Listed kListed = {
    .order = "7", .barcode = "4006381333931", .title = "A", .volume = "2", .disc_id = "id"};

class ArchiveTest : public testing::Test {
 protected:
  void write_image(const Work& work) { ASSERT_TRUE(write_atomically(work.cue, "FILE")); }

  test::TempDir dir;
  std::optional<Result<Archive>> opened = Archive::open(dir / "archive");
  Archive& archive = **opened;
};

TEST_F(ArchiveTest, AnImageLiesInTheArchiveAfterOneMove) {
  const auto work = archive.work({kDisc}, "Band/Title");
  ASSERT_TRUE(work);
  EXPECT_EQ(work->cue.filename(), "Title.cue");
  write_image(*work);
  const auto publication = archive.publish(*work, kDisc, finished(), kListed, "Band/Title");
  ASSERT_TRUE(publication) << publication.error().message;
  EXPECT_EQ(publication->finished.folder, "Band/Title");
  EXPECT_TRUE(fs::exists(dir / "archive/Band/Title/Title.cue"));
  EXPECT_TRUE(archive.done(*publication));
  EXPECT_FALSE(fs::exists(work->folder));
  EXPECT_TRUE(archive.unfinished()->empty());
}

TEST_F(ArchiveTest, WorkThatIsThereKeepsItsName) {
  ASSERT_TRUE(archive.work({kDisc}, "Band/Title"));
  const auto again = archive.work({kDisc}, "Other/Name");
  EXPECT_EQ(again->target, "Band/Title");
  EXPECT_NE(archive.work({kOther}, "Band/Title")->folder, again->folder);
}

TEST_F(ArchiveTest, WhatIsThereIsNotOverwritten) {
  const auto work = archive.work({kDisc}, "Band/Title");
  write_image(*work);
  fs::create_directories(dir / "archive/Band/Title");
  const auto publication = archive.publish(*work, kDisc, finished(), kListed, "Band/Title");
  ASSERT_FALSE(publication);
  EXPECT_EQ(publication.error().kind, ErrorKind::exists);
  EXPECT_TRUE(fs::exists(work->cue));
}

TEST_F(ArchiveTest, APublicationThatWasCutOffIsFoundAgain) {
  const auto work = archive.work({kDisc}, "Band/Title");
  write_image(*work);
  ASSERT_TRUE(archive.publish(*work, kDisc, finished(), kListed, "Band/Title"));
  opened.reset();
  const auto again = Archive::open(dir / "archive");
  const auto unfinished = again->unfinished();
  ASSERT_EQ(unfinished->size(), 1U);
  EXPECT_EQ((*unfinished)[0].identity, kDisc);
  EXPECT_EQ((*unfinished)[0].finished.folder, "Band/Title");
  EXPECT_EQ((*unfinished)[0].finished.verdict, "some are damaged");
  EXPECT_EQ((*unfinished)[0].finished.exit_code, 3);
  EXPECT_EQ((*unfinished)[0].listed, kListed);
}

TEST_F(ArchiveTest, APublicationThatDidNotComeToTheMoveNeverWas) {
  const auto work = archive.work({kDisc}, "Band/Title");
  write_image(*work);
  ASSERT_TRUE(write_atomically(work->folder / "publish.json", "{}"));
  EXPECT_TRUE(archive.unfinished()->empty());
  EXPECT_FALSE(fs::exists(work->folder / "publish.json"));
  EXPECT_TRUE(fs::exists(work->cue));
}

TEST_F(ArchiveTest, WhatFailedIsPutAsideWithItsReason) {
  const auto work = archive.work({kDisc}, "Band/Title");
  write_image(*work);
  const auto folder = archive.put_aside(kDisc, WorkName{kDisc}, finished(DiscEnd::failed), kListed);
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_EQ(folder->string(), "failed/20261126T120000Z Band_ A_B");
  EXPECT_TRUE(fs::exists(dir / "archive" / *folder / "Title.cue"));
  EXPECT_THAT(*read_text(dir / "archive" / *folder / "reason.json"), HasSubstr("some are damaged"));
  EXPECT_FALSE(fs::exists(work->folder));
  // Another one in the same second, of which nothing is known.
  const auto second = archive.put_aside("", std::nullopt, finished(DiscEnd::failed), kListed);
  EXPECT_EQ(second->string(), "failed/20261126T120000Z Band_ A_B (2)");
  // A folder that somebody else made there is not taken for a disc.
  fs::create_directories(dir / "archive/failed/notes");
  ASSERT_TRUE(write_atomically(dir / "archive/failed/notes/reason.json", "[1]"));
  const auto all = archive.all_put_aside();
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].finished.folder, folder->string());
  EXPECT_EQ((*all)[0].finished.end, DiscEnd::failed);
  EXPECT_EQ((*all)[0].listed, kListed);
}

TEST_F(ArchiveTest, WorkKeepsTheOrderItBeganWith) {
  ASSERT_TRUE(archive.work({kDisc}, "Band/Title", "7"));
  ASSERT_TRUE(archive.work({kDisc}, "Band/Title", "8"));
  EXPECT_EQ(archive.order_of_work({kDisc}), "7");
  EXPECT_EQ(archive.order_of_work({kOther}), "");
  EXPECT_EQ(archive.order_of_work({kDisc, 2}), "") << "another disc with this TOC";
}

TEST_F(ArchiveTest, OneStationAtATime) {
  const auto second = Archive::open(dir / "archive");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::exists);
}

TEST_F(ArchiveTest, TheLastDiscOfADriveOutlivesTheProgram) {
  EXPECT_EQ(archive.last_disc("../x"), "");
  ASSERT_TRUE(archive.remember("../x", kDisc));
  opened.reset();
  EXPECT_EQ(Archive::open(dir / "archive")->last_disc("../x"), kDisc);
}

}  // namespace
}  // namespace binrip::batch
