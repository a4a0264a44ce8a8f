// The station in virtual time, with workers, archive and loader that do as the test says.
#include "batch/station.hpp"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FakeWorkers : public Workers {
 public:
  Result<void> start(const std::string& drive, const Task& task) override {
    EXPECT_EQ(running.count(drive), 0U) << "two workers at one drive";
    running[drive] = task;
    started.push_back(task.kind);
    return {};
  }
  void stop(const std::string& drive, StopHow how) override { stopped.emplace_back(drive, how); }

  std::map<std::string, Task> running;
  std::vector<TaskKind> started;
  std::vector<std::pair<std::string, StopHow>> stopped;
};

class FakeRecords : public Records {
 public:
  Result<std::vector<KnownCopy>> copies(const DiscInfo& disc) override { return known[disc.identity]; }
  void brought(const std::string& drive) override { brought_to.push_back(drive); }
  void left(const std::string& drive) override { left_by.push_back(drive); }
  int place(const DiscInfo&, int from) override {
    const auto next = holds.lower_bound(from);
    return next != holds.end() ? next->first : from;
  }
  Result<Expectation> expect(const std::string&, const DiscInfo&, int place) override {
    expected_places.push_back(place);
    return Expectation{contradiction};
  }
  Result<WorkPlace> begin(const std::string&, const DiscInfo& disc, int place) override {
    if (begin_problem) return fail(*begin_problem);
    const auto held = holds.find(place);
    return WorkPlace{.cue = fmt::format("work/{}-{}/disc.cue", disc.identity.substr(0, 4), place),
                     .number = place,
                     .holds = held == holds.end() ? Holds::nothing : held->second,
                     .ripped = ripped};
  }
  Result<FinishedDisc> publish(const EndedRip& rip) override {
    if (publish_problem) return fail(*publish_problem);
    published.push_back(rip);
    return ended(rip.drive, rip.disc.label(), DiscEnd::published, rip.verdict);
  }
  Result<FinishedDisc> mended(const EndedRip& rip, const KnownCopy& copy) override {
    mendings.push_back(copy.folder);
    return ended(rip.drive, rip.disc.label(), DiscEnd::mended, rip.verdict);
  }
  FinishedDisc skipped(const std::string& drive, const DiscInfo& disc, const KnownCopy& copy) override {
    return ended(drive, disc.label(), DiscEnd::skipped, "is in " + copy.folder);
  }
  Result<FinishedDisc> failed(const std::string& drive, const std::optional<DiscInfo>& disc,
                              const std::optional<WorkPlace>& place, const std::string& reason) override {
    if (failed_problem) return fail(*failed_problem);
    if (place) failed_places.push_back(place->number);
    return ended(drive, disc ? disc->label() : "", DiscEnd::failed, reason);
  }
  void note(const std::string&, const std::string& event) override { notes.push_back(event); }
  std::string last_disc(const std::string& drive) override { return last[drive]; }
  void remember(const std::string& drive, const std::string& identity) override { last[drive] = identity; }
  std::uint64_t free_bytes() override { return free; }

  static FinishedDisc ended(const std::string& drive, const std::string& disc, DiscEnd end,
                            const std::string& text) {
    return {.time = "now",
            .drive_id = drive,
            .disc = disc,
            .folder = "",
            .end = end,
            .exit_code = 0,
            .verdict = text};
  }

  std::map<std::string, std::vector<KnownCopy>> known;
  std::map<std::string, std::string> last;
  std::vector<EndedRip> published;
  std::vector<std::string> mendings, notes, brought_to, left_by;
  std::string contradiction;
  std::map<int, Holds> holds;  // by place
  std::vector<int> expected_places, failed_places;
  RipEnd ripped;
  std::optional<Error> publish_problem, failed_problem, begin_problem;
  std::uint64_t free = std::uint64_t{1} << 40;
};

class FakeFeeder : public Feeder {
 public:
  bool is_loader() const override { return loader; }
  void load(const std::string& drive, const std::string&) override { loads.push_back(drive); }
  void take(const std::string& drive, const std::string&, Taken taken, const std::string&) override {
    takes.emplace_back(drive, taken);
  }

  bool loader = false;
  std::vector<std::string> loads;
  std::vector<std::pair<std::string, Taken>> takes;
};

std::string identity(char letter) { return std::string(64, letter); }

