#include "../../src/rip/mender.hpp"

#include <random>

#include <gtest/gtest.h>

#include "../../src/rip/judge.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::SectorState;

Composed read_of(const std::array<Byte, cd::kSectorSize>& truth, bool is_data) {
  Composed sector;
  sector.lba = Lba{5000};
  sector.is_data = is_data;
  sector.arrival = Arrival::proven;
  sector.c2 = C2Verdict::set;
  sector.c2_bits.fill(0);
  sector.main = truth;
  return sector;
}

enum class Flag { flagged, silent };
void spoil(Composed& sector, std::size_t at, Byte by, Flag flag) {
  sector.main[at] ^= by;
  if (flag == Flag::flagged)
    sector.c2_bits[at / 8] = static_cast<Byte>(sector.c2_bits[at / 8] | (0x80U >> (at % 8)));
}

std::array<Byte, cd::kSectorSize> audio() {
  std::array<Byte, cd::kSectorSize> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<Byte>(i * 31 + 7);
  return bytes;
}

std::array<Byte, cd::kSectorSize> mode1() {
  std::array<Byte, cd::kSectorSize> bytes;
  ByteVector data(2048);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<Byte>(i * 13 + 1);
  cd::build_mode1(bytes, Lba{5000}, data);
  return bytes;
}

TEST(Mender, PutsCleanBytesOfSeveralReadsTogether) {
  Mender mender;
  Composed first = read_of(audio(), false);
  Composed second = first;
  Composed third = first;
  for (std::size_t i = 0; i < 2000; ++i) spoil(first, i, 0x55, Flag::flagged);
  for (std::size_t i = 1000; i < 2352; ++i) spoil(second, i, 0x33, Flag::flagged);
  for (std::size_t i = 0; i < 900; ++i) spoil(third, i, 0x0F, Flag::flagged);
  EXPECT_EQ(mender.add(first).state, SectorState::damaged);
  EXPECT_EQ(mender.add(second).state, SectorState::damaged);
  const Mended mended = mender.add(third);
  EXPECT_EQ(mended.state, SectorState::consistent);
  EXPECT_EQ(mended.how, Mending::merged);
  EXPECT_EQ(mended.main, audio());
}

TEST(Mender, CleanBytesThatDifferAreNotBelieved) {
  Mender mender;
  Composed first = read_of(audio(), false);
  Composed second = first;
  spoil(first, 10, 0x55, Flag::flagged);
  spoil(first, 700, 0x01, Flag::silent);  // C2 lies
  spoil(second, 20, 0x55, Flag::flagged);
  mender.add(first);
  EXPECT_EQ(mender.add(second).state, SectorState::damaged);
}

TEST(Mender, RepairsDataByItsEcc) {
  Mender mender;
  Composed sector = read_of(mode1(), true);
  for (const std::size_t at : {3U, 12U, 500U, 1999U, 2340U}) spoil(sector, at, 0x80, Flag::flagged);
  const Mended mended = mender.add(sector);
  EXPECT_EQ(mended.state, SectorState::proven);
  EXPECT_EQ(mended.how, Mending::repaired);
  EXPECT_EQ(mended.main, mode1());
}

// A burst that no code word can locate by itself, but which C2 marks.
TEST(Mender, C2MarksLetTheEccMendWhatItCouldNotFind) {
  Composed sector = read_of(mode1(), true);
  for (std::size_t at = 100; at < 260; ++at) spoil(sector, at, static_cast<Byte>(at | 1U), Flag::flagged);
  Composed unmarked = sector;
  EXPECT_FALSE(cd::repair_data_sector(unmarked.main, Lba{5000}, {}));
  Mender mender;
  EXPECT_EQ(mender.add(sector).main, mode1());
}

TEST(Mender, ARepairedSectorOfAnotherAddressIsRefused) {
  std::array<Byte, cd::kSectorSize> other = mode1();
  EXPECT_FALSE(cd::repair_data_sector(other, Lba{5001}, {}));
  EXPECT_EQ(other, mode1());
}

