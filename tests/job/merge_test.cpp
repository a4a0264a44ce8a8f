// Two images of one disc, merged.
#include "binrip/job/merge.hpp"

#include <gtest/gtest.h>

#include "../../src/job/merge_sector.hpp"
#include "image_test_support.hpp"
#include "support/temp_dir.hpp"

#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

namespace fs = std::filesystem;
using cd::Lba;
using cd::SectorState;

using test::contents;
using test::difference;
using test::Files;
using test::image_in;

MergeSide side(SectorState state, Byte value) {
  MergeSide made{state, {}};
  made.main.fill(value);
  return made;
}

struct Known {
  Origin origin;
  SectorState state;
  Byte value;
  friend bool operator==(const Known&, const Known&) = default;
};
Known merged(const MergeSide& a, const MergeSide& b, Independence independence = Independence::none) {
  const MergedSector one = merge_sector(Lba{100}, SectorIs::audio, a, b, independence);
  const MergedSector other = merge_sector(Lba{100}, SectorIs::audio, b, a, independence);
  EXPECT_EQ(one.state, other.state);
  EXPECT_EQ(one.main == other.main, one.origin != Origin::contradiction);
  EXPECT_EQ(one.overruled, other.overruled);
  return {one.origin, one.state, one.main[7]};
}

TEST(MergeSector, TakesTheImageThatKnowsMore) {
  using S = SectorState;
  for (const S good : {S::consistent, S::proven}) {
    for (const S bad : {S::untried, S::failed, S::damaged, S::unproven}) {
      EXPECT_EQ(merged(side(good, 1), side(bad, 2)), (Known{Origin::first, good, 1}));
      EXPECT_EQ(merged(side(bad, 2), side(good, 1)), (Known{Origin::second, good, 1}));
    }
  }
  EXPECT_EQ(merged(side(S::damaged, 1), side(S::unproven, 2)), (Known{Origin::second, S::unproven, 2}));
  EXPECT_EQ(merged(side(S::damaged, 1), side(S::failed, 2)), (Known{Origin::first, S::damaged, 1}));
  EXPECT_EQ(merged(side(S::damaged, 2), side(S::damaged, 1)), (Known{Origin::second, S::damaged, 1}));
  EXPECT_EQ(merged(side(S::failed, 2), side(S::untried, 1)), (Known{Origin::none, S::failed, 0}));
}

TEST(MergeSector, GoodOnesThatDifferContradictUnlessOneIsProven) {
  using S = SectorState;
  EXPECT_EQ(merged(side(S::consistent, 1), side(S::proven, 1)), (Known{Origin::both, S::proven, 1}));
  EXPECT_EQ(merged(side(S::consistent, 1), side(S::consistent, 2)).origin, Origin::contradiction);
  EXPECT_EQ(merged(side(S::proven, 1), side(S::proven, 2)).origin, Origin::contradiction);
  EXPECT_EQ(merged(side(S::consistent, 1), side(S::proven, 2)), (Known{Origin::second, S::proven, 2}));
  EXPECT_TRUE(merge_sector(Lba{0}, SectorIs::data, side(S::proven, 1), side(S::consistent, 2), {}).overruled);
}

TEST(MergeSector, EqualUnprovenOnesConfirmEachOtherOnlyWhenIndependent) {
  using S = SectorState;
  const MergeSide one = side(S::unproven, 1);
  EXPECT_EQ(merged(one, one, Independence::independent), (Known{Origin::both, S::consistent, 1}));
  EXPECT_EQ(merged(one, one, Independence::none), (Known{Origin::both, S::unproven, 1}));
  EXPECT_EQ(merged(one, side(S::unproven, 2), Independence::independent).state, S::unproven);
  EXPECT_EQ(merged(one, side(S::damaged, 1), Independence::independent).state, S::unproven);
}

