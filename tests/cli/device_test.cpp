#include "binrip/cli/device.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/cli/sim_setup.hpp"
#include "binrip/drive/drive.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::cli {
namespace {

using testing::HasSubstr;

std::string problem(const std::vector<std::string>& options) {
  const auto setup = parse_sim_options(options);
  return setup ? "none" : setup.error().message;
}

TEST(SimOptions, SetHabits) {
  const SimSetup setup =
      parse_sim_options({"read-offset=-472", "c2=none", "sub=q", "order=main-sub-c2", "combination=separate",
                         "transfer-limit=65536", "full-toc=no", "polls=3", "medium=dvd", "tray=open"})
          .value();
  EXPECT_EQ(setup.habits.read_offset, -472);
  EXPECT_EQ(setup.habits.c2, drive::C2Support::none);
  EXPECT_EQ(setup.habits.sub, drive::SubSupport::formatted_q);
  EXPECT_EQ(setup.habits.order, drive::FieldOrder::main_sub_c2);
  EXPECT_EQ(setup.habits.combination, drive::Combination::separate);
  EXPECT_EQ(setup.habits.transfer_limit, 65536U);
  EXPECT_FALSE(setup.habits.full_toc);
  EXPECT_EQ(setup.habits.becoming_ready_polls, 3);
  EXPECT_EQ(setup.medium, sim::Medium::dvd);
  EXPECT_EQ(setup.tray, sim::Tray::open);
}

TEST(SimOptions, PlaceFaults) {
  const SimSetup setup = parse_sim_options({"fault-hard=1000+3:2", "fault-c2=-1", "fault-q=7"}).value();
  ASSERT_EQ(setup.faults.size(), 5U);
  EXPECT_EQ(setup.faults.find(1002)->second.kind, sim::Fault::Kind::hard);
  EXPECT_EQ(setup.faults.find(1002)->second.reads_until_good, 2);
  EXPECT_EQ(setup.faults.find(-1)->second.kind, sim::Fault::Kind::c2);
  EXPECT_EQ(setup.faults.find(-1)->second.reads_until_good, -1);
}

TEST(SimOptions, SetWaysToLie) {
  const SimSetup setup =
      parse_sim_options({"reported-cache=64", "fua=no", "audio-over-data=yes", "vendor-d8=filtered",
                         "c2-manner=always-on", "c2-late=-1", "jitter=12", "jitter-chance=25",
                         "accurate-stream=yes", "slow-after-error=8", "slow-time=60", "long-errors=10"})
          .value();
  EXPECT_EQ(setup.habits.reported_cache_kib, 64U);
  EXPECT_FALSE(setup.habits.honours_fua);
  EXPECT_TRUE(setup.habits.audio_over_data);
  EXPECT_EQ(setup.habits.vendor_d8, sim::VendorD8::filtered);
  EXPECT_EQ(setup.habits.c2_manner, sim::C2Manner::always_on);
  EXPECT_EQ(setup.habits.c2_late, -1);
  EXPECT_EQ(setup.habits.jitter, 12);
  EXPECT_EQ(setup.habits.reported_accurate_stream, true);
  EXPECT_EQ(setup.habits.jitter_chance, 0.25);
  EXPECT_EQ(setup.habits.slow_after_error, 8);
  EXPECT_EQ(setup.habits.slow_time, std::chrono::seconds(60));
  EXPECT_EQ(setup.habits.long_error_chance, 0.1);
}

TEST(SimOptions, PlaceFaultsOfEveryKind) {
  using Kind = sim::Fault::Kind;
  const std::pair<const char*, Kind> kinds[] = {
      {"fault-hard=5", Kind::hard},
      {"fault-c2=5", Kind::c2},
      {"fault-q=5", Kind::q},
      {"fault-neighbour=5", Kind::neighbour},
      {"fault-slip=5", Kind::slip},
      {"fault-aborted=5", Kind::aborted},
      {"fault-hang=5", Kind::hang},
      {"fault-reset=5", Kind::reset},
      {"fault-changed=5", Kind::changed},
      {"fault-vanish=5", Kind::vanish},
      {"fault-zeros=5", Kind::zeros},
      {"fault-untouched=5", Kind::untouched},
      {"fault-previous=5", Kind::previous},
  };
  for (const auto& [option, kind] : kinds) {
    const SimSetup setup = parse_sim_options({option}).value();
    ASSERT_EQ(setup.faults.size(), 1U) << option;
    EXPECT_EQ(setup.faults.begin()->second.kind, kind) << option;
    EXPECT_EQ(setup.faults.begin()->second.reads_until_good,
              kind == Kind::reset || kind == Kind::changed ? 1 : -1);
  }
}

TEST(SimOptions, FaultsHaveTraits) {
  const SimSetup setup = parse_sim_options({"fault-c2=10+2:4,bytes=300,success=30,flagged=no,repeats=yes",
                                            "fault-neighbour=20,distance=-2,part=sub"})
                             .value();
  ASSERT_EQ(setup.faults.size(), 3U);
  const sim::Fault& c2 = setup.faults.find(11)->second;
  EXPECT_EQ(c2.reads_until_good, 4);
  EXPECT_EQ(c2.bytes, 300);
  EXPECT_EQ(c2.success, 0.3);
  EXPECT_FALSE(c2.flagged);
  EXPECT_TRUE(c2.repeats);
  const sim::Fault& neighbour = setup.faults.find(20)->second;
  EXPECT_EQ(neighbour.distance, -2);
  EXPECT_EQ(neighbour.part, sim::Fault::Part::sub);
  for (const char* wrong : {"fault-c2=1,bytes", "fault-c2=1,bytes=0", "fault-c2=1,success=101",
                            "fault-c2=1,colour=red", "fault-c2=1,", "fault-c2=1,repeats=maybe"}) {
    EXPECT_THAT(problem({wrong}), HasSubstr("--sim-option fault-c2: expected ")) << wrong;
  }
}

TEST(SimOptions, SayWhatIsWrong) {
  EXPECT_EQ(problem({"read-offset=x"}),
            "--sim-option read-offset: expected a number from -5880 to 5880, got \"x\"");
  EXPECT_EQ(problem({"c2=maybe"}), "--sim-option c2: expected none, bits, bits-and-block, got \"maybe\"");
  EXPECT_EQ(problem({"colour=red"}), "--sim-option: no such key \"colour\"");
  EXPECT_EQ(problem({"tray"}), "--sim-option tray: expected KEY=VALUE, got \"tray\"");
  for (const char* fault :
       {"fault-hard=", "fault-hard=1+", "fault-hard=1+0", "fault-hard=-151",
        "fault-hard=1:", "fault-hard=1+2:x", "fault-hard=1+1000000", "fault-hard=9999999999"}) {
    EXPECT_THAT(problem({fault}), HasSubstr("--sim-option fault-hard: expected ")) << fault;
  }
}

Result<OpenDevice> open(std::string name, std::vector<std::string> sim_options = {}) {
  DeviceOptions options;
  options.name = std::move(name);
  options.sim_options = std::move(sim_options);
  return open_device(options);
}

TEST(OpenDevice, MakesSoftwareDrives) {
  for (const char* name : {"sim:demo", "sim:zoo/audio-simple"}) {
    auto device = open(name);
    ASSERT_TRUE(device) << device.error().message;
    EXPECT_EQ(device->transport->name(), name);
    drive::Drive drive(*device->transport);
    EXPECT_TRUE(drive.wait_ready(std::chrono::seconds(30)));
    EXPECT_TRUE(drive.formatted_toc());
  }
}

TEST(OpenDevice, PutsTheMediumIntoTheSoftwareDrive) {
  auto device = open("sim:demo", {"tray=open"});
  ASSERT_TRUE(device);
  drive::Drive drive(*device->transport);
  const auto ready = drive.wait_ready(std::chrono::seconds(1));
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().kind, ErrorKind::no_medium);
}

