// An image that was published with damage is gone on with: by the same command, and by `binrip refine`.
#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "../../src/job/published_image.hpp"
#include "image_test_support.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::difference;
using test::Files;
using test::image_in;

sim::Fault hard() { return {.kind = sim::Fault::Kind::hard}; }

class GoOnTest : public testing::Test {
 protected:
  GoOnTest() {
    options_.cue = dir_ / "out.cue";
    options_.retries = 1;
  }

  void insert(std::string_view name, sim::Habits habits = {.always_corrects = true}) {
    insert(sim::make_disc(sim::zoo_recipe(name)), std::move(habits));
  }
  void insert(std::shared_ptr<image::DiscImage> disc, sim::Habits habits = {.always_corrects = true}) {
    disc_ = std::move(disc);
    options_.overrides.read_offset = habits.read_offset;
    drive_ = std::make_unique<sim::SimDrive>(disc_, std::move(habits));
  }
  Result<RipOutcome> rip() { return rip_disc(*drive_, options_, listener_, {}); }
  Result<RipOutcome> refine() {
    RipOptions options = options_;
    options.task = Task::refine;
    options.layout = image::BinLayout::single;
    return rip_disc(*drive_, options, listener_, {});
  }
  // What a drive without faults makes of the disc that is in.
  Files undamaged(sim::Habits habits = {.always_corrects = true}) {
    const binrip::test::TempDir folder;
    RipOptions options = options_;
    options.cue = folder / "out.cue";
    options.overrides.read_offset = habits.read_offset;
    sim::SimDrive drive(disc_, std::move(habits));
    EXPECT_EQ(rip_disc(drive, options, listener_, {})->report.exit_code, 0);
    return image_in(contents(folder.path()));
  }
  Files files() const { return contents(dir_.path()); }
  void expect_untouched(const Files& before, const Result<RipOutcome>& outcome, ErrorKind kind,
                        std::string_view words) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, kind) << outcome.error().message;
    EXPECT_NE(outcome.error().message.find(words), std::string::npos) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
    EXPECT_NE(outcome.error().hint, "");
    EXPECT_EQ(difference(files(), before), "");
  }
  image::Report report() const {
    return image::report_from_json(read_text(dir_ / "out.json").value(), "out.json").value();
  }

  binrip::test::TempDir dir_;
  RipOptions options_;
  rip::Listener listener_;
  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
};

TEST_F(GoOnTest, TheSameCommandGoesOnWithADamagedImage) {
  for (const auto layout : {image::BinLayout::single, image::BinLayout::split}) {
    SCOPED_TRACE(static_cast<int>(layout));
    options_.layout = layout;
    insert("mixed-mode");
    drive_->set_faults({{100, hard()}, {101, hard()}, {2000, hard()}});
    auto outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_EQ(outcome->report.exit_code, 3);
    ASSERT_TRUE(files().contains("out.map"));

    drive_->set_faults({});
    outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->report.exit_code, 0);
    EXPECT_EQ(difference(image_in(files()), undamaged()), "");
    EXPECT_FALSE(files().contains("out.map"));
    EXPECT_FALSE(files().contains("out.partial"));
    EXPECT_EQ(report().runs.size(), 2U);
    EXPECT_EQ(report().runs.front().verdict, "0 damaged, 3 failed, 0 unproven; the rest is good");
    EXPECT_NE(read_text(dir_ / "out.log")->find("Runs that this image is made of"), std::string::npos);
    for (const auto& [name, text] : files()) fs::remove(dir_ / name);
  }
}

TEST_F(GoOnTest, AnotherLayoutReplacesTheFilesOfTheFirst) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  ASSERT_TRUE(files().contains("out.bin"));
  drive_->set_faults({});
  options_.layout = image::BinLayout::split;
  ASSERT_TRUE(write_atomically(dir_ / "out (Track 1).bin", "mine"));
  const Files before = files();
  expect_untouched(before, rip(), ErrorKind::exists, "out (Track 1).bin is there already");
  fs::remove(dir_ / "out (Track 1).bin");
  ASSERT_TRUE(rip());
  EXPECT_EQ(difference(image_in(files()), undamaged()), "");
}

