// What a rip says of the subchannel, and what it publishes of it.
#include <random>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::job {
namespace {

using cd::Lba;
using Kind = sim::Fault::Kind;

class RipSubchannel : public testing::Test {
 protected:
  RipSubchannel() { options_.cue = dir_ / "out.cue"; }

  image::Report rip(sim::DiscRecipe recipe, const sim::FaultMap& faults) {
    disc_ = sim::make_disc(std::move(recipe));
    sim::SimDrive drive(disc_, {});
    drive.set_faults(faults);
    const auto outcome = rip_disc(drive, options_, listener_, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    sub_ = read_text(dir_ / "out.sub", 1U << 30).value();
    return image::report_from_json(read_text(dir_ / "out.json").value(), "out.json").value();
  }
  // Sectors whose record in out.sub is not the disc's.
  std::vector<Lba> different() const {
    std::vector<Lba> found;
    std::array<Byte, cd::kSubSize> want;
    std::size_t at = 0;
    for (const cd::LbaRange& range : cd::image_ranges(disc_->disc())) {
      for (Lba lba = range.begin; lba < range.end; ++lba, at += cd::kSubSize) {
        EXPECT_TRUE(disc_->read_sub(lba, want));
        if (!std::equal(want.begin(), want.end(), reinterpret_cast<const Byte*>(sub_.data()) + at)) {
          found.push_back(lba);
        }
      }
    }
    return found;
  }

  test::TempDir dir_;
  RipOptions options_;
  rip::Listener listener_;
  std::shared_ptr<image::DiscImage> disc_;
  std::string sub_;
};

// What a drive of its own gives of the subchannel, a sector at a time.
std::string read_singly(std::shared_ptr<image::DiscImage> disc, const sim::FaultMap& faults) {
  sim::SimDrive transport(disc, {});
  transport.set_faults(faults);
  drive::Drive drive(transport);
  EXPECT_TRUE(drive.wait_ready(std::chrono::seconds(5)));
  std::string all;
  for (const cd::LbaRange& range : cd::image_ranges(disc->disc())) {
    for (Lba lba = range.begin; lba < range.end; ++lba) {
      std::array<Byte, cd::kSectorSize + cd::kSubSize> buffer{};
      const auto reply = drive.read_cd({.start = lba, .count = 1, .sub = drive::SubMode::raw}, buffer,
                                       std::chrono::seconds(60));
      EXPECT_TRUE(reply && reply->good) << lba.value;
      std::array<Byte, cd::kSubSize> record;
      cd::deinterleave(Bytes(buffer).last<cd::kSubSize>(), record);
      all.append(record.begin(), record.end());
    }
  }
  return all;
}

// Nearly a third of all Qs, with wrong bits in one or two bytes, the same at each reading.
sim::FaultMap thirty_percent_wrong(const cd::Disc& disc) {
  std::mt19937 random(7);
  sim::FaultMap faults;
  for (const cd::LbaRange& range : cd::image_ranges(disc)) {
    for (Lba lba = range.begin; lba < range.end; ++lba) {
      if (random() % 10 >= 3) continue;
      const int bytes = 1 + static_cast<int>(random() % 2);
      faults.emplace(lba.value, sim::Fault{.kind = Kind::q, .repeats = true, .bytes = bytes});
    }
  }
  return faults;
}

class ThirtyPercentWrong : public RipSubchannel, public testing::WithParamInterface<std::string> {};

TEST_P(ThirtyPercentWrong, TheDiscIsUnderstoodAndTheSubchannelIsWhatWasRead) {
  const sim::DiscRecipe recipe = sim::zoo_recipe(GetParam());
  const sim::FaultMap faults = thirty_percent_wrong(recipe.disc);
  const image::Report report = rip(recipe, faults);
  ASSERT_EQ(report.disc.sessions.size(), recipe.disc.sessions.size());
  for (std::size_t s = 0; s < recipe.disc.sessions.size(); ++s) {
    for (std::size_t t = 0; t < recipe.disc.sessions[s].tracks.size(); ++t) {
      const cd::Track& found = report.disc.sessions[s].tracks[t];
      const cd::Track& truth = recipe.disc.sessions[s].tracks[t];
      EXPECT_EQ(found.indexes, truth.indexes) << "track " << int{truth.number};
      EXPECT_EQ(found.isrc, truth.isrc) << "track " << int{truth.number};
      EXPECT_EQ(found.control, truth.control) << "track " << int{truth.number};
    }
  }
  EXPECT_EQ(report.disc.mcn, recipe.disc.mcn);
  EXPECT_EQ(report.subchannel.q_voted, 0);
  EXPECT_GT(different().size(), faults.size() * 9 / 10);
  EXPECT_EQ(sub_, read_singly(disc_, faults));
}

std::string disc_name(const testing::TestParamInfo<std::string>& disc) {
  std::string name = disc.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ThirtyPercentWrong, testing::Values("demo", "audio-isrc-mcn", "audio-htoa"),
                         disc_name);

bool any_note(const image::Report& report, std::string_view part) {
  return std::any_of(report.notes.begin(), report.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

TEST_F(RipSubchannel, DeliberatelyWrongQsAreListedAndStandAsTheyAre) {
  const sim::DiscRecipe recipe = sim::zoo_recipe("libcrypt");
  const image::Report report = rip(recipe, {});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_EQ(different(), std::vector<Lba>{});
  std::vector<cd::LbaRange> expected;
  for (const auto& [lba, q] : recipe.quirks.wrong_q) expected.push_back({lba, lba + cd::SectorCount{1}});
  EXPECT_EQ(report.subchannel.q_confirmed, expected);
  EXPECT_EQ(report.subchannel.q_wrong_crc, 32);
  EXPECT_EQ(report.subchannel.q_voted, 0);
  EXPECT_TRUE(any_note(report, "the Q of 32 sectors was wrong in the same way in two reads"));
}

TEST_F(RipSubchannel, AVoteIsCalledAVote) {
  sim::FaultMap faults;
  // Two bytes, so that no two reads are wrong in the same way by chance.
  for (int i = 0; i < 40; ++i) faults.emplace(200 + 7 * i, sim::Fault{.kind = Kind::q, .bytes = 2});
  const image::Report report = rip(sim::zoo_recipe("audio-simple"), faults);
  EXPECT_EQ(report.exit_code, 0);
  const image::Report::Subchannel& subs = report.subchannel;
  EXPECT_GT(subs.q_voted, 0);
  EXPECT_EQ(subs.q_right + subs.q_wrong_crc + subs.q_wrong_address, 3000);
  EXPECT_EQ(subs.q_wrong_crc + subs.q_wrong_address, static_cast<std::int64_t>(different().size()));
  EXPECT_TRUE(any_note(report, "was wrong in each read"));
  EXPECT_TRUE(subs.q_confirmed.empty());
}

}  // namespace
}  // namespace binrip::job