std::string info_of(char letter, int tracks = 10) {
  std::string list;
  for (int i = 1; i <= tracks; ++i) list += fmt::format("{}{{\"number\":{}}}", i > 1 ? "," : "", i);
  return fmt::format(
      R"({{"ids":{{"toc":"{}","musicbrainz":"mb-{}"}},"mcn":null,"sessions":[{{"lead_out":{{"lba":300000}},"tracks":[{}]}}],)"
      R"("cdtext":{{"blocks":[{{"disc":{{"title":"Disc {}","performer":"Band"}}}}]}}}})",
      identity(letter), letter, list, letter);
}

class StationTest : public testing::Test {
 protected:
  void SetUp() override {
    station.on_finished = [this](const FinishedDisc& disc) { finished.push_back(disc); };
    see({"a", "b"});
  }
  void see(const std::vector<std::string>& ids) {
    std::vector<SeenDrive> drives;
    for (const std::string& id : ids) drives.push_back({id, "/dev/" + id, "ACME"});
    station.see_drives(drives, now);
  }
  void pass(Time time) {
    const Time end = now + time;
    for (; now < end; now += Time(500)) {
      answer_trays();
      station.tick(now);
    }
    answer_trays();
  }
  // A drive without a word about its tray does not answer.
  void answer_trays() {
    for (const auto& [drive, task] : std::map(workers.running)) {
      if (task.kind == TaskKind::open_tray && opens) {
        trays[drive] = "open";
        end(drive, {});
      } else if (task.kind == TaskKind::tray || task.kind == TaskKind::close_tray) {
        if (trays[drive] == "silent") continue;
        if (task.kind == TaskKind::close_tray && trays[drive] == "open") trays[drive] = loaded;
        end(drive, {0, fmt::format(R"({{"state":"{}","problem":"asc 30"}})", trays[drive]), ""});
      }
    }
  }
  void end(const std::string& drive, const TaskEnd& end) {
    workers.running.erase(drive);
    station.on_end(drive, end, now);
  }
  void insert(const std::string& drive, char letter, int tracks = 10) {
    trays[drive] = "ready";
    pass(Time(6000));
    ASSERT_EQ(kind(drive), TaskKind::identify);
    end(drive, {0, info_of(letter, tracks), ""});
  }
  void rip_to_end(const std::string& drive, int exit_code = 0) {
    ASSERT_EQ(kind(drive), TaskKind::rip);
    station.on_line(drive, R"({"event":"done","exit_code":0,"verdict":"every sector is proven"})", now);
    end(drive, {exit_code, "", ""});
    ASSERT_EQ(kind(drive), TaskKind::verify);
    end(drive, {exit_code == 3 ? 3 : 0, "", ""});
  }
  std::optional<TaskKind> kind(const std::string& drive) {
    const auto task = workers.running.find(drive);
    return task == workers.running.end() ? std::nullopt : std::optional(task->second.kind);
  }
  DriveView view(const std::string& id) {
    for (const DriveView& drive : station.view().drives) {
      if (drive.id == id) return drive;
    }
    return {};
  }

  FakeWorkers workers;
  FakeRecords records;
  FakeFeeder feeder;
  StationOptions options;
  Station station{options, workers, records, feeder};
  std::map<std::string, std::string> trays = {{"a", "empty"}, {"b", "empty"}, {"c", "empty"}};
  std::string loaded = "ready";  // what closing a tray that was loaded gives
  std::vector<FinishedDisc> finished;
  bool opens = true;
  Time now{1000};
};

TEST_F(StationTest, ADiscIsRippedVerifiedPublishedAndGivenBack) {
  insert("a", 'x');
  EXPECT_EQ(workers.running["a"].cue, "work/xxxx-1/disc.cue");
  station.on_line(
      "a", R"({"event":"progress","pass":1,"track":3,"sectors_done":50,"sectors_total":100,"speed":8.5})",
      now);
  EXPECT_EQ(view("a").stage, DriveStage::ripping);
  EXPECT_EQ(view("a").disc, "Band: Disc x");
  EXPECT_EQ(view("a").progress->track, 3);
  rip_to_end("a");
  ASSERT_EQ(records.published.size(), 1U);
  EXPECT_EQ(records.published[0].disc.identity, identity('x'));
  EXPECT_EQ(records.published[0].verdict, "every sector is proven");
  pass(Time(1000));
  EXPECT_EQ(trays["a"], "open");
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].end, DiscEnd::published);
  pass(Time(5000));
  EXPECT_EQ(view("a").stage, DriveStage::empty);
  EXPECT_EQ(view("a").discs_published, 1);
}

