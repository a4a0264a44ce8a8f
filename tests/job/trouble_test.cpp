// A drive or its bus that fails in the middle of a rip: nothing wrong in the image, no endless wait, and the
// same command goes on.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

using drive::Completion;

// The way to a software drive, with a bus that does what the test says after so many commands.
class TroubledBus : public drive::Transport {
 public:
  explicit TroubledBus(sim::SimDrive& drive) : drive_(drive) {}

  Result<Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                             std::chrono::milliseconds timeout) override {
    if (++commands == trouble_at && trouble) trouble();
    largest = std::max(largest, data.size());
    if (deaf) {
      wait(timeout);
      return fail(ErrorKind::timeout, "no answer in time");
    }
    if (data.size() > limit) return fail(ErrorKind::bus, "too large");
    if (refuse_next && data.size() > 2352) {
      refuse_next = false;
      return fail(ErrorKind::bus, "a hiccup");
    }
    return drive_.execute(cdb, direction, data, timeout);
  }
  Result<void> reopen() override {
    ++reopened;
    return on_reopen();
  }
  std::size_t max_transfer() const override { return drive_.max_transfer(); }
  std::string name() const override { return node; }
  std::chrono::nanoseconds now() const override { return drive_.now(); }
  void wait(std::chrono::milliseconds duration) override { drive_.wait(duration); }

  std::string node = "/dev/sr0";
  std::int64_t commands = 0, trouble_at = -1;
  std::function<void()> trouble;
  std::function<Result<void>()> on_reopen = [] { return Result<void>{}; };
  std::size_t limit = 1U << 30, largest = 0;
  bool refuse_next = false;
  bool deaf = false;  // no command is answered
  int reopened = 0;

 private:
  sim::SimDrive& drive_;
};

class Trouble : public testing::Test {
 protected:
  Trouble() {
    options_.cue = dir_ / "out.cue";
    options_.overrides.read_offset = 0;
    const auto outcome = rip_disc(drive_, options_at("truth.cue"), listener_, {});
    EXPECT_TRUE(outcome.has_value());
    truth_ = read_text(dir_ / "truth.bin").value();
    commands_ = drive_.statistics().commands;
  }
  RipOptions options_at(const char* name) const {
    RipOptions options = options_;
    options.cue = dir_ / name;
    return options;
  }
  Result<RipOutcome> rip() { return rip_disc(bus_, options_, listener_, {}); }
  void expect_whole(const Result<RipOutcome>& outcome) {
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    EXPECT_EQ(outcome->report.exit_code, 0);
    EXPECT_TRUE(read_text(dir_ / "out.bin").value() == truth_);
  }
  bool noted(const RipOutcome& outcome, std::string_view words) const {
    return std::any_of(outcome.report.notes.begin(), outcome.report.notes.end(),
                       [&](const std::string& note) { return note.find(words) != std::string::npos; });
  }

  const test::TempDir dir_;
  std::shared_ptr<image::DiscImage> disc_ =
      sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{2500}));
  sim::SimDrive drive_{disc_, {}};
  TroubledBus bus_{drive_};
  RipOptions options_;
  rip::Listener listener_;
  std::string truth_;
  std::int64_t commands_ = 0;
};

TEST_F(Trouble, ALimitThatSinksInTheMiddleIsFoundAndKept) {
  constexpr std::size_t kLimit = 30'000;
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { bus_.limit = kLimit; };
  const auto outcome = rip();
  expect_whole(outcome);
  EXPECT_GT(bus_.largest, kLimit);
  EXPECT_EQ(outcome->report.reading.other_errors, 0);  // asked for again in smaller pieces, not given up
  EXPECT_EQ(bus_.reopened, 0);
  // The other half takes some 420 transfers of 6 sectors; were the limit not kept, each would be refused
  // three times first.
  EXPECT_LT(bus_.commands, commands_ + 500);
}

TEST_F(Trouble, OneHiccupDoesNotMakeTransfersSmall) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { bus_.refuse_next = true; };
  const auto outcome = rip();
  expect_whole(outcome);
  EXPECT_EQ(outcome->report.reading.other_errors, 0);
  EXPECT_LT(bus_.commands, commands_ + 5);
}

