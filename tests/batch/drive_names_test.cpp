#include "batch/drive_names.hpp"

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

drive::FoundDrive drive(const std::string& node, const std::string& serial, const std::string& place) {
  drive::FoundDrive found;
  found.node = node;
  found.vendor = "HL-DT-ST";
  found.model = "DVDRAM GH24";
  found.serial = serial;
  found.by_id = {"/dev/disk/by-id/ata-HL-DT-ST_" + serial};
  found.by_path = {"/dev/disk/by-path/" + place};
  return found;
}

TEST(DriveNames, ADriveKeepsItsNameUnderAnotherNumber) {
  DriveNames names;
  const auto before = names.name({drive("/dev/sr0", "K1", "ata-1"), drive("/dev/sr1", "K2", "ata-2")});
  const auto after = names.name({drive("/dev/sr2", "K2", "ata-9"), drive("/dev/sr10", "K1", "ata-8")});
  EXPECT_EQ(before[0].id, after[1].id);
  EXPECT_EQ(before[1].id, after[0].id);
  EXPECT_NE(before[0].id, before[1].id);
  EXPECT_EQ(after[1].node, "/dev/sr10");
  EXPECT_EQ(before[0].id, "HL-DT-ST_DVDRAM_GH24_K1");
  EXPECT_EQ(before[0].name, "HL-DT-ST DVDRAM GH24");
}

TEST(DriveNames, DrivesWithTheSameSerialAreToldByTheirPlace) {
  DriveNames names;
  const auto both = names.name({drive("/dev/sr0", "0000", "usb-1"), drive("/dev/sr1", "0000", "usb-2")});
  EXPECT_EQ(both[0].id, "usb-1");
  EXPECT_EQ(both[1].id, "usb-2");
  // One of them alone is no other drive.
  const auto one = names.name({drive("/dev/sr1", "0000", "usb-2")});
  EXPECT_EQ(one[0].id, "usb-2");
}

TEST(DriveNames, ADriveWhoseSerialIsNotToldForAMomentIsTheSame) {
  DriveNames names;
  const std::string id = names.name({drive("/dev/sr0", "K1", "ata-1")})[0].id;
  EXPECT_EQ(names.name({drive("/dev/sr0", "", "ata-1")})[0].id, id);
  EXPECT_EQ(names.name({drive("/dev/sr0", "", "ata-1")})[0].id, id);
  // The drive has gone to another node, and this is another one.
  const auto both = names.name({drive("/dev/sr0", "", "ata-1"), drive("/dev/sr1", "K1", "ata-2")});
  EXPECT_EQ(both[0].id, "ata-1");
  EXPECT_EQ(both[1].id, id);
}

TEST(DriveNames, WithoutSerialAndPlaceTheNodeNamesIt) {
  DriveNames names;
  drive::FoundDrive found = drive("/dev/sr3", "", "");
  found.by_path.clear();
  EXPECT_EQ(names.name({found})[0].id, "sr3");
}

TEST(DriveNames, WordsOfTheCommandLineMeanDrives) {
  DriveNames names;
  const drive::FoundDrive found = drive("/dev/sr0", "K1", "ata-1");
  const SeenDrive seen = names.name({found})[0];
  for (const char* word :
       {"all", "/dev/sr0", "HL-DT-ST_DVDRAM_GH24_K1", "ata-HL-DT-ST_K1", "/dev/disk/by-path/ata-1"}) {
    EXPECT_TRUE(means(word, seen, found)) << word;
  }
  for (const char* word : {"", "sr", "/dev/sr1", "K1"}) EXPECT_FALSE(means(word, seen, found)) << word;
}

}  // namespace
}  // namespace binrip::batch
