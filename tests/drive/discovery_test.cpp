#include <gtest/gtest.h>

#include "drive/found_drive.hpp"

namespace binrip::drive {
namespace {

TEST(Discovery, TakesWhatSysfsAndUdevSay) {
  const DeviceFacts facts{
      .kernel_name = "sr1",
      .node = "/dev/sr1",
      .generic_name = "sg3",
      .links = {"/dev/cdrom", "/dev/disk/by-path/pci-0000:00:1f.2-ata-2", "/dev/disk/by-id/wwn-0x5001",
                "/dev/disk/by-id/ata-PLEXTOR_DVDR_PX-716A_123456"},
      .properties = {{"ID_CDROM", "1"},
                     {"ID_VENDOR", "ignored"},
                     {"ID_SERIAL_SHORT", "123456"},
                     {"ID_CDROM_MEDIA", "1"}},
      .attributes = {{"vendor", "PLEXTOR "}, {"model", "DVDR   PX-716A  "}, {"rev", "1.11"}}};
  const auto drive = found_drive(facts);
  ASSERT_TRUE(drive.has_value());
  EXPECT_EQ(drive->node, "/dev/sr1");
  EXPECT_EQ(drive->generic_node, "/dev/sg3");
  EXPECT_EQ(drive->by_id, (std::vector<std::string>{"/dev/disk/by-id/ata-PLEXTOR_DVDR_PX-716A_123456",
                                                    "/dev/disk/by-id/wwn-0x5001"}));
  EXPECT_EQ(drive->by_path, (std::vector<std::string>{"/dev/disk/by-path/pci-0000:00:1f.2-ata-2"}));
  EXPECT_EQ(drive->vendor, "PLEXTOR");
  EXPECT_EQ(drive->model, "DVDR PX-716A");
  EXPECT_EQ(drive->revision, "1.11");
  EXPECT_EQ(drive->serial, "123456");
  EXPECT_TRUE(drive->media_present);
}

TEST(Discovery, AnSrDeviceAloneIsADrive) {
  const auto drive = found_drive({.kernel_name = "sr0",
                                  .node = {},
                                  .generic_name = {},
                                  .links = {},
                                  .properties = {},
                                  .attributes = {}});
  ASSERT_TRUE(drive.has_value());
  EXPECT_EQ(drive->node, "/dev/sr0");
  EXPECT_EQ(drive->generic_node, "");
  EXPECT_FALSE(drive->media_present);
}

TEST(Discovery, NamesFallBackToUdevs) {
  const auto drive = found_drive({.kernel_name = "hdc",
                                  .node = "/dev/hdc",
                                  .generic_name = {},
                                  .links = {},
                                  .properties = {{"ID_CDROM", "1"}, {"ID_MODEL", "CD-ROM_drive_\x01"}},
                                  .attributes = {{"model", "  "}}});
  ASSERT_TRUE(drive.has_value());
  EXPECT_EQ(drive->model, "CD-ROM drive");
}

TEST(Discovery, OtherBlockDevicesAreNoDrives) {
  for (const char* name : {"sda", "srx", "sr", "sr0x", "loop0"}) {
    EXPECT_FALSE(found_drive({.kernel_name = name,
                              .node = {},
                              .generic_name = {},
                              .links = {},
                              .properties = {},
                              .attributes = {}})
                     .has_value())
        << name;
  }
}

TEST(Discovery, SortsByNumber) {
  std::vector<FoundDrive> drives(5);
  drives[0].node = "/dev/sr10";
  drives[1].node = "/dev/sr2";
  drives[2].node = "/dev/hdc";
  drives[3].node = "/dev/sr0";
  drives[4].node = "/dev/sr123456789012345678901";
  sort_by_number(drives);
  EXPECT_EQ(drives[0].node, "/dev/hdc");
  EXPECT_EQ(drives[1].node, "/dev/sr0");
  EXPECT_EQ(drives[2].node, "/dev/sr2");
  EXPECT_EQ(drives[3].node, "/dev/sr10");
  EXPECT_EQ(drives[4].node, "/dev/sr123456789012345678901");
}

TEST(Discovery, AMachineWithoutDrivesIsNoError) { EXPECT_TRUE(find_drives().has_value()); }

}  // namespace
}  // namespace binrip::drive
