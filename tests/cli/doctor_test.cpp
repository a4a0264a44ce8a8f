// The checks of `binrip doctor`, over trees of files as /proc and /sys have them, and over software drives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../../src/cli/doctor_command.hpp"
#include "../../src/cli/doctor_read.hpp"
#include "cli/fake_host.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Doctor : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((root_ / name).parent_path());
    ASSERT_TRUE(write_atomically(root_ / name, text).has_value());
  }
  void process(int id, const std::string& name, const std::vector<std::string>& open_files) const {
    const std::string folder = "proc/" + std::to_string(id);
    write(folder + "/comm", name + "\n");
    fs::create_directories(root_ / folder / "fd");
    int number = 0;
    for (const std::string& file : open_files) {
      fs::create_symlink(file, root_ / folder / "fd" / std::to_string(number++));
    }
  }

  const binrip::test::TempDir dir_;
  fs::path root_ = dir_.path();
};

NodeState cdrom_node(bool readable, bool writable) {
  return {.path = "/dev/sr0",
          .present = true,
          .mode = 0660,
          .owner = "root",
          .group = "cdrom",
          .readable = readable,
          .writable = writable};
}

TEST_F(Doctor, NodeOfAUserInTheGroup) {
  EXPECT_EQ(check_node(cdrom_node(true, true)),
            (Finding{Grade::ok, "node", "/dev/sr0, rw-rw---- root cdrom", ""}));
}

TEST_F(Doctor, NodeOfAUserOutsideTheGroupIsAProblemWithTheGroupToJoin) {
  const Finding finding = check_node(cdrom_node(false, false));
  EXPECT_EQ(finding.grade, Grade::problem);
  EXPECT_EQ(finding.text, "/dev/sr0, rw-rw---- root cdrom: you may not read it");
  EXPECT_EQ(finding.hint, "sudo adduser $USER cdrom, then log in again");
}

TEST_F(Doctor, NodeThatMayOnlyBeReadIsANote) {
  const Finding finding = check_node(cdrom_node(true, false));
  EXPECT_EQ(finding.grade, Grade::note);
  EXPECT_THAT(finding.text, HasSubstr("speed and tray lock are refused"));
}

TEST_F(Doctor, NodeOfRootAloneHintsAtUdev) {
  NodeState node = cdrom_node(false, false);
  node.group = "root";
  node.mode = 0600;
  EXPECT_EQ(check_node(node).text, "/dev/sr0, rw------- root root: you may not read it");
  EXPECT_THAT(check_node(node).hint, HasSubstr("udev"));
}

TEST_F(Doctor, MissingNodeIsAProblem) {
  const Finding finding = check_node(node_state("/dev/no-such-drive"));
  EXPECT_EQ(finding.grade, Grade::problem);
  EXPECT_EQ(finding.text, "/dev/no-such-drive is not there");
  EXPECT_NE(finding.hint, "");
}

TEST_F(Doctor, NodeStateIsTheFileSystems) {
  write("file", "");
  fs::permissions(root_ / "file", fs::perms(0640));
  const NodeState state = node_state((root_ / "file").string());
  EXPECT_TRUE(state.present);
  EXPECT_EQ(state.mode, 0640U);
  EXPECT_TRUE(state.readable && state.writable);
}

TEST_F(Doctor, SgNodeOrTheModuleThatIsMissing) {
  EXPECT_EQ(check_generic(cdrom_node(true, true), root_).grade, Grade::ok);
  EXPECT_THAT(check_generic(std::nullopt, root_).hint, HasSubstr("modprobe sg"));
  EXPECT_EQ(check_generic(cdrom_node(true, false), root_).grade, Grade::note);
  write("sys/module/sg/version", "");
  EXPECT_EQ(check_generic(std::nullopt, root_).hint, "");
}

TEST_F(Doctor, OfflineDriveIsAProblem) {
  drive::KernelFacts facts{.block = "sr3", .generic = "sg4", .bus = drive::Bus::usb, .state = "running"};
  EXPECT_EQ(check_state(facts), (Finding{Grade::ok, "kernel", "the drive is running, on USB", ""}));
  facts.state = "offline";
  EXPECT_EQ(check_state(facts).grade, Grade::problem);
  EXPECT_THAT(check_state(facts).hint, HasSubstr("/sys/class/block/sr3/device/state"));
}

