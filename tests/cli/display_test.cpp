#include "binrip/cli/display.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "binrip/job/rip_job.hpp"

namespace binrip::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

rip::Progress progress_at(std::int64_t done) {
  rip::Progress p;
  p.track = 1;
  p.last_track = 2;
  p.sectors_done = done;
  p.sectors_total = 1000;
  p.speed = 10;
  return p;
}

Terminal wide_terminal() {
  return {.present = true, .glyphs = Glyphs::unicode, .colour = Colour::off, .columns = [] { return 100; }};
}

TEST(PeopleDisplay, WritesALinePerTenthWhereThereIsNoTerminal) {
  std::ostringstream err;
  Console console(err, Terminal{});
  const auto display = people_display(console, ProgressKind::automatic, Verbosity::normal);
  display->on_stage("reading the disc");
  for (int done = 0; done <= 1000; done += 5) display->on_progress(progress_at(done));
  const std::string text = err.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_THAT(text, HasSubstr("binrip: reading the disc\n"));
  EXPECT_THAT(text, HasSubstr("binrip:  10%  100 of 1 000 sectors"));
  EXPECT_THAT(text, HasSubstr("binrip: 100%"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(PeopleDisplay, RewritesOneLineOnATerminalAndShowsTheEnd) {
  std::ostringstream err;
  {
    Console console(err, wide_terminal());
    const auto display = people_display(console, ProgressKind::automatic, Verbosity::normal);
    for (int done = 0; done <= 1000; ++done) display->on_progress(progress_at(done));
  }
  const std::string text = err.str();
  EXPECT_THAT(text, Not(HasSubstr("\n")));
  EXPECT_THAT(text, HasSubstr("100%"));
  EXPECT_LT(text.size(), 4000U);  // not a thousand redraws
  EXPECT_TRUE(text.ends_with("\r\x1b[K"));
}

TEST(PeopleDisplay, PutsMessagesAboveTheLiveLine) {
  std::ostringstream err;
  Console console(err, wide_terminal());
  const auto display = people_display(console, ProgressKind::automatic, Verbosity::normal);
  display->on_stage("reading the TOC");
  display->on_message(rip::Severity::warning, "the tray\nis odd");
  EXPECT_EQ(err.str(),
            "\rreading the TOC …\x1b[K"
            "\r\x1b[Kbinrip: warning: the tray\\nis odd\nreading the TOC …");
}

TEST(PeopleDisplay, ShowsMessagesByVerbosity) {
  const auto shown = [](Verbosity verbosity) {
    std::ostringstream err;
    Console console(err, Terminal{});
    const auto display = people_display(console, ProgressKind::automatic, verbosity);
    display->on_stage("s");
    display->on_progress(progress_at(1000));
    for (const auto severity : {rip::Severity::info, rip::Severity::note, rip::Severity::warning}) {
      display->on_message(severity, "m");
    }
    return err.str();
  };
  EXPECT_EQ(shown(Verbosity::quiet), "");
  EXPECT_THAT(shown(Verbosity::normal), HasSubstr("binrip: warning: m\n"));
  EXPECT_THAT(shown(Verbosity::normal), Not(HasSubstr("note")));
  EXPECT_THAT(shown(Verbosity::verbose), HasSubstr("binrip: m\nbinrip: note: m\nbinrip: warning: m\n"));
}

TEST(PeopleDisplay, SaysNothingOfProgressWhenToldSo) {
  std::ostringstream err;
  Console console(err, wide_terminal());
  const auto display = people_display(console, ProgressKind::none, Verbosity::normal);
  display->on_stage("s");
  display->on_progress(progress_at(1000));
  EXPECT_EQ(err.str(), "");
}

TEST(Console, RedrawsNothingThatStandsThereAlready) {
  std::ostringstream err;
  Console console(err, wide_terminal());
  console.live("same");
  console.live("same");
  EXPECT_EQ(err.str(), "\rsame\x1b[K");
}

std::vector<json> events_of(const std::ostringstream& out) {
  std::vector<json> events;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
  return events;
}

TEST(JsonDisplay, GivesAnObjectALine) {
  std::ostringstream out;
  const auto display = json_display(out);
  display->on_stage("reading\nthe TOC");
  display->on_message(rip::Severity::note, "title \xff not UTF-8");
  rip::Progress p = progress_at(1000);
  p.lba = {-150};
  p.states[static_cast<std::size_t>(cd::SectorState::proven)] = 998;
  p.c2_sectors = 3;
  display->on_progress(p);
  const auto events = events_of(out);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0], json({{"event", "stage"}, {"stage", "reading\nthe TOC"}}));
  EXPECT_EQ(events[1]["severity"], "note");
  EXPECT_EQ(events[1]["text"], "title \xef\xbf\xbd not UTF-8");
  EXPECT_EQ(events[2]["event"], "progress");
  EXPECT_EQ(events[2]["lba"], -150);
  EXPECT_EQ(events[2]["sectors_done"], 1000);
  EXPECT_EQ(events[2]["states"]["proven"], 998);
  EXPECT_EQ(events[2]["c2_sectors"], 3);
  EXPECT_EQ(events[2]["seconds_left"], 0);
}

TEST(JsonDisplay, HasNullForATimeLeftThatIsUnknown) {
  std::ostringstream out;
  json_display(out)->on_progress(progress_at(1));
  EXPECT_TRUE(events_of(out)[0]["seconds_left"].is_null());
}

TEST(JsonDisplay, EndsWithWhatCameOut) {
  std::ostringstream out;
  const auto display = json_display(out);
  job::RipOutcome outcome;
  outcome.report.exit_code = 3;
  outcome.report.verdict = "2 sectors damaged";
  outcome.report.notes = {"one"};
  outcome.files = {"a/out.bin", "a/out.cue"};
  display->on_done(outcome);
  display->on_error({ErrorKind::no_medium, "no disc", "put one in"}, 1);
  const auto events = events_of(out);
  EXPECT_EQ(events[0]["event"], "done");
  EXPECT_EQ(events[0]["exit_code"], 3);
  EXPECT_EQ(events[0]["files"], json({"a/out.bin", "a/out.cue"}));
  EXPECT_EQ(events[0]["notes"], json({"one"}));
  EXPECT_EQ(events[1], json({{"event", "done"},
                             {"exit_code", 1},
                             {"error", "no disc"},
                             {"hint", "put one in"},
                             {"kind", "no_medium"}}));
}

}  // namespace
}  // namespace binrip::cli