// More wrong bytes than the code mends by itself; where the two differ, it need not look for them.
TEST(MergeSector, JoinsTwoDamagedDataSectorsByTheirEcc) {
  MergeSide truth{SectorState::proven, {}};
  ByteVector data(2048);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<Byte>(i * 7);
  cd::build_mode1(truth.main, Lba{100}, data);
  MergeSide a{SectorState::damaged, truth.main}, b = a;
  for (std::size_t i = 300; i < 470; ++i) a.main[i] ^= 0x55;
  for (std::size_t i = 900; i < 910; ++i) b.main[i] ^= 0xAA;
  const MergedSector joined = merge_sector(Lba{100}, SectorIs::data, a, b, Independence::none);
  EXPECT_EQ(joined.origin, Origin::joined);
  EXPECT_EQ(joined.state, SectorState::proven);
  EXPECT_EQ(joined.main, truth.main);
  EXPECT_EQ(merge_sector(Lba{100}, SectorIs::data, b, a, Independence::none).main, truth.main);
  // The EDC decides, with the address: at another place the same bytes are nothing.
  EXPECT_EQ(merge_sector(Lba{101}, SectorIs::data, a, b, Independence::none).state, SectorState::damaged);
}

SubSide record(rip::SubState state, Byte value) {
  SubSide made{state, {}};
  made.sub.fill(value);
  return made;
}

TEST(MergeSub, TakesTheRecordThatMoreIsKnownOf) {
  using S = rip::SubState;
  using enum Independence;
  const std::vector<S> states = {S::untried, S::read, S::confirmed, S::voted, S::right};
  for (std::size_t high = 0; high < states.size(); ++high) {
    const SubSide better = record(states[high], 9);
    EXPECT_EQ(merge_sub(better, std::nullopt, none)->sub, better.sub);
    EXPECT_EQ(merge_sub(std::nullopt, better, none)->state, better.state);
    for (std::size_t low = 0; low < high; ++low) {
      const SubSide worse = record(states[low], 1);
      for (const auto& merged : {merge_sub(better, worse, independent), merge_sub(worse, better, none)}) {
        EXPECT_EQ(merged->sub, better.sub);
        EXPECT_EQ(merged->state, better.state);
      }
    }
    EXPECT_EQ(merge_sub(better, record(states[high], 1), none)->sub,
              merge_sub(record(states[high], 1), better, none)->sub);
  }
  EXPECT_FALSE(merge_sub(std::nullopt, std::nullopt, independent));
}

TEST(MergeSub, TheSameWrongQOfTwoDrivesIsConfirmed) {
  using S = rip::SubState;
  const SubSide one = record(S::read, 9);
  EXPECT_EQ(merge_sub(one, one, Independence::independent)->state, S::confirmed);
  EXPECT_EQ(merge_sub(one, one, Independence::none)->state, S::read);
  EXPECT_EQ(merge_sub(one, record(S::read, 1), Independence::independent)->state, S::read);
  // What a drive gives that could not read it.
  EXPECT_EQ(merge_sub(record(S::read, 0), record(S::read, 0), Independence::independent)->state, S::read);
}

class MergeTest : public testing::Test {
 protected:
  void SetUp() override { disc_ = sim::make_disc(sim::zoo_recipe("mixed-mode")); }

  Result<RipOutcome> rip(const std::string& name, const sim::FaultMap& faults, sim::Habits habits = {},
                         image::BinLayout layout = image::BinLayout::single) {
    habits.always_corrects = true;
    sim::SimDrive drive(disc_, habits);
    drive.set_faults(faults);
    RipOptions options;
    options.cue = dir_ / name;
    options.layout = layout;
    options.retries = 1;
    options.passes = passes_;
    options.overrides.read_offset = habits.read_offset;
    return rip_disc(drive, options, listener_, {});
  }
  Result<RipOutcome> merge(const fs::path& first, const fs::path& second, const fs::path& out) {
    options_.first = dir_ / first;
    options_.second = dir_ / second;
    options_.cue = dir_ / out;
    return merge_images(options_, listener_, {});
  }
  void expect_refused(const fs::path& first, const fs::path& second, ErrorKind kind, std::string_view words) {
    const Files before = contents(dir_.path());
    const auto outcome = merge(first, second, "out.cue");
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, kind);
    EXPECT_NE(outcome.error().message.find(words), std::string::npos) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
    EXPECT_EQ(difference(contents(dir_.path()), before), "");
  }
  // The files of one image, all under the same name.
  Files image(const std::string& stem) {
    Files files;
    for (const auto& [name, text] : image_in(contents(dir_.path()))) {
      if (!name.starts_with(stem + ".")) continue;
      std::string renamed = text;
      if (name.ends_with(".cue")) renamed.replace(renamed.find(stem + ".bin"), stem.size(), "image");
      files["image" + name.substr(stem.size())] = renamed;
    }
    return files;
  }
  std::string text(const std::string& name) { return read_text(dir_ / name).value(); }

  binrip::test::TempDir dir_;
  std::shared_ptr<image::DiscImage> disc_;
  MergeOptions options_;
  rip::Listener listener_;
  std::optional<int> passes_;
};

