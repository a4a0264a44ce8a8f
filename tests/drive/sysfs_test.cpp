// Over trees of files as /sys has them.
#include "binrip/drive/sysfs.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"

namespace binrip::drive {
namespace {

namespace fs = std::filesystem;

class Sysfs : public testing::Test {
 protected:
  // A SCSI device at this place under /sys/devices, with its nodes; empty names: it has none.
  void add(const std::string& place, const std::string& block, const std::string& generic) {
    const fs::path device = root_ / "sys/devices" / place;
    fs::create_directories(device);
    write(device / "vendor", "ACME    \n");
    write(device / "model", "CD-ROM 52X      \n");
    write(device / "state", "running\n");
    write(device / "timeout", "30\n");
    if (!block.empty()) {
      node(device, "block", "block", block);
      fs::create_directories(device / "block" / block / "queue");
      write(device / "block" / block / "queue/max_sectors_kb", "128\n");
      write(device / "block" / block / "queue/max_hw_sectors_kb", "256\n");
      write(device / "block" / block / "events_poll_msecs", "-1\n");
    }
    if (!generic.empty()) node(device, "scsi_generic", "scsi_generic", generic);
  }
  void node(const fs::path& device, const std::string& folder, const std::string& subsystem,
            const std::string& name) {
    fs::create_directories(device / folder / name);
    fs::create_directories(root_ / "sys/class" / subsystem);
    fs::create_symlink(device, device / folder / name / "device");
    fs::create_symlink(device / folder / name, root_ / "sys/class" / subsystem / name);
  }
  static void write(const fs::path& file, std::string_view text) {
    ASSERT_TRUE(write_atomically(file, text).has_value());
  }

  const test::TempDir dir_;
  fs::path root_ = dir_.path();
};

TEST_F(Sysfs, EitherNodeLeadsToTheOther) {
  add("pci0000:00/ata2/host1/target1:0:0/1:0:0:0", "sr10", "sg3");
  for (const char* name : {"sr10", "sg3"}) {
    const auto facts = kernel_facts(name, root_);
    ASSERT_TRUE(facts.has_value()) << name;
    EXPECT_EQ(facts->block, "sr10");
    EXPECT_EQ(facts->generic, "sg3");
    EXPECT_EQ(facts->bus, Bus::ata);
    EXPECT_EQ(facts->vendor, "ACME");
    EXPECT_EQ(facts->model, "CD-ROM 52X");
    EXPECT_EQ(facts->state, "running");
    EXPECT_EQ(facts->timeout_seconds, 30);
    EXPECT_EQ(facts->max_sectors_kb, 128);
    EXPECT_EQ(facts->max_hw_sectors_kb, 256);
    EXPECT_EQ(facts->events_poll_msecs, -1);
  }
}

TEST_F(Sysfs, ModulesThatAreNotLoadedLeaveTheirNodeOut) {
  add("pci0000:00/usb1/1-2/1-2:1.0/host4/target4:0:0/4:0:0:0", "sr0", "");
  add("tcm_loop_0/tcm_loop_adapter_0/host5/target5:0:0/5:0:0:0", "", "sg7");
  const auto usb = kernel_facts("sr0", root_);
  ASSERT_TRUE(usb.has_value());
  EXPECT_EQ(usb->generic, "");
  EXPECT_EQ(usb->bus, Bus::usb);
  const auto loop = kernel_facts("sg7", root_);
  ASSERT_TRUE(loop.has_value());
  EXPECT_EQ(loop->block, "");
  EXPECT_EQ(loop->bus, Bus::other);
  EXPECT_EQ(loop->max_sectors_kb, std::nullopt);
}

TEST_F(Sysfs, OtherNamesAndMissingDevicesAreNothing) {
  add("pci0000:00/ata1/host0/target0:0:0/0:0:0:0", "sr0", "sg0");
  for (const char* name : {"sr1", "sg1", "sda", "sr", "srx", "", "../sr0", "sr0/"}) {
    EXPECT_FALSE(kernel_facts(name, root_).has_value()) << name;
  }
  EXPECT_FALSE(kernel_facts("sr0", root_ / "nowhere").has_value());
}

TEST_F(Sysfs, NonsenseInAFileIsNotSaid) {
  add("pci0000:00/ata1/host0/target0:0:0/0:0:0:0", "sr0", "sg0");
  const fs::path device = root_ / "sys/class/block/sr0/device";
  write(device / "timeout", "soon\n");
  write(device / "state", "");
  fs::remove(device / "vendor");
  const auto facts = kernel_facts("sr0", root_);
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->timeout_seconds, std::nullopt);
  EXPECT_EQ(facts->state, "");
  EXPECT_EQ(facts->vendor, "");
}

}  // namespace
}  // namespace binrip::drive
