// Every kind of disc, by a drive of every kind: what comes out equals the disc.
#include <algorithm>

#include <gtest/gtest.h>

#include "support/rotation.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

struct NamedHabits {
  std::string name;
  sim::Habits habits;
  bool raw_sub = true;
};

NamedHabits habits_named(const std::string& name) {
  NamedHabits named{name, {}, true};
  sim::Habits& h = named.habits;
  if (name == "plus6") h.read_offset = 6;
  if (name == "plus667") h.read_offset = 667;
  if (name == "minus472") h.read_offset = -472;
  if (name == "minus1164") h.read_offset = -1164;
  if (name == "sub_before_c2") h.order = drive::FieldOrder::main_sub_c2;
  if (name == "sub_before_c2_plus667") h.order = drive::FieldOrder::main_sub_c2, h.read_offset = 667;
  if (name == "transfers_of_64k") h.transfer_limit = 64 * 1024;
  if (name == "odd_transfers") h.transfer_limit = 9999, h.read_offset = 6;
  if (name == "no_c2") h.c2 = drive::C2Support::none, h.read_offset = 6;
  if (name == "formatted_q_only") {
    h.sub = drive::SubSupport::formatted_q, h.read_offset = 6, named.raw_sub = false;
  }
  if (name == "separate") h.combination = drive::Combination::separate, h.read_offset = 6;
  if (name == "no_overread_plus667") h.overread_lead_in = h.overread_lead_out = 0, h.read_offset = 667;
  if (name == "no_overread_minus1164") h.overread_lead_in = h.overread_lead_out = 0, h.read_offset = -1164;
  if (name == "no_full_toc") h.full_toc = false;
  return named;
}

ByteVector bytes_of(const std::filesystem::path& path) {
  const std::string text = read_text(path, 1U << 30).value();
  return {text.begin(), text.end()};
}

// What the files must hold, asked of the disc sector by sector.
struct Truth {
  ByteVector main, sub;
};
Truth truth_of(image::DiscImage& disc) {
  Truth truth;
  std::array<Byte, cd::kSectorSize> main;
  std::array<Byte, cd::kSubSize> sub;
  for (const cd::LbaRange& range : cd::image_ranges(disc.disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      EXPECT_TRUE(disc.read_main(lba, main));
      EXPECT_TRUE(disc.read_sub(lba, sub));
      truth.main.insert(truth.main.end(), main.begin(), main.end());
      truth.sub.insert(truth.sub.end(), sub.begin(), sub.end());
    }
  }
  return truth;
}

// Where two byte strings differ first, for a message that helps.
std::string difference(const ByteVector& got, const ByteVector& want, std::size_t record) {
  if (got.size() != want.size()) {
    return "sizes " + std::to_string(got.size()) + " and " + std::to_string(want.size());
  }
  const auto n =
      static_cast<std::size_t>(std::mismatch(got.begin(), got.end(), want.begin()).first - got.begin());
  if (n == got.size()) return {};
  return "byte " + std::to_string(n % record) + " of record " + std::to_string(n / record);
}

class RipZoo : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(RipZoo, GivesTheDisc) {
  const auto& [disc_name, drive_kind] = GetParam();
  const NamedHabits named = habits_named(drive_kind);
  const auto disc = sim::make_disc(sim::zoo_recipe(disc_name));
  sim::SimDrive drive(disc, named.habits);
  const test::TempDir dir;
  RipOptions options;
  options.cue = dir / "out.cue";
  options.overrides.read_offset = named.habits.read_offset;
  rip::Listener listener;
  const auto outcome = rip_disc(drive, options, listener, {});
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->report.exit_code, 0) << outcome->report.verdict;

  const Truth truth = truth_of(*disc);
  EXPECT_EQ(difference(bytes_of(dir / "out.bin"), truth.main, cd::kSectorSize), "");
  if (named.raw_sub) {
    EXPECT_EQ(difference(bytes_of(dir / "out.sub"), truth.sub, cd::kSubSize), "");
  }
  EXPECT_EQ(std::filesystem::exists(dir / "out.sub"), named.raw_sub);
  EXPECT_EQ(outcome->report.subchannel.q_voted, 0);
  EXPECT_EQ(read_text(dir / "out.cue").value(),
            image::write_cue(image::cue_of(disc->disc(), "out", image::BinLayout::single)));
  EXPECT_FALSE(std::filesystem::exists(dir / "out.partial"));
  EXPECT_FALSE(std::filesystem::exists(dir / "out.map"));
  EXPECT_EQ(drive.statistics().gap_reads, 0);
  EXPECT_FALSE(drive.statistics().tray_locked);
}

std::string parameter_name(const testing::TestParamInfo<RipZoo::ParamType>& info) {
  std::string name = std::get<0>(info.param) + "_by_" + std::get<1>(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(EveryDisc, RipZoo,
                         testing::Combine(testing::ValuesIn(sim::zoo_names()), testing::Values("good_drive")),
                         parameter_name);
const std::vector<std::string> kEveryDrive{"plus6",
                                           "plus667",
                                           "minus472",
                                           "minus1164",
                                           "sub_before_c2",
                                           "sub_before_c2_plus667",
                                           "transfers_of_64k",
                                           "odd_transfers",
                                           "no_c2",
                                           "formatted_q_only",
                                           "separate",
                                           "no_overread_plus667",
                                           "no_overread_minus1164",
                                           "no_full_toc"};
INSTANTIATE_TEST_SUITE_P(EveryDrive, RipZoo,
                         testing::Combine(testing::Values("audio-indexes", "mixed-mode", "cd-extra"),
                                          testing::ValuesIn(kEveryDrive)),
                         parameter_name);
INSTANTIATE_TEST_SUITE_P(SessionsAndKindsByOtherCommands, RipZoo,
                         testing::Combine(testing::Values("three-sessions", "cdi"),
                                          testing::Values("no_full_toc")),
                         parameter_name);

// A rotating part of all pairs: every disc by two drives or more, every drive with two discs or more.
std::vector<RipZoo::ParamType> some_discs_by_some_drives() {
  constexpr std::size_t kPeriod = 7;
  const auto rotation = test::Rotation::from_environment();
  const std::vector<std::string> discs = sim::zoo_names();
  std::vector<RipZoo::ParamType> pairs;
  for (std::size_t disc = 0; disc < discs.size(); ++disc) {
    for (std::size_t drive = 0; drive < kEveryDrive.size(); ++drive) {
      if (rotation.takes(disc + drive, kPeriod)) pairs.emplace_back(discs[disc], kEveryDrive[drive]);
    }
  }
  return pairs;
}
// CTest runs these as one test, job.every_disc_by_every_drive.
INSTANTIATE_TEST_SUITE_P(SlowEveryDiscByEveryDrive, RipZoo, testing::ValuesIn(some_discs_by_some_drives()),
                         parameter_name);

}  // namespace
}  // namespace binrip::job