const sim::Fault kHard{.kind = sim::Fault::Kind::hard};

TEST_F(MergeTest, TwoDamagedImagesMakeTheWholeDiscInEitherOrder) {
  ASSERT_EQ(rip("whole.cue", {})->report.exit_code, 0);
  ASSERT_EQ(rip("a.cue", {{100, kHard}, {2000, kHard}})->report.exit_code, 3);
  ASSERT_EQ(rip("b.cue", {{101, kHard}, {2003, kHard}}, {.product = "OTHER", .read_offset = 30},
                image::BinLayout::split)
                ->report.exit_code,
            3);
  const auto outcome = merge("a.cue", "b.cue", "ab.cue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
  ASSERT_TRUE(merge("b.cue", "a.cue", "ba.cue"));
  EXPECT_EQ(difference(image("ab"), image("whole")), "");
  EXPECT_EQ(difference(image("ba"), image("whole")), "");
  EXPECT_FALSE(fs::exists(dir_ / "ab.map"));
  EXPECT_FALSE(fs::exists(dir_ / "ab.partial"));

  const auto report = image::report_from_json(text("ab.json"), "ab.json");
  ASSERT_TRUE(report);
  ASSERT_EQ(report->sources.size(), 3U);
  EXPECT_EQ(report->sources[1].name, (dir_ / "a.cue").string());
  std::int64_t sectors = 0;
  for (const image::ReportSource& source : report->sources) {
    EXPECT_GT(source.sectors, 0);
    sectors += source.sectors;
  }
  EXPECT_EQ(sectors, cd::image_size(disc_->disc()).value);
  EXPECT_EQ(report->drives.size(), 2U);
  EXPECT_EQ(report->runs.size(), 3U);
  EXPECT_NE(text("ab.log").find("Where its sectors come from"), std::string::npos);
}

TEST_F(MergeTest, WhatNeitherHasStaysFailedAndIsListed) {
  ASSERT_TRUE(rip("a.cue", {{100, kHard}, {101, kHard}, {2000, kHard}}));
  ASSERT_TRUE(rip("b.cue", {{101, kHard}, {102, kHard}, {2000, kHard}}));
  options_.fill = parse_fill_option("DEADbeef").value();
  auto outcome = merge("a.cue", "b.cue", "ab.cue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 3);
  EXPECT_NE(text("ab.map").find("\n101 1 failed\n"), std::string::npos);
  EXPECT_NE(text("ab.map").find("\n# filled 101 1 deadbeef\n"), std::string::npos);
  EXPECT_EQ(text("ab.bin").substr(101 * cd::kSectorSize, 5), "\xDE\xAD\xBE\xEF\xDE");
  ASSERT_TRUE(merge("b.cue", "a.cue", "ba.cue"));
  EXPECT_EQ(difference(image("ab"), image("ba")), "");
  EXPECT_EQ(text("ab.map"), text("ba.map"));
  options_.on_damage = OnDamage::withhold;
  expect_refused("a.cue", "b.cue", ErrorKind::medium, "nothing is published (--strict)");
}

TEST_F(MergeTest, EqualAudioOfTwoDrivesWithoutC2IsConsistentOfOneDriveItIsNot) {
  passes_ = 1;
  using drive::C2Support;
  ASSERT_EQ(rip("a.cue", {}, {.c2 = C2Support::none})->report.exit_code, 2);
  ASSERT_EQ(rip("b.cue", {}, {.c2 = C2Support::none})->report.exit_code, 2);
  ASSERT_EQ(
      rip("c.cue", {}, {.product = "OTHER", .read_offset = -6, .c2 = C2Support::none})->report.exit_code, 2);
  const auto unproven = [](const Result<RipOutcome>& outcome) {
    return outcome->report.states[static_cast<std::size_t>(SectorState::unproven)];
  };
  const auto same_drive = merge("a.cue", "b.cue", "ab.cue");
  ASSERT_TRUE(same_drive) << same_drive.error().message;
  EXPECT_EQ(same_drive->report.exit_code, 2);
  const auto other_drive = merge("a.cue", "c.cue", "ac.cue");
  ASSERT_TRUE(other_drive) << other_drive.error().message;
  // Silence stays in doubt.
  EXPECT_LT(unproven(other_drive), unproven(same_drive) / 10);
}

TEST_F(MergeTest, SubchannelComesFromTheImageThatHasIt) {
  ASSERT_TRUE(rip("whole.cue", {}));
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}, {.sub = drive::SubSupport::formatted_q}));
  fs::rename(dir_ / "whole.sub", dir_ / "aside");
  ASSERT_TRUE(merge("a.cue", "whole.cue", "none.cue"));
  EXPECT_FALSE(fs::exists(dir_ / "none.sub"));
  EXPECT_EQ(text("none.cue"), [&] {
    std::string sheet = text("whole.cue");
    return sheet.replace(sheet.find("whole.bin"), 5, "none");
  }());
  fs::rename(dir_ / "aside", dir_ / "whole.sub");
  ASSERT_TRUE(merge("a.cue", "whole.cue", "out.cue"));
  EXPECT_EQ(difference(image("out"), image("whole")), "");
}