TEST_F(StationTest, ADiscMustStayReadyForAMoment) {
  trays["a"] = "ready";
  station.tick(now);
  answer_trays();
  trays["a"] = "open";
  pass(Time(10'000));
  EXPECT_EQ(std::count(workers.started.begin(), workers.started.end(), TaskKind::identify), 0);
}

TEST_F(StationTest, TheSameDiscIsNotRippedAgainWhenTheTrayClosesByItself) {
  insert("a", 'x');
  rip_to_end("a");
  pass(Time(2000));
  insert("a", 'x');
  EXPECT_EQ(kind("a"), std::nullopt);
  EXPECT_EQ(view("a").stage, DriveStage::done);
  EXPECT_THAT(view("a").reason, HasSubstr("same disc as before"));
  pass(Time(3'600'000));
  EXPECT_EQ(records.published.size(), 1U);
  EXPECT_EQ(finished.size(), 1U);
}

TEST_F(StationTest, ADiscThatIsInTheArchiveIsSkipped) {
  records.known[identity('x')] = {{"archive/x/disc.cue", "x", 0}};
  insert("a", 'x');
  EXPECT_EQ(finished.at(0).end, DiscEnd::skipped);
  EXPECT_THAT(finished[0].verdict, HasSubstr("is in x"));
}

TEST_F(StationTest, AShortTocDoesNotTellWhetherADiscIsKnown) {
  records.known[identity('x')] = {{"archive/x/disc.cue", "x", 0}};
  insert("a", 'x', 1);
  EXPECT_EQ(kind("a"), TaskKind::rip);
}

TEST_F(StationTest, TheSamePressingInTwoDrivesIsRippedOneAfterTheOther) {
  insert("a", 'x');
  insert("b", 'x');
  EXPECT_EQ(kind("b"), std::nullopt);
  EXPECT_THAT(view("b").reason, HasSubstr("/dev/a"));
  EXPECT_THAT(station.view().needs_a_hand, IsEmpty());
  records.known[identity('x')] = {{"archive/x/disc.cue", "x", 0}};
  rip_to_end("a");
  pass(Time(15'000));
  ASSERT_EQ(finished.size(), 2U);
  EXPECT_EQ(finished[1].end, DiscEnd::skipped);
}

TEST_F(StationTest, WaitsForSpaceAndSaysSo) {
  records.free = 100U << 20U;
  insert("a", 'x');
  EXPECT_EQ(kind("a"), std::nullopt);
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("not enough space")));
  records.free = std::uint64_t{1} << 40U;
  pass(Time(11'000));
  EXPECT_EQ(kind("a"), TaskKind::rip);
  EXPECT_THAT(station.view().needs_a_hand, IsEmpty());
}

TEST_F(StationTest, SpaceIsReservedForDiscsThatAreBeingRipped) {
  records.free = (256U << 20U) + std::uint64_t{300'000} * 2448 * 3 / 2;
  insert("a", 'x');
  insert("b", 'y');
  EXPECT_EQ(kind("a"), TaskKind::rip);
  EXPECT_EQ(kind("b"), std::nullopt);
  records.free -= std::uint64_t{300'000} * 2448 * 9 / 10;
  station.on_line("a", R"({"event":"progress","pass":1,"sectors_done":90,"sectors_total":100})", now);
  pass(Time(11'000));
  EXPECT_EQ(kind("b"), std::nullopt) << "what is written is no more space";
}

TEST_F(StationTest, ADiskThatFillsUpInTheMiddleIsWaitedFor) {
  insert("a", 'x');
  station.on_line("a", R"({"event":"done","exit_code":1,"error":"disk full","kind":"no_space"})", now);
  records.free = 0;
  end("a", {1, "", "disk full"});
  pass(Time(60'000));
  EXPECT_THAT(finished, IsEmpty());
  EXPECT_EQ(station.view().needs_a_hand.size(), 1U);
  records.free = std::uint64_t{1} << 40U;
  pass(Time(11'000));
  EXPECT_EQ(workers.running["a"].cue, "work/xxxx-1/disc.cue");
}

TEST_F(StationTest, ADriveThatHangsIsGivenUpAndStopsNoOther) {
  insert("a", 'x');
  pass(options.silence + Time(1000));
  EXPECT_THAT(workers.stopped, ElementsAre(std::pair("a", StopHow::ask)));
  pass(options.grace + Time(1000));
  EXPECT_THAT(workers.stopped, ElementsAre(std::pair("a", StopHow::ask), std::pair("a", StopHow::kill)));
  pass(options.grace + Time(1000));
  EXPECT_EQ(view("a").stage, DriveStage::set_aside);
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("hangs")));
  insert("b", 'y');
  rip_to_end("b");
  EXPECT_EQ(records.published.size(), 1U);
  EXPECT_FALSE(station.take_back("a", now)) << "its worker is still there";
  end("a", {137, "", ""});
  EXPECT_TRUE(station.take_back("a", now));
  insert("a", 'x');
  EXPECT_EQ(kind("a"), TaskKind::rip);
}

TEST_F(StationTest, ARipThatSpeaksIsNotHanging) {
  insert("a", 'x');
  for (int i = 0; i < 10; ++i) {
    pass(options.silence / 2);
    station.on_line("a", R"({"event":"stage","stage":"reading"})", now);
  }
  EXPECT_THAT(workers.stopped, IsEmpty());
}

TEST_F(StationTest, AnUnpluggedDrivesDiscGoesOnInAnother) {
  insert("a", 'x');
  see({"b"});
  EXPECT_EQ(view("a").stage, DriveStage::ripping) << "its worker still looks for it";
  station.on_line("a", R"({"event":"done","exit_code":1,"error":"gone","kind":"no_device"})", now);
  end("a", {1, "", "gone"});
  EXPECT_EQ(view("a").stage, DriveStage::gone);
  EXPECT_THAT(finished, IsEmpty());
  insert("b", 'x');
  EXPECT_EQ(workers.running["b"].cue, "work/xxxx-1/disc.cue");
}

TEST_F(StationTest, ADriveThatComesBackUnderAnotherNumberIsTheSame) {
  see({"b"});
  EXPECT_EQ(view("a").stage, DriveStage::gone);
  station.see_drives({{"b", "/dev/b", "ACME"}, {"a", "/dev/sr10", "ACME"}}, now);
  EXPECT_EQ(station.view().drives.size(), 2U);
  EXPECT_EQ(view("a").node, "/dev/sr10");
  insert("a", 'x');
  EXPECT_EQ(workers.running["a"].node, "/dev/sr10");
}

TEST_F(StationTest, AnUnreadableDiscFailsWithItsReason) {
  trays["a"] = "unreadable";
  pass(Time(15'000));
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].end, DiscEnd::failed);
  EXPECT_EQ(finished[0].verdict, "asc 30");
  EXPECT_EQ(trays["a"], "open");
}

TEST_F(StationTest, ATrayThatClosesByItselfDoesNotMakeAnUnreadableDiscFailForEver) {
  for (int i = 0; i < 20; ++i) {
    trays["a"] = "unreadable";
    pass(Time(60'000));
  }
  EXPECT_EQ(finished.size(), 3U);
  EXPECT_EQ(view("a").stage, DriveStage::set_aside);
  EXPECT_THAT(view("a").reason, HasSubstr("3 discs in a row failed"));
  EXPECT_TRUE(station.take_back("a", now));
  insert("a", 'x');
  EXPECT_EQ(kind("a"), TaskKind::rip);
}

TEST_F(StationTest, ADiscThatIsNoCdFailsAfterThreeLooks) {
  trays["a"] = "ready";
  for (int i = 0; i < 3; ++i) {
    pass(Time(8000));
    ASSERT_EQ(kind("a"), TaskKind::identify) << i;
    end("a", {1, "", "this is a DVD"});
  }
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].verdict, "this is a DVD");
}

TEST_F(StationTest, WhatWasRippedBeforeAKillIsComparedVerifiedAndPublished) {
  records.ripped = RipEnd{3, "some are damaged", "", ""};
  records.holds[1] = Holds::an_image;
  insert("a", 'x');
  ASSERT_EQ(kind("a"), TaskKind::refine);
  end("a", {3, "", ""});
  ASSERT_EQ(kind("a"), TaskKind::verify);
  end("a", {3, "", ""});
  EXPECT_EQ(records.published.at(0).verdict, "some are damaged");
  EXPECT_EQ(records.published[0].exit_code, 3);
}

// Two discs of one TOC: what is in work of the one is not the other's, and stays where it is.
TEST_F(StationTest, AnotherDiscThanTheOneInWorkWithItsTocGetsAPlaceOfItsOwn) {
  records.ripped = RipEnd{0, "every sector is proven", "", ""};
  records.holds = {{1, Holds::an_image}, {2, Holds::a_part}};
  insert("a", 'x');
  ASSERT_EQ(kind("a"), TaskKind::refine);
  EXPECT_EQ(workers.running["a"].cue, "work/xxxx-1/disc.cue");
  station.on_line("a", R"({"event":"done","exit_code":1,"error":"another disc","kind":"mismatch"})", now);
  end("a", {1, "", "another disc"});
  ASSERT_EQ(kind("a"), TaskKind::rip);
  EXPECT_EQ(workers.running["a"].cue, "work/xxxx-2/disc.cue");
  station.on_line("a", R"({"event":"done","exit_code":1,"error":"another disc","kind":"mismatch"})", now);
  end("a", {1, "", "another disc"});
  EXPECT_EQ(workers.running["a"].cue, "work/xxxx-3/disc.cue");
  EXPECT_THAT(records.left_by, ElementsAre("a", "a")) << "it was no longer what the list said of the first";
  EXPECT_THAT(records.expected_places, ElementsAre(1, 2, 3));
  rip_to_end("a");
  ASSERT_EQ(records.published.size(), 1U);
  EXPECT_EQ(records.published[0].place.number, 3);
  EXPECT_THAT(records.failed_places, IsEmpty());

  trays["a"] = "open";
  pass(Time(6000));
  records.holds.clear();
  insert("a", 'y');
  EXPECT_EQ(workers.running["a"].cue, "work/yyyy-1/disc.cue") << "of this disc nothing is there";
}

TEST_F(StationTest, AMismatchInANewPlaceIsAFailure) {
  insert("a", 'x');
  station.on_line("a", R"({"event":"done","exit_code":1,"error":"does not fit","kind":"mismatch"})", now);
  end("a", {1, "", "does not fit"});
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].verdict, "does not fit");
  EXPECT_THAT(records.failed_places, ElementsAre(1));
}

TEST_F(StationTest, AWorkerThatCrashesIsStartedOnceMore) {
  insert("a", 'x');
  end("a", {139, "", ""});
  EXPECT_EQ(kind("a"), TaskKind::rip);
  end("a", {139, "", ""});
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].end, DiscEnd::failed);
}

TEST_F(StationTest, AnImageThatDoesNotVerifyIsNotPublished) {
  insert("a", 'x');
  end("a", {0, "", ""});
  end("a", {3, "", ""});
  EXPECT_THAT(records.published, IsEmpty());
  EXPECT_EQ(finished.at(0).end, DiscEnd::failed);
}

TEST_F(StationTest, ADamagedImageIsPublishedAsSuch) {
  insert("a", 'x');
  rip_to_end("a", 3);
  EXPECT_EQ(records.published.at(0).exit_code, 3);
}

TEST_F(StationTest, PublishingIsTriedAgain) {
  records.publish_problem = Error{ErrorKind::io, "the archive is away"};
  insert("a", 'x');
  rip_to_end("a");
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("the archive is away")));
  records.publish_problem.reset();
  pass(Time(11'000));
  EXPECT_EQ(finished.at(0).end, DiscEnd::published);
}

TEST_F(StationTest, StoppingLetsWorkersSaveAndBeginsNothing) {
  insert("a", 'x');
  station.stop(now);
  EXPECT_THAT(workers.stopped, ElementsAre(std::pair("a", StopHow::ask)));
  EXPECT_FALSE(station.idle());
  station.on_line("a", R"({"event":"done","exit_code":143,"error":"interrupted","kind":"cancelled"})", now);
  end("a", {143, "", "interrupted"});
  EXPECT_TRUE(station.idle());
  EXPECT_THAT(finished, IsEmpty());
  trays["b"] = "ready";
  pass(Time(60'000));
  EXPECT_TRUE(workers.running.empty());
}

TEST_F(StationTest, AContradictionToTheListStopsTheLine) {
  records.contradiction = "the list says disc 7, this is disc 8";
  insert("a", 'x');
  EXPECT_EQ(finished.at(0).end, DiscEnd::failed);
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("disc 8")));
  records.contradiction.clear();
  insert("b", 'y');
  pass(Time(600'000));
  EXPECT_EQ(kind("b"), std::nullopt);
}

class LoaderTest : public StationTest {
 protected:
  void SetUp() override {
    StationTest::SetUp();
    feeder.loader = true;
    see({"a"});
    station.see_drives({{"a", "/dev/a", "ACME"}}, now);
  }
};

TEST_F(LoaderTest, LoadsRipsAndTakesUntilNothingIsLeft) {
  pass(Time(10'000));
  ASSERT_THAT(feeder.loads, ElementsAre("a"));
  EXPECT_EQ(trays["a"], "open");
  station.on_loaded("a", {Fed::done, ""}, now);
  pass(Time(6000));
  ASSERT_EQ(kind("a"), TaskKind::identify);
  end("a", {0, info_of('x'), ""});
  rip_to_end("a");
  pass(Time(2000));
  ASSERT_THAT(feeder.takes, ElementsAre(std::pair("a", Taken::good)));
  EXPECT_FALSE(station.complete());
  station.on_taken("a", {Fed::done, ""}, now);
  pass(Time(10'000));
  ASSERT_EQ(feeder.loads.size(), 2U);
  station.on_loaded("a", {Fed::done, ""}, now);
  pass(Time(6000));
  end("a", {0, info_of('x'), ""});
  EXPECT_EQ(kind("a"), TaskKind::rip) << "a second copy in the same drive is another disc";
  rip_to_end("a");
  pass(Time(2000));
  station.on_taken("a", {Fed::done, ""}, now);
  pass(Time(10'000));
  station.on_loaded("a", {Fed::no_more, ""}, now);
  pass(Time(2000));
  EXPECT_TRUE(station.complete());
}

TEST_F(LoaderTest, ADiscThatIsNotSeenIsRejected) {
  loaded = "empty";
  pass(Time(10'000));
  station.on_loaded("a", {Fed::done, ""}, now);
  pass(options.medium_wait + Time(5000));
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_THAT(finished[0].verdict, HasSubstr("upside down"));
  EXPECT_THAT(feeder.takes, ElementsAre(std::pair("a", Taken::rejected)));
}

TEST_F(LoaderTest, NothingIsLoadedUponADiscThatLiesThere) {
  trays["a"] = "ready";
  pass(Time(6000));
  EXPECT_THAT(feeder.loads, IsEmpty());
  EXPECT_EQ(kind("a"), TaskKind::identify);
}

TEST_F(LoaderTest, ALoaderThatIsStuckPutsTheDriveAside) {
  pass(Time(10'000));
  station.on_loaded("a", {Fed::failed, "the hook took longer than 120 s"}, now);
  EXPECT_EQ(view("a").stage, DriveStage::set_aside);
  pass(Time(600'000));
  EXPECT_EQ(feeder.loads.size(), 1U);
}

// A station that was killed: what the archive remembers of the drives is what it goes on from.
class KilledLoaderTest : public LoaderTest {
 protected:
  // The drive "a" is found for the first time here.
  void SetUp() override {
    StationTest::SetUp();
    feeder.loader = true;
  }
  void begin(const DriveMemory& memory, const std::string& tray) {
    station.see_drives({}, now);
    records.last["c"] = to_string(memory);
    trays["c"] = tray;
    station.see_drives({{"c", "/dev/c", "ACME"}}, now);
  }
};

TEST_F(KilledLoaderTest, ADiscThatLiesOnTheOpenTrayIsNotLoadedUpon) {
  begin({Lies::loading}, "open");
  pass(Time(8000));
  EXPECT_THAT(feeder.loads, IsEmpty());
  EXPECT_EQ(kind("c"), TaskKind::identify);
}

TEST_F(KilledLoaderTest, AnOpenTrayThatWasEmptiedIsLoadedAtOnce) {
  begin({Lies::nothing}, "open");
  pass(Time(8000));
  EXPECT_THAT(feeder.loads, ElementsAre("c"));
  EXPECT_EQ(std::count(workers.started.begin(), workers.started.end(), TaskKind::close_tray), 0);
}

TEST_F(KilledLoaderTest, AnOpenTrayOfWhichNothingIsKnownIsLoadedOnceNothingIsSeenInIt) {
  loaded = "empty";
  begin({}, "open");
  pass(Time(15'000));
  EXPECT_THAT(feeder.loads, IsEmpty());
  pass(options.medium_wait);
  EXPECT_THAT(feeder.loads, ElementsAre("c"));
  EXPECT_THAT(finished, IsEmpty());
}

TEST_F(KilledLoaderTest, ADiscThatCameToItsEndIsTakenAndNotDoneAgain) {
  begin({Lies::rejected, identity('x')}, "ready");
  pass(Time(6000));
  ASSERT_EQ(kind("c"), TaskKind::identify);
  end("c", {0, info_of('x'), ""});
  pass(Time(2000));
  EXPECT_THAT(feeder.takes, ElementsAre(std::pair("c", Taken::rejected)));
  EXPECT_THAT(finished, IsEmpty());
  station.on_taken("c", {Fed::done, ""}, now);
  pass(Time(8000));
  EXPECT_THAT(feeder.loads, ElementsAre("c"));
}

TEST_F(KilledLoaderTest, ADiscThatFailedUnknownIsTakenAndDoesNotFailAgain) {
  begin({Lies::rejected}, "empty");
  pass(options.medium_wait + Time(8000));
  EXPECT_THAT(feeder.takes, ElementsAre(std::pair("c", Taken::rejected)));
  EXPECT_THAT(finished, IsEmpty());
}

TEST_F(KilledLoaderTest, AnotherDiscThanTheOneThatCameToItsEndIsRipped) {
  begin({Lies::good, identity('x')}, "ready");
  pass(Time(6000));
  end("c", {0, info_of('y'), ""});
  EXPECT_EQ(kind("c"), TaskKind::rip);
}

TEST_F(KilledLoaderTest, ADiscThatLiesUpsideDownIsNotLoadedUpon) {
  begin({Lies::a_disc}, "empty");
  pass(options.medium_wait + Time(8000));
  EXPECT_THAT(feeder.loads, IsEmpty());
  EXPECT_THAT(feeder.takes, ElementsAre(std::pair("c", Taken::rejected)));
  EXPECT_EQ(finished.size(), 1U);
}

TEST_F(KilledLoaderTest, WhetherALoadCameToItsEndTheLoaderFindsOut) {
  loaded = "empty";
  begin({Lies::loading}, "open");
  pass(options.medium_wait + Time(8000));
  EXPECT_THAT(feeder.takes, ElementsAre(std::pair("c", Taken::rejected)));
  EXPECT_THAT(finished, IsEmpty());
  station.on_taken("c", {Fed::nothing, ""}, now);
  EXPECT_THAT(finished, IsEmpty());
  pass(Time(8000));
  ASSERT_THAT(feeder.loads, ElementsAre("c"));
}

TEST_F(KilledLoaderTest, ADiscThatWasLoadedUnseenAndUnknownFails) {
  loaded = "empty";
  begin({Lies::loading}, "open");
  pass(options.medium_wait + Time(8000));
  station.on_taken("c", {Fed::done, ""}, now);
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_THAT(finished[0].verdict, HasSubstr("upside down"));
  pass(Time(8000));
  EXPECT_THAT(feeder.loads, ElementsAre("c"));
  EXPECT_EQ(feeder.takes.size(), 1U);
}

TEST_F(KilledLoaderTest, WhatWasToBeToldOfADiscIsNotToldOfTheNext) {
  loaded = "empty";
  begin({Lies::loading}, "open");
  pass(options.medium_wait + Time(8000));
  station.on_taken("c", {Fed::failed, "the arm is stuck"}, now);
  ASSERT_TRUE(station.take_back("c", now));
  trays["c"] = "ready";
  pass(Time(8000));
  ASSERT_EQ(kind("c"), TaskKind::identify);
  end("c", {0, info_of('x'), ""});
  records.publish_problem = Error{ErrorKind::io, "the archive is away"};
  rip_to_end("c");
  records.publish_problem.reset();
  pass(Time(11'000));
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].end, DiscEnd::published);
}

TEST_F(KilledLoaderTest, ItIsNotCompleteBeforeAllDrivesHaveBeenLookedInto) {
  station.see_drives({}, now);
  records.last["d"] = records.last["c"] = to_string({Lies::nothing});
  trays["c"] = "ready";
  trays["d"] = "open";
  station.see_drives({{"c", "/dev/c", "ACME"}}, now);
  station.tick(now);  // its tray does not answer yet
  station.see_drives({{"c", "/dev/c", "ACME"}, {"d", "/dev/d", "ACME"}}, now);
  trays["c"] = "silent";
  for (int i = 0; i < 20 && feeder.loads.empty(); ++i) pass(Time(500));
  ASSERT_THAT(feeder.loads, ElementsAre("d"));
  station.on_loaded("d", {Fed::no_more, ""}, now);
  EXPECT_FALSE(station.complete()) << "there is a disc in the other";
  trays["c"] = "ready";
  pass(Time(10'000));
  ASSERT_EQ(kind("c"), TaskKind::identify);
}

TEST_F(LoaderTest, ADiscThatComesToADriveThatWasSetAsideMeanwhileIsFoundLater) {
  pass(Time(10'000));
  ASSERT_EQ(feeder.loads.size(), 1U);
  ASSERT_TRUE(station.set_aside("a", "by hand", now));
  station.on_loaded("a", {Fed::done, ""}, now);
  EXPECT_EQ(view("a").stage, DriveStage::set_aside);
  ASSERT_TRUE(station.take_back("a", now));
  pass(Time(8000));
  EXPECT_EQ(feeder.loads.size(), 1U);
  EXPECT_EQ(kind("a"), TaskKind::identify);
}

TEST_F(LoaderTest, ADriveThatWentAwayWithADiscOnItsTrayIsNotLoadedUpon) {
  pass(Time(10'000));
  see({});
  station.on_loaded("a", {Fed::done, ""}, now);
  EXPECT_EQ(view("a").stage, DriveStage::gone);
  see({"a"});
  pass(Time(8000));
  EXPECT_EQ(feeder.loads.size(), 1U);
  EXPECT_EQ(kind("a"), TaskKind::identify);
}

TEST_F(LoaderTest, ADiscThatAPersonIsToTakeIsNotLoadedUpon) {
  pass(Time(10'000));
  station.on_loaded("a", {Fed::done, ""}, now);
  pass(Time(6000));
  end("a", {0, info_of('x'), ""});
  rip_to_end("a");
  pass(Time(2000));
  station.on_taken("a", {Fed::by_hand, ""}, now);
  pass(Time(600'000));
  EXPECT_EQ(feeder.loads.size(), 1U);
  trays["a"] = "empty";
  pass(Time(8000));
  EXPECT_EQ(feeder.loads.size(), 2U);
}

TEST_F(StationTest, AWorkerOfAKilledStationThatHangsIsWaitedFor) {
  insert("a", 'x');
  station.on_line(
      "a", R"({"event":"done","exit_code":1,"error":"another binrip works on it","kind":"exists"})", now);
  end("a", {1, "", "another binrip works on it"});
  EXPECT_THAT(finished, IsEmpty());
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("another binrip")));
  pass(Time(11'000));
  EXPECT_EQ(kind("a"), TaskKind::rip);
}

TEST_F(StationTest, AFullDiskPutsNoDriveAside) {
  records.begin_problem = Error{ErrorKind::no_space, "no space left on the device"};
  insert("a", 'x');
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("no space left")));
  pass(Time(60'000));
  EXPECT_NE(view("a").stage, DriveStage::set_aside);
  records.begin_problem.reset();
  pass(Time(11'000));
  EXPECT_EQ(kind("a"), TaskKind::rip);
}

TEST_F(StationTest, ADiscThatFailedIsNotGivenBackBeforeItsReasonIsWritten) {
  records.failed_problem = Error{ErrorKind::no_space, "no space left on the device"};
  trays["a"] = "unreadable";
  pass(Time(60'000));
  EXPECT_EQ(trays["a"], "unreadable") << "the tray stays closed";
  EXPECT_THAT(finished, IsEmpty());
  EXPECT_THAT(station.view().needs_a_hand, ElementsAre(HasSubstr("no space left")));
  records.failed_problem.reset();
  pass(Time(11'000));
  EXPECT_EQ(trays["a"], "open");
  EXPECT_EQ(finished.size(), 1U);
}

TEST(DriveMemoryText, ComesBackAsItWas) {
  for (const Lies lies :
       {Lies::unknown, Lies::nothing, Lies::loading, Lies::a_disc, Lies::good, Lies::rejected}) {
    EXPECT_EQ(parse_drive_memory(to_string({lies})), DriveMemory{lies});
  }
  const DriveMemory good{Lies::good, identity('x')};
  EXPECT_EQ(parse_drive_memory(to_string(good)), good);
  EXPECT_EQ(parse_drive_memory("something else"), DriveMemory{});
}

}  // namespace
}  // namespace binrip::batch
