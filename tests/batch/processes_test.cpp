#include "batch/processes.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temp_dir.hpp"

namespace binrip::batch {
namespace {

using std::chrono::steady_clock;
using testing::ElementsAre;

class Listener : public WorkerListener {
 public:
  void on_line(const std::string&, std::string_view line) override { lines.emplace_back(line); }
  void on_end(const std::string& drive, const TaskEnd& end) override { ends.emplace_back(drive, end); }
  std::vector<std::string> lines;
  std::vector<std::pair<std::string, TaskEnd>> ends;
};

class ProcessesTest : public testing::Test {
 protected:
  // A shell script stands for this program.
  void worker_is(const std::string& script) {
    std::ofstream(program) << "#!/bin/sh\n" << script;
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  }
  void serve_until_end(Processes& processes) {
    const auto limit = steady_clock::now() + std::chrono::seconds(60);
    while (listener.ends.empty() && steady_clock::now() < limit) {
      auto waiting = processes.waiting();
      ::poll(waiting.data(), waiting.size(), 1000);
      processes.serve(listener);
    }
    ASSERT_EQ(listener.ends.size(), 1U);
  }

  test::TempDir folder;
  std::filesystem::path program = folder.path() / "worker";
  Listener listener;
};

TEST_F(ProcessesTest, LinesOfARipAndItsEndAreTold) {
  worker_is("echo one; printf 'two\\nthr'; sleep 0.1; echo ee; echo 'binrip: error: no luck' >&2; exit 3");
  Processes processes({program, {"--split"}});
  ASSERT_TRUE(processes.start("a", {TaskKind::rip, "/dev/sr0", "x.cue"}));
  serve_until_end(processes);
  EXPECT_THAT(listener.lines, ElementsAre("one", "two", "three"));
  EXPECT_EQ(listener.ends[0].first, "a");
  EXPECT_EQ(listener.ends[0].second.exit_code, 3);
  EXPECT_EQ(listener.ends[0].second.problem, "no luck");
  EXPECT_TRUE(processes.waiting().empty());
}

TEST_F(ProcessesTest, TheAnswerOfATrayIsReadAsAWhole) {
  worker_is("echo \"$@\"");
  Processes processes({program, {"--split"}});
  ASSERT_TRUE(processes.start("a", {TaskKind::open_tray, "/dev/sr0", {}}));
  serve_until_end(processes);
  EXPECT_TRUE(listener.lines.empty());
  EXPECT_EQ(listener.ends[0].second.output, "tray /dev/sr0 open --json\n");
}

TEST_F(ProcessesTest, OneThatIsStoppedEndsBySignal) {
  worker_is("exec sleep 1000");
  Processes processes({program, {}});
  ASSERT_TRUE(processes.start("a", {TaskKind::rip, "/dev/sr0", "x.cue"}));
  processes.stop("b", StopHow::kill);
  processes.serve(listener);
  EXPECT_TRUE(listener.ends.empty());
  processes.stop("a", StopHow::ask);
  serve_until_end(processes);
  EXPECT_EQ(listener.ends[0].second.exit_code, 128 + 15);
}

TEST_F(ProcessesTest, AProgramThatIsNotThereEndsAsOneThatFailed) {
  Processes processes({folder.path() / "missing", {}});
  ASSERT_TRUE(processes.start("a", {TaskKind::identify, "/dev/sr0", {}}));
  serve_until_end(processes);
  EXPECT_EQ(listener.ends[0].second.exit_code, 127);
}

TEST_F(ProcessesTest, AWorkerIsAskedToEndWhenItsSupervisorIsKilled) {
  const std::filesystem::path ready = folder.path() / "ready", saved = folder.path() / "saved";
  worker_is("trap 'touch " + saved.string() + "; exit' TERM; touch " + ready.string() +
            "; while :; do sleep 0.05; done");
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    Processes processes({program, {}});
    static_cast<void>(processes.start("a", {TaskKind::rip, "/dev/sr0", "x.cue"}));
    ::pause();
    ::_exit(0);
  }
  const auto wait_for = [](const std::filesystem::path& file) {
    const auto limit = steady_clock::now() + std::chrono::seconds(60);
    while (!std::filesystem::exists(file) && steady_clock::now() < limit) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::filesystem::exists(file);
  };
  EXPECT_TRUE(wait_for(ready));
  ::kill(supervisor, SIGKILL);
  ::waitpid(supervisor, nullptr, 0);
  EXPECT_TRUE(wait_for(saved));
}

TEST(Arguments, RipOptionsGoToRipsOnly) {
  EXPECT_THAT(arguments_of({TaskKind::rip, "/dev/sr0", "x.cue"}, {"--split"}),
              ElementsAre("rip", "/dev/sr0", "x.cue", "--progress", "json", "--split"));
  EXPECT_THAT(arguments_of({TaskKind::refine, "/dev/sr0", "x.cue"}, {"--split"}),
              ElementsAre("refine", "x.cue", "/dev/sr0", "--progress", "json"));
}

}  // namespace
}  // namespace binrip::batch
