#include "binrip/batch/notices.hpp"

#include <condition_variable>
#include <fstream>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"

namespace binrip::batch {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

const NoticeWriter::Clock::time_point kStart{};

StationView with_drive(DriveStage stage) {
  StationView view;
  view.drives.resize(1);
  view.drives[0].id = "a";
  view.drives[0].node = "/dev/sr4";
  view.drives[0].stage = stage;
  return view;
}

void finish(StationView& view, const std::string& disc, DiscEnd end = DiscEnd::published) {
  FinishedDisc finished;
  finished.drive_id = "a";
  finished.disc = disc;
  finished.end = end;
  finished.verdict = "all is well";
  finished.folder = disc + "/";
  view.finished.insert(view.finished.begin(), finished);
  ++view.ends[static_cast<std::size_t>(end)];
}

TEST(NoticeWriter, TellsADiscWhenItsDriveLetsGoOfItAndOnlyOnce) {
  NoticeWriter writer;
  StationView view = with_drive(DriveStage::publishing);
  EXPECT_THAT(writer.update(view, kStart), IsEmpty());
  finish(view, "Blue");
  EXPECT_THAT(writer.update(view, kStart), IsEmpty());
  view.drives[0].stage = DriveStage::ejecting;
  EXPECT_THAT(writer.update(view, kStart), IsEmpty());
  view.drives[0].stage = DriveStage::done;
  EXPECT_THAT(writer.update(view, kStart),
              ElementsAre(Notice{NoticeKind::disc_out, "/dev/sr4: published", "Blue: all is well", "/dev/sr4",
                                 "Blue", "published", "Blue/"}));
  EXPECT_THAT(writer.update(view, kStart), IsEmpty());
  view.drives[0].stage = DriveStage::empty;
  EXPECT_THAT(writer.update(view, kStart), IsEmpty());
}

TEST(NoticeWriter, TellsDiscsThatWentByBetweenTwoLooks) {
  NoticeWriter writer;
  StationView view = with_drive(DriveStage::publishing);
  writer.update(view, kStart);
  finish(view, "one");
  finish(view, "two", DiscEnd::failed);
  view.drives[0].stage = DriveStage::ejecting;
  EXPECT_THAT(writer.update(view, kStart), ElementsAre(Field(&Notice::disc, "one")));
  view.drives[0].stage = DriveStage::done;
  EXPECT_THAT(writer.update(view, kStart), ElementsAre(Field(&Notice::title, "/dev/sr4: failed")));
}

TEST(NoticeWriter, TellsADiscWhoseDriveIsNoMore) {
  NoticeWriter writer;
  StationView view = with_drive(DriveStage::ejecting);
  finish(view, "");
  writer.update(view, kStart);
  view.drives.clear();
  EXPECT_THAT(writer.update(view, kStart),
              ElementsAre(Field(&Notice::text, "a disc that was not identified: all is well")));
}

TEST(NoticeWriter, TellsANeedOnceAndAgainOnlyAfterAWhile) {
  NoticeWriter writer;
  StationView need, none;
  need.needs_a_hand = {"empty the bin"};
  EXPECT_THAT(writer.update(need, kStart), ElementsAre(Field(&Notice::text, "empty the bin")));
  EXPECT_THAT(writer.update(need, kStart + 60min), IsEmpty());  // it still stands
  writer.update(none, kStart + 60min);
  EXPECT_THAT(writer.update(need, kStart + 61min),
              ElementsAre(Field(&Notice::kind, NoticeKind::needs_a_hand)));
  writer.update(none, kStart + 62min);
  EXPECT_THAT(writer.update(need, kStart + 63min), IsEmpty());  // comes and goes
  writer.update(none, kStart + 64min);
  EXPECT_THAT(writer.update(need, kStart + 72min), ElementsAre(Field(&Notice::text, "empty the bin")));
}

TEST(NoticeWriter, MakesOneLineThatAProgramCanBeGiven) {
  NoticeWriter writer;
  StationView view;
  view.needs_a_hand = {std::string("a\nb\0c\x1b\xff", 7) + std::string(2000, 'x')};
  const auto notices = writer.update(view, kStart);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].text.substr(0, 8), "a b c \xc3\xbf");
  EXPECT_EQ(notices[0].text.size(), 500U);
}

// A program that notes what it was given.
class NotifierTest : public testing::Test {
 protected:
  std::string script(const std::string& body) {
    const auto path = folder_ / "hook";
    std::ofstream(path) << "#!/bin/sh\ncd " << folder_.path().string() << "\n" << body << "\n";
    ::chmod(path.c_str(), 0755);
    return path.string();
  }
  void start(const std::string& command, std::chrono::seconds limit = 600s) {
    auto started = Notifier::start({command, limit}, board_, [this](const std::string& problem) {
      const std::lock_guard lock(mutex_);
      problems_.push_back(problem);
    });
    ASSERT_TRUE(started) << started.error().message;
    notifier_ = std::move(*started);
  }
  void publish_need(const std::string& need) {
    StationView view;
    view.needs_a_hand = {need};
    board_.publish(view);
  }

  test::TempDir folder_;
  ViewBoard board_;
  std::mutex mutex_;
  std::vector<std::string> problems_;
  std::unique_ptr<Notifier> notifier_;
};

TEST_F(NotifierTest, RunsTheCommandWithTheTextAsArgumentsAndInTheEnvironment) {
  start(script(
      R"(printf '%s|%s|%s|%s|%s|%s|%s\n' "$#" "$1" "$2" "$3" "$BINRIP_EVENT" "$BINRIP_DISC" "$BINRIP_END" >> said)"));
  StationView view = with_drive(DriveStage::done);
  finish(view, "-n $(reboot) \"Blue\"");
  board_.publish(view);
  notifier_.reset();  // tells what is still to be told
  EXPECT_EQ(read_text(folder_ / "said").value(),
            "3|disc_out|/dev/sr4: published|-n $(reboot) \"Blue\": all is well|disc_out|-n $(reboot) "
            "\"Blue\"|published\n");
  EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(NotifierTest, SaysOnceThatTheCommandFails) {
  start(script("echo no route >&2; exit 3"));
  publish_need("one");
  publish_need("two");
  notifier_.reset();
  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_THAT(problems_[0], HasSubstr("ended with 3: no route"));
}

TEST_F(NotifierTest, EndsACommandThatHangs) {
  start(script("exec sleep 1000"), 1s);
  publish_need("one");
  notifier_.reset();
  ASSERT_EQ(problems_.size(), 1U);
  EXPECT_THAT(problems_[0], HasSubstr("did not end in 1 s"));
}

TEST_F(NotifierTest, RefusesWhatCannotBeRun) {
  for (const char* command : {"", "no-such-program-here", "/etc/passwd", "A=B", "-i"}) {
    const auto started = Notifier::start({command}, board_, [](const std::string&) {});
    ASSERT_FALSE(started) << command;
    EXPECT_EQ(started.error().kind, ErrorKind::usage);
  }
}

}  // namespace
}  // namespace binrip::batch
