// Every way to check P and Q, against the equations of the standard.
#include <algorithm>

#include <gtest/gtest.h>

#include "cd/ecc_paths.hpp"
#include "sector_oracle.hpp"

namespace binrip::cd {
namespace {

using test::random_code;
using test::Sector;
using test::spoil;

struct Path {
  const char* name;
  bool (*check)(SectorBytes, EccHeader);
};

std::vector<Path> paths() {
  std::vector<Path> all = {{"chosen", ecc_check}, {"portable", ecc_check_portable}};
#if defined(__x86_64__)
  if (cpu::has_avx2()) all.push_back({"avx2", ecc_check_avx2});
#endif
  return all;
}

class EccCheck : public testing::TestWithParam<Path> {
 protected:
  static bool check(SectorBytes sector, EccHeader header = EccHeader::as_is) {
    return GetParam().check(sector, header);
  }
};

INSTANTIATE_TEST_SUITE_P(By, EccCheck, testing::ValuesIn(paths()),
                         [](const auto& path) { return std::string(path.param.name); });

bool oracle(Sector sector, EccHeader header) {
  if (header == EccHeader::taken_as_zero) std::fill_n(sector.begin() + 12, 4, Byte{0});
  return test::oracle_ecc_right(sector);
}

TEST_P(EccCheck, SeesOneWrongByteInEveryPosition) {
  std::mt19937 random(1);
  for (const EccHeader header : {EccHeader::as_is, EccHeader::taken_as_zero}) {
    const Sector sector = random_code(random, header);
    ASSERT_TRUE(oracle(sector, header));
    EXPECT_TRUE(check(sector, header));
    const std::size_t covered = header == EccHeader::as_is ? 12 : 16;
    for (std::size_t at = 0; at < kSectorSize; ++at) {
      Sector wrong = sector;
      spoil(random, wrong, at);
      EXPECT_EQ(check(wrong, header), at < covered) << at;
    }
  }
}

TEST_P(EccCheck, SeesEveryBitOfAByte) {
  std::mt19937 random(2);
  const Sector sector = random_code(random);
  for (const std::size_t at : {12U, 13U, 97U, 98U, 1000U, 2075U, 2076U, 2247U, 2248U, 2299U, 2300U, 2351U}) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Sector wrong = sector;
      wrong[at] = static_cast<Byte>(wrong[at] ^ (1U << bit));
      EXPECT_FALSE(check(wrong)) << at << ' ' << bit;
    }
  }
}

TEST_P(EccCheck, AgreesWithTheEquationsOnNearlyRightSectors) {
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    const EccHeader header = round % 2 == 0 ? EccHeader::as_is : EccHeader::taken_as_zero;
    Sector sector = random_code(random, header);
    const std::size_t errors = random() % 4;
    for (std::size_t i = 0; i < errors; ++i) spoil(random, sector, random() % kSectorSize);
    EXPECT_EQ(check(sector, header), oracle(sector, header)) << round;
  }
}

TEST_P(EccCheck, AgreesWithTheEquationsOnNoise) {
  std::mt19937 random(4);
  for (int round = 0; round < 50; ++round) {
    Sector sector;
    std::ranges::copy(test::random_bytes(random, kSectorSize), sector.begin());
    EXPECT_EQ(check(sector), oracle(sector, EccHeader::as_is));
  }
}

TEST_P(EccCheck, TakesRealSectors) {
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    EXPECT_TRUE(check(test::random_mode1(random), EccHeader::as_is));
    EXPECT_TRUE(check(test::random_form1(random), EccHeader::taken_as_zero));
    EXPECT_FALSE(check(test::random_form1(random), EccHeader::as_is));
  }
  EXPECT_TRUE(check(Sector{}));
}

// A word of P that is right in itself is added to another: only Q can tell.
TEST_P(EccCheck, WantsQToo) {
  std::mt19937 random(6);
  for (std::size_t column = 0; column < 86; ++column) {
    Sector other{};
    for (std::size_t row = 0; row < 24; ++row) other[12 + 86 * row + column] = static_cast<Byte>(random());
    ecc_generate(other, EccHeader::as_is);
    Sector sector = random_code(random);
    for (std::size_t row = 0; row < 26; ++row) {
      const std::size_t at = 12 + 86 * row + column;
      sector[at] = static_cast<Byte>(sector[at] ^ other[at]);
    }
    ASSERT_FALSE(oracle(sector, EccHeader::as_is));
    EXPECT_FALSE(check(sector)) << column;
  }
}

// Three symbols of a Q word that add up to nothing, weighted or not: only P can tell.
TEST_P(EccCheck, WantsPToo) {
  std::mt19937 random(7);
  const auto vectors = test::oracle_vectors();
  for (std::size_t i = 43; i < vectors.size(); ++i) {
    const std::vector<unsigned>& q = vectors[i];
    const std::size_t index = random() % 43;
    // Weights of the parity symbols are alpha and 1: c = a + b, and a alpha^n + b alpha + c = 0.
    Byte weight = 1;
    for (std::size_t n = index; n < 44; ++n) weight = test::oracle_multiply(weight, 2);
    unsigned b = 0;
    while ((weight ^ test::oracle_multiply(b, 2) ^ 1 ^ b) != 0) ++b;
    Sector sector = random_code(random);
    const std::size_t half = i % 2;
    const auto add = [&](unsigned word, unsigned value) {
      const std::size_t at = 12 + 2 * word + half;
      sector[at] = static_cast<Byte>(sector[at] ^ value);
    };
    add(q[index], 1);
    add(q[43], b);
    add(q[44], 1 ^ b);
    for (std::size_t n = 43; n < vectors.size(); ++n) {
      ASSERT_TRUE(test::oracle_word_right(sector, vectors[n], 0));
      ASSERT_TRUE(test::oracle_word_right(sector, vectors[n], 1));
    }
    EXPECT_FALSE(check(sector)) << i;
  }
}

TEST_P(EccCheck, DoesNotCareForAlignment) {
  std::mt19937 random(8);
  const Sector sector = random_code(random);
  ByteVector room(kSectorSize + 64);
  for (std::size_t at = 0; at < 64; ++at) {
    std::ranges::copy(sector, room.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_TRUE(check(std::span(room).subspan(at).first<kSectorSize>())) << at;
  }
}

}  // namespace
}  // namespace binrip::cd
