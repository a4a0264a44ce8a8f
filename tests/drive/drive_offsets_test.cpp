#include "binrip/drive/drive_offsets.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/drive/profile.hpp"

namespace binrip::drive {
namespace {

// One record, laid out by hand.
ByteVector record(int offset, std::string_view name, int submissions) {
  ByteVector bytes(69, 0);
  store_le16(bytes, 0, static_cast<std::uint16_t>(offset));
  for (std::size_t i = 0; i < name.size(); ++i) bytes[2 + i] = static_cast<Byte>(name[i]);
  bytes[35] = static_cast<Byte>(submissions);
  return bytes;
}

ByteVector joined(std::initializer_list<ByteVector> records) {
  ByteVector all;
  for (const ByteVector& each : records) all.insert(all.end(), each.begin(), each.end());
  return all;
}

std::string problem(Bytes data) {
  const auto list = parse_drive_offsets(data, "DriveOffsets.bin");
  if (list) return "none";
  EXPECT_EQ(list.error().kind, ErrorKind::invalid);
  return list.error().message;
}

TEST(DriveOffsets, AreReadByteForByte) {
  const ByteVector data = joined({record(667, "PIONEER  - BD-RW   BDR-209D", 255),
                                  record(-1164, "- CD-ROM 52X/AKH", 3), record(6, "ASUS - BW-16D1HT", 0)});
  EXPECT_EQ(data[0], 0x9B);  // 667
  EXPECT_EQ(data[1], 0x02);
  EXPECT_EQ(data[69], 0x74);  // -1164
  EXPECT_EQ(data[70], 0xFB);
  const auto list = parse_drive_offsets(data, "x");
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_EQ(*list, (std::vector<ListedDrive>{{"PIONEER", "BD-RW   BDR-209D", 667, 255},
                                             {"", "CD-ROM 52X/AKH", -1164, 3},
                                             {"ASUS", "BW-16D1HT", 6, 0}}));
}

TEST(DriveOffsets, RecordsWithoutUseAreLeftOut) {
  const ByteVector data =
      joined({record(6, "", 1), record(6, "no dash", 1), record(6, "A - ", 1), record(6, "A - \x1b[31m", 1),
              record(6, "A - B\xE9", 1), record(5881, "A - B", 1), record(-5881, "A - B", 1),
              record(-32768, "A - B", 1), record(30, "A - B - C", 1)});
  const auto list = parse_drive_offsets(data, "x");
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(*list, (std::vector<ListedDrive>{{"A", "B - C", 30, 1}}));
}

TEST(DriveOffsets, WhatIsNoListIsRefused) {
  const ByteVector one = record(6, "A - B", 1);
  EXPECT_EQ(problem({}), "DriveOffsets.bin: expected records of 69 bytes, got 0 bytes");
  for (std::size_t size = 1; size < one.size(); ++size) EXPECT_NE(problem(Bytes(one).first(size)), "none");
  EXPECT_EQ(problem(ByteVector(69, 'x')), "DriveOffsets.bin: expected a name that ends at byte 2");
  EXPECT_EQ(problem(joined({one, record(6, std::string(33, 'n'), 1)})),
            "DriveOffsets.bin: expected a name that ends at byte 71");
  EXPECT_EQ(problem(ByteVector(69, 0)), "DriveOffsets.bin: expected drives, got none");
  EXPECT_NE(problem(ByteVector(kLargestDriveOffsets / 69 * 69 + 69, 0)), "none");
}

std::optional<int> offset_of(std::initializer_list<ByteVector> records, const DriveIdentity& drive) {
  return listed_offset(parse_drive_offsets(joined(records), "x").value(), drive);
}

TEST(DriveOffsets, NamesMatchWhateverTheirSpacesAndCapitals) {
  const ByteVector data = record(667, "PIONEER  - BD-RW   BDR-209D", 9);
  EXPECT_EQ(offset_of({data}, {"PIONEER", "BD-RW  BDR-209D", "1.51", ""}), 667);
  EXPECT_EQ(offset_of({data}, {"Pioneer ", "bd-rw bdr-209d", "", ""}), 667);
  EXPECT_EQ(offset_of({data}, {"PIONEER", "BD-RW BDR-209", "", ""}), std::nullopt);
  EXPECT_EQ(offset_of({data}, {"", "BD-RW BDR-209D", "", ""}), std::nullopt);
  EXPECT_EQ(offset_of({record(12, "- CD 1", 9)}, {"", "CD 1", "", ""}), 12);
}

TEST(DriveOffsets, MostVoicesDecide) {
  const DriveIdentity drive{"A", "B", "", ""};
  EXPECT_EQ(offset_of({record(6, "A - B", 3), record(30, "A  - B", 4)}, drive), 30);
  EXPECT_EQ(offset_of({record(6, "A - B", 4), record(30, "A - B", 4)}, drive), std::nullopt);
  EXPECT_EQ(offset_of({record(6, "A - B", 4), record(30, "A - B", 3), record(48, "A - B", 2)}, drive),
            std::nullopt);
  EXPECT_EQ(offset_of({record(6, "A - B", 0)}, drive), 6);
}

TEST(DriveOffsets, AreLoadedFromAFile) {
  const binrip::test::TempDir folder;
  const auto path = folder / "DriveOffsets.bin";
  EXPECT_EQ(load_drive_offsets(path).value(), std::vector<ListedDrive>{});
  EXPECT_EQ(load_drive_offsets({}).value(), std::vector<ListedDrive>{});
  const ByteVector data = record(6, "A - B", 1);
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data.data()), 69);
  EXPECT_EQ(load_drive_offsets(path).value().size(), 1U);
  std::ofstream(path) << "<html>";
  EXPECT_EQ(load_drive_offsets(path).error().message,
            path.string() + ": expected records of 69 bytes, got 6 bytes");
}

}  // namespace
}  // namespace binrip::drive
