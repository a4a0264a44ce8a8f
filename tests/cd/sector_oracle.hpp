// The sums of a sector, written as the standard says them, bit by bit, and unlike the code under test.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "binrip/cd/ecc.hpp"
#include "binrip/cd/sector.hpp"

namespace binrip::cd::test {

using Sector = std::array<Byte, kSectorSize>;

// ECMA-130 14.3: the polynomial as two factors, multiplied out here; bits least significant first.
inline std::uint32_t oracle_edc(std::span<const Byte> data) {
  // (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1)
  std::uint64_t polynomial = 0;
  for (const int a : {16, 15, 2, 0}) {
    for (const int b : {16, 2, 1, 0}) polynomial ^= std::uint64_t{1} << (a + b);
  }
  std::uint64_t remainder = 0;  // not reflected: the first bit in is the highest power
  const auto shift_in = [&](unsigned bit) {
    remainder = (remainder << 1) | bit;
    if ((remainder >> 32) != 0) remainder ^= polynomial;
  };
  for (const Byte byte : data) {
    for (int bit = 0; bit < 8; ++bit) shift_in((byte >> bit) & 1U);
  }
  for (int bit = 0; bit < 32; ++bit) shift_in(0);
  std::uint32_t reflected = 0;
  for (int bit = 0; bit < 32; ++bit) reflected |= ((remainder >> bit) & 1U) << (31 - bit);
  return reflected;
}

inline Byte oracle_multiply(unsigned a, unsigned b) {
  unsigned product = 0;
  for (int bit = 7; bit >= 0; --bit) {
    product <<= 1;
    if ((product & 0x100) != 0) product ^= 0x11D;
    if (((b >> bit) & 1) != 0) product ^= a;
  }
  return static_cast<Byte>(product);
}

// ECMA-130 Annex A: 16-bit words S(n) from byte 12 on; P and Q vectors by their index formulas; the check
// matrix has a row of ones and one of falling powers of alpha.
inline bool oracle_word_right(const Sector& s, const std::vector<unsigned>& words, unsigned half) {
  Byte sum = 0;
  Byte weighted = 0;
  Byte weight = 1;
  for (auto n = words.rbegin(); n != words.rend(); ++n) {
    const Byte v = s[12 + 2 * *n + half];
    sum = static_cast<Byte>(sum ^ v);
    weighted = static_cast<Byte>(weighted ^ oracle_multiply(v, weight));
    weight = oracle_multiply(weight, 2);
  }
  return sum == 0 && weighted == 0;
}

inline std::vector<std::vector<unsigned>> oracle_vectors() {
  std::vector<std::vector<unsigned>> all;
  for (unsigned np = 0; np < 43; ++np) {
    std::vector<unsigned> p;
    for (unsigned mp = 0; mp < 26; ++mp) p.push_back(43 * mp + np);
    all.push_back(p);
  }
  for (unsigned nq = 0; nq < 26; ++nq) {
    std::vector<unsigned> q;
    for (unsigned mq = 0; mq < 43; ++mq) q.push_back((44 * mq + 43 * nq) % 1118);
    q.push_back(43 * 26 + nq);
    q.push_back(44 * 26 + nq);
    all.push_back(q);
  }
  return all;
}

// With the header as it stands; for Mode 2 form 1, zero it before.
inline bool oracle_ecc_right(const Sector& sector) {
  static const auto vectors = oracle_vectors();
  for (const auto& vector : vectors) {
    if (!oracle_word_right(sector, vector, 0) || !oracle_word_right(sector, vector, 1)) return false;
  }
  return true;
}

inline std::vector<Byte> random_bytes(std::mt19937& random, std::size_t count) {
  std::vector<Byte> bytes(count);
  for (Byte& b : bytes) b = static_cast<Byte>(random());
  return bytes;
}

// The product code covers whole sectors of any content: no sync or EDC is needed for these.
inline Sector random_code(std::mt19937& random, EccHeader header = EccHeader::as_is) {
  Sector sector;
  for (Byte& b : sector) b = static_cast<Byte>(random());
  ecc_generate(sector, header);
  return sector;
}

inline void spoil(std::mt19937& random, Sector& sector, std::size_t at) {
  sector[at] = static_cast<Byte>(sector[at] ^ (1 + random() % 255));
}

inline Sector random_mode1(std::mt19937& random) {
  Sector sector;
  build_mode1(sector, Lba{static_cast<std::int32_t>(random() % 300'000)},
              random_bytes(random, kUserDataSize));
  return sector;
}

inline Sector random_form1(std::mt19937& random) {
  Sector sector;
  build_mode2(sector, Lba{static_cast<std::int32_t>(random() % 300'000)}, {1, 0, 8, 0},
              random_bytes(random, kUserDataSize));
  return sector;
}

}  // namespace binrip::cd::test