TEST_F(GoOnTest, WhereNothingGetsBetterTheImageStays) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  const Files before = files();
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 3);
  EXPECT_EQ(difference(files(), before), "");
  EXPECT_EQ(outcome->files.back(), dir_ / "out.cue");
}

TEST_F(GoOnTest, WhatGetsBetterInPartIsPublishedWithItsMap) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {200, hard()}});
  ASSERT_TRUE(rip());
  drive_->set_faults({{200, hard()}});
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 3);
  EXPECT_NE(read_text(dir_ / "out.map")->find("\n200 1 failed\n"), std::string::npos);
  EXPECT_EQ(read_text(dir_ / "out.map")->find("\n100 1 failed\n"), std::string::npos);
}

TEST_F(GoOnTest, ACompleteImageAndOneOfAnotherDiscAreLeftAlone) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  const Files damaged = files();
  insert("data-mode1");
  expect_untouched(damaged, rip(), ErrorKind::mismatch, "out.cue is an image of another disc");
  expect_untouched(damaged, refine(), ErrorKind::mismatch, "out.cue is an image of another disc");
  insert("mixed-mode");
  ASSERT_TRUE(rip());
  const Files complete = files();
  expect_untouched(complete, rip(), ErrorKind::exists, "is there already");
  ASSERT_TRUE(refine()) << "all of it is good, and this is the disc";
  EXPECT_EQ(difference(files(), complete), "");
  fs::remove(dir_ / "out.json");
  Files without_report = complete;
  without_report.erase("out.json");
  expect_untouched(without_report, refine(), ErrorKind::exists, "has neither a map nor a report beside it");
  options_.existing = Existing::overwrite;
  EXPECT_TRUE(rip());
}

TEST_F(GoOnTest, ForceBeginsAnew) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  insert("data-mode1");
  options_.existing = Existing::overwrite;
  ASSERT_TRUE(rip());
  EXPECT_EQ(difference(image_in(files()), undamaged()), "");
  EXPECT_FALSE(files().contains("out.map"));
}

// What a sheet tells of the TOC is what the drive told: else the image would not be known again.
TEST_F(GoOnTest, EveryKindOfDiscIsKnownAgain) {
  options_.retries = 0;
  for (const std::string& name : sim::zoo_names()) {
    SCOPED_TRACE(name);
    insert(name);
    drive_->set_faults({{40, hard()}});
    const auto outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    const auto opened = open_published(OutputNames{dir_.path(), "out"});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(opened->has_map());
    EXPECT_EQ(opened->sub, SubFile::write);
    EXPECT_TRUE(opened->warnings.empty());
    for (const fs::path& file : opened->files()) fs::remove(file);
    EXPECT_TRUE(fs::is_empty(dir_.path()));
  }
}

// Same tracks, other content.
std::shared_ptr<image::DiscImage> other_pressing(std::string_view name) {
  sim::DiscRecipe recipe = sim::zoo_recipe(name);
  recipe.seed += 1;
  return sim::make_disc(std::move(recipe));
}

TEST_F(GoOnTest, AnotherPressingOfTheSameTocIsRefused) {
  for (const char* name : {"audio-simple", "mixed-mode"}) {
    SCOPED_TRACE(name);
    insert(name);
    drive_->set_faults({{100, hard()}});
    ASSERT_TRUE(rip());
    const Files before = files();
    insert(other_pressing(name));
    expect_untouched(before, rip(), ErrorKind::mismatch, "the disc differs from");
    expect_untouched(before, refine(), ErrorKind::mismatch, "the disc differs from");
    for (const auto& [file, text] : before) fs::remove(dir_ / file);
  }
}

// Stops the rip when it knows of a third of the disc.
class StopAtAThird : public rip::Listener {
 public:
  explicit StopAtAThird(std::stop_source source) : source_(std::move(source)) {}
  void on_progress(const rip::Progress& progress) override {
    const cd::StateCounts& states = progress.states;
    const std::int64_t unread = states[0],
                       known = std::accumulate(states.begin() + 1, states.end(), std::int64_t{0});
    if (known * 3 > unread + known) source_.request_stop();
  }

