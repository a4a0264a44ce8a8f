#include "binrip/verify/repair.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "support/ctdb_fixture.hpp"
#include "support/temp_dir.hpp"

namespace binrip::verify {
namespace {

using Sector = std::array<Byte, cd::kSectorSize>;
constexpr cd::Lba kLba{4711};

Sector mode1() {
  Sector s;
  ByteVector data(2048);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<Byte>(i * 7);
  cd::build_mode1(s, kLba, data);
  return s;
}
Sector form1() {
  Sector s;
  cd::build_mode2(s, kLba, {0, 0, 0x08, 0}, ByteVector(2048, 0x42));
  return s;
}

void expect_mended(const Sector& right, cd::TrackMode mode, std::initializer_list<std::size_t> places) {
  Sector s = right;
  for (const std::size_t at : places) s[at] ^= 0xA5;
  const auto changed = mend_sector(s, kLba, mode);
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, static_cast<int>(places.size()));
  EXPECT_EQ(s, right);
}

TEST(MendSector, MendsDataParityAndWhatStandsBefore) {
  expect_mended(mode1(), cd::TrackMode::mode1, {100});
  expect_mended(mode1(), cd::TrackMode::mode1, {3, 12, 15});  // sync, address, mode
  expect_mended(mode1(), cd::TrackMode::mode1, {500, 900, 2065, 2300});
  expect_mended(form1(), cd::TrackMode::mode2, {5, 14, 15, 700, 2100});
}

TEST(MendSector, LeavesAloneWhatNoEccCanMend) {
  Sector s = mode1();
  for (std::size_t i = 16; i < s.size(); ++i) s[i] = static_cast<Byte>(i * i >> 3);
  const Sector before = s;
  EXPECT_EQ(mend_sector(s, kLba, cd::TrackMode::mode1), std::nullopt);
  EXPECT_EQ(s, before);
  Sector form2;
  cd::build_mode2(form2, kLba, {0, 0, cd::kSubmodeForm2, 0}, ByteVector(2324, 1));
  form2[100] ^= 1;
  EXPECT_EQ(mend_sector(form2, kLba, cd::TrackMode::mode2), std::nullopt);
}

// A sector of another place is not this one with a wrong address: its EDC is right over its own.
TEST(MendSector, TakesNoOtherSectorForThisOne) {
  Sector s = mode1();
  EXPECT_EQ(mend_sector(s, kLba + cd::SectorCount{1}, cd::TrackMode::mode1), std::nullopt);
}

// Ten sectors with a wrong byte each, the last beyond repair; those that no fault names are copied as they
// are.
TEST(WriteRepaired, MendsTheSectorsOfAllFaultsAndNoOthers) {
  constexpr std::size_t kSectors = 10;
  cd::Disc disc = test::audio_disc({0}, kSectors);
  disc.sessions[0].tracks[0].mode = cd::TrackMode::mode1;
  disc.sessions[0].tracks[0].control = cd::kControlData;
  ByteVector damaged;
  for (std::size_t i = 0; i < kSectors; ++i) {
    Sector sector;
    cd::build_mode1(sector, cd::Lba{static_cast<std::int32_t>(i)}, ByteVector(2048, static_cast<Byte>(i)));
    sector[500] ^= 0xFF;
    if (i == 9) std::fill(sector.begin() + 16, sector.end(), Byte{0xA5});
    damaged.insert(damaged.end(), sector.begin(), sector.end());
  }
  const auto fault = [](int begin, int end) {
    return FaultRun{{cd::Lba{begin}, cd::Lba{end}}, SectorFault::wrong_edc};
  };
  const std::vector<FaultRun> faults = {fault(0, 1), fault(2, 4), fault(6, 7), fault(9, 10)};

  const test::TempDir dir;
  test::MemoryImage image(disc, damaged);
  const auto repair = write_repaired(image, faults, dir / "new.cue");
  ASSERT_TRUE(repair) << repair.error().message;
  EXPECT_EQ(repair->mended, (std::vector<RepairedSector>{
                                {cd::Lba{0}, 1}, {cd::Lba{2}, 1}, {cd::Lba{3}, 1}, {cd::Lba{6}, 1}}));
  EXPECT_EQ(repair->left, std::vector{cd::Lba{9}});
  ByteVector expected = damaged;
  for (const std::size_t i : {0U, 2U, 3U, 6U}) expected[i * cd::kSectorSize + 500] ^= 0xFF;
  std::ifstream file(dir / "new.bin", std::ios::binary);
  EXPECT_EQ(ByteVector(std::istreambuf_iterator<char>(file), {}), expected);
}

}  // namespace
}  // namespace binrip::verify
