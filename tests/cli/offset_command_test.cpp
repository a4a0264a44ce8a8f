// `binrip offset` and `binrip drives --update-offsets` from the command line to the files, with the software
// drive, and an AccurateRip whose answers are computed from the generated discs by its formulas.
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/drive_list.hpp"
#include "cli/offset_record.hpp"
#include "fake_host.hpp"
#include "support/temp_dir.hpp"
#include "verify/accuraterip_discs.hpp"

#include "binrip/base/file.hpp"
#include "binrip/cli/sim_setup.hpp"
#include "binrip/sim/generated_disc.hpp"

namespace binrip::cli {
namespace {

using testing::HasSubstr;
using verify::AccurateRipEntry;
using verify::test::Samples;
using verify::test::samples_of;

constexpr int kTracks = 3, kTrackSectors = 460;
constexpr const char* kServer = "https://www.accuraterip.com/accuraterip/";

sim::DiscRecipe recipe(unsigned seed) {
  // Discs of different lengths, so that they have different ids.
  sim::DiscRecipe made = sim::plain_recipe(cd::TrackMode::audio, kTracks,
                                           {kTracks * kTrackSectors + kTracks * static_cast<int>(seed)});
  made.seed = seed;
  return made;
}

std::vector<AccurateRipEntry> pressing(const Samples& samples, int track_sectors, int confidence) {
  return verify::test::pressing(samples, kTracks, track_sectors, confidence);
}

class OffsetCommand : public testing::Test {
 protected:
  OffsetCommand() {
    ::setenv("XDG_CONFIG_HOME", (folder_ / "config").c_str(), 1);
    ::setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
    fake_.host.load_config = drive::load_config;
    fake_.host.describe = [](drive::Transport& transport, const drive::ConfigFile& config,
                             const drive::ProfileOverrides& overrides) -> Result<Description> {
      drive::Drive drive(transport);
      TRY_VOID(drive.wait_ready(std::chrono::seconds(10)));
      Description result;
      TRY(result.drive, job::describe_drive(drive, config, overrides));
      TRY(result.disc, job::describe_disc(drive));
      return result;
    };
    // "sim:1" is the disc of seed 1.
    fake_.host.open_device = [this](const DeviceOptions& options) -> Result<OpenDevice> {
      TRY(const SimSetup setup, parse_sim_options(options.sim_options));
      sim::DiscRecipe made = recipe(static_cast<unsigned>(options.name.back() - '0'));
      if (alter) alter(made);
      auto drive = std::make_unique<sim::SimDrive>(sim::make_disc(made), setup.habits);
      drive->set_faults(setup.faults);
      return OpenDevice{nullptr, std::move(drive), {}};
    };
  }
  ~OffsetCommand() override {
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("XDG_CACHE_HOME");
  }

  // AccurateRip knows the disc of this seed in pressings whose audio is shifted by so many samples.
  void knows(unsigned seed, const std::vector<int>& shifts) {
    const auto disc = sim::make_disc(recipe(seed));
    const Samples samples = samples_of(*disc);
    std::vector<std::vector<AccurateRipEntry>> pressings;
    for (const int shift : shifts) {
      pressings.push_back(pressing(verify::test::shifted(samples, shift),
                                   kTrackSectors + static_cast<int>(seed),
                                   static_cast<int>(20 + pressings.size())));
    }
    put(seed, pressings);
  }
  void put(unsigned seed, const std::vector<std::vector<AccurateRipEntry>>& pressings) {
    const auto ids = verify::accuraterip_ids(recipe(seed).disc);
    ASSERT_TRUE(ids.has_value());
    fake_.answers.insert_or_assign(kServer + verify::accuraterip_path(*ids),
                                   verify::test::answer_of(*ids, pressings));
  }

