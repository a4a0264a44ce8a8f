#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "batch/loader_program.hpp"

#include "binrip/base/file.hpp"
#include "binrip/batch/loader.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const LoaderDrive kDrive{.id = "ata-VENDOR_MODEL_123", .node = "/dev/sr7", .number = 2};

class Hooks : public testing::Test {
 protected:
  Hooks() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Hooks() override { fs::remove_all(folder_); }

  void write(const std::string& hook, const std::string& body) {
    std::ofstream(folder_ / hook) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(folder_ / hook, fs::perms::owner_all);
  }
  std::unique_ptr<Loader> open(std::chrono::seconds limit = 600s) {
    auto loader = open_hooks({.folder = folder_,
                              .limit = limit,
                              .environment = {{"BINRIP_ARCHIVE", "/archive"}},
                              .log = [this](const LoaderStep& step) { steps_.push_back(step); }});
    EXPECT_TRUE(loader) << loader.error().message;
    return std::move(*loader);
  }

  fs::path folder_ = testing::TempDir() + "hooks-test-" + std::to_string(::getpid());
  std::vector<LoaderStep> steps_;
  std::stop_token never_;
};

TEST_F(Hooks, AreToldOfTheDriveAndTheArchive) {
  write("load",
        "echo \"$# $1 $2 $BINRIP_HOOK $BINRIP_DRIVE $BINRIP_DRIVE_NUMBER $BINRIP_DRIVE_ID $BINRIP_ARCHIVE\"");
  const auto loaded = open()->load(kDrive, never_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, Loaded::disc);
  ASSERT_EQ(steps_.size(), 1U);
  EXPECT_EQ(steps_[0].what, "load");
  EXPECT_EQ(steps_[0].drive_node, "/dev/sr7");
  EXPECT_EQ(steps_[0].end, "exit code 0");
  EXPECT_EQ(steps_[0].output, "2 /dev/sr7 2 load /dev/sr7 2 ata-VENDOR_MODEL_123 /archive\n");
}

TEST_F(Hooks, AreToldWhyADiscIsRejectedAndHowTheBatchEnded) {
  write("reject", "echo \"$BINRIP_REASON\"");
  write("post-batch", "echo \"$# $BINRIP_BATCH_END\"");
  write("pre-batch", "echo \"$#\"");
  const auto loader = open();
  EXPECT_TRUE(loader->pre_batch(never_));
  EXPECT_TRUE(loader->reject(kDrive, "it's not a \"CD\"; $HOME", never_));
  EXPECT_TRUE(loader->post_batch(BatchEnd::interrupted, never_));
  EXPECT_TRUE(loader->post_batch(BatchEnd::finished, never_));
  ASSERT_EQ(steps_.size(), 4U);
  EXPECT_EQ(steps_[0].output, "0\n");
  EXPECT_EQ(steps_[1].output, "it's not a \"CD\"; $HOME\n");
  EXPECT_EQ(steps_[2].output, "0 interrupted\n");
  EXPECT_EQ(steps_[3].output, "0 finished\n");
}

TEST_F(Hooks, ThatAreMissingAreAPersonsWork) {
  write("pre-batch", "exit 0");
  const auto loader = open();
  const auto loaded = loader->load(kDrive, never_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, Loaded::by_hand);
  EXPECT_EQ(loader->unload(kDrive, never_), Unloaded::by_hand);
  EXPECT_EQ(loader->reject(kDrive, "no CD", never_), Unloaded::by_hand);
  EXPECT_TRUE(loader->post_batch(BatchEnd::finished, never_));
  EXPECT_TRUE(steps_.empty());
}

TEST_F(Hooks, UnloadRejectsWhereNothingElseDoes) {
  write("unload", "echo \"$BINRIP_HOOK $BINRIP_REASON\"");
  ASSERT_TRUE(open()->reject(kDrive, "no CD", never_));
  ASSERT_EQ(steps_.size(), 1U);
  EXPECT_EQ(steps_[0].output, "unload no CD\n");
}

TEST_F(Hooks, TellByTheirExitCodeWhatIsToBeDone) {
  const struct {
    const char* code;
    std::optional<LoaderRemedy> load, unload, pre_batch;  // nothing: no error
  } cases[] = {{"0", {}, {}, {}},
               {"80", {}, {}, LoaderRemedy::stop},
               {"75", LoaderRemedy::try_again, LoaderRemedy::try_again, LoaderRemedy::try_again},
               {"1", LoaderRemedy::drive_aside, LoaderRemedy::drive_aside, LoaderRemedy::stop},
               {"127", LoaderRemedy::drive_aside, LoaderRemedy::drive_aside, LoaderRemedy::stop}};
  for (const auto& [code, load, unload, pre_batch] : cases) {
    for (const char* hook : {"load", "unload", "pre-batch"}) write(hook, std::string("exit ") + code);
    const auto remedy = [](const auto& result) {
      return result ? std::optional<LoaderRemedy>() : result.error().remedy;
    };
    const auto loader = open();
    const auto loaded = loader->load(kDrive, never_);
    EXPECT_EQ(remedy(loaded), load) << code;
    if (loaded) {
      EXPECT_EQ(*loaded, std::string(code) == "80" ? Loaded::no_more : Loaded::disc);
    }
    const auto unloaded = loader->unload(kDrive, never_);
    EXPECT_EQ(remedy(unloaded), unload) << code;
    if (unloaded) {
      EXPECT_EQ(*unloaded, std::string(code) == "80" ? Unloaded::nothing : Unloaded::disc);
    }
    EXPECT_EQ(remedy(loader->pre_batch(never_)), pre_batch) << code;
  }
}

