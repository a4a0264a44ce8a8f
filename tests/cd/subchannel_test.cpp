#include "binrip/cd/subchannel.hpp"

#include <random>

#include <gtest/gtest.h>

#include "cd/subchannel_paths.hpp"

namespace binrip::cd {
namespace {

using Sub = std::array<Byte, kSubSize>;

Sub random_sub(unsigned seed) {
  std::mt19937 random(seed);
  Sub sub;
  for (Byte& b : sub) b = static_cast<Byte>(random());
  return sub;
}

// Bit n (0 … 95) of a channel (0 = P … 7 = W), by the definition of each layout.
bool wire_bit(const Sub& wire, unsigned channel, unsigned n) { return ((wire[n] >> (7 - channel)) & 1) != 0; }
bool file_bit(const Sub& file, unsigned channel, unsigned n) {
  return ((file[channel * 12 + n / 8] >> (7 - n % 8)) & 1) != 0;
}

// CRC bit by bit, the long division of x^16 + x^12 + x^5 + 1.
unsigned slow_crc(const QBytes& q) {
  unsigned remainder = 0;
  for (unsigned bit = 0; bit < 80; ++bit) {
    const unsigned in = (q[bit / 8] >> (7 - bit % 8)) & 1U;
    const unsigned top = (remainder >> 15) & 1U;
    remainder = (remainder << 1) & 0xFFFFU;
    if ((in ^ top) != 0) remainder ^= 0x1021U;
  }
  return remainder;
}

struct Path {
  const char* name;
  void (*deinterleave)(SubBytes, MutableSubBytes);
};

std::vector<Path> paths() {
  return {
    {"chosen", deinterleave},
#if defined(__SSE2__)
        {"sse2", deinterleave_sse2},
#endif
    {
      "portable", deinterleave_portable
    }
  };
}

class Deinterleave : public testing::TestWithParam<Path> {};

INSTANTIATE_TEST_SUITE_P(By, Deinterleave, testing::ValuesIn(paths()),
                         [](const auto& path) { return std::string(path.param.name); });

TEST_P(Deinterleave, PutsEveryBitInItsChannel) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const Sub wire = random_sub(seed);
    Sub file{};
    GetParam().deinterleave(wire, file);
    for (unsigned c = 0; c < 8; ++c) {
      for (unsigned n = 0; n < 96; ++n)
        ASSERT_EQ(wire_bit(wire, c, n), file_bit(file, c, n)) << c << ' ' << n;
    }
  }
}

TEST_P(Deinterleave, DoesNotCareForAlignment) {
  const Sub wire = random_sub(8);
  Sub expected{};
  deinterleave(wire, expected);
  for (std::size_t at = 0; at < 16; ++at) {
    ByteVector from(at + kSubSize);
    ByteVector to(at + kSubSize + 1, Byte{0xA5});
    std::copy(wire.begin(), wire.end(), from.begin() + static_cast<std::ptrdiff_t>(at));
    GetParam().deinterleave(Bytes(from).subspan(at).first<kSubSize>(),
                            std::span(to).subspan(at).first<kSubSize>());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), to.begin() + static_cast<std::ptrdiff_t>(at)));
    EXPECT_EQ(to.back(), 0xA5);
  }
}

TEST(Subchannel, InterleaveUndoesDeinterleave) {
  const Sub wire = random_sub(7);
  Sub file{};
  Sub back{};
  deinterleave(wire, file);
  interleave(file, back);
  EXPECT_EQ(back, wire);
}

TEST(Subchannel, QOfWireIsQOfTheDeinterleavedRecord) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const Sub wire = random_sub(seed);
    Sub file{};
    deinterleave(wire, file);
    EXPECT_EQ(q_of_wire(wire), q_of(file));
    EXPECT_TRUE(std::equal(file.begin() + 12, file.begin() + 24, q_of(file).begin()));
  }
}

TEST(Subchannel, RwIsSeenInEveryByteFromRToWAndInNoOther) {
  for (std::size_t i = 0; i < kSubSize; ++i) {
    Sub sub{};
    sub[i] = 1;
    EXPECT_EQ(has_rw(sub), i >= 24) << i;
  }
}

