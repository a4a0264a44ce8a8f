#include "binrip/base/program.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "binrip/base/file.hpp"

namespace binrip {
namespace {

using namespace std::chrono_literals;

TEST(Program, GivesWhatItWroteAndItsExitCode) {
  const auto end = run_program({.arguments = {"sh", "-c", "echo out; echo err >&2; exit 3"}});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(end->output, "out\nerr\n");
}

TEST(Program, TakesArgumentsAsTheyAre) {
  const auto end = run_program({.arguments = {"printf", "%s|", "a b", "$HOME", "`id`", "'", "", "-x"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "a b|$HOME|`id`|'||-x|");
}

TEST(Program, HasNoInputNoTerminalAndNoDescriptorsOfOurs) {
  const auto ours = File::open_read("/proc/self/status");
  ASSERT_TRUE(ours);
  const auto end = run_program(
      {.arguments = {
           "sh", "-c",
           "cat; (: </dev/tty) 2>/dev/null && echo terminal; ls -l /proc/self/fd | grep -c status"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "0\n");
}

TEST(Program, KeepsSomeOfALotOfOutput) {
  const auto end = run_program({.arguments = {"sh", "-c", "head -c 1000000 /dev/zero"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 0);
  EXPECT_EQ(end->output.size(), 65536U);
}

TEST(Program, TellsOfASignal) {
  const auto end = run_program({.arguments = {"sh", "-c", "kill -9 $$"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_code, 137);
}

TEST(Program, IsEndedWhenItTakesTooLong) {
  const auto end = run_program({.arguments = {"sleep", "1000"}, .limit = 0s});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error(), (Error{ErrorKind::timeout, "sleep did not end in 0 s"}));
}

TEST(Program, IsEndedWhenAskedTo) {
  std::stop_source source;
  source.request_stop();
  const auto end = run_program({.arguments = {"sleep", "1000"}, .limit = 600s}, source.get_token());
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::cancelled);
}

TEST(Program, OfWhichThereIsNoneIsAnError) {
  const auto end = run_program({.arguments = {"binrip-no-such-program"}});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error(),
            (Error{ErrorKind::io, "cannot run binrip-no-such-program: No such file or directory"}));
  EXPECT_EQ(find_program("binrip-no-such-program"), std::nullopt);
  ASSERT_TRUE(find_program("sh"));
  EXPECT_EQ(find_program("sh")->filename(), "sh");
}

}  // namespace
}  // namespace binrip