TEST_F(Hooks, FailWithTheirLastWords) {
  write("load", "echo first; echo 'the arm is\tstuck' >&2; echo; exit 4");
  const auto loaded = open()->load(kDrive, never_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().error,
            (Error{ErrorKind::io, "the hook load failed: exit code 4: the arm is stuck"}));
}

TEST_F(Hooks, ThatAreStuckAreEndedAndTheDriveIsPutAside) {
  write("load", "echo begun; exec sleep 1000");
  const auto loaded = open(0s)->load(kDrive, never_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().remedy, LoaderRemedy::drive_aside);
  EXPECT_EQ(loaded.error().error.kind, ErrorKind::timeout);
  ASSERT_EQ(steps_.size(), 1U);
  EXPECT_EQ(steps_[0].end, (folder_ / "load").string() + " did not end in 0 s");
}

TEST_F(Hooks, AreEndedWhenTheBatchIsToStop) {
  write("unload", "exec sleep 1000");
  std::stop_source source;
  source.request_stop();
  const auto unloaded = open()->unload(kDrive, source.get_token());
  ASSERT_FALSE(unloaded);
  EXPECT_EQ(unloaded.error().remedy, LoaderRemedy::stop);
  EXPECT_EQ(unloaded.error().error.kind, ErrorKind::cancelled);
}

TEST_F(Hooks, DoNotHoldUsUpByWhatTheyLeaveRunning) {
  write("load", "sleep 1000 & echo $!");
  EXPECT_TRUE(open()->load(kDrive, never_));
  ASSERT_EQ(steps_.size(), 1U);
  const int child = std::atoi(steps_[0].output.c_str());
  ASSERT_GT(child, 0) << steps_[0].output;  // kill(0) would end this test and who has started it
  EXPECT_EQ(::kill(child, SIGKILL), 0);
}

TEST_F(Hooks, ThatCannotBeRunStopTheBatch) {
  std::ofstream(folder_ / "load") << "#!/no/such/interpreter\n";
  fs::permissions(folder_ / "load", fs::perms::owner_all);
  const auto loaded = open()->load(kDrive, never_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().remedy, LoaderRemedy::stop);
}

TEST_F(Hooks, AreLookedAtBeforehand) {
  const auto refused = [&] {
    const auto loader = open_hooks({.folder = folder_});
    return loader ? Error{ErrorKind::io, "opened"} : loader.error();
  };
  const std::string name = folder_.string();
  EXPECT_EQ(refused(), (Error{ErrorKind::usage, name + " has no hook",
                              "they are called pre-batch, load, unload, reject and post-batch"}));
  std::ofstream(folder_ / "reject") << "no program\n";
  EXPECT_EQ(refused(), (Error{ErrorKind::usage, "the hook " + name + "/reject cannot be executed",
                              "chmod +x " + name + "/reject"}));
  fs::remove_all(folder_);
  EXPECT_EQ(refused(), (Error{ErrorKind::usage, "there is no folder " + name + " for hooks"}));
}

TEST(LastWords, AreOneLineThatSaysSomething) {
  EXPECT_EQ(last_words(""), "");
  EXPECT_EQ(last_words("\n \n"), "");
  EXPECT_EQ(last_words("a\nb\n\n"), ": b");
  EXPECT_EQ(last_words("  a\x1b[1m \r\n"), ": a [1m");
  EXPECT_EQ(last_words("caf\xC3\xA9"), ": caf\xC3\xA9");
  EXPECT_EQ(last_words("caf\xE9"), ": caf\xC3\xA9");  // Latin-1
  EXPECT_EQ(last_words(std::string(199, 'x') + "\xC3\xA9"), ": " + std::string(199, 'x'));
}

TEST(HandLoader, LeavesAllToAPerson) {
  const auto loader = make_hand_loader();
  const auto loaded = loader->load(kDrive, {});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, Loaded::by_hand);
  EXPECT_TRUE(loader->unload(kDrive, {}));
}

}  // namespace
}  // namespace binrip::batch