 private:
  std::stop_source source_;
};

TEST_F(GoOnTest, AnInterruptedRipOfAnotherPressingIsNotGoneOnWith) {
  for (const char* name : {"audio-simple", "mixed-mode", "data-mode1"}) {
    SCOPED_TRACE(name);
    insert(name);
    std::stop_source source;
    StopAtAThird stopper(source);
    ASSERT_FALSE(rip_disc(*drive_, options_, stopper, source.get_token()));
    const Files before = contents(dir_ / "out.partial");
    ASSERT_TRUE(before.contains("map"));
    insert(other_pressing(name));
    const auto outcome = rip();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::mismatch);
    EXPECT_NE(outcome.error().message.find("the disc differs from"), std::string::npos);
    EXPECT_NE(outcome.error().hint.find("--force"), std::string::npos);
    EXPECT_EQ(difference(contents(dir_ / "out.partial"), before), "");
    options_.existing = Existing::overwrite;
    ASSERT_TRUE(rip());
    EXPECT_EQ(difference(image_in(files()), undamaged()), "");
    EXPECT_FALSE(fs::exists(dir_ / "out.partial"));
    options_.existing = Existing::keep;
    for (const auto& [file, text] : files()) fs::remove(dir_ / file);
  }
}

// Nothing that is there can be read again: whether it is the same disc is not known, and reading goes on.
TEST_F(GoOnTest, AnInterruptedRipWhoseSectorsCannotBeReadAgainIsGoneOnWith) {
  insert("data-mode1");
  std::stop_source source;
  StopAtAThird stopper(source);
  ASSERT_FALSE(rip_disc(*drive_, options_, stopper, source.get_token()));
  sim::FaultMap faults;
  for (int lba = 0; lba < 2500 / 3; ++lba) faults.emplace(lba, hard());
  drive_->set_faults(faults);
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
}

TEST_F(GoOnTest, AWrongReadOffsetOfTheOtherDriveIsSeen) {
  insert("audio-simple");
  drive_->set_faults({{1000, hard()}});
  ASSERT_TRUE(rip());
  const Files before = files();
  insert("audio-simple", {.product = "OTHER", .read_offset = 30});
  options_.overrides.read_offset = 0;
  expect_untouched(before, refine(), ErrorKind::mismatch, "the disc differs from");
  insert("audio-simple", {.read_offset = 30});  // the same drive, corrected otherwise
  expect_untouched(before, refine(), ErrorKind::mismatch, "was made with read offset +0, now it is +30");
}