TEST(Mender, NeverCallsWrongBytesGood) {
  std::mt19937 random(7);
  const std::array<Byte, cd::kSectorSize> truth = mode1();
  int mended_sectors = 0;
  for (int round = 0; round < 300; ++round) {
    Mender mender;
    for (int read = 0; read < 3; ++read) {
      Composed sector = read_of(truth, true);
      const auto errors = static_cast<unsigned>(20 + random() % 300);
      for (unsigned i = 0; i < errors; ++i) {
        spoil(sector, random() % cd::kSectorSize, static_cast<Byte>(1 + random() % 255),
              random() % 4 == 0 ? Flag::silent : Flag::flagged);
      }
      const Mended mended = mender.add(sector);
      if (mended.state == SectorState::damaged) continue;
      ++mended_sectors;
      ASSERT_EQ(mended.main, truth) << round;
      break;
    }
  }
  EXPECT_GT(mended_sectors, 100);
}

// 400 wrong bytes a read, at other places each time: far beyond ECC alone, but most reads have each byte
// right.
TEST(Mender, TheMajorityOfEachByteMakesADataSectorThatTheEdcProves) {
  Mender mender;
  std::mt19937 random(7);
  Mended mended;
  for (int read = 0; read < 5 && !mended.how; ++read) {
    Composed sector = read_of(mode1(), true);
    sector.c2 = C2Verdict::unknown;
    for (int i = 0; i < 400; ++i)
      spoil(sector, 16 + random() % 2336, static_cast<Byte>(1 + random() % 255), Flag::silent);
    mended = mender.vote(sector);
    EXPECT_EQ(mender.disputed(sector.lba), read > 0);
  }
  ASSERT_EQ(mended.state, SectorState::proven);
  EXPECT_EQ(mended.how, Mending::repaired);
  EXPECT_EQ(mended.main, mode1());
}

TEST(Mender, TellsWhichOfTheChangedBytesWereFlagged) {
  Mender mender;
  Composed first = read_of(audio(), false);
  spoil(first, 100, 1, Flag::flagged);
  spoil(first, 101, 1, Flag::flagged);
  spoil(first, 200, 1, Flag::silent);
  mender.add(first);
  Composed second = read_of(audio(), false);
  second.c2 = C2Verdict::clean;
  const ChangedBytes changed = mender.compare(second);
  EXPECT_EQ(changed.flagged, 2);
  EXPECT_EQ(changed.unflagged, 1);
}

// The EDC of Mode 2 leaves the header out.
TEST(Mender, BitsAboveTheModeAreNotProvenByTheEdc) {
  Mender mender;
  Composed sector = read_of({}, true);
  cd::build_mode2(sector.main, sector.lba, {0, 0, 8, 0}, {});
  spoil(sector, 15, 0xA0, Flag::flagged);
  EXPECT_EQ(mender.add(sector).state, SectorState::damaged);
  EXPECT_EQ(judge(sector).state, SectorState::damaged);
  sector.c2_bits.fill(0);
  sector.c2 = C2Verdict::clean;  // around the packets of a recordable disc
  EXPECT_EQ(judge(sector).state, SectorState::unproven);
  EXPECT_EQ(judge(sector).needs, Judgement::Needs::reads_that_agree);
  spoil(sector, 15, 0xA0, Flag::silent);
  EXPECT_EQ(judge(sector).state, SectorState::proven);
}

TEST(Mender, WhatDidNotComeIsNoChange) {
  Mender mender;
  Composed half = read_of(audio(), false);
  half.absent_bytes = half.absent_from = 1176;
  for (std::size_t i = 1176; i < cd::kSectorSize; ++i) spoil(half, i, 0xFF, Flag::flagged);
  mender.add(half);
  Composed whole = read_of(audio(), false);
  spoil(whole, 3, 1, Flag::flagged);
  const ChangedBytes changed = mender.compare(whole);
  EXPECT_EQ(changed.flagged, 1);
  EXPECT_EQ(changed.unflagged, 0);
}

// A sector of a pregap that was descrambled as data by one command and given as audio by another.
TEST(Mender, BytesOfAudioAndOfDataAreNotPutTogether) {
  Mender mender;
  Composed descrambled = read_of(audio(), true);
  for (Byte& b : descrambled.main) b ^= 0x5A;
  for (std::size_t i = 0; i < 1000; ++i) spoil(descrambled, i, 1, Flag::flagged);
  mender.add(descrambled);
  Composed as_audio = read_of(audio(), false);
  for (std::size_t i = 1500; i < 1600; ++i) spoil(as_audio, i, 1, Flag::flagged);
  EXPECT_EQ(mender.compare(as_audio).flagged, 0);
  EXPECT_EQ(mender.add(as_audio).state, SectorState::damaged);
}

}  // namespace
}  // namespace binrip::rip
