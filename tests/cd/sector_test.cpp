#include "binrip/cd/sector.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "sector_oracle.hpp"

namespace binrip::cd {
namespace {

using test::Sector;

std::uint32_t stored(const Sector& sector, std::size_t at) { return load_le32(sector, at); }

TEST(Sector, TheEdcOfModeTwoSaysNothingOfBitsAboveTheMode) {
  std::array<Byte, kSectorSize> sector;
  build_mode2(sector, Lba{100}, {0, 0, 8, 0}, {});
  EXPECT_FALSE(has_unproven_mode_byte(sector));
  sector[15] = 0xA2;
  EXPECT_EQ(check_sector(sector).edc, EdcState::right);
  EXPECT_TRUE(has_unproven_mode_byte(sector));
  build_mode1(sector, Lba{100}, {});
  sector[15] = 0xA1;
  EXPECT_EQ(check_sector(sector).edc, EdcState::wrong);
  EXPECT_FALSE(has_unproven_mode_byte(sector));
}

TEST(Sector, Mode1IsLaidOutAsTheStandardSays) {
  std::mt19937 random(1);
  const auto data = test::random_bytes(random, kUserDataSize);
  Sector sector;
  build_mode1(sector, Lba{12 * 4500 + 34 * 75 + 56 - 150}, data);
  EXPECT_TRUE(std::ranges::equal(std::span(sector).first(12), kSync));
  EXPECT_EQ(sector[12], 0x12);
  EXPECT_EQ(sector[13], 0x34);
  EXPECT_EQ(sector[14], 0x56);
  EXPECT_EQ(sector[15], 0x01);
  EXPECT_TRUE(std::ranges::equal(std::span(sector).subspan(16, 2048), data));
  EXPECT_EQ(stored(sector, 2064), test::oracle_edc(std::span(sector).first(2064)));
  EXPECT_TRUE(std::ranges::all_of(std::span(sector).subspan(2068, 8), [](Byte b) { return b == 0; }));
  EXPECT_TRUE(test::oracle_ecc_right(sector));
}

TEST(Sector, Form1TakesItsHeaderAsZeroInTheEcc) {
  std::mt19937 random(2);
  const auto data = test::random_bytes(random, kUserDataSize);
  Sector sector;
  build_mode2(sector, Lba{1000}, {1, 2, 0x88, 4}, data);
  EXPECT_EQ(sector[15], 0x02);
  EXPECT_TRUE(std::ranges::equal(std::span(sector).subspan(16, 8), std::array{1, 2, 0x88, 4, 1, 2, 0x88, 4}));
  EXPECT_TRUE(std::ranges::equal(std::span(sector).subspan(24, 2048), data));
  EXPECT_EQ(stored(sector, 2072), test::oracle_edc(std::span(sector).subspan(16, 2056)));
  EXPECT_FALSE(test::oracle_ecc_right(sector));
  std::ranges::fill(std::span(sector).subspan(12, 4), Byte{0});
  EXPECT_TRUE(test::oracle_ecc_right(sector));
}

TEST(Sector, Form2HasAnEdcAtItsEndAndNoEcc) {
  std::mt19937 random(3);
  const auto data = test::random_bytes(random, kForm2DataSize);
  Sector sector;
  build_mode2(sector, Lba{1000}, {1, 2, 0x64, 4}, data);
  EXPECT_TRUE(std::ranges::equal(std::span(sector).subspan(24, 2324), data));
  EXPECT_EQ(stored(sector, 2348), test::oracle_edc(std::span(sector).subspan(16, 2332)));
}

TEST(Sector, ShortDataIsFollowedByZerosAndLongDataIsCut) {
  const std::vector<Byte> small(3, 7);
  const std::vector<Byte> large(5000, 7);
  Sector sector;
  build_mode1(sector, Lba{0}, small);
  EXPECT_EQ(sector[18], 7);
  EXPECT_EQ(sector[19], 0);
  EXPECT_EQ(check_sector(sector).edc, EdcState::right);
  build_mode1(sector, Lba{0}, large);
  EXPECT_EQ(sector[2063], 7);
  EXPECT_EQ(check_sector(sector).edc, EdcState::right);
  EXPECT_TRUE(check_sector(sector).intermediate_zero);
}

TEST(Sector, EveryKindIsTold) {
  std::mt19937 random(4);
  Sector sector;
  build_mode0(sector, Lba{5});
  EXPECT_EQ(classify(sector), SectorKind::mode0);
  EXPECT_EQ(classify(test::random_mode1(random)), SectorKind::mode1);
  EXPECT_EQ(classify(test::random_form1(random)), SectorKind::mode2_form1);
  build_mode2(sector, Lba{5}, {0, 0, kSubmodeForm2, 0}, {});
  EXPECT_EQ(classify(sector), SectorKind::mode2_form2);
  sector[20] ^= 1;  // the subheader's copies differ
  EXPECT_EQ(classify(sector), SectorKind::mode2_formless);
  sector[15] = 3;
  EXPECT_EQ(classify(sector), SectorKind::unknown_mode);
  sector[0] = 1;
  EXPECT_EQ(classify(sector), SectorKind::audio);
}

TEST(Sector, TheBlockIndicatorIsNotPartOfTheMode) {
  std::mt19937 random(5);
  Sector sector = test::random_mode1(random);
  sector[15] = 0xE1;  // as in a link block
  EXPECT_EQ(classify(sector), SectorKind::mode1);
  sector[15] = 0xE4;
  EXPECT_EQ(classify(sector), SectorKind::unknown_mode);
}

TEST(Sector, ASyncWithOneWrongByteIsNone) {
  Sector sector;
  build_mode1(sector, Lba{0}, {});
  for (std::size_t i = 0; i < kSyncSize; ++i) {
    Sector wrong = sector;
    wrong[i] ^= 0x10;
    EXPECT_FALSE(has_sync(wrong)) << i;
    EXPECT_EQ(header_address(wrong), std::nullopt) << i;
    EXPECT_EQ(check_sector(wrong).kind, SectorKind::audio) << i;
  }
}

TEST(Sector, TheHeaderGivesTheAddress) {
  Sector sector;
  for (const std::int32_t lba : {-150, -1, 0, 1, 74, 333'000, 404'849}) {
    build_mode1(sector, Lba{lba}, {});
    EXPECT_EQ(header_address(sector), Lba{lba});
    EXPECT_EQ(check_sector(sector).address, Lba{lba});
  }
}

TEST(Sector, AHeaderOutOfRangeGivesNoAddress) {
  Sector sector;
  build_mode1(sector, Lba{0}, {});
  const auto with = [&](Byte minute, Byte second, Byte frame) {
    sector[12] = minute, sector[13] = second, sector[14] = frame;
    return header_address(sector);
  };
  EXPECT_EQ(with(0x1A, 0x00, 0x00), std::nullopt);
  EXPECT_EQ(with(0xA0, 0x00, 0x00), std::nullopt);
  EXPECT_EQ(with(0x00, 0x60, 0x00), std::nullopt);
  EXPECT_EQ(with(0x00, 0x00, 0x75), std::nullopt);
  EXPECT_EQ(with(0x00, 0x0F, 0x00), std::nullopt);
  EXPECT_EQ(with(0x00, 0x59, 0x74), Lba{59 * 75 + 74 - 150});
}

TEST(Sector, ChecksOfWellMadeSectorsAreRight) {
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    const SectorCheck mode1 = check_sector(test::random_mode1(random));
    EXPECT_EQ(mode1.kind, SectorKind::mode1);
    EXPECT_EQ(mode1.edc, EdcState::right);
    EXPECT_EQ(mode1.ecc, EccState::right);
    const SectorCheck form1 = check_sector(test::random_form1(random));
    EXPECT_EQ(form1.kind, SectorKind::mode2_form1);
    EXPECT_EQ(form1.edc, EdcState::right);
    EXPECT_EQ(form1.ecc, EccState::right);
    EXPECT_TRUE(form1.subheaders_agree);
  }
}

TEST(Sector, OneWrongBitAnywhereInMode1IsSeen) {
  std::mt19937 random(7);
  const Sector sector = test::random_mode1(random);
  for (std::size_t at = 16; at < kSectorSize; ++at) {
    Sector wrong = sector;
    wrong[at] = static_cast<Byte>(wrong[at] ^ (1U << (random() % 8)));
    const SectorCheck check = check_sector(wrong);
    EXPECT_EQ(check.edc, at < 2068 ? EdcState::wrong : EdcState::right) << at;
    EXPECT_EQ(check.ecc, EccState::wrong) << at;
    EXPECT_EQ(check.intermediate_zero, at < 2068 || at >= 2076) << at;
  }
}

TEST(Sector, AWrongForm2IsSeenUnlessItGivesNoEdc) {
  std::mt19937 random(8);
  Sector sector;
  build_mode2(sector, Lba{1000}, {1, 2, 0x64, 4}, test::random_bytes(random, kForm2DataSize));
  EXPECT_EQ(check_sector(sector).edc, EdcState::right);
  EXPECT_EQ(check_sector(sector).ecc, EccState::none);
  sector[100] ^= 1;
  EXPECT_EQ(check_sector(sector).edc, EdcState::wrong);
  store_le32(sector, 2348, 0);
  EXPECT_EQ(check_sector(sector).edc, EdcState::none);
}

TEST(Sector, AMode2SectorWithoutAFormHasNothingToCheck) {
  std::mt19937 random(9);
  Sector sector;
  build_mode2(sector, Lba{0}, {0, 0, 8, 0}, test::random_bytes(random, kUserDataSize));
  sector[18] ^= 0xFF;
  const SectorCheck check = check_sector(sector);
  EXPECT_EQ(check.kind, SectorKind::mode2_formless);
  EXPECT_FALSE(check.subheaders_agree);
  EXPECT_EQ(check.edc, EdcState::none);
  EXPECT_EQ(check.ecc, EccState::none);
}

TEST(Sector, AudioAndMode0HaveNothingToCheck) {
  std::mt19937 random(10);
  Sector sector;
  std::ranges::copy(test::random_bytes(random, kSectorSize), sector.begin());
  EXPECT_EQ(check_sector(sector).kind, SectorKind::audio);
  EXPECT_EQ(check_sector(sector).address, std::nullopt);
  build_mode0(sector, Lba{77});
  const SectorCheck check = check_sector(sector);
  EXPECT_EQ(check.kind, SectorKind::mode0);
  EXPECT_EQ(check.address, Lba{77});
  EXPECT_EQ(check.edc, EdcState::none);
  EXPECT_EQ(check.ecc, EccState::none);
}

}  // namespace
}  // namespace binrip::cd