TEST_F(GoOnTest, RefineTakesTheImageToADriveOfOtherWays) {
  using drive::C2Support;
  using drive::SubSupport;
  struct Pair {
    sim::Habits first, second;
  };
  const std::vector<Pair> pairs = {
      {{.always_corrects = true}, {.product = "OTHER", .serial = "2", .read_offset = 667}},
      {{.read_offset = -12, .always_corrects = true},
       {.product = "OTHER", .read_offset = 102, .c2 = C2Support::none, .full_toc = false}},
      {{.c2 = C2Support::none, .always_corrects = true},
       {.product = "OTHER", .read_offset = 6, .sub = SubSupport::formatted_q}},
      {{.sub = SubSupport::formatted_q, .always_corrects = true, .full_toc = false}, {.product = "OTHER"}},
      {{.sub = SubSupport::formatted_q, .always_corrects = true},
       {.product = "OTHER", .sub = SubSupport::none}},
  };
  const std::vector<std::string> discs = {"mixed-mode", "cd-extra", "audio-isrc-mcn", "three-sessions",
                                          "audio-preemphasis-q"};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (const std::string& name : {discs[i], discs[(i + 1) % discs.size()]}) {
      SCOPED_TRACE(name + " " + std::to_string(i));
      options_.layout = i % 2 == 0 ? image::BinLayout::single : image::BinLayout::split;
      insert(name, pairs[i].first);
      drive_->set_faults({{100, hard()}, {1000, hard()}, {1001, hard()}});
      auto outcome = rip();
      ASSERT_TRUE(outcome) << outcome.error().message;
      ASSERT_GE(outcome->report.exit_code, 2);
      insert(disc_, pairs[i].second);
      outcome = refine();
      ASSERT_TRUE(outcome) << outcome.error().message;
      EXPECT_EQ(outcome->report.exit_code, 0) << outcome->report.verdict;
      // One channel of eight does not complete a subchannel; the other drive's reads have all of it.
      Files image = image_in(files()), wanted = undamaged();
      if (pairs[i].second.sub == SubSupport::formatted_q) {
        EXPECT_EQ(image["out.sub"].size(), wanted["out.sub"].size());
        image.erase("out.sub"), wanted.erase("out.sub");
      } else if (pairs[i].second.sub == SubSupport::none) {
        wanted.erase("out.sub");  // neither drive has one; what the first one's Q told is in the sheet
      }
      EXPECT_EQ(difference(image, wanted), "");
      ASSERT_EQ(outcome->report.drives.size(), 2U);
      EXPECT_EQ(outcome->report.drives[1].read_offset, pairs[i].second.read_offset);
      EXPECT_EQ(outcome->report.runs.size(), 2U);
      for (const auto& [file, text] : files()) fs::remove(dir_ / file);
    }
  }
}

// A Q that was wrong is read again on the other drive; one that came the same way twice is what the disc has.
TEST_F(GoOnTest, WhatIsKnownOfTheSubchannelOnlyRises) {
  using Kind = sim::Fault::Kind;
  const sim::Fault wrong_alike{.kind = Kind::q, .repeats = true}, wrong{.kind = Kind::q};
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {500, wrong_alike}, {700, wrong}});
  ASSERT_TRUE(rip());
  const auto has_line = [&](const std::string& line) {
    return read_text(dir_ / "out.map")->find('\n' + line + '\n') != std::string::npos;
  };
  EXPECT_TRUE(has_line("# subchannel 101 399 right"));
  EXPECT_TRUE(has_line("# subchannel 500 1 confirmed"));
  EXPECT_TRUE(has_line("# subchannel 700 1 read"));
  const std::string before = read_text(dir_ / "out.sub").value();

  insert("mixed-mode", {.product = "OTHER", .read_offset = 6, .always_corrects = true});
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(refine());
  EXPECT_TRUE(has_line("# subchannel 101 399 right"));
  EXPECT_TRUE(has_line("# subchannel 500 1 confirmed"));
  EXPECT_TRUE(has_line("# subchannel 501 2624 right"));
  EXPECT_EQ(report().subchannel.q_confirmed, (std::vector<cd::LbaRange>{{cd::Lba{500}, cd::Lba{501}}}));
  std::string wanted = undamaged()["out.sub"];
  const auto copy_record = [&](std::size_t lba) {
    wanted.replace(lba * cd::kSubSize, cd::kSubSize, before, lba * cd::kSubSize, cd::kSubSize);
  };
  copy_record(100);  // nothing came
  copy_record(500);
  EXPECT_TRUE(read_text(dir_ / "out.sub").value() == wanted);
}

// Maps of before there were more words for it.
TEST_F(GoOnTest, RightQsOfAnOlderMapAreRecognised) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {2000, hard()}});
  ASSERT_TRUE(rip());
  std::string map = read_text(dir_ / "out.map").value();
  for (std::size_t at; (at = map.find(" right\n")) != std::string::npos;) map.replace(at, 6, " read");
  ASSERT_TRUE(write_atomically(dir_ / "out.map", map));
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  EXPECT_NE(read_text(dir_ / "out.map")->find("\n# subchannel 0 100 right\n# subchannel 101 3024 right\n"),
            std::string::npos);
}