TEST_F(Doctor, LimitsOfTheKernel) {
  drive::KernelFacts facts{.block = "sr0",
                           .timeout_seconds = 30,
                           .max_sectors_kb = 128,
                           .max_hw_sectors_kb = 256,
                           .events_poll_msecs = 2000};
  EXPECT_EQ(check_limits(facts).grade, Grade::ok);
  EXPECT_EQ(
      check_limits(facts).text,
      "128 KiB a command, the adapter takes 256 KiB, timeout 30 s, looks for another disc every 2000 ms");
  facts.max_sectors_kb = 32;
  EXPECT_EQ(check_limits(facts).grade, Grade::note);
  EXPECT_EQ(check_limits(facts).hint, "echo 128 | sudo tee /sys/block/sr0/queue/max_sectors_kb");
  facts.max_hw_sectors_kb = 32;  // no more can be had
  EXPECT_EQ(check_limits(facts).grade, Grade::ok);
  EXPECT_EQ(check_limits({}).grade, Grade::note);
}

TEST_F(Doctor, TrayThatClosesItself) {
  EXPECT_EQ(check_autoclose(root_).grade, Grade::note);
  write("proc/sys/dev/cdrom/autoclose", "1\n");
  EXPECT_EQ(check_autoclose(root_).grade, Grade::note);
  EXPECT_THAT(check_autoclose(root_).hint, HasSubstr("dev.cdrom.autoclose=0"));
  write("proc/sys/dev/cdrom/autoclose", "0\n");
  EXPECT_EQ(check_autoclose(root_).grade, Grade::ok);
}

TEST_F(Doctor, ProgramsThatHoldTheDriveAreNamed) {
  process(77, "vlc", {"/dev/null", "/dev/sr0"});
  process(300, "brasero", {"/dev/sg1"});
  process(400, "cat", {"/dev/sr1", "/home/a/dev/sr0"});
  process(1234, "binrip", {"/dev/sr0"});
  write("proc/cpuinfo", "");
  write("proc/self/mounts",
        "sysfs /sys sysfs rw 0 0\n/dev/sr0 /media/cdrom0 iso9660 ro 0 0\n/dev/sr10 /mnt udf ro 0 0\n");
  const auto findings = check_holders({"/dev/sr0", "/dev/sg1"}, root_, 1234, Sight::all_programs);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].text, "/dev/sr0 is mounted at /media/cdrom0");
  EXPECT_EQ(findings[0].hint, "sudo umount /dev/sr0");
  EXPECT_EQ(findings[1].text, "vlc (process 77) has /dev/sr0 open");
  EXPECT_EQ(findings[2].text, "brasero (process 300) has /dev/sg1 open");
  for (const Finding& finding : findings) EXPECT_EQ(finding.grade, Grade::note);
}

TEST_F(Doctor, NobodyHoldsTheDrive) {
  process(400, "cat", {"/dev/sr1"});
  const auto all = check_holders({"/dev/sr0"}, root_, 1, Sight::all_programs);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].grade, Grade::ok);
  const auto own = check_holders({"/dev/sr0"}, root_ / "nowhere", 1, Sight::own_programs);
  ASSERT_EQ(own.size(), 1U);
  EXPECT_THAT(own[0].text, HasSubstr("root sees those of others"));
}

TEST_F(Doctor, MountTableCutShortIsNoTrouble) {
  for (const char* text : {"", "\n\n", "/dev/sr0", "/dev/sr0 ", "/dev/sr0 /media"}) {
    write("proc/self/mounts", text);
    EXPECT_EQ(check_holders({"/dev/sr0"}, root_, 1, Sight::all_programs).size(), 1U) << text;
  }
}

TEST_F(Doctor, DesktopThatLooksAtDiscsByItself) {
  process(10, "systemd", {});
  EXPECT_EQ(check_pollers(root_).grade, Grade::ok);
  process(20, "udisksd", {});
  process(21, "udisksd", {});
  process(30, "automount", {});
  EXPECT_EQ(check_pollers(root_).grade, Grade::note);
  EXPECT_THAT(check_pollers(root_).text, HasSubstr("udisksd, automount may look"));
  EXPECT_THAT(check_pollers(root_).hint, HasSubstr("systemctl stop udisks2"));
}

