#include "binrip/base/program.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/temp_dir.hpp"

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

TEST(Program, KeepsAllThatWasWrittenJustBeforeTheEnd) {
  const auto end = run_program({.arguments = {"sh", "-c", "head -c 60000 /dev/zero"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output.size(), 60000U);
}

TEST(Program, KeepsAsMuchAsIsAskedFor) {
  const auto end = run_program({.arguments = {"sh", "-c", "head -c 100000 /dev/zero"}, .most_output = 80000});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output.size(), 80000U);
}

TEST(Program, HasOurEnvironmentAndWhatIsAdded) {
  ASSERT_EQ(setenv("BINRIP_TEST_OURS", "ours", 1), 0);
  ASSERT_EQ(setenv("BINRIP_TEST_OTHER", "ours", 1), 0);
  const auto end =
      run_program({.arguments = {"sh", "-c", "echo $BINRIP_TEST_OURS; env | grep BINRIP_TEST_OTHER"},
                   .environment = {{"BINRIP_TEST_OTHER", "a = b"}}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "ours\nBINRIP_TEST_OTHER=a = b\n");
}

TEST(Program, HasNotEvenDescriptorsThatWeWouldHandOn) {
  const int fd = ::open("/proc/self/status", O_RDONLY);
  ASSERT_GE(fd, 0);
  const auto end = run_program({.arguments = {"sh", "-c", "ls -l /proc/self/fd | grep -c status"}});
  ::close(fd);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "0\n");
}

// Its child would hold the pipe open, and write into it, for ten minutes. It tells its number in a file,
// since what it writes can come before anything else, and it outlives the pipe, which the test must find it
// doing.
TEST(Program, IsNotHeldUpByWhatItLeavesRunning) {
  const test::TempDir folder;
  const std::filesystem::path file = folder / "child";
  const auto end = run_program({.arguments = {"sh", "-c",
                                              "(trap '' PIPE; while :; do echo more; sleep 0.01; done) & "
                                              "echo $! >\"$FILE\"; exit 5"},
                                .limit = 600s,
                                .environment = {{"FILE", file.string()}}});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->exit_code, 5);
  const int child = std::atoi(read_text(file).value_or("").c_str());
  ASSERT_GT(child, 0) << "its number was not told";  // kill(0) would end this test and who has started it
  EXPECT_EQ(::kill(child, SIGKILL), 0) << "it was ended";
}

TEST(Program, IsEndedTogetherWithWhatItHasStarted) {
  const std::filesystem::path file = testing::TempDir() + "program-test-" + std::to_string(::getpid());
  std::stop_source source;
  std::jthread impatient([&] {
    while (!std::filesystem::exists(file)) std::this_thread::sleep_for(1ms);
    source.request_stop();
  });
  std::string said;
  const auto end = run_program({.arguments = {"sh", "-c",
                                              "sh -c 'trap \"\" TERM; echo $$; mkdir \"$FILE\"; while :; do "
                                              "sleep 1; done' & wait"},
                                .limit = 600s,
                                .environment = {{"FILE", file.string()}},
                                .said_until_ended = &said},
                               source.get_token());
  std::filesystem::remove(file);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::cancelled);
  const int child = std::atoi(said.c_str());
  ASSERT_GT(child, 0) << said;
  // It is ended by then, and does not have to be off a busy machine. What remains is for init to collect.
  const auto remains = [&] {
    const auto status = read_text("/proc/" + std::to_string(child) + "/status");
    return status && status->find("State:\tZ") == std::string::npos;
  };
  for (int waits = 0; remains() && waits < 500; ++waits) std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(remains());
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
