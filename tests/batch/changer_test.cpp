#include "binrip/batch/changer.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "batch/changer_marks.hpp"

#include "binrip/base/file.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

LoaderDrive drive(int number) {
  return {
      .id = "drive-" + std::to_string(number), .node = "/dev/sr" + std::to_string(number), .number = number};
}

// Slots 1 to 4 with the discs A to D, slot 5 empty, 6 and 7 import/export, two drives.
class ChangerTest : public testing::Test {
 protected:
  ChangerTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const auto& [name, disc] : std::map<std::string, std::string>{{"slot-1", "A"},
                                                                       {"slot-2", "B"},
                                                                       {"slot-3", "C"},
                                                                       {"slot-4", "D"},
                                                                       {"slot-5", ""},
                                                                       {"mail-6", ""},
                                                                       {"mail-7", ""},
                                                                       {"drive-0", ""},
                                                                       {"drive-1", ""}}) {
      put(name, disc);
    }
    setenv("FAKE_CHANGER", folder_.c_str(), 1);
    setenv("PATH", (std::string(BINRIP_TEST_DATA "/fake-changer:") + old_path_).c_str(), 1);
    reopen();
  }
  ~ChangerTest() override {
    setenv("PATH", old_path_.c_str(), 1);
    fs::remove_all(folder_);
  }

  void put(const std::string& element, const std::string& disc) {
    std::ofstream file(folder_ / element);
    if (!disc.empty()) file << disc << "\n";
  }
  std::string in(const std::string& element) const {
    std::string text = read_text(folder_ / element).value_or("?");
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }
  // As after a kill.
  void reopen() {
    options_.device = "/dev/fake";
    options_.marks = folder_ / "marks";
    auto opened = open_changer(options_);
    ASSERT_TRUE(opened) << opened.error().message;
    changer_ = std::move(*opened);
  }
  Loaded load(int number) {
    const auto loaded = changer_->load(drive(number), never_);
    EXPECT_TRUE(loaded) << loaded.error().error.message;
    return loaded.value_or(Loaded::by_hand);
  }
  void unload(int number) {
    const auto result = changer_->unload(drive(number), never_);
    EXPECT_TRUE(result) << result.error().error.message;
  }

  std::string old_path_ = std::getenv("PATH");
  fs::path folder_ = testing::TempDir() + "changer-test-" + std::to_string(::getpid());
  ChangerOptions options_;
  std::unique_ptr<Loader> changer_;
  std::stop_token never_;
};

TEST_F(ChangerTest, LoadsEachDiscOnceAndPutsItBack) {
  ASSERT_TRUE(changer_->pre_batch(never_));
  EXPECT_EQ(load(0), Loaded::disc);
  EXPECT_EQ(in("drive-0"), "1 A");
  EXPECT_EQ(load(1), Loaded::disc);
  EXPECT_EQ(in("drive-1"), "2 B");
  unload(1);
  EXPECT_EQ(in("slot-2"), "B");
  EXPECT_EQ(load(1), Loaded::disc);
  unload(0);
  EXPECT_EQ(load(0), Loaded::disc);
  EXPECT_EQ(in("drive-0"), "4 D");
  unload(0);
  unload(1);
  EXPECT_EQ(load(0), Loaded::no_more);
  EXPECT_EQ(load(1), Loaded::no_more);
  EXPECT_EQ(in("movements"),
            "load A 1 0\nload B 2 1\nunload B 1 2\nload C 3 1\nunload A 0 1\nload D 4 0\nunload D 0 "
            "4\nunload C 1 3");
}

TEST_F(ChangerTest, KnowsAfterAKillWhatIsDone) {
  for (int i = 0; i < 2; ++i) {
    load(0);
    unload(0);
  }
  load(0);
  reopen();
  EXPECT_EQ(load(1), Loaded::disc);
  EXPECT_EQ(in("drive-1"), "4 D");
  unload(0);
  unload(1);
  reopen();
  EXPECT_EQ(load(0), Loaded::no_more);
}

TEST_F(ChangerTest, BeginsAnewAfterABatchThatFinished) {
  load(0);
  unload(0);
  ASSERT_TRUE(changer_->post_batch(BatchEnd::interrupted, never_));
  reopen();
  load(0);
  EXPECT_EQ(in("drive-0"), "2 B");
  unload(0);
  ASSERT_TRUE(changer_->post_batch(BatchEnd::finished, never_));
  reopen();
  load(0);
  EXPECT_EQ(in("drive-0"), "1 A");
}

TEST_F(ChangerTest, TakesAnotherDiscInASlotForANewOne) {
  load(0);
  unload(0);
  put("slot-1", "E");  // another barcode
  load(0);
  EXPECT_EQ(in("drive-0"), "1 E");
  unload(0);
  load(0);            // B
  put("slot-1", "");  // seen empty …
  unload(0);
  put("slot-1", "E");  // … so that this one is new, whatever it is
  load(0);
  EXPECT_EQ(in("drive-0"), "1 E");
}

TEST_F(ChangerTest, TakesADiscThatIsInTheDriveAlready) {
  put("drive-0", "3 C");
  put("slot-3", "");
  EXPECT_EQ(load(0), Loaded::disc);
  unload(0);
  EXPECT_EQ(in("slot-3"), "C");
  EXPECT_EQ(in("movements"), "unload C 0 3");
}

TEST_F(ChangerTest, RemembersWhereADiscCameFromWhenTheChangerDoesNot) {
  put("forgetful", "yes");
  load(0);
  load(1);
  reopen();
  unload(1);
  unload(0);
  EXPECT_EQ(in("slot-1"), "A");
  EXPECT_EQ(in("slot-2"), "B");
}