// Where each image has Qs that the other lacks, and a wrong one that is the same in both.
TEST_F(MergeTest, SubchannelIsTheBetterOfBothAndTheMapSaysHowItIsKnown) {
  using Kind = sim::Fault::Kind;
  const sim::Fault wrong{.kind = Kind::q}, alike{.kind = Kind::q, .repeats = true};
  ASSERT_TRUE(rip("whole.cue", {}));
  passes_ = 1;
  ASSERT_TRUE(rip("a.cue", {{100, kHard}, {500, wrong}, {700, alike}}));
  ASSERT_TRUE(rip("b.cue", {{100, kHard}, {600, wrong}, {700, alike}}, {.product = "OTHER"}));
  for (const auto& [first, second] : {std::pair{"a.cue", "b.cue"}, {"b.cue", "a.cue"}}) {
    options_.existing = Existing::overwrite;
    ASSERT_TRUE(merge(first, second, "out.cue"));
    EXPECT_NE(text("out.map").find("\n# subchannel 101 599 right\n# subchannel 700 1 confirmed\n"
                                   "# subchannel 701 2424 right\n"),
              std::string::npos)
        << text("out.map");
    std::string wanted = text("whole.sub"), got = text("out.sub");
    for (std::string* subs : {&wanted, &got}) {
      for (const std::size_t lba : {700U, 100U}) subs->replace(lba * cd::kSubSize, cd::kSubSize, "");
    }
    EXPECT_TRUE(got == wanted);
  }
}

TEST_F(MergeTest, WhereNoneIsGoodTheDifferencesAreNamed) {
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}));
  ASSERT_TRUE(rip("b.cue", {{100, kHard}}));
  for (const char* name : {"a.map", "b.map"}) {
    std::string map = text(name);
    map.replace(map.find("\n1200 "), std::string::npos, "\n1200 1925 unproven\n");
    ASSERT_TRUE(write_atomically(dir_ / name, map));
  }
  std::string bin = text("b.bin");
  for (const std::size_t lba : {2000U, 2001U, 3000U}) bin[lba * cd::kSectorSize + 5] ^= 1;
  ASSERT_TRUE(write_atomically(dir_ / "b.bin", bin));
  const auto outcome = merge("a.cue", "b.cue", "out.cue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  const auto& notes = outcome->report.notes;
  EXPECT_EQ(
      std::count(notes.begin(), notes.end(),
                 "the images differ and neither is good; what stands there is of one of them: 3 sectors "
                 "(LBA 2000 to 2001, 3000)"),
      1);
}