TEST_F(Doctor, DriverOfOpticalDrives) {
  EXPECT_EQ(check_modules(root_).grade, Grade::problem);
  EXPECT_EQ(check_modules(root_).hint, "sudo modprobe sr_mod");
  write("sys/bus/scsi/drivers/sr/bind", "");
  EXPECT_EQ(check_modules(root_).grade, Grade::ok);
}

TEST_F(Doctor, VersionsAreTold) {
  write("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
  EXPECT_THAT(check_versions(root_).text, HasSubstr("Linux 6.1.0-13-amd64, libcdio 2."));
}

// --- what the drive gives ---

class DoctorOfDrives : public testing::Test {
 protected:
  Diagnosis examine_sim(sim::Habits habits, const std::function<void(sim::SimDrive&)>& prepare = {}) {
    host_.host.open_device = [&, habits](const DeviceOptions&) -> Result<OpenDevice> {
      auto made = std::make_unique<sim::SimDrive>(sim::make_disc(sim::zoo_recipe("mixed-mode")), habits);
      if (prepare) prepare(*made);
      return OpenDevice{nullptr, std::move(made), {}, "SG_IO on /dev/sg0", "it was asked for"};
    };
    DeviceOptions device;
    device.name = "sim:any";
    return examine(device, host_.host, {}, "/nowhere");
  }
  static Finding about(const Diagnosis& diagnosis, std::string_view topic) {
    for (const Finding& finding : diagnosis.findings) {
      if (finding.topic == topic) return finding;
    }
    ADD_FAILURE() << "nothing about " << topic;
    return {};
  }

  test::FakeHost host_;
};

TEST_F(DoctorOfDrives, GoodDriveIsUsable) {
  const Diagnosis diagnosis = examine_sim({});
  EXPECT_TRUE(diagnosis.usable());
  EXPECT_EQ(about(diagnosis, "transport").text, "SG_IO on /dev/sg0: it was asked for");
  EXPECT_EQ(about(diagnosis, "drive").text, "BINRIP SOFTWARE DRIVE 1.0");
  EXPECT_EQ(about(diagnosis, "C2").text, "bits (probed)");
  EXPECT_EQ(about(diagnosis, "subchannel").text, "raw (probed)");
  EXPECT_EQ(about(diagnosis, "offset").grade, Grade::note);  // no table knows a drive in software
  const Finding reading = about(diagnosis, "reading");
  EXPECT_EQ(reading.grade, Grade::ok);
  EXPECT_THAT(reading.text, HasSubstr("24 of 24 sectors in "));
  EXPECT_THAT(reading.text, HasSubstr("C2 clean in 24, Q right in 24"));
}

TEST_F(DoctorOfDrives, FieldsInAnyOrderAndInTwoCommands) {
  for (const auto order : {drive::FieldOrder::main_c2_sub, drive::FieldOrder::main_sub_c2}) {
    for (const auto combination : {drive::Combination::together, drive::Combination::separate}) {
      const Diagnosis diagnosis = examine_sim({.order = order, .combination = combination});
      EXPECT_THAT(about(diagnosis, "reading").text, HasSubstr("24 of 24 sectors"));
      EXPECT_THAT(about(diagnosis, "reading").text, HasSubstr("C2 clean in 24, Q right in 24"));
    }
  }
}

TEST_F(DoctorOfDrives, DriveWithoutC2AndSubchannelIsUsableWithNotes) {
  const Diagnosis diagnosis = examine_sim({.c2 = drive::C2Support::none, .sub = drive::SubSupport::none});
  EXPECT_TRUE(diagnosis.usable());
  EXPECT_EQ(about(diagnosis, "C2").grade, Grade::note);
  EXPECT_EQ(about(diagnosis, "subchannel").grade, Grade::note);
  EXPECT_EQ(about(diagnosis, "reading").grade, Grade::ok);
}

TEST_F(DoctorOfDrives, DamageIsANoteAndNothingAtAllIsAProblem) {
  const auto damage = [](sim::SimDrive& drive) { drive.set_faults({{2, {.kind = sim::Fault::Kind::hard}}}); };
  EXPECT_EQ(about(examine_sim({}, damage), "reading").grade, Grade::note);

  ReadTest nothing{.sectors = 24};
  EXPECT_EQ(judge_read_test(nothing).grade, Grade::problem);
  nothing.error = Error{ErrorKind::timeout, "no answer", ""};
  EXPECT_EQ(judge_read_test(nothing).text, "no answer");
  const ReadTest wrong_q{.sectors = 24, .delivered = 24, .c2_clean = 24, .q_right = 3};
  EXPECT_EQ(judge_read_test(wrong_q).grade, Grade::note);
}

// Success with the buffer as it was: not one sector came.
TEST_F(DoctorOfDrives, UntouchedBuffersAreNotDelivered) {
  const auto lost = [](sim::SimDrive& drive) {
    sim::FaultMap faults;
    for (std::int32_t lba = 0; lba < 20'000; ++lba)
      faults.emplace(lba, sim::Fault{.kind = sim::Fault::Kind::untouched});
    drive.set_faults(faults);
  };
  const Diagnosis diagnosis = examine_sim({}, lost);
  EXPECT_FALSE(diagnosis.usable());
  EXPECT_EQ(about(diagnosis, "reading").grade, Grade::problem);
}

TEST_F(DoctorOfDrives, EmptyDriveIsUsableAsFarAsIsKnown) {
  const Diagnosis diagnosis =
      examine_sim({}, [](sim::SimDrive& drive) { drive.set_medium(sim::Medium::none); });
  EXPECT_TRUE(diagnosis.usable());
  EXPECT_THAT(about(diagnosis, "disc").text, HasSubstr("are not tried"));
  EXPECT_TRUE(examine_sim({}, [](sim::SimDrive& drive) { drive.set_medium(sim::Medium::dvd); }).usable());
}

TEST_F(DoctorOfDrives, DriveThatIsGoneIsAProblem) {
  const Diagnosis diagnosis = examine_sim({}, [](sim::SimDrive& drive) { drive.vanish(); });
  EXPECT_FALSE(diagnosis.usable());
  EXPECT_EQ(about(diagnosis, "drive").grade, Grade::problem);
}

TEST_F(DoctorOfDrives, CommandGivesTextJsonAndExitCode) {
  test::FakeHost fake;
  fake.host.open_device = [](const DeviceOptions& options) -> Result<OpenDevice> {
    EXPECT_EQ(options.transport, drive::TransportChoice::sg);
    return fail(ErrorKind::permission, "no permission to use it", "join the group");
  };
  EXPECT_EQ(fake.run({"doctor", "sim:demo", "--transport", "sg"}), 1);
  EXPECT_THAT(fake.out.str(), HasSubstr("sim:demo: cannot be used\n"
                                        "  problem  opening    no permission to use it\n"
                                        "           hint: join the group\n"));
  EXPECT_EQ(fake.err.str(), "");

  test::FakeHost json_host;
  json_host.host.open_device = fake.host.open_device;
  EXPECT_EQ(json_host.run({"doctor", "sim:demo", "--transport", "sg", "--json"}), 1);
  const auto json = nlohmann::json::parse(json_host.out.str());
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["usable"], false);
  EXPECT_EQ(json["diagnoses"][0]["device"], nullptr);
  EXPECT_EQ(json["diagnoses"][1]["device"], "sim:demo");
  EXPECT_EQ(json["diagnoses"][1]["checks"][0], nlohmann::json({{"grade", "problem"},
                                                               {"topic", "opening"},
                                                               {"text", "no permission to use it"},
                                                               {"hint", "join the group"}}));
}

TEST_F(DoctorOfDrives, MachineWithoutDrivesIsNotUsable) {
  test::FakeHost fake;
  EXPECT_EQ(fake.run({"doctor"}), 1);
  EXPECT_THAT(fake.out.str(), HasSubstr("problem  drives     no optical drive was found\n"));
}

TEST_F(DoctorOfDrives, AllDrivesAreExaminedWithoutADevice) {
  test::FakeHost fake;
  fake.drives.resize(2);
  fake.drives[0].node = "sim:a";
  fake.drives[1].node = "sim:b";
  std::vector<std::string> opened;
  fake.host.open_device = [&](const DeviceOptions& options) -> Result<OpenDevice> {
    opened.push_back(options.name);
    return OpenDevice{
        nullptr, std::make_unique<sim::SimDrive>(sim::make_disc(sim::demo_recipe()), sim::Habits{}), {}};
  };
  EXPECT_EQ(fake.run({"doctor"}), 0);
  EXPECT_EQ(opened, (std::vector<std::string>{"sim:a", "sim:b"}));
}

}  // namespace
}  // namespace binrip::cli
