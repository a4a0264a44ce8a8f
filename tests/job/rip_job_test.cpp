// What a rip leaves behind, and what it does when something stands in its way.
#include "binrip/job/rip_job.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "../../src/job/publish.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

namespace fs = std::filesystem;

class RipJobTest : public testing::Test {
 protected:
  RipJobTest() { options_.cue = dir_ / "out.cue"; }

  void insert(std::string_view name, sim::Habits habits = {}) {
    disc_ = sim::make_disc(sim::zoo_recipe(name));
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits);
    options_.overrides.read_offset = habits.read_offset;
  }
  Result<RipOutcome> rip(std::stop_token stop = {}) { return rip_disc(*drive_, options_, listener_, stop); }
  Error error() {
    const auto outcome = rip();
    EXPECT_FALSE(outcome);
    return outcome ? Error{} : outcome.error();
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir_.path()))
      names.insert(entry.path().filename().string());
    return names;
  }

  test::TempDir dir_;
  RipOptions options_;
  rip::Listener listener_;
  std::shared_ptr<image::DiscImage> disc_;
  std::unique_ptr<sim::SimDrive> drive_;
};

TEST_F(RipJobTest, LeavesTheDocumentedFiles) {
  insert("audio-cdtext-latin1");
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(files(), (std::set<std::string>{"out.bin", "out.cdt", "out.cue", "out.json", "out.log",
                                            "out.sha256", "out.sub"}));
  EXPECT_EQ(outcome->files.back(), dir_ / "out.cue");
  const auto report = image::report_from_json(read_text(dir_ / "out.json").value(), "out.json");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->exit_code, 0);
  EXPECT_EQ(report->whole_disc.size, fs::file_size(dir_ / "out.bin"));
}

TEST_F(RipJobTest, SplitTracksJoinToTheWholeDisc) {
  insert("mixed-mode");
  options_.layout = image::BinLayout::split;
  ASSERT_TRUE(rip());
  std::string joined;
  for (const cd::TrackRef& track : cd::track_ranges(disc_->disc())) {
    const fs::path part = dir_ / image::split_bin_name("out", track.track->number,
                                                       disc_->disc().sessions.back().tracks.back().number);
    EXPECT_EQ(fs::file_size(part), static_cast<std::uint64_t>(track.range.size().value) * cd::kSectorSize);
    joined += read_text(part).value();
  }
  std::array<Byte, cd::kSectorSize> want;
  for (cd::Lba lba{0}; lba.value < cd::image_size(disc_->disc()).value; ++lba) {
    ASSERT_TRUE(disc_->read_main(lba, want));
    ASSERT_TRUE(std::equal(want.begin(), want.end(),
                           reinterpret_cast<const Byte*>(joined.data()) +
                               static_cast<std::size_t>(lba.value) * cd::kSectorSize));
  }
  EXPECT_FALSE(fs::exists(dir_ / "out.bin"));
}

TEST_F(RipJobTest, NoSubLeavesOutTheSubchannelFileButKeepsWhatItTold) {
  insert("audio-isrc-mcn");
  options_.sub = SubFile::leave_out;
  ASSERT_TRUE(rip());
  EXPECT_FALSE(fs::exists(dir_ / "out.sub"));
  EXPECT_NE(read_text(dir_ / "out.cue").value().find("ISRC"), std::string::npos);
}

TEST_F(RipJobTest, AFileInTheWayIsLeftAlone) {
  insert("audio-simple");
  ASSERT_TRUE(write_atomically(dir_ / "out.log", "mine"));
  const Error e = error();
  EXPECT_EQ(e.kind, ErrorKind::exists);
  EXPECT_EQ(e.message, (dir_ / "out.log").string() + " is there already");
  EXPECT_EQ(files(), std::set<std::string>{"out.log"});
  EXPECT_EQ(read_text(dir_ / "out.log").value(), "mine");
}

TEST_F(RipJobTest, ForceReplacesAnEarlierImageAndItsLeftovers) {
  insert("audio-cdtext-latin1");
  ASSERT_TRUE(rip());
  insert("data-mode1");
  options_.existing = Existing::overwrite;
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(files(),
            (std::set<std::string>{"out.bin", "out.cue", "out.json", "out.log", "out.sha256", "out.sub"}));
}

TEST_F(RipJobTest, ErrorsLeaveNothingBehind) {
  const auto expect = [&](ErrorKind kind, std::string_view words) {
    const Error e = error();
    EXPECT_EQ(e.kind, kind) << e.message;
    EXPECT_NE(e.message.find(words), std::string::npos) << e.message;
    EXPECT_TRUE(files().empty());
    EXPECT_FALSE(drive_->statistics().tray_locked);
  };
  insert("audio-simple");
  drive_->set_medium(sim::Medium::none);
  expect(ErrorKind::no_medium, "no disc");
  insert("audio-simple");
  drive_->set_tray(sim::Tray::open);
  expect(ErrorKind::no_medium, "open");
  insert("audio-simple");
  drive_->set_medium(sim::Medium::blank);
  expect(ErrorKind::unsupported, "blank");
  insert("audio-simple");
  drive_->set_medium(sim::Medium::dvd);
  expect(ErrorKind::unsupported, "DVD");
  insert("audio-simple");
  drive_->vanish();
  expect(ErrorKind::no_device, "");
  insert("audio-simple");
  options_.cue = dir_ / "nowhere" / "out.cue";
  expect(ErrorKind::usage, "no such folder");
  options_.cue = dir_ / "out.bin";
  expect(ErrorKind::usage, "*.cue");
  options_.cue = dir_ / "o\nut.cue";
  expect(ErrorKind::usage, "control character");
}

