#include "binrip/cd/edc.hpp"

#include <gtest/gtest.h>

#include "sector_oracle.hpp"

namespace binrip::cd {
namespace {

TEST(Edc, OfNothingIsTheStart) {
  EXPECT_EQ(edc({}), 0U);
  EXPECT_EQ(edc({}, 0x12345678), 0x12345678U);
}

TEST(Edc, OfOneByteIsTheTableEntryOfThePolynomial) {
  const Byte byte = 0x80;  // the last bit in: what remains is the polynomial itself
  EXPECT_EQ(edc({&byte, 1}), 0xD8018001U);
}

TEST(Edc, AgreesWithTheBitwiseDivisionAtEveryLength) {
  std::mt19937 random(1);
  const auto bytes = test::random_bytes(random, 100);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(edc(Bytes(bytes).first(size)), test::oracle_edc(Bytes(bytes).first(size))) << size;
  }
}

TEST(Edc, AgreesWithTheBitwiseDivisionOverASector) {
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) {
    const auto bytes = test::random_bytes(random, 2352);
    EXPECT_EQ(edc(bytes), test::oracle_edc(bytes));
  }
}

TEST(Edc, CanBeTakenInPieces) {
  std::mt19937 random(3);
  const auto bytes = test::random_bytes(random, 100);
  const std::uint32_t whole = edc(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(edc(Bytes(bytes).subspan(cut), edc(Bytes(bytes).first(cut))), whole) << cut;
  }
}

TEST(Edc, DoesNotCareForAlignment) {
  std::mt19937 random(4);
  const auto bytes = test::random_bytes(random, 80);
  for (std::size_t at = 0; at < 32; ++at) {
    EXPECT_EQ(edc(Bytes(bytes).subspan(at, 48)), test::oracle_edc(Bytes(bytes).subspan(at, 48))) << at;
  }
}

}  // namespace
}  // namespace binrip::cd