// The drive's own reads prove less than was thought; what another drive has read does not.
TEST_F(GoOnTest, ADriveThatDoesNotKeepItsPlaceNeitherSpoilsTheImageNorLowersIt) {
  insert("audio-simple");
  drive_->set_faults({{1000, hard()}, {1001, hard()}});
  ASSERT_TRUE(rip());
  const Files before = files();
  insert("audio-simple", {.product = "OTHER", .always_corrects = true, .jitter = 40, .jitter_chance = 0.2});
  const auto outcome = refine();
  ASSERT_TRUE(outcome) << outcome.error().message << difference(files(), before);
  EXPECT_EQ(outcome->report.exit_code, 0) << outcome->report.verdict;
  EXPECT_EQ(difference(image_in(files()), undamaged()), "");
}

TEST_F(GoOnTest, FillsAreListedAndKeptUntilOthersAreAskedFor) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {2000, hard()}});
  options_.fill = parse_fill_option("zero").value();
  ASSERT_TRUE(rip());
  const auto sector = [&](int lba) {
    return read_text(dir_ / "out.bin")
        ->substr(static_cast<std::size_t>(lba) * cd::kSectorSize, cd::kSectorSize);
  };
  const std::string zeros(cd::kSectorSize, '\0');
  EXPECT_EQ(sector(100), zeros);
  EXPECT_EQ(sector(2000), zeros);  // silence
  EXPECT_NE(read_text(dir_ / "out.map")->find("\n# filled 100 1 zero\n# filled 2000 1 silence\n"),
            std::string::npos);
  const std::vector<image::ReportFill> wanted = {{{cd::Lba{100}, cd::Lba{101}}, "zero"},
                                                 {{cd::Lba{2000}, cd::Lba{2001}}, "silence"}};
  EXPECT_EQ(report().filled, wanted);
  EXPECT_NE(read_text(dir_ / "out.log")->find("2000      2000         1  silence"), std::string::npos);

  const Files before = files();
  options_.fill.reset();
  ASSERT_TRUE(rip());
  EXPECT_EQ(difference(files(), before), "");  // as it was filled before
  options_.fill = parse_fill_option("c0ffee").value();
  ASSERT_TRUE(rip());
  EXPECT_EQ(sector(100).substr(0, 4), "\xC0\xFF\xEE\xC0");
  EXPECT_EQ(sector(2000), zeros);
  EXPECT_EQ(report().filled.front().with, "c0ffee");
}

TEST(Fill, TakesTwoWordsAndBytes) {
  EXPECT_EQ(parse_fill_option("pattern").value(), fill_pattern());
  EXPECT_EQ(parse_fill_option("DEADbeef")->word, "deadbeef");
  EXPECT_EQ(parse_fill_option("0055")->sector[1], 0x55);
  EXPECT_EQ(parse_fill_option("0055")->sector[2], 0x00);
  EXPECT_TRUE(parse_fill_option(std::string(128, '5')));
  for (const std::string bad : {"", "zeros", "5", "0x55", "5g", "+5", " 5", "-1"}) {
    const auto fill = parse_fill_option(bad);
    ASSERT_FALSE(fill) << bad;
    EXPECT_EQ(fill.error().kind, ErrorKind::usage);
  }
  EXPECT_FALSE(parse_fill_option(std::string(130, '5')));
}

// Does something when a stage begins.
class AtStage : public rip::Listener {
 public:
  explicit AtStage(std::function<void(const std::string&)> act) : act_(std::move(act)) {}
  void on_stage(const std::string& stage) override { act_(stage); }

 private:
  std::function<void(const std::string&)> act_;
};

