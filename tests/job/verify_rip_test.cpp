// What a rip leaves behind verifies, and no longer does when one bit of it is another.
#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "support/rotation.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/job/rip_job.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"
#include "binrip/verify/seal.hpp"
#include "binrip/verify/verify_image.hpp"

namespace binrip::job {
namespace {

namespace fs = std::filesystem;

class VerifyRip : public testing::Test {
 protected:
  void rip(sim::DiscRecipe recipe, image::BinLayout layout = image::BinLayout::single,
           const sim::FaultMap& faults = {}) {
    sim::SimDrive drive(sim::make_disc(std::move(recipe)), {});
    drive.set_faults(faults);
    RipOptions options;
    options.cue = sheet();
    options.layout = layout;
    options.existing = Existing::overwrite;
    options.picture = faults.empty() ? Picture::leave_out : Picture::write;
    options.overrides.read_offset = sim::Habits{}.read_offset;
    rip::Listener listener;
    const auto outcome = rip_disc(drive, options, listener, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
  // One that has every kind of file.
  void rip_damaged() {
    rip(sim::zoo_recipe("audio-cdtext-latin1"), image::BinLayout::split,
        {{100, {.kind = sim::Fault::Kind::hard}}});
    std::set<std::string> extensions;
    for (const auto& entry : fs::directory_iterator(dir_.path())) extensions.insert(entry.path().extension());
    ASSERT_EQ(extensions, (std::set<std::string>{".bin", ".cdt", ".cue", ".json", ".log", ".map", ".sha256",
                                                 ".sub", ".svg"}));
  }
  fs::path sheet() const { return dir_ / "out.cue"; }

  // A part of the bits: every `of`th, from `number` on.
  struct Part {
    int number = 0, of = 1;
  };
  // Flips those of `count` random bits that belong to `part`, one at a time. All together are spread evenly
  // over the files of the rip. Each has to be found.
  void flip_bits(int count, std::uint32_t seed, Part part) const {
    std::mt19937 random(seed);
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(dir_.path())) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    ASSERT_GE(files.size(), 5U);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t place = random();
      const auto mask = static_cast<Byte>(1U << (random() % 8));
      if (i % part.of != part.number) continue;
      const fs::path& path = files[static_cast<std::size_t>(i) % files.size()];
      File file = File::open_update(path).value();
      const auto at = static_cast<std::int64_t>(place % static_cast<std::uint64_t>(*file.size()));
      std::array<Byte, 1> byte;
      ASSERT_TRUE(file.read_at(byte, at));
      byte[0] ^= mask;
      ASSERT_TRUE(file.write_at(byte, at));
      const auto result = verify::verify_image(sheet());
      // A sheet that names other files, or is none any more, cannot be read at all.
      EXPECT_TRUE(!result || result->exit_code == verify::Verification::kFaulty)
          << path.filename() << ", byte " << at << ", mask " << int{mask};
      byte[0] ^= mask;
      ASSERT_TRUE(file.write_at(byte, at));
    }
    const auto again = verify::verify_image(sheet());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->problems, std::vector<std::string>{});
  }