TEST_F(MergeTest, AProvenSectorBeatsAConsistentOneAndTheNoteNamesIt) {
  ASSERT_TRUE(rip("whole.cue", {}));
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}));
  ASSERT_TRUE(rip("b.cue", {{101, kHard}}));
  std::string bin = text("b.bin"), map = text("b.map");
  bin[500 * cd::kSectorSize + 50] ^= 1;
  map.replace(map.find("\n102 1098 proven\n"), 17, "\n102 1098 consistent\n");
  ASSERT_TRUE(write_atomically(dir_ / "b.bin", bin));
  ASSERT_TRUE(write_atomically(dir_ / "b.map", map));
  const auto outcome = merge("a.cue", "b.cue", "out.cue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(difference(image("out"), image("whole")), "");
  const auto& notes = outcome->report.notes;
  EXPECT_EQ(std::count(notes.begin(), notes.end(),
                       "one image was only consistent and differs from the other, which is proven and was "
                       "taken: 1 sector (LBA 500)"),
            1);
}

TEST_F(MergeTest, ContradictionsEndItWithTheirCountAndTheFirst) {
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}));
  ASSERT_TRUE(rip("b.cue", {{101, kHard}}));
  std::string bin = text("b.bin");
  bin[2000 * cd::kSectorSize + 5] ^= 1;  // audio, consistent in both
  bin[2002 * cd::kSectorSize + 5] ^= 1;
  ASSERT_TRUE(write_atomically(dir_ / "b.bin", bin));
  expect_refused("a.cue", "b.cue", ErrorKind::mismatch,
                 "contradict each other in what both call good: 2 sectors (LBA 2000, 2002)");
  expect_refused("b.cue", "a.cue", ErrorKind::mismatch, "in what both call good: 2 sectors (LBA 2000, 2002)");
}

TEST_F(MergeTest, WhatDoesNotBelongTogetherIsRefused) {
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}));
  disc_ = sim::make_disc(sim::zoo_recipe("data-mode1"));
  ASSERT_TRUE(rip("b.cue", {}));
  expect_refused("a.cue", "b.cue", ErrorKind::mismatch, "are images of different discs");
  expect_refused("a.cue", "missing.cue", ErrorKind::io, "missing.cue");
  ASSERT_TRUE(write_atomically(dir_ / "out.log", "mine"));
  expect_refused("a.cue", "a.cue", ErrorKind::exists, "out.log is there already");
}

TEST_F(MergeTest, AMergeThatWasCutShortIsDoneByTheSameCommand) {
  ASSERT_TRUE(rip("whole.cue", {}));
  ASSERT_TRUE(rip("a.cue", {{100, kHard}}));
  ASSERT_TRUE(rip("b.cue", {{101, kHard}}));
  // Killed while it merges, with and without a map.
  const fs::path partial = dir_ / "out.partial";
  fs::create_directory(partial);
  ASSERT_TRUE(write_atomically(partial / "main", text("a.bin")));
  ASSERT_TRUE(write_atomically(partial / "sub", text("a.sub")));
  ASSERT_TRUE(write_atomically(partial / "map", text("a.map")));
  expect_refused("a.cue", "b.cue", ErrorKind::exists, "holds a rip that is not finished");
  ASSERT_TRUE(write_atomically(partial / "merging", ""));
  ASSERT_TRUE(write_atomically(partial / "main", "some of it"));
  ASSERT_TRUE(merge("a.cue", "b.cue", "out.cue"));
  EXPECT_EQ(difference(image("out"), image("whole")), "");
  // Killed while it publishes: the sheet and the journal are left to do.
  fs::create_directory(partial);
  fs::rename(dir_ / "out.cue", partial / "cue");
  ASSERT_TRUE(write_atomically(partial / "publish", "main\tout.bin\ncue\tout.cue\n"));
  const auto outcome = merge("a.cue", "b.cue", "out.cue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0);
  EXPECT_EQ(difference(image("out"), image("whole")), "");
  EXPECT_FALSE(fs::exists(partial));
}

}  // namespace
}  // namespace binrip::job