TEST_F(RipJobTest, DamageIsPublishedWithItsMap) {
  insert("data-mode1", {.always_corrects = true});
  drive_->set_faults({{100, sim::Fault{.kind = sim::Fault::Kind::hard}}});
  const auto outcome = rip();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->report.exit_code, 3);
  EXPECT_TRUE(files().contains("out.map"));
  const std::string bin = read_text(dir_ / "out.bin").value();
  EXPECT_EQ(bin.substr(100 * cd::kSectorSize, 25), "binrip: unreadable sector");
}

TEST_F(RipJobTest, StrictPublishesNothingThatIsDamaged) {
  insert("data-mode1", {.always_corrects = true});
  options_.on_damage = OnDamage::withhold;
  drive_->set_faults({{100, sim::Fault{.kind = sim::Fault::Kind::hard}}});
  EXPECT_EQ(error().kind, ErrorKind::medium);
  EXPECT_EQ(files(), std::set<std::string>{"out.partial"});
  drive_->set_faults({});
  ASSERT_TRUE(rip());
  EXPECT_TRUE(files().contains("out.cue"));
  EXPECT_FALSE(files().contains("out.partial"));
}

// The TOC shows INDEX 01 only: that a long pregap after data is audio, Q alone tells. Audio there must be
// shifted.
TEST_F(RipJobTest, ALongAudioPregapAfterDataIsCorrectedLikeAudio) {
  for (const int offset : {0, 667, -472}) {
    SCOPED_TRACE(offset);
    sim::DiscRecipe recipe;
    recipe.name = "long-pregap";
    cd::Session session;
    session.lead_out = cd::Lba{3000};
    session.tracks = {{.number = 1, .control = 4, .mode = cd::TrackMode::mode1, .indexes = {{1, cd::Lba{0}}}},
                      {.number = 2, .indexes = {{0, cd::Lba{1000}}, {1, cd::Lba{1400}}}}};
    recipe.disc.sessions.push_back(session);
    disc_ = sim::make_disc(recipe);
    sim::Habits habits;
    habits.read_offset = offset;
    drive_ = std::make_unique<sim::SimDrive>(disc_, habits);
    options_.overrides.read_offset = offset;
    options_.existing = Existing::overwrite;
    const auto outcome = rip();
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->report.exit_code, 0) << outcome->report.verdict;
    const std::string bin = read_text(dir_ / "out.bin").value();
    std::array<Byte, cd::kSectorSize> want;
    for (int lba = 0; lba < 3000; ++lba) {
      ASSERT_TRUE(disc_->read_main(cd::Lba{lba}, want));
      ASSERT_EQ(bin.compare(static_cast<std::size_t>(lba) * want.size(), want.size(),
                            reinterpret_cast<const char*>(want.data()), want.size()),
                0)
          << lba;
    }
  }
}

class StopOnProgress : public rip::Listener {
 public:
  explicit StopOnProgress(std::stop_source source) : source_(std::move(source)) {}
  // Not before something is known: what knows nothing is not kept.
  void on_progress(const rip::Progress& progress) override {
    const cd::StateCounts& states = progress.states;
    if (std::any_of(states.begin() + 1, states.end(), [](auto count) { return count > 0; })) {
      source_.request_stop();
    }
  }

 private:
  std::stop_source source_;
};