  test::TempDir dir_;
};

TEST_F(VerifyRip, EveryDiscOfTheZooVerifies) {
  for (const std::string& name : sim::zoo_names()) {
    for (const auto layout : {image::BinLayout::single, image::BinLayout::split}) {
      SCOPED_TRACE(name);
      rip(sim::zoo_recipe(name), layout);
      const auto result = verify::verify_image(sheet());
      ASSERT_TRUE(result) << result.error().message;
      EXPECT_EQ(result->problems, std::vector<std::string>{});
      EXPECT_EQ(result->exit_code, 0);
      ASSERT_TRUE(result->report);
      // All files, all tracks, the whole, and all files but itself and the report in OUT.sha256.
      EXPECT_EQ(result->checksums_compared, static_cast<std::int64_t>(2 * result->report->files.size() +
                                                                      result->report->tracks.size() + 1));
    }
  }
}

TEST_F(VerifyRip, FindsOneFlippedBit) {
  rip(sim::plain_recipe(cd::TrackMode::mode1, 2, cd::SectorCount{900}));
  flip_bits(100, 1, {});
  rip_damaged();
  flip_bits(200, 3, {});
}

// Ten thousand bits in all, of which a run takes a rotating part: CTest runs it as one test,
// job.flipped_bits.
constexpr int kPartsOfBits = 13;  // not a divisor of the number of files: each part has bits of all of them
class VerifyRipBits : public VerifyRip, public testing::WithParamInterface<int> {};
TEST_P(VerifyRipBits, FindsEachOfTenThousandFlippedBits) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{600}));
  flip_bits(8'000, 2, {GetParam(), kPartsOfBits});
  rip_damaged();
  flip_bits(2'000, 4, {GetParam(), kPartsOfBits});
}
std::vector<int> some_parts_of_bits() {
  const auto rotation = test::Rotation::from_environment();
  std::vector<int> parts;
  for (int part = 0; part < kPartsOfBits; ++part) {
    if (rotation.takes(static_cast<std::uint64_t>(part), kPartsOfBits)) parts.push_back(part);
  }
  return parts;
}
INSTANTIATE_TEST_SUITE_P(SlowVerify, VerifyRipBits, testing::ValuesIn(some_parts_of_bits()),
                         [](const auto& part) { return "part_" + std::to_string(part.param); });

TEST_F(VerifyRip, AddsItsResultToTheReport) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  const image::ReportVerification entry{"2031-05-01T00:00:00Z", "9.9", 0, "well \xC3\xA4nd good"};
  for (std::size_t times = 1; times <= 2; ++times) {
    const auto result = verify::verify_image(sheet());
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 0) << result->problems.front();
    ASSERT_TRUE(verify::record_verification(*result, entry));
    const std::string json = read_text(dir_ / "out.json").value();
    EXPECT_TRUE(verify::json_seal_right(json));
    EXPECT_EQ(image::report_from_json(json, "out.json")->verifications,
              std::vector<image::ReportVerification>(times, entry));
  }
}

TEST_F(VerifyRip, NeverSealsAReportThatWasChanged) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  std::string json = read_text(dir_ / "out.json").value();
  json.replace(json.find("\"commands\": ") + 12, 1, "9");
  ASSERT_TRUE(write_atomically(dir_ / "out.json", json));
  const auto result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 3);
  ASSERT_TRUE(verify::record_verification(*result, {}));
  EXPECT_EQ(read_text(dir_ / "out.json").value(), json);
}

TEST_F(VerifyRip, MissesTheLogAndTheSubchannelFile) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  for (const char* name : {"out.log", "out.sub"}) fs::remove(dir_ / name);
  auto result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems.size(), 3U);  // the log as such, and as a file of OUT.sha256
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  fs::remove(dir_ / "out.sha256");
  result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems.size(), 1U);
}

// What other programs write, and all that is left when the report is lost.
TEST_F(VerifyRip, ChecksumsTellWithoutAReport) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  fs::remove(dir_ / "out.json");
  auto result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems, std::vector<std::string>{});
  EXPECT_EQ(result->checksums_compared, 4);
  EXPECT_EQ(result->verdict, "all files are as their checksums say; no report to compare with");

  std::string sums = read_text(dir_ / "out.sha256").value();
  sums[0] = sums[0] == '0' ? '1' : '0';
  ASSERT_TRUE(write_atomically(dir_ / "out.sha256", sums + "# a remark\nabc  out.bin\n"));
  result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems,
            std::vector<std::string>{"out.sha256:6: expected 64 hex digits, got \"abc  out.bin\""});
  ASSERT_TRUE(write_atomically(dir_ / "out.sha256", sums + std::string(64, '0') + "  ../out.bin\n"));
  result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems,
            (std::vector<std::string>{"out.bin: not as out.sha256 has it",
                                      "out.sha256 names a file outside of the folder of the sheet"}));
  EXPECT_EQ(result->exit_code, 3);
}

TEST_F(VerifyRip, ReadsNoFileOutsideOfItsFolder) {
  rip(sim::plain_recipe(cd::TrackMode::audio, 2, cd::SectorCount{900}));
  std::string json = read_text(dir_ / "out.json").value();
  json.replace(json.find("\"out.sub\""), 9, "\"../../etc/passwd\"");
  ASSERT_TRUE(write_atomically(dir_ / "out.json", verify::seal_json(json)));
  const auto result = verify::verify_image(sheet());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->problems,
            std::vector<std::string>{"the report names a file outside of the folder of the sheet"});
}

}  // namespace
}  // namespace binrip::job
