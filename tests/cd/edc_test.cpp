#include "binrip/cd/edc.hpp"

#include <gtest/gtest.h>

#include "cd/edc_paths.hpp"
#include "sector_oracle.hpp"

namespace binrip::cd {
namespace {

struct Path {
  const char* name;
  std::uint32_t (*edc)(Bytes, std::uint32_t);
};

std::vector<Path> paths() {
  std::vector<Path> all = {{"chosen", edc}, {"portable", edc_portable}};
#if defined(__x86_64__)
  if (cpu::has_clmul()) all.push_back({"clmul", edc_clmul});
#endif
  return all;
}

class Edc : public testing::TestWithParam<Path> {
 protected:
  static std::uint32_t edc(Bytes data, std::uint32_t start = 0) { return GetParam().edc(data, start); }
};

INSTANTIATE_TEST_SUITE_P(By, Edc, testing::ValuesIn(paths()),
                         [](const auto& path) { return std::string(path.param.name); });

TEST_P(Edc, OfNothingIsTheStart) {
  EXPECT_EQ(edc({}), 0U);
  EXPECT_EQ(edc({}, 0x12345678), 0x12345678U);
}

TEST_P(Edc, OfOneByteIsTheTableEntryOfThePolynomial) {
  const Byte byte = 0x80;  // the last bit in: what remains is the polynomial itself
  EXPECT_EQ(edc({&byte, 1}), 0xD8018001U);
}

TEST_P(Edc, AgreesWithTheBitwiseDivisionAtEveryLength) {
  std::mt19937 random(1);
  const auto bytes = test::random_bytes(random, 400);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(edc(Bytes(bytes).first(size)), test::oracle_edc(Bytes(bytes).first(size))) << size;
  }
}

TEST_P(Edc, AgreesWithTheBitwiseDivisionAtRandomLengthsAndPlaces) {
  std::mt19937 random(2);
  const auto bytes = test::random_bytes(random, 6000);
  for (int round = 0; round < 200; ++round) {
    const std::size_t at = random() % 3000;
    const Bytes part = Bytes(bytes).subspan(at, random() % 3000);
    EXPECT_EQ(edc(part), test::oracle_edc(part)) << at << ' ' << part.size();
  }
}

// Mode 1 and both forms of Mode 2.
TEST_P(Edc, AgreesWithTheBitwiseDivisionOverWhatSectorsCover) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    const test::Sector sector = test::random_mode1(random);
    for (const Bytes part : {Bytes(sector).first(2064), Bytes(sector).subspan(16, 2056),
                             Bytes(sector).subspan(16, 2332), Bytes(sector)}) {
      EXPECT_EQ(edc(part), test::oracle_edc(part)) << part.size();
    }
    EXPECT_EQ(edc(Bytes(sector).first(2064)), load_le32(sector, 2064));
  }
}

TEST_P(Edc, OfASingleBitAgreesInEveryPlace) {
  ByteVector bytes(200);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const Byte bit : {Byte{0x01}, Byte{0x80}}) {
      bytes[at] = bit;
      EXPECT_EQ(edc(bytes), test::oracle_edc(bytes)) << at;
    }
    bytes[at] = 0;
  }
}

TEST_P(Edc, CanBeTakenInPieces) {
  std::mt19937 random(4);
  const auto bytes = test::random_bytes(random, 300);
  const std::uint32_t whole = test::oracle_edc(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(edc(Bytes(bytes).subspan(cut), edc(Bytes(bytes).first(cut))), whole) << cut;
  }
}

TEST_P(Edc, DoesNotCareForAlignment) {
  std::mt19937 random(5);
  const auto bytes = test::random_bytes(random, 300);
  for (std::size_t at = 0; at < 64; ++at) {
    EXPECT_EQ(edc(Bytes(bytes).subspan(at, 200)), test::oracle_edc(Bytes(bytes).subspan(at, 200))) << at;
  }
}

}  // namespace
}  // namespace binrip::cd