TEST(Q, CrcIsTheComplementOfTheDivision) {
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) {
    QBytes q;
    for (Byte& b : q) b = static_cast<Byte>(random());
    set_q_crc(q);
    EXPECT_EQ((q[10] << 8 | q[11]) ^ 0xFFFF, static_cast<int>(slow_crc(q)));
    EXPECT_TRUE(q_crc_right(q));
    q[static_cast<std::size_t>(i) % 12] ^= static_cast<Byte>(1 << (i % 8));
    EXPECT_FALSE(q_crc_right(q));
  }
}

// An all-zero Q, as drives deliver for none, must not pass: the CRC is stored inverted.
TEST(Q, AllZeroIsWrong) { EXPECT_FALSE(q_crc_right(QBytes{})); }

TEST(Q, PositionIsLaidOutAsTheStandardSays) {
  const QBytes q = encode_q(QPosition{kControlData, 12, 3, {1, 2, 34}, {56, 7, 74}});
  const QBytes expected{0x41, 0x12, 0x03, 0x01, 0x02, 0x34, 0x00, 0x56, 0x07, 0x74, q[10], q[11]};
  EXPECT_EQ(q, expected);
  EXPECT_TRUE(q_crc_right(q));
  EXPECT_EQ(decode_q_position(q), (QPosition{kControlData, 12, 3, {1, 2, 34}, {56, 7, 74}}));
  EXPECT_EQ(encode_q(QPosition{0, kLeadOutTrack, 1, {}, {}})[1], 0xAA);
}

TEST(Q, PositionRefusesEveryFieldOutOfRange) {
  const QBytes good = encode_q(QPosition{0, 1, 1, {0, 0, 0}, {0, 2, 0}});
  const std::array<std::pair<std::size_t, Byte>, 12> bad = {{{0, 0x02},
                                                             {0, 0x00},
                                                             {1, 0x0A},
                                                             {1, 0xAB},
                                                             {2, 0xA0},
                                                             {2, 0x1A},
                                                             {3, 0xA0},
                                                             {4, 0x60},
                                                             {5, 0x75},
                                                             {7, 0x9A},
                                                             {8, 0x60},
                                                             {9, 0x75}}};
  for (const auto& [at, value] : bad) {
    QBytes q = good;
    q[at] = value;
    EXPECT_FALSE(decode_q_position(q)) << at << ' ' << int{value};
  }
}

TEST(Q, McnIsLaidOutAsTheStandardSays) {
  const QBytes q = encode_q(QMcn{0, "4012345678901", 25});
  const QBytes expected{0x02, 0x40, 0x12, 0x34, 0x56, 0x78, 0x90, 0x10, 0x00, 0x25, q[10], q[11]};
  EXPECT_EQ(q, expected);
  EXPECT_EQ(decode_q_mcn(q), (QMcn{0, "4012345678901", 25}));
  QBytes bad = q;
  bad[4] = 0x5A;
  EXPECT_FALSE(decode_q_mcn(bad));
  EXPECT_FALSE(decode_q_isrc(q));
}

// "USRC17607839": U = 0x25, S = 0x23, R = 0x22, C = 0x13, 1 = 0x01 in six bits each, two zero bits, then BCD.
TEST(Q, IsrcIsLaidOutAsTheStandardSays) {
  const QBytes q = encode_q(QIsrc{kControlCopyPermitted, "USRC17607839", 7});
  const std::uint32_t letters = (0x25U << 26) | (0x23U << 20) | (0x22U << 14) | (0x13U << 8) | (0x01U << 2);
  const QBytes expected{0x23,
                        static_cast<Byte>(letters >> 24),
                        static_cast<Byte>(letters >> 16),
                        static_cast<Byte>(letters >> 8),
                        static_cast<Byte>(letters),
                        0x76,
                        0x07,
                        0x83,
                        0x90,
                        0x07,
                        q[10],
                        q[11]};
  EXPECT_EQ(q, expected);
  EXPECT_EQ(decode_q_isrc(q), (QIsrc{kControlCopyPermitted, "USRC17607839", 7}));
  QBytes bad = q;
  bad[1] = 0x0A << 2;  // between '9' and 'A'
  EXPECT_FALSE(decode_q_isrc(bad));
}