  int run(std::vector<std::string> arguments) {
    fake_.out.str("");
    fake_.err.str("");
    return fake_.run(arguments);
  }
  int offset(const std::string& disc, int read_offset, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"offset", disc, "--sim-option",
                                          "read-offset=" + std::to_string(read_offset)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  std::string out() const { return fake_.out.str(); }
  std::string err() const { return fake_.err.str(); }
  std::filesystem::path config_file() const { return folder_ / "config/binrip/config.toml"; }
  std::string config() const { return read_text(config_file()).value_or("no file"); }
  std::string record() const { return read_text(offset_record_file()).value_or("no file"); }

  static std::string entry(int read_offset, std::string_view seen) {
    return "[[drive]]\nvendor = \"BINRIP\"\nproduct = \"SOFTWARE DRIVE\"\nread_offset = " +
           std::to_string(read_offset) + "  # binrip offset: seen on " + std::string(seen) + "\n";
  }

  binrip::test::TempDir folder_;
  test::FakeHost fake_;
  std::function<void(sim::DiscRecipe&)> alter;
};

TEST_F(OffsetCommand, FindsTheOffsetOfAnyDrive) {
  knows(1, {0});
  for (const int read_offset : {-2939, -1164, 0, 6, 667, 2939}) {
    std::filesystem::remove_all(folder_ / "config");
    std::filesystem::remove_all(folder_ / "cache");
    EXPECT_EQ(offset("sim:1", read_offset), 0) << err();
    EXPECT_EQ(config(), entry(read_offset, "1 disc"));
    EXPECT_EQ(err(), "");
    EXPECT_THAT(out(), HasSubstr("3 tracks agree, with a confidence of 20 or more\n"));
  }
}

TEST_F(OffsetCommand, SaysWhatItKnowsAndWhereItIsStored) {
  knows(1, {0});
  ASSERT_EQ(offset("sim:1", 667), 0) << err();
  const std::string id = verify::disc_ids(recipe(1).disc).accuraterip;
  EXPECT_EQ(out(), "Drive         BINRIP SOFTWARE DRIVE\nDisc          " + id +
                       ", 1 pressing in AccurateRip\n"
                       "Read offset   +667 samples: 3 tracks agree, with a confidence of 20 or more\n"
                       "Stored in     " +
                       config_file().string() +
                       "\nProof         seen on 1 disc; another one confirms it, or says that this one is an "
                       "unknown pressing\n");
}

TEST_F(OffsetCommand, ASecondDiscConfirmsIt) {
  knows(1, {0});
  knows(2, {0});
  ASSERT_EQ(offset("sim:1", 667), 0) << err();
  ASSERT_EQ(offset("sim:1", 667), 0) << err();
  EXPECT_EQ(config(), entry(667, "1 disc"));  // the same disc is none more
  ASSERT_EQ(offset("sim:2", 667), 0) << err();
  EXPECT_EQ(config(), entry(667, "2 discs"));
  EXPECT_THAT(out(), HasSubstr("Before        +667 samples (configured)\n"));
  EXPECT_THAT(out(), HasSubstr("Proof         confirmed: seen on 2 discs\n"));
}

// AccurateRip has another pressing of disc 2 than the one in the drive.
TEST_F(OffsetCommand, AContradictionChangesNothing) {
  knows(1, {0});
  knows(2, {-30});
  ASSERT_EQ(offset("sim:1", 667), 0) << err();
  const std::string before = config(), seen = record();
  EXPECT_EQ(offset("sim:2", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: this disc says +697 samples, which contradicts the discs"));
  EXPECT_EQ(out(), "");
  EXPECT_EQ(config(), before);
  EXPECT_EQ(record(), seen);
}

TEST_F(OffsetCommand, SeveralPressingsNeedAnotherDisc) {
  knows(1, {0, 664, -30});
  knows(2, {-30, 0, 12});
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: several offsets fit: +3, +667, +697\n"));
  EXPECT_EQ(config(), "no file");
  // Still two.
  EXPECT_EQ(offset("sim:2", 667), 1);
  EXPECT_THAT(err(), HasSubstr("several offsets fit: +667, +697\n"));
  knows(3, {0});
  ASSERT_EQ(offset("sim:3", 667), 0) << err();
  EXPECT_EQ(config(), entry(667, "3 discs"));
}

TEST_F(OffsetCommand, ReplacesTheEntryAndNothingElse) {
  knows(1, {0});
  std::filesystem::create_directories(config_file().parent_path());
  std::ofstream(config_file()) << "# mine\r\n[[drive]]\nproduct = 'software  drive'\nvendor='binrip'\n"
                                  "read_offset=6 # guessed\ncache_kib = 512\n";
  ASSERT_EQ(offset("sim:1", -472), 0) << err();
  EXPECT_EQ(config(),
            "# mine\r\n[[drive]]\nproduct = 'software  drive'\nvendor='binrip'\n"
            "read_offset=-472 # guessed\ncache_kib = 512\n");
  EXPECT_THAT(out(), HasSubstr("Before        +6 samples (configured)\n"));
}

TEST_F(OffsetCommand, ATrackThatCannotBeReadIsLeftOut) {
  knows(1, {0});
  ASSERT_EQ(offset("sim:1", 667, {"--sim-option", "fault-hard=100"}), 0) << err();
  EXPECT_THAT(err(), HasSubstr("binrip: note: track 1 cannot be read: "));
  EXPECT_THAT(out(), HasSubstr("+667 samples: 2 tracks agree"));
}

TEST_F(OffsetCommand, OneTrackIsNotEnough) {
  knows(1, {0});
  EXPECT_EQ(offset("sim:1", 667, {"--sim-option", "fault-hard=100", "--sim-option", "fault-hard=700"}), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: fewer than 2 tracks match what AccurateRip has: track 1 "));
  EXPECT_EQ(config(), "no file");
  EXPECT_EQ(record(), "no file");
}

TEST_F(OffsetCommand, TracksThatDisagreeAreNoAnswer) {
  const Samples samples = samples_of(*sim::make_disc(recipe(1)));
  auto entries = pressing(samples, kTrackSectors + 1, 9);
  entries[1] = pressing(verify::test::shifted(samples, 100), kTrackSectors + 1, 9)[1];
  put(1, {entries});
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: the tracks of this disc do not agree on an offset\n"));
  EXPECT_EQ(config(), "no file");
}

// Nothing is stored over a chance match of sector 450.
TEST_F(OffsetCommand, Sector450AloneIsNoProof) {
  const Samples samples = samples_of(*sim::make_disc(recipe(1)));
  auto entries = pressing(samples, kTrackSectors + 1, 9);
  for (AccurateRipEntry& each : entries) each.sum ^= 1U;
  put(1, {entries});
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("track 1 matches at no offset"));
  EXPECT_EQ(config(), "no file");
}

TEST_F(OffsetCommand, SaysWhatDiscItNeeds) {
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: AccurateRip does not know this disc\n"));
  alter = [](sim::DiscRecipe& made) { made = sim::plain_recipe(cd::TrackMode::mode1, 1, {1000}); };
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: there is no audio on this disc\n"));
  alter = [](sim::DiscRecipe& made) {
    made.atip = cd::Atip{.rewritable = false, .lead_in_start = {97, 24, 1}, .last_lead_out = {79, 59, 74}};
  };
  knows(1, {0});
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: this is a recordable disc: "));
}

TEST_F(OffsetCommand, ErrorsOfTheNetworkAreHandedOn) {
  const auto ids = verify::accuraterip_ids(recipe(1).disc);
  Result<ByteVector>& answer =
      fake_.answers.insert_or_assign(kServer + verify::accuraterip_path(*ids), ByteVector{'<'}).first->second;
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: AccurateRip's answer: "));
  answer = fail(ErrorKind::timeout, "no answer in time");
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_EQ(err(), "binrip: error: no answer in time\n");
}

TEST_F(OffsetCommand, AsksTheServerOfTheConfiguration) {
  std::filesystem::create_directories(config_file().parent_path());
  std::ofstream(config_file()) << "accuraterip_url = \"http://localhost/ar\"\n";
  EXPECT_EQ(offset("sim:1", 667), 1);
  ASSERT_EQ(fake_.requests.size(), 1U);
  EXPECT_THAT(fake_.requests[0].url, testing::StartsWith("http://localhost/ar/"));
  EXPECT_EQ(run({"drives", "--update-offsets"}), 1);
  EXPECT_EQ(fake_.requests[1].url, "http://localhost/ar/DriveOffsets.bin");
}

TEST_F(OffsetCommand, StopsWhenAsked) {
  knows(1, {0});
  const auto describe = fake_.host.describe;
  fake_.host.describe = [&](auto& transport, auto& config, auto& overrides) {
    fake_.interruption->request(SIGTERM);
    return describe(transport, config, overrides);
  };
  EXPECT_EQ(offset("sim:1", 667), 128 + SIGTERM);
  EXPECT_EQ(err(), "binrip: error: interrupted\n");
  EXPECT_EQ(config(), "no file");
}

TEST_F(OffsetCommand, ABrokenRecordIsAnError) {
  knows(1, {0});
  std::filesystem::create_directories(folder_ / "cache/binrip");
  std::ofstream(offset_record_file()) << "{";
  EXPECT_EQ(offset("sim:1", 667), 1);
  EXPECT_THAT(err(), HasSubstr("read-offsets.json: expected drives with discs and offsets"));
  EXPECT_EQ(config(), "no file");
}

TEST_F(OffsetCommand, NeedsADevice) {
  EXPECT_EQ(run({"offset"}), 1);
  EXPECT_THAT(err(), HasSubstr("binrip: error: expected DEVICE\n"));
}

// One record of AccurateRip's list.
ByteVector listed(int read_offset, std::string_view name) {
  ByteVector record(69, 0);
  store_le16(record, 0, static_cast<std::uint16_t>(read_offset));
  std::copy(name.begin(), name.end(), record.begin() + 2);
  record[35] = 9;
  return record;
}

TEST_F(OffsetCommand, TheListIsFetchedAndKept) {
  const std::string url = std::string(kServer) + "DriveOffsets.bin";
  fake_.answers.insert_or_assign(url, listed(48, "BINRIP   - SOFTWARE DRIVE"));
  ASSERT_EQ(run({"drives", "--update-offsets"}), 0) << err();
  EXPECT_EQ(err(), "binrip: AccurateRip's list has the read offsets of 1 drive\n");
  EXPECT_EQ(out(), "no optical drives found\n");
  EXPECT_EQ(drive_list_file(), folder_ / "cache/binrip/DriveOffsets.bin");
  EXPECT_EQ(drive::load_drive_offsets(drive_list_file()).value(),
            (std::vector<drive::ListedDrive>{{"BINRIP", "SOFTWARE DRIVE", 48, 9}}));
  // What is no list leaves the old one.
  fake_.answers.insert_or_assign(url, ByteVector(70, 'x'));
  EXPECT_EQ(run({"drives", "--update-offsets", "--json"}), 1);
  EXPECT_THAT(err(), HasSubstr("DriveOffsets.bin: expected records of 69 bytes, got 70 bytes\n"));
  EXPECT_EQ(drive::load_drive_offsets(drive_list_file()).value().size(), 1U);
  fake_.answers.clear();
  EXPECT_EQ(run({"drives", "--update-offsets"}), 1);
  EXPECT_EQ(err(), "binrip: error: " + url + " is not there\n");
}

TEST_F(OffsetCommand, TheListIsASourceOfTheProfile) {
  drive::ConfigFile config;
  config.listed = {{"Binrip", "SOFTWARE  DRIVE", 48, 9}};
  const auto profile_offset = [&] {
    auto device = fake_.host.open_device({.name = "sim:1", .sim_options = {}, .record_trace = {}});
    return fake_.host.describe(*device->transport, config, {})->drive.profile.read_offset;
  };
  EXPECT_EQ(profile_offset(), (drive::Known<int>{48, drive::ProfileSource::list}));
  config.drives = {{.vendor = "BINRIP", .product = "SOFTWARE DRIVE", .serial = "", .overrides = {}}};
  config.drives[0].overrides.read_offset = 6;
  EXPECT_EQ(profile_offset(), (drive::Known<int>{6, drive::ProfileSource::configured}));
  EXPECT_EQ(to_string(drive::ProfileSource::list), "list");
}

}  // namespace
}  // namespace binrip::cli