TEST_F(RipJobTest, AnInterruptedRipIsGoneOnWithOnlyOnItsOwnDisc) {
  insert("audio-simple");
  std::stop_source source;
  StopOnProgress stopper(source);
  const auto interrupted = rip_disc(*drive_, options_, stopper, source.get_token());
  ASSERT_FALSE(interrupted);
  EXPECT_EQ(interrupted.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(files(), std::set<std::string>{"out.partial"});

  insert("data-mode1");
  EXPECT_EQ(error().kind, ErrorKind::mismatch);
  insert("audio-simple", {.read_offset = 6});
  EXPECT_EQ(error().kind, ErrorKind::mismatch);  // the same drive, corrected differently
  insert("audio-simple");
  const auto outcome = rip();
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
}

TEST_F(RipJobTest, SetFillsWhatCdTextLeavesEmpty) {
  insert("audio-simple");
  options_.texts = {{"title", "The \"Best\""}, {"2.title", "Second"}, {"77.title", "nowhere"}};
  ASSERT_TRUE(rip());
  const std::string sheet = read_text(dir_ / "out.cue").value();
  EXPECT_NE(sheet.find("TITLE \"The 'Best'\""), std::string::npos) << sheet;
  EXPECT_NE(sheet.find("TITLE \"Second\""), std::string::npos);
  EXPECT_EQ(sheet.find("nowhere"), std::string::npos);
}

TEST_F(RipJobTest, SetOptionsAreChecked) {
  EXPECT_TRUE(parse_set_option("title=a=b"));
  EXPECT_EQ(parse_set_option("title=a=b")->second, "a=b");
  for (const char* bad : {"", "title", "name=x", "0.title=x", "100.title=x", "x.title=x", ".title=x"}) {
    EXPECT_FALSE(parse_set_option(bad)) << bad;
  }
}

// Does something once the first sectors have come.
class OnceOnProgress : public rip::Listener {
 public:
  explicit OnceOnProgress(std::function<void()> act) : act_(std::move(act)) {}
  void on_progress(const rip::Progress&) override {
    if (act_) std::exchange(act_, nullptr)();
  }

 private:
  std::function<void()> act_;
};

TEST_F(RipJobTest, AFileThatComesInTheWayDuringTheRipIsLeftAlone) {
  insert("audio-simple");
  OnceOnProgress listener([&] { ASSERT_TRUE(write_atomically(dir_ / "out.bin", "mine")); });
  const auto outcome = rip_disc(*drive_, options_, listener, {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::exists);
  EXPECT_EQ(outcome.error().message, (dir_ / "out.bin").string() + " is there already");
  EXPECT_EQ(files(), (std::set<std::string>{"out.bin", "out.partial"}));
  EXPECT_EQ(read_text(dir_ / "out.bin").value(), "mine");
  fs::remove(dir_ / "out.bin");
  const auto commands = drive_->statistics().commands;
  ASSERT_TRUE(rip());
  EXPECT_LT(drive_->statistics().commands - commands, 100);  // nothing is read again
}

TEST_F(RipJobTest, AFileThatComesInTheWayOfAPublicationIsLeftAlone) {
  insert("audio-simple");
  const fs::path partial = dir_ / "out.partial";
  fs::create_directory(partial);
  ASSERT_TRUE(write_atomically(partial / "main", "ours"));
  ASSERT_TRUE(write_atomically(partial / "publish", "main\tout.bin\n"));
  ASSERT_TRUE(write_atomically(dir_ / "out.bin", "mine"));
  EXPECT_EQ(error().kind, ErrorKind::exists);
  EXPECT_EQ(read_text(dir_ / "out.bin").value(), "mine");
  EXPECT_EQ(read_text(partial / "main").value(), "ours");
}

TEST_F(RipJobTest, WhatOthersPutIntoThePartialFolderStays) {
  insert("audio-simple");
  fs::create_directory(dir_ / "out.partial");
  ASSERT_TRUE(write_atomically(dir_ / "out.partial" / "diary", "mine"));
  ASSERT_TRUE(rip());
  EXPECT_TRUE(files().contains("out.cue"));
  std::set<std::string> left;
  for (const auto& entry : fs::directory_iterator(dir_ / "out.partial"))
    left.insert(entry.path().filename().string());
  EXPECT_EQ(left, std::set<std::string>{"diary"});
}

// Every instant at which a publication can be killed: after each rename, and while the folder is cleared
// away.
TEST_F(RipJobTest, APublicationCutShortIsFinishedByTheSameCommand) {
  insert("audio-cdtext-latin1");
  ASSERT_TRUE(rip());
  const std::vector<std::pair<std::string, std::string>> names = {
      {"main", "out.bin"}, {"sub", "out.sub"},       {"cdt", "out.cdt"}, {"json", "out.json"},
      {"log", "out.log"},  {"sha256", "out.sha256"}, {"cue", "out.cue"}};
  std::map<std::string, std::string> whole;
  for (const auto& [from, to] : names) whole[to] = read_text(dir_ / to).value();
  for (std::size_t renamed = 0; renamed <= names.size(); ++renamed) {
    const fs::path partial = dir_ / "out.partial";
    fs::create_directory(partial);
    std::string journal;
    for (std::size_t i = 0; i < names.size(); ++i) {
      journal += names[i].first + "\t" + names[i].second + "\n";
      if (i >= renamed) fs::rename(dir_ / names[i].second, partial / names[i].first);
    }
    ASSERT_TRUE(write_atomically(partial / "publish", journal));
    insert("audio-cdtext-latin1");
    const auto outcome = rip();
    ASSERT_TRUE(outcome) << renamed << ": " << outcome.error().message;
    EXPECT_EQ(outcome->report.exit_code, 0);
    EXPECT_FALSE(fs::exists(partial));
    for (const auto& [name, text] : whole) EXPECT_EQ(read_text(dir_ / name).value(), text) << name;
  }
}

}  // namespace
}  // namespace binrip::job