TEST_F(Trouble, ADriveThatComesBackGoesOn) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.vanish(); };
  bus_.on_reopen = [&] {
    drive_.come_back();
    bus_.node = "/dev/sr5";
    return Result<void>{};
  };
  const auto outcome = rip();
  expect_whole(outcome);
  EXPECT_EQ(bus_.reopened, 1);
  EXPECT_TRUE(noted(*outcome, "came back as /dev/sr5"));
}

TEST_F(Trouble, ADriveThatComesBackWithAnotherDiscEndsTheRip) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.vanish(); };
  bus_.on_reopen = [&] {
    drive_.insert(sim::make_disc(sim::plain_recipe(cd::TrackMode::audio, 1, cd::SectorCount{5000})));
    drive_.come_back();
    return Result<void>{};
  };
  const auto outcome = rip();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::medium_changed);
  EXPECT_FALSE(std::filesystem::exists(options_.cue));

  drive_.insert(disc_);
  bus_.trouble_at = -1;
  expect_whole(rip());
}

TEST_F(Trouble, ADriveThatStaysAwayEndsTheRipAndTheSameCommandGoesOn) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.vanish(); };
  bus_.on_reopen = [] { return Result<void>(fail(ErrorKind::no_device, "it has not come back")); };
  const auto outcome = rip();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::no_device);
  EXPECT_NE(outcome.error().message.find("it has not come back"), std::string::npos);
  EXPECT_NE(outcome.error().hint, "");

  drive_.come_back();
  bus_.trouble_at = -1;
  bus_.commands = 0;
  expect_whole(rip());
  EXPECT_LT(bus_.commands, commands_);  // what was there is not read again
}

// A cable that is never still: the drive comes back each time, for a moment.
TEST_F(Trouble, ADriveThatGoesAwayAgainAndAgainEndsTheRip) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.vanish(); };
  bus_.on_reopen = [&] {
    drive_.come_back();
    bus_.trouble_at = bus_.commands + 8;  // before it has read anything
    return Result<void>{};
  };
  const auto outcome = rip();
  EXPECT_LT(bus_.reopened, 50);
  if (!outcome) {
    EXPECT_EQ(outcome.error().kind, ErrorKind::no_device);
  }
}

TEST_F(Trouble, ADriveThatAnswersNothingIsNotAskedForAMinuteAgainAndAgain) {
  bus_.trouble_at = commands_ / 2;
  std::chrono::nanoseconds began{};
  bus_.trouble = [&] {
    bus_.deaf = true;
    began = drive_.now();
  };
  const auto outcome = rip();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::timeout);
  EXPECT_NE(outcome.error().message.find("has stopped answering"), std::string::npos);
  EXPECT_NE(outcome.error().hint, "");
  // The read, the sign of life, and the tray that is unlocked in vain.
  EXPECT_LE(drive_.now() - began, std::chrono::minutes(2));
  EXPECT_EQ(bus_.reopened, 0);

  bus_.deaf = false;
  bus_.trouble_at = -1;
  expect_whole(rip());
}

TEST_F(Trouble, ATrayOpenedByItsButtonEndsTheRipAndTheSameCommandGoesOn) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.set_tray(sim::Tray::open); };
  const auto outcome = rip();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::no_medium) << outcome.error().message;
  EXPECT_NE(outcome.error().hint, "");
  EXPECT_FALSE(std::filesystem::exists(options_.cue));

  drive_.set_tray(sim::Tray::closed);
  bus_.trouble_at = -1;
  expect_whole(rip());
}

// A drive that was reset has forgotten the lock.
TEST_F(Trouble, TheTrayIsLockedAgainAfterTheDriveWasAway) {
  bus_.trouble_at = commands_ / 2;
  bus_.trouble = [&] { drive_.vanish(); };
  const auto lock_commands = [&] { return drive_.statistics().by_opcode.at(0x1E); };
  std::int64_t before = 0, later = 0;
  bus_.on_reopen = [&] {
    drive_.come_back();
    before = lock_commands();
    bus_.trouble_at = bus_.commands + 30;
    bus_.trouble = [&] { later = lock_commands(); };
    return Result<void>{};
  };
  expect_whole(rip());
  EXPECT_EQ(later, before + 1);
}

}  // namespace
}  // namespace binrip::job