TEST(OpenDevice, NamesTheZooWhenTheDiscIsUnknown) {
  const auto device = open("sim:zoo/unicorn");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().message, "no generated disc of the name \"unicorn\"");
  EXPECT_THAT(device.error().hint, HasSubstr("there are "));
}

TEST(OpenDevice, SaysWhatIsMissing) {
  EXPECT_EQ(open("sim:").error().kind, ErrorKind::usage);
  EXPECT_THAT(open("sim:/nonexistent/x.cue").error().message, HasSubstr("/nonexistent/x.cue"));
  EXPECT_THAT(open("replay:/nonexistent").error().message, HasSubstr("/nonexistent"));
  EXPECT_EQ(open("/nonexistent/sr0").error().kind, ErrorKind::no_device);
}

TEST(OpenDevice, RecordsATraceThatCanBeReplayed) {
  const test::TempDir folder;
  DeviceOptions options;
  options.name = "sim:demo";
  options.record_trace = folder / "trace.txt";
  drive::Inquiry recorded;
  {
    auto device = open_device(options);
    ASSERT_TRUE(device) << device.error().message;
    recorded = drive::Drive(*device->transport).inquiry().value();
  }
  auto replay = open("replay:" + options.record_trace.string());
  ASSERT_TRUE(replay) << replay.error().message;
  drive::Drive drive(*replay->transport);
  EXPECT_EQ(drive.inquiry().value(), recorded);
  EXPECT_FALSE(drive.inquiry());  // not in the trace
}

TEST(OpenDevice, SaysWhenTheTraceCannotBeWritten) {
  DeviceOptions options;
  options.name = "sim:demo";
  options.record_trace = "/nonexistent/trace.txt";
  EXPECT_THAT(open_device(options).error().message, HasSubstr("cannot create /nonexistent/trace.txt"));
}

}  // namespace
}  // namespace binrip::cli