TEST_F(ChangerTest, FindsAnotherSlotWhereTheOwnOneIsTaken) {
  load(0);
  put("slot-1", "F");
  unload(0);
  EXPECT_EQ(in("slot-5"), "A");
  load(0);
  EXPECT_EQ(in("drive-0"), "1 F");
  load(1);
  put("slot-1", "G");
  put("slot-2", "H");
  const auto unloaded = changer_->unload(drive(1), never_);
  ASSERT_FALSE(unloaded);
  EXPECT_EQ(unloaded.error(),
            (LoaderError{LoaderRemedy::try_again,
                         {ErrorKind::not_ready, "the changer has no empty slot for the disc",
                          "take discs out of it"}}));
}

TEST_F(ChangerTest, PutsDoneDiscsOutAndRejectsAside) {
  options_.done = DoneDiscs::import_export;
  options_.reject_slots = {5};
  reopen();
  load(0);
  ASSERT_TRUE(changer_->reject(drive(0), "no CD", never_));
  EXPECT_EQ(in("slot-5"), "A");
  load(0);
  unload(0);
  EXPECT_EQ(in("mail-6"), "B");
  load(0);
  const auto rejected = changer_->reject(drive(0), "no CD", never_);
  ASSERT_FALSE(rejected);
  EXPECT_EQ(rejected.error().remedy, LoaderRemedy::try_again);
  unload(0);
  EXPECT_EQ(in("mail-7"), "C");
  load(0);
  EXPECT_FALSE(changer_->unload(drive(0), never_));  // full: nothing is put where it would be loaded again
  put("mail-6", "");
  unload(0);
  EXPECT_EQ(in("mail-6"), "D");
  reopen();
  EXPECT_EQ(load(0), Loaded::no_more);  // neither the reject nor what is done
}

TEST_F(ChangerTest, ServesDrivesByTheirConfiguredElements) {
  options_.elements = {1, 0};
  reopen();
  load(0);
  EXPECT_EQ(in("drive-1"), "1 A");
  const auto third = changer_->load(drive(2), never_);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().remedy, LoaderRemedy::drive_aside);
  options_.elements = {0, 2};
  reopen();
  const auto began = changer_->pre_batch(never_);
  ASSERT_FALSE(began);
  EXPECT_EQ(began.error(),
            (LoaderError{LoaderRemedy::stop, {ErrorKind::usage, "the changer has no drive 2", ""}}));
}

TEST_F(ChangerTest, BelievesTheChangerMoreThanAFailure) {
  put("trouble", "after");
  EXPECT_EQ(load(0), Loaded::disc);
  put("trouble", "after");
  unload(0);
  put("trouble", "before");
  const auto loaded = changer_->load(drive(0), never_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error(), (LoaderError{LoaderRemedy::drive_aside,
                                         {ErrorKind::hardware,
                                          "mtx failed: Loading media from Storage Element 2 into drive "
                                          "0...MOVE MEDIUM from Element Address 4096 to 0 Failed",
                                          ""}}));
  EXPECT_EQ(load(1), Loaded::disc);
  EXPECT_EQ(in("drive-1"), "2 B");
  put("trouble", "between");
  const auto lost = changer_->unload(drive(1), never_);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().remedy, LoaderRemedy::stop);
  EXPECT_EQ(lost.error().error.hint, "the disc is in neither of them: look into the changer");
}

TEST_F(ChangerTest, SaysWhatMtxSaysOfADevice) {
  options_.device = "/dev/other";
  auto other = open_changer(options_);
  ASSERT_TRUE(other);
  const auto began = (*other)->pre_batch(never_);
  ASSERT_FALSE(began);
  EXPECT_EQ(began.error().remedy, LoaderRemedy::stop);
  EXPECT_EQ(began.error().error.message,
            "mtx cannot tell how the changer /dev/other stands: cannot open SCSI device '/dev/other' - No "
            "such file "
            "or directory");
}

TEST_F(ChangerTest, WantsMtx) {
  setenv("PATH", folder_.c_str(), 1);
  const auto opened = open_changer(options_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error(), (Error{ErrorKind::usage, "mtx is not installed, and the changer wants it",
                                   "install the package mtx"}));
}

// Killed at any moment: each disc is loaded, and loaded once only, unless it is in a drive when it happens.
TEST_F(ChangerTest, LosesNoDiscByBeingKilledBetweenItsCalls) {
  for (int i = 0; i < 4; ++i) {
    reopen();
    EXPECT_EQ(load(i % 2), Loaded::disc);
    reopen();
    unload(i % 2);
  }
  reopen();
  EXPECT_EQ(load(0), Loaded::no_more);
  EXPECT_EQ(in("movements"),
            "load A 1 0\nunload A 0 1\nload B 2 1\nunload B 1 2\nload C 3 0\nunload C 0 3\nload D 4 "
            "1\nunload D 1 4");
}

TEST(ChangerMarks, AreReadAsTheyAreWritten) {
  const ChangerMarks marks{.done = {{1, ""}, {12, "TAG WITH SPACE"}}, .taken = {{0, 3}}};
  const auto read = parse_marks(format_marks(marks), "marks");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, marks);
  for (const char* bad : {"done", "done x", "done -1", "drive 1", "drive 1 from", "drive 1 from 2 3",
                          "slot 1", "done 1\ndone 1", "done 99999999999999999999"}) {
    const auto refused = parse_marks(bad, "marks");
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
    EXPECT_TRUE(refused.error().message.starts_with("marks:")) << refused.error().message;
  }
}

}  // namespace
}  // namespace binrip::batch
