#include "batch/loader_desk.hpp"

#include <atomic>
#include <future>
#include <semaphore>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

using testing::ElementsAre;

// Does what the test says, and remembers the order of calls.
class FakeLoader : public Loader {
 public:
  LoaderResult<void> pre_batch(const std::stop_token&) override { return note("pre-batch"); }
  LoaderResult<Loaded> load(const LoaderDrive& drive, const std::stop_token& stop) override {
    note("load " + drive.id + " " + std::to_string(drive.number));
    if (waits_for_stop) {
      std::promise<void> asked;
      const std::stop_callback tell(stop, [&] { asked.set_value(); });
      asked.get_future().wait();
      return tl::unexpected(LoaderError{LoaderRemedy::stop, {ErrorKind::cancelled, "stopped"}});
    }
    if (trouble) return tl::unexpected(*trouble);
    return loaded;
  }
  LoaderResult<Unloaded> unload(const LoaderDrive& drive, const std::stop_token&) override {
    note("unload " + drive.id);
    return Unloaded::disc;
  }
  LoaderResult<Unloaded> reject(const LoaderDrive& drive, std::string_view reason,
                                const std::stop_token&) override {
    note("reject " + drive.id + ": " + std::string(reason));
    return Unloaded::disc;
  }
  LoaderResult<void> post_batch(BatchEnd end, const std::stop_token&) override {
    return note(end == BatchEnd::finished ? "post-batch finished" : "post-batch interrupted");
  }
  LoaderResult<void> note(const std::string& call) {
    calls->push_back(call);
    return {};
  }

  std::shared_ptr<std::vector<std::string>> calls = std::make_shared<std::vector<std::string>>();
  Loaded loaded = Loaded::disc;
  std::optional<LoaderError> trouble;
  bool waits_for_stop = false;
};

class LoaderDeskTest : public testing::Test {
 protected:
  LoaderDesk& desk() {
    if (!desk_) {
      desk_ = std::make_unique<LoaderDesk>(std::move(loader_), FedBy::loader, [this] { ready_.release(); });
      desk_->set_number("a", 3);
      desk_->set_number("b", 1);
    }
    return *desk_;
  }
  void wait_for_answer() { ready_.acquire(); }

  std::counting_semaphore<16> ready_{0};
  std::unique_ptr<FakeLoader> loader_ = std::make_unique<FakeLoader>();
  std::shared_ptr<std::vector<std::string>> calls_ = loader_->calls;
  std::unique_ptr<LoaderDesk> desk_;
};

TEST_F(LoaderDeskTest, WishesAreFulfilledOneAfterTheOther) {
  desk().load("a", "/dev/sr0");
  desk().load("b", "/dev/sr1");
  desk().take("a", "/dev/sr0", Taken::good, "");
  desk().take("b", "/dev/sr1", Taken::rejected, "scratched");
  for (int i = 0; i < 4; ++i) wait_for_answer();
  EXPECT_TRUE(desk().close(BatchEnd::finished));
  EXPECT_THAT(*calls_, ElementsAre("pre-batch", "load a 3", "load b 1", "unload a", "reject b: scratched",
                                   "post-batch finished"));
}

TEST_F(LoaderDeskTest, ALoaderThatWasNeverAskedIsNotClosed) {
  EXPECT_TRUE(desk().close(BatchEnd::finished));
  EXPECT_TRUE(calls_->empty());
}

TEST_F(LoaderDeskTest, AnArmThatMovesIsAskedToStop) {
  loader_->waits_for_stop = true;
  desk().load("a", "/dev/sr0");
  EXPECT_TRUE(desk().close(BatchEnd::interrupted));
  // Either the wish was begun and stopped, or it was not begun at all.
  EXPECT_TRUE(calls_->empty() || calls_->back() == "post-batch interrupted");
}

}  // namespace
}  // namespace binrip::batch
