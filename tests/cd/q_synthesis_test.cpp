#include "binrip/cd/q_synthesis.hpp"

#include <gtest/gtest.h>

namespace binrip::cd {
namespace {

Disc disc_of_two_sessions() {
  Track one;
  one.indexes = {{1, Lba{0}}, {2, Lba{1'000}}};
  one.isrc = "DEA129900001";
  Track two;
  two.number = 2;
  two.control = kControlPreEmphasis;
  two.indexes = {{0, Lba{2'000}}, {1, Lba{2'200}}};
  Track three;
  three.number = 3;
  three.control = kControlData;
  three.mode = TrackMode::mode1;
  three.indexes = {{1, Lba{15'400}}};
  Disc disc;
  disc.mcn = "4012345678901";
  disc.sessions = {{1, DiscType::cd_da_or_rom, {one, two}, Lba{4'000}},
                   {2, DiscType::cd_xa, {three}, Lba{20'000}}};
  return disc;
}

QPosition at(int lba) {
  const QBytes q = synthesize_q(disc_of_two_sessions(), Lba{lba});
  EXPECT_TRUE(q_crc_right(q)) << lba;
  return decode_q_position(q).value_or(QPosition{});
}

TEST(SynthesizedQ, FollowsTheDisc) {
  EXPECT_EQ(at(-150), (QPosition{0, 1, 0, {0, 1, 74}, {0, 0, 0}}));
  EXPECT_EQ(at(-1), (QPosition{0, 1, 0, {0, 0, 0}, {0, 1, 74}}));
  EXPECT_EQ(at(0), (QPosition{0, 1, 1, {0, 0, 0}, {0, 2, 0}}));
  EXPECT_EQ(at(1'000), (QPosition{0, 1, 2, {0, 13, 25}, {0, 15, 25}}));
  EXPECT_EQ(at(1'999).track, 1);
  EXPECT_EQ(at(2'000), (QPosition{1, 2, 0, {0, 2, 49}, {0, 28, 50}}));
  EXPECT_EQ(at(2'200), (QPosition{1, 2, 1, {0, 0, 0}, {0, 31, 25}}));
  EXPECT_EQ(at(4'000), (QPosition{1, kLeadOutTrack, 1, {0, 0, 0}, {0, 55, 25}}));
  EXPECT_EQ(at(10'749).track, kLeadOutTrack);
  EXPECT_EQ(synthesize_q(disc_of_two_sessions(), Lba{10'750})[1], 0);
  EXPECT_EQ(at(15'250), (QPosition{4, 3, 0, {0, 1, 74}, {3, 25, 25}}));
  EXPECT_EQ(at(15'400), (QPosition{4, 3, 1, {0, 0, 0}, {3, 27, 25}}));
  EXPECT_EQ(at(26'750).track, kLeadOutTrack);
}

TEST(SynthesizedQ, LeadInHoldsTheTocThreeTimesOver) {
  const Disc disc = disc_of_two_sessions();
  std::array<int, 256> points{};
  for (int lba = -150 - 21; lba < -150; ++lba) {
    const QBytes q = synthesize_q(disc, Lba{lba});
    EXPECT_TRUE(q_crc_right(q));
    EXPECT_EQ(q[1], 0);
    ++points[q[2]];
  }
  for (const int point : {0xA0, 0xA1, 0xA2, 0x01, 0x02, 0xB0, 0xC0})
    EXPECT_EQ(points[static_cast<std::size_t>(point)], 3) << point;
  const QBytes last = synthesize_q(disc, Lba{-151});
  EXPECT_TRUE(q_adr(last) == 5 || (last[3] == 0x99 && last[4] == 0x59 && last[5] == 0x74));
}

TEST(SynthesizedQ, CodesComeOnceInAHundredSectorsAndNotAtChanges) {
  const Disc disc = disc_of_two_sessions();
  int mcns = 0;
  int isrcs = 0;
  for (int lba = 0; lba < 2'000; ++lba) {
    const QBytes q = synthesize_q_with_codes(disc, Lba{lba});
    EXPECT_TRUE(q_crc_right(q) && q_fits(q, Lba{lba})) << lba;
    mcns += q_adr(q) == 2;
    isrcs += q_adr(q) == 3;
  }
  EXPECT_GE(mcns, 19);
  EXPECT_GE(isrcs, 19);
  for (const int lba : {0, 999, 1'000, 1'999}) EXPECT_EQ(q_adr(synthesize_q_with_codes(disc, Lba{lba})), 1);
}

TEST(SynthesizedP, MarksTheTwoSecondsBeforeEachTrack) {
  const Disc disc = disc_of_two_sessions();
  EXPECT_TRUE(synthesize_p(disc, Lba{-1}));
  EXPECT_FALSE(synthesize_p(disc, Lba{0}));
  EXPECT_FALSE(synthesize_p(disc, Lba{1'999}));
  EXPECT_TRUE(synthesize_p(disc, Lba{2'000}));
  EXPECT_TRUE(synthesize_p(disc, Lba{2'199}));
  EXPECT_FALSE(synthesize_p(disc, Lba{2'200}));
  EXPECT_FALSE(synthesize_p(disc, Lba{-1'000}));
}

TEST(SynthesizedQ, EmptyDiscGivesZeros) {
  EXPECT_EQ(synthesize_q({}, Lba{0}), QBytes{});
  EXPECT_EQ(synthesize_q_with_codes({}, Lba{0}), QBytes{});
  EXPECT_FALSE(synthesize_p({}, Lba{0}));
}

}  // namespace
}  // namespace binrip::cd
