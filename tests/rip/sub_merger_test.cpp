#include "../../src/rip/sub_merger.hpp"

#include <gtest/gtest.h>

namespace binrip::rip {
namespace {

using cd::Lba;

constexpr Lba kHere{1000};

SubRecord truth(Byte rest = 0x5A) {
  SubRecord record;
  record.fill(rest);
  const cd::QBytes q = cd::encode_q(cd::QPosition{.control = 0,
                                                  .track = 1,
                                                  .index = 1,
                                                  .relative = cd::to_msf(cd::SectorCount{1000}),
                                                  .absolute = cd::to_msf(kHere)});
  std::copy(q.begin(), q.end(), record.begin() + cd::kQOffset);
  return record;
}

// Byte `at` of the record with these bits turned.
SubRecord wrong(std::size_t at, Byte bits, SubRecord record = truth()) {
  record[at] ^= bits;
  return record;
}
constexpr std::size_t kMinute = cd::kQOffset + 7, kSecond = cd::kQOffset + 8, kCrc = cd::kQOffset + 11;

TEST(SubMerger, TheSameWrongQTwiceIsWhatIsOnTheDisc) {
  SubMerger merger;
  SubRecord other = wrong(kMinute, 0x04);
  other[90] = 0x77;  // R to W may differ
  const MergedSub merged = merger.add(kHere, wrong(kMinute, 0x04), other);
  EXPECT_EQ(merged.state, SubState::confirmed);
  EXPECT_EQ(merged.record, wrong(kMinute, 0x04));
}

TEST(SubMerger, ItIsFoundBehindAReadThatWasWrongInAnotherWay) {
  SubMerger merger;
  EXPECT_EQ(merger.add(kHere, wrong(kCrc, 1), wrong(kMinute, 0x04)).state, SubState::read);
  const MergedSub merged = merger.add(kHere, wrong(kCrc, 1), wrong(kMinute, 0x04));
  EXPECT_EQ(merged.state, SubState::confirmed);
  EXPECT_EQ(merged.record, wrong(kMinute, 0x04));
}

TEST(SubMerger, TwoReadsAreTooFewForAVote) {
  SubMerger merger;
  const MergedSub merged = merger.add(kHere, wrong(kMinute, 0x04), wrong(kSecond, 0x10));
  EXPECT_EQ(merged.state, SubState::read);
  EXPECT_EQ(merged.record, wrong(kMinute, 0x04));
}

TEST(SubMerger, ThreeReadsVoteOnEveryBit) {
  SubMerger merger;
  // Two of the three have something wrong in R to W, too, not in the same place.
  const SubRecord first = wrong(90, 0xF0, wrong(kMinute, 0x04));
  merger.add(kHere, first, wrong(30, 0x0F, wrong(kSecond, 0x10)));
  const MergedSub merged = merger.add(kHere, first, wrong(kCrc, 0x81));
  EXPECT_EQ(merged.state, SubState::voted);
  EXPECT_EQ(merged.record, truth());
}

TEST(SubMerger, AnOutcomeOfAnotherAddressOrWithAWrongCrcIsNotBelieved) {
  SubMerger merger;
  const Lba elsewhere{1001};
  merger.add(elsewhere, wrong(kMinute, 0x04), wrong(kSecond, 0x10));
  EXPECT_EQ(merger.add(elsewhere, wrong(kMinute, 0x04), wrong(kCrc, 1)).state, SubState::read);
  merger.add(kHere, wrong(kMinute, 0x04), wrong(kMinute, 0x0C));
  EXPECT_EQ(merger.add(kHere, wrong(kMinute, 0x04), wrong(kMinute, 0x14)).state, SubState::read);
}

TEST(SubMerger, ATieIsDecidedByTheReadWhoseQIsClosest) {
  SubMerger merger;
  // The minute is wrong in two of four; R to W differ between the reads that are close and those that are
  // not.
  const SubRecord far1 = wrong(kSecond, 0x7F, wrong(kMinute, 0x04, truth(0xA5)));
  const SubRecord far2 = wrong(kCrc, 0x0E, wrong(kMinute, 0x04, truth(0xA5)));
  merger.add(kHere, far1, far2);
  merger.add(kHere, far1, wrong(kCrc, 0x01));
  const MergedSub merged = merger.add(kHere, far1, wrong(kCrc, 0x80));
  EXPECT_EQ(merged.state, SubState::voted);
  EXPECT_EQ(merged.record, truth());
}

TEST(SubMerger, ZerosForAQThatTheDriveCouldNotReadAreConfirmedByNothing) {
  SubMerger merger;
  SubRecord none{};
  cd::QBytes q{};
  cd::set_q_crc(q);
  std::copy(q.begin(), q.end(), none.begin() + cd::kQOffset);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(merger.add(kHere, none, none).state, SubState::read);
  EXPECT_EQ(merger.add(Lba{1}, SubRecord{}, SubRecord{}).state, SubState::read);
}

TEST(SubMerger, RemembersReadsOfThousandsOfSectorsAndNoMore) {
  SubMerger merger;
  for (int lba = 0; lba < 10'000; ++lba) {
    merger.add(Lba{lba}, wrong(kMinute, 0x04), wrong(kSecond, 0x10));
  }
  // A sector that found no room has its two reads at hand, so that they can still be the same.
  EXPECT_EQ(merger.add(Lba{9'999}, wrong(kMinute, 4), wrong(kMinute, 4)).state, SubState::confirmed);
  EXPECT_EQ(merger.add(Lba{9'999}, wrong(kMinute, 4), wrong(kCrc, 4)).state, SubState::read);
}

}  // namespace
}  // namespace binrip::rip
