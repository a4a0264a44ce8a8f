// A drive that answers every command with anything: the whole job must end, without a crash, in a bounded
// number of commands, and with either an image or one error line.
#include <random>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

class HostileTransport : public drive::Transport {
 public:
  // `malice`: the chance, out of 100, that a reply is tampered with.
  HostileTransport(drive::Transport& inner, std::uint64_t seed, unsigned malice)
      : inner_(inner), random_(seed), malice_(malice) {}

  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override {
    ++commands_;
    auto reply = inner_.execute(cdb, direction, data, timeout);
    if (!reply || random_() % 100 >= malice_) return reply;
    switch (random_() % 7) {
      case 0:  // garbage
        for (Byte& b : data) b = static_cast<Byte>(random_());
        return drive::Completion{};
      case 1:  // a few wrong bytes
        for (std::size_t i = 0; i < 4 && !data.empty(); ++i)
          data[random_() % data.size()] ^= static_cast<Byte>(random_());
        return drive::Completion{};
      case 2:  // cut short
        if (!data.empty())
          std::fill(data.begin() + static_cast<std::ptrdiff_t>(random_() % data.size()), data.end(), Byte{0});
        return drive::Completion{};
      case 3:  // all ones
        std::fill(data.begin(), data.end(), Byte{0xFF});
        return drive::Completion{};
      case 4:  // any sense but a change of medium, which would only end the rip early
        return drive::Completion{false,
                                 {static_cast<Byte>(random_() % 6), static_cast<Byte>(random_()),
                                  static_cast<Byte>(random_()), std::nullopt},
                                 std::nullopt};
      case 5:  // success with nothing in it
        std::fill(data.begin(), data.end(), Byte{0});
        return drive::Completion{};
      default:
        return fail(random_() % 2 == 0 ? ErrorKind::bus : ErrorKind::timeout, "the bus says no");
    }
  }
  std::string name() const override { return "hostile"; }
  std::chrono::nanoseconds now() const override { return inner_.now(); }
  void wait(std::chrono::milliseconds duration) override { inner_.wait(duration); }
  std::int64_t commands() const { return commands_; }

 private:
  drive::Transport& inner_;
  std::mt19937_64 random_;
  unsigned malice_;
  std::int64_t commands_ = 0;
};

class HostileDrive : public testing::TestWithParam<unsigned> {};

TEST_P(HostileDrive, TheJobEndsWithAnImageOrOneError) {
  const unsigned malice = GetParam();
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    sim::DiscRecipe recipe = sim::plain_recipe(seed % 2 == 0 ? cd::TrackMode::audio : cd::TrackMode::mode1, 2,
                                               cd::SectorCount{700});
    const auto disc = sim::make_disc(recipe);
    sim::SimDrive drive(disc, {});
    HostileTransport hostile(drive, seed, malice);
    const test::TempDir dir;
    RipOptions options;
    options.cue = dir / "out.cue";
    options.retries = 2;
    rip::Listener listener;
    const auto outcome = rip_disc(hostile, options, listener, {});
    EXPECT_LT(hostile.commands(), 20'000);
    if (outcome) {
      EXPECT_TRUE(std::filesystem::exists(options.cue));
      EXPECT_TRUE(std::filesystem::exists(dir / "out.log"));
    } else {
      EXPECT_FALSE(outcome.error().message.empty());
      EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
      EXPECT_FALSE(std::filesystem::exists(options.cue));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Malice, HostileDrive, testing::Values(1U, 5U, 30U, 100U));

}  // namespace
}  // namespace binrip::job
