#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fake_host.hpp"

namespace binrip::cli {
namespace {

using test::FakeHost;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

job::RipOutcome good_outcome() {
  job::RipOutcome outcome;
  outcome.report.verdict = "every sector is proven";
  outcome.report.tracks.resize(2);
  outcome.report.disc.sessions.resize(1);
  outcome.report.whole_disc.size = 2352 * 4500;
  outcome.report.states[static_cast<std::size_t>(cd::SectorState::proven)] = 4500;
  outcome.report.reading.seconds = 61.4;
  outcome.report.reading.average_speed = 23.44;
  outcome.files = {"x/out.bin", "x/out.cue"};
  return outcome;
}

TEST(RipCommand, EndsWithASummaryOnStandardOutput) {
  FakeHost fake;
  fake.outcome = good_outcome();
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--progress", "none"}), 0);
  EXPECT_EQ(fake.out.str(),
            "every sector is proven\n"
            "  disc    2 tracks, 4 500 sectors, 1:00\n"
            "  speed   23.4x on average, 1:01 in the drive\n"
            "  files   out.bin, out.cue\n");
  EXPECT_EQ(fake.err.str(), "");
}

TEST(RipCommand, CountsNotesAndSessions) {
  FakeHost fake;
  job::RipOutcome outcome = good_outcome();
  outcome.report.notes = {"a", "b"};
  outcome.report.disc.sessions.resize(2);
  fake.outcome = outcome;
  fake.run({"sim:demo", "out.cue"});
  EXPECT_THAT(fake.out.str(), HasSubstr("2 tracks in 2 sessions"));
  EXPECT_THAT(fake.out.str(), HasSubstr("  notes   2, in the log\n"));
}

TEST(RipCommand, ShortensALongListOfFiles) {
  FakeHost fake;
  job::RipOutcome outcome = good_outcome();
  outcome.files.clear();
  for (int i = 1; i <= 99; ++i) outcome.files.push_back("out (Track " + std::to_string(i) + ").bin");
  outcome.files.push_back("out.cue");
  fake.outcome = outcome;
  fake.run({"sim:demo", "out.cue"});
  EXPECT_THAT(fake.out.str(), HasSubstr("out (Track 1).bin, out (Track 2).bin, 92 more, "));
  EXPECT_THAT(fake.out.str(), HasSubstr(", out.cue\n"));
}

TEST(RipCommand, SaysWhatIsDamagedAndGivesTheReportsExitCode) {
  FakeHost fake;
  job::RipOutcome outcome = good_outcome();
  outcome.report.exit_code = 3;
  outcome.report.verdict = "damaged";
  outcome.report.states[static_cast<std::size_t>(cd::SectorState::failed)] = 1200;
  outcome.report.states[static_cast<std::size_t>(cd::SectorState::unproven)] = 3;
  fake.outcome = outcome;
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--progress=none"}), 3);
  EXPECT_EQ(fake.err.str(),
            "binrip: warning: 1 200 sectors failed, 3 unproven\n"
            "hint: the .map beside the sheet says which they are\n");
}

TEST(RipCommand, SaysNothingWhenQuiet) {
  FakeHost fake;
  job::RipOutcome outcome = good_outcome();
  outcome.report.exit_code = 2;
  outcome.report.states[static_cast<std::size_t>(cd::SectorState::unproven)] = 3;
  fake.outcome = outcome;
  fake.warnings = {"read only"};
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--quiet"}), 2);
  EXPECT_EQ(fake.out.str() + fake.err.str(), "");
}

TEST(RipCommand, ShowsWarningsOfTheDevice) {
  FakeHost fake;
  fake.warnings = {"read only"};
  fake.run({"/dev/sr0", "out.cue", "--progress", "none"});
  EXPECT_EQ(fake.err.str(), "binrip: warning: read only\n");
}

TEST(RipCommand, GivesErrorsOfTheRipWithTheirHint) {
  FakeHost fake;
  fake.outcome = fail(ErrorKind::no_medium, "no disc in /dev/sr0", "put one in");
  EXPECT_EQ(fake.run({"/dev/sr0", "out.cue", "--quiet"}), 1);
  EXPECT_EQ(fake.err.str(), "binrip: error: no disc in /dev/sr0\nhint: put one in\n");
  EXPECT_EQ(fake.out.str(), "");
}

TEST(RipCommand, GivesErrorsOfUsage) {
  FakeHost fake;
  EXPECT_EQ(fake.run({"/dev/sr0", "out.bin"}), 1);
  EXPECT_THAT(fake.err.str(), HasSubstr("binrip: error: expected a name that ends in .cue"));
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--set", "colour=red"}), 1);
  EXPECT_THAT(fake.err.str(), HasSubstr("colour"));
}

TEST(RipCommand, ExitsWithTheSignalsNumberWhenInterrupted) {
  for (const auto& [signal, code] :
       {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
    FakeHost fake;
    fake.signal = signal;
    EXPECT_EQ(fake.run({"sim:demo", "out.cue"}), code);
    EXPECT_THAT(fake.err.str(), HasSubstr("stopping after this command of the drive"));
    EXPECT_THAT(fake.err.str(),
                testing::EndsWith("binrip: error: interrupted\nhint: the same command goes on from here\n"));
    EXPECT_EQ(fake.out.str(), "");
  }
}

TEST(RipCommand, TellsOfASignalThatCameTooLateAsDone) {
  FakeHost fake;
  fake.outcome = good_outcome();
  fake.host.rip = [&](auto&, auto&, auto&, auto) -> Result<job::RipOutcome> {
    fake.interruption->request(SIGINT);
    return good_outcome();
  };
  EXPECT_EQ(fake.run({"sim:demo", "out.cue"}), 0);
  EXPECT_THAT(fake.out.str(), HasSubstr("every sector is proven"));
}

TEST(RipCommand, HandsOptionsOn) {
  FakeHost fake;
  fake.host.load_config = []() -> Result<drive::ConfigFile> {
    return drive::ConfigFile{{{.vendor = "V", .product = "P", .serial = "", .overrides = {}}}};
  };
  fake.run({"sim:demo", "out.cue", "--speed", "8", "--set", "title=T", "--set", "3.performer=P"});
  EXPECT_EQ(fake.options.speed, 8);
  EXPECT_THAT(fake.options.texts, ElementsAre(Pair("title", "T"), Pair("3.performer", "P")));
  EXPECT_EQ(fake.options.config.drives.size(), 1U);
}

TEST(RipCommand, StopsAtAMalformedConfiguration) {
  FakeHost fake;
  fake.host.load_config = []() -> Result<drive::ConfigFile> {
    return fail(ErrorKind::invalid, "config.toml:3: expected a string, got an integer");
  };
  EXPECT_EQ(fake.run({"sim:demo", "out.cue"}), 1);
  EXPECT_EQ(fake.err.str(), "binrip: error: config.toml:3: expected a string, got an integer\n");
}

TEST(RipCommand, WritesOnlyJsonLinesToStandardOutputForPrograms) {
  FakeHost fake;
  fake.outcome = good_outcome();
  fake.warnings = {"read only"};
  fake.events = [](rip::Listener& listener) {
    listener.on_stage("reading");
    listener.on_progress({});
  };
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--progress", "json"}), 0);
  std::istringstream lines(fake.out.str());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    events.push_back(nlohmann::json::parse(line)["event"]);
  }
  EXPECT_THAT(events, ElementsAre("message", "stage", "progress", "done"));
  EXPECT_EQ(fake.err.str(), "");
}

TEST(RipCommand, EndsJsonWithTheErrorToo) {
  FakeHost fake;
  fake.outcome = fail(ErrorKind::no_space, "no space");
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--progress", "json"}), 1);
  EXPECT_THAT(
      fake.out.str(),
      HasSubstr("{\"event\":\"done\",\"exit_code\":1,\"error\":\"no space\",\"kind\":\"no_space\"}\n"));
  EXPECT_EQ(fake.err.str(), "binrip: error: no space\n");
}

TEST(RipCommand, SaysInVerboseModeWhatTheDriveAnswers) {
  FakeHost fake;
  fake.host.rip = [](drive::Transport& transport, auto&, auto&, auto) -> Result<job::RipOutcome> {
    drive::Cdb cdb;
    cdb.size = 6;
    (void)transport.execute(cdb, drive::Direction::none, {}, std::chrono::seconds(1));
    return job::RipOutcome{};
  };
  class Failing : public test::NoTransport {
    Result<drive::Completion> execute(const drive::Cdb&, drive::Direction, MutableBytes,
                                      std::chrono::milliseconds) override {
      drive::Completion no_medium;
      no_medium.good = false;
      no_medium.sense.key = 2;
      no_medium.sense.asc = 0x3A;
      return no_medium;
    }
  };
  fake.host.open_device = [](auto&) -> Result<OpenDevice> {
    return OpenDevice{nullptr, std::make_unique<Failing>(), {}};
  };
  fake.run({"sim:demo", "out.cue", "-v"});
  EXPECT_THAT(fake.err.str(), HasSubstr("TEST UNIT READY [00 00 00 00 00 00]: 2/3A/00"));
  EXPECT_THAT(fake.err.str(), HasSubstr("1 commands, 0 bytes"));
}

TEST(RipCommand, ClearsTheLiveLineBeforeAnError) {
  FakeHost fake;
  fake.host.terminal = {
      .present = true, .glyphs = Glyphs::ascii, .colour = Colour::off, .columns = [] { return 80; }};
  fake.outcome = fail(ErrorKind::bus, "gone");
  fake.events = [](rip::Listener& listener) { listener.on_stage("reading"); };
  EXPECT_EQ(fake.run({"sim:demo", "out.cue"}), 1);
  EXPECT_THAT(fake.err.str(), testing::EndsWith("reading ...\x1b[K\r\x1b[Kbinrip: error: gone\n"));
}

TEST(Run, SurvivesAnException) {
  FakeHost fake;
  fake.host.rip = [](auto&, auto&, auto&, auto) -> Result<job::RipOutcome> { throw std::bad_alloc(); };
  EXPECT_EQ(fake.run({"sim:demo", "out.cue", "--progress", "none"}), 1);
  EXPECT_THAT(fake.err.str(), HasSubstr("binrip: error: unexpected problem: "));
}

TEST(MergeCommand, SaysWhereSectorsComeFrom) {
  FakeHost fake;
  job::RipOutcome outcome = good_outcome();
  outcome.report.sources = {{"the same in both", 4000}, {"a.cue", 499}, {"b.cue", 1}};
  fake.outcome = outcome;
  EXPECT_EQ(fake.run({"merge", "a.cue", "b.cue", "out.cue"}), 0);
  EXPECT_EQ(fake.merge_options.second, "b.cue");
  EXPECT_EQ(fake.out.str(),
            "every sector is proven\n"
            "  disc    2 tracks, 4 500 sectors, 1:00\n"
            "  from    the same in both: 4 000 sectors\n"
            "  from    a.cue: 499 sectors\n"
            "  from    b.cue: 1 sector\n"
            "  files   out.bin, out.cue\n");
}

TEST(MergeCommand, EndsBySignalAndByErrorLikeARip) {
  FakeHost fake;
  fake.signal = SIGTERM;
  EXPECT_EQ(fake.run({"merge", "a.cue", "b.cue", "out.cue"}), 143);
  EXPECT_THAT(fake.err.str(), HasSubstr("binrip: error: interrupted\n"));
  FakeHost other;
  other.outcome = fail(ErrorKind::mismatch, "they contradict", "look");
  EXPECT_EQ(other.run({"merge", "a.cue", "b.cue", "out.cue", "-q"}), 1);
  EXPECT_EQ(other.err.str(), "binrip: error: they contradict\nhint: look\n");
}

}  // namespace
}  // namespace binrip::cli