// A kill leaves the folder as it is. The image that was there is whole until the journal of the publication
// stands, and from each instant the same command comes to the same end.
TEST_F(GoOnTest, AKillAtAnyStageLosesNothing) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {2000, hard()}});
  ASSERT_TRUE(rip());
  const Files damaged = files();
  drive_->set_faults({});
  const binrip::test::TempDir snapshots;
  std::vector<std::string> stages;
  AtStage listener([&](const std::string& stage) {
    stages.push_back(stage);
    fs::copy(dir_.path(), snapshots / std::to_string(stages.size()), fs::copy_options::recursive);
  });
  ASSERT_TRUE(rip_disc(*drive_, options_, listener, {}));
  const Files wanted = image_in(files());
  ASSERT_GE(stages.size(), 8U);
  for (std::size_t i = 1; i <= stages.size(); ++i) {
    SCOPED_TRACE(stages[i - 1]);
    const fs::path folder = snapshots / std::to_string(i);
    Files there = contents(folder);
    there.erase("out.partial");
    EXPECT_EQ(difference(there, damaged), "");
    RipOptions options = options_;
    options.cue = folder / "out.cue";
    const auto outcome = rip_disc(*drive_, options, listener_, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(difference(image_in(contents(folder)), wanted), "");
    EXPECT_FALSE(fs::exists(folder / "out.map"));
  }
}

// Taking up writes main and sub, then the mark, then the map. What is not finished is done again.
TEST_F(GoOnTest, AKillWhileTheImageIsTakenUpLosesNothing) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {2000, hard()}});
  ASSERT_TRUE(rip());
  drive_->set_faults({});
  const Files wanted = undamaged();
  const Files damaged = files();
  const std::vector<std::vector<std::string>> written = {
      {}, {"lock"}, {"lock", "main"}, {"lock", "main", "sub"}, {"lock", "main", "sub", "taken-up"}};
  for (const auto& names : written) {
    SCOPED_TRACE(names.size());
    for (const auto& [name, text] : files()) fs::remove_all(dir_ / name);
    for (const auto& [name, text] : damaged) ASSERT_TRUE(write_atomically(dir_ / name, text));
    fs::create_directory(dir_ / "out.partial");
    for (const std::string& name : names) {
      const std::string text = name == "lock" ? "" : "only the beginning of " + name;
      ASSERT_TRUE(write_atomically(dir_ / "out.partial" / name, text));
    }
    const auto outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(difference(image_in(files()), wanted), "");
  }
}

// Each rename of the publication fails once, as if the program had been killed before it.
TEST_F(GoOnTest, AKillBetweenTwoRenamesIsMendedByTheSameCommand) {
  for (const char* cut : {"out.bin", "out.sub", "out.json", "out.log", "out.cue"}) {
    SCOPED_TRACE(cut);
    insert("mixed-mode");
    drive_->set_faults({{100, hard()}, {2000, hard()}});
    ASSERT_TRUE(rip());
    const std::string old = read_text(dir_ / cut).value();
    drive_->set_faults({});
    AtStage listener([&](const std::string& stage) {
      if (stage != "publishing") return;
      fs::remove(dir_ / cut);
      fs::create_directories(dir_ / cut / "in the way");
    });
    ASSERT_FALSE(rip_disc(*drive_, options_, listener, {}));
    fs::remove_all(dir_ / cut);
    ASSERT_TRUE(write_atomically(dir_ / cut, old));
    EXPECT_TRUE(files().contains("out.map"));  // it warns until all is replaced
    ASSERT_FALSE(open_published(OutputNames{dir_.path(), "out"}));

    const auto outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->report.exit_code, 0);
    EXPECT_EQ(difference(image_in(files()), undamaged()), "");
    EXPECT_FALSE(files().contains("out.map"));
    for (const auto& [name, text] : files()) fs::remove(dir_ / name);
  }
}

TEST_F(GoOnTest, AnotherRipInThePartialFolderIsNotMixedIn) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  fs::create_directory(dir_ / "out.partial");
  for (const auto& [from, to] : {std::pair{"out.map", "map"}, {"out.bin", "main"}, {"out.sub", "sub"}}) {
    ASSERT_TRUE(write_atomically(dir_ / "out.partial" / to, read_text(dir_ / from).value()));
  }
  const Files before = files();
  expect_untouched(before, rip(), ErrorKind::exists, "out.partial holds another rip than");
  // Marked as taken up, but it knows less than the image.
  ASSERT_TRUE(write_atomically(dir_ / "out.partial" / "taken-up",
                               open_published(OutputNames{dir_.path(), "out"})->map_digest));
  std::string map = read_text(dir_ / "out.map").value();
  map.replace(map.find("\n0 100 proven"), 13, "\n0 100 failed");
  ASSERT_TRUE(write_atomically(dir_ / "out.partial" / "map", map));
  expect_untouched(before, rip(), ErrorKind::exists, "out.partial holds another rip than");
}

