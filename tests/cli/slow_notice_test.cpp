#include "../../src/cli/slow_notice.hpp"

#include <future>
#include <sstream>

#include <gtest/gtest.h>

namespace binrip::cli {
namespace {

TEST(SlowNotice, IsSilentWhereItIsQuick) {
  std::ostringstream err;
  Console console(err, {});
  { const SlowNotice notice(console, "slow", std::chrono::hours(1)); }
  EXPECT_EQ(err.str(), "");
}

TEST(SlowNotice, SpeaksWhilePatienceIsOver) {
  // Says when it is written to.
  struct Spoken : std::stringbuf {
    std::promise<void> done;
    bool told = false;
    int sync() override {
      if (!told) done.set_value();
      told = true;
      return 0;
    }
  } buffer;
  std::ostream err(&buffer);
  {
    Console console(err, {});
    const SlowNotice notice(console, slow_opening("/dev/sr0"), std::chrono::milliseconds(0));
    buffer.done.get_future().wait();
  }
  EXPECT_EQ(buffer.str(),
            "binrip: warning: /dev/sr0 does not answer; the kernel gives up on it after some minutes\n");
}

}  // namespace
}  // namespace binrip::cli