TEST(Q, CodesThatDoNotFitAreEncodedAsZeros) {
  for (const char* code :
       {"", "USRC1760783", "usrc17607839", "USRC1760783X", "US-C17607839", "USRC176078390"}) {
    const QBytes q = encode_q(QIsrc{0, code, 0});
    EXPECT_TRUE(std::all_of(q.begin() + 1, q.begin() + 10, [](Byte b) { return b == 0; })) << code;
  }
  for (const char* digits : {"", "123456789012", "12345678901234", "123456789012X"}) {
    EXPECT_EQ(decode_q_mcn(encode_q(QMcn{0, digits, 0}))->digits, "0000000000000") << digits;
  }
}

TEST(Q, ValidityOfCodes) {
  EXPECT_TRUE(is_valid_mcn("4012345678901"));
  EXPECT_FALSE(is_valid_mcn("0000000000000"));
  EXPECT_FALSE(is_valid_mcn("401234567890"));
  EXPECT_FALSE(is_valid_mcn("401234567890a"));
  EXPECT_TRUE(is_valid_isrc("DEA129900001"));
  EXPECT_FALSE(is_valid_isrc("000000000000"));
  EXPECT_FALSE(is_valid_isrc("D1A129900001"));
  EXPECT_FALSE(is_valid_isrc("DEA12990000A"));
  EXPECT_FALSE(is_valid_isrc("DEA12990000"));
}

TEST(Q, FitsOnlyItsOwnPlace) {
  for (const int lba : {-150, -1, 0, 4500, 333'000, 405'000, 449'849}) {
    const Lba here{lba};
    const QBytes q = encode_q(QPosition{0, 1, 1, {}, to_msf(here)});
    EXPECT_TRUE(q_fits(q, here)) << lba;
    EXPECT_FALSE(q_fits(q, Lba{lba - 1})) << lba;
    EXPECT_FALSE(q_fits(q, Lba{lba + 75})) << lba;
    const QBytes mcn = encode_q(QMcn{0, "4012345678901", static_cast<Byte>(to_msf(here).frame)});
    EXPECT_TRUE(q_fits(mcn, here)) << lba;
    EXPECT_FALSE(q_fits(mcn, Lba{lba - 1})) << lba;
  }
  EXPECT_FALSE(q_fits(encode_q(QPosition{0, 1, 1, {}, {}}), Lba{1 << 30}));
  EXPECT_FALSE(q_fits(encode_q(QPosition{0, 1, 1, {}, {}}), Lba{-(1 << 30)}));
}

TEST(Q, IsRightOnlyWithARightCrcAndInItsPlace) {
  const Lba here{1000};
  Sub sub{};
  const auto put = [&](const QBytes& q) { std::copy(q.begin(), q.end(), sub.begin() + 12); };
  QBytes q = encode_q(QPosition{0, 1, 1, {}, to_msf(here)});
  put(q);
  EXPECT_TRUE(has_right_q(sub, here));
  EXPECT_FALSE(has_right_q(sub, here + SectorCount{1}));  // right CRC, another place
  q.back() ^= 1;
  put(q);
  EXPECT_FALSE(has_right_q(sub, here));  // its place, wrong CRC
}

TEST(Q, AnyBytesCanBeDecoded) {
  std::mt19937 random(9);
  for (int i = 0; i < 20'000; ++i) {
    QBytes q;
    for (Byte& b : q) b = static_cast<Byte>(random());
    if (i % 2 == 0) q[0] = static_cast<Byte>((q[0] & 0xF0) | (1 + i / 2 % 3));
    if (const auto isrc = decode_q_isrc(q)) {
      EXPECT_EQ(isrc->code.size(), 12U);
    }
    if (const auto p = decode_q_position(q)) {
      EXPECT_TRUE(is_valid(p->absolute) && is_valid(p->relative));
    }
    decode_q_mcn(q);
    q_fits(q, Lba{i});
  }
}

}  // namespace
}  // namespace binrip::cd