TEST_F(GoOnTest, AnInterruptionKeepsWhatCameAndLeavesTheImage) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {2000, hard()}});
  ASSERT_TRUE(rip());
  const Files damaged = files();
  drive_->set_faults({});
  std::stop_source source;
  AtStage listener([&](const std::string& stage) {
    if (stage.starts_with("trying")) source.request_stop();
  });
  const auto outcome = rip_disc(*drive_, options_, listener, source.get_token());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(difference(files(), damaged), "");  // nothing had come yet, so nothing is left to go on with
}

TEST_F(GoOnTest, HostileFilesGiveOneErrorAndLoseNothing) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}});
  ASSERT_TRUE(rip());
  const Files good = files();
  drive_->set_faults({});
  const auto with = [&](const std::string& name, const std::string& text, ErrorKind kind,
                        std::string_view words) {
    SCOPED_TRACE(words);
    ASSERT_TRUE(write_atomically(dir_ / name, text));
    const Files before = files();
    for (const auto& outcome : {rip(), refine()}) {
      ASSERT_FALSE(outcome);
      EXPECT_EQ(outcome.error().kind, kind) << outcome.error().message;
      EXPECT_NE(outcome.error().message.find(words), std::string::npos) << outcome.error().message;
      EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
      EXPECT_EQ(difference(files(), before), "");
    }
    ASSERT_TRUE(write_atomically(dir_ / name, good.at(name)));
  };
  const std::string &map = good.at("out.map"), &bin = good.at("out.bin"), &cue = good.at("out.cue");
  with("out.map", "", ErrorKind::invalid, "out.map:");
  with("out.map", "# binrip map 1\n0 5 wonderful\n", ErrorKind::invalid,
       "out.map:2: expected a sector state");
  with("out.map", map.substr(0, map.rfind('\n', map.size() - 2) + 1), ErrorKind::mismatch,
       "does not belong to");
  std::string other = map;
  other.replace(other.find("# disc ") + 7, 4, "0000");
  with("out.map", other, ErrorKind::mismatch, "does not belong to");
  with("out.bin", bin.substr(0, bin.size() - 2352), ErrorKind::mismatch, "does not belong to");
  with("out.bin", bin.substr(0, bin.size() - 1), ErrorKind::invalid, "out.cue");
  std::string outside = cue;
  outside.replace(outside.find("out.bin"), 7, "../out.bin");
  with("out.cue", outside, ErrorKind::invalid, "expected a file in the folder of the sheet");
  with("out.cue", "", ErrorKind::invalid, "out.cue");
  EXPECT_EQ(difference(files(), good), "");

  // What is not needed is passed over.
  ASSERT_TRUE(write_atomically(dir_ / "out.json", "{"));
  ASSERT_TRUE(write_atomically(dir_ / "out.sub", good.at("out.sub").substr(0, 5000)));
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
  EXPECT_EQ(difference(image_in(files()), undamaged()), "");
}

TEST_F(GoOnTest, StrictLeavesTheImageAndKeepsWhatCame) {
  insert("mixed-mode");
  drive_->set_faults({{100, hard()}, {200, hard()}});
  ASSERT_TRUE(rip());
  Files before = files();
  drive_->set_faults({{200, hard()}});
  options_.on_damage = OnDamage::withhold;
  const auto withheld = rip();
  ASSERT_FALSE(withheld);
  EXPECT_EQ(withheld.error().kind, ErrorKind::medium);
  Files after = files();
  EXPECT_TRUE(after.erase("out.partial"));
  EXPECT_EQ(difference(after, before), "");
  drive_->set_faults({{100, hard()}});  // what had come is not needed any more
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
  EXPECT_EQ(difference(image_in(files()), undamaged()), "");
}

}  // namespace
}  // namespace binrip::job
