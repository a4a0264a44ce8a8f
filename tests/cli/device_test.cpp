#include "binrip/cli/device.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/drive/drive.hpp"

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
