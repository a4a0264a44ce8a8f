// Readings made by hand of known audio: transfers that begin some samples off, lose samples, or come damaged.
#include "../../src/rip/placement.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <gtest/gtest.h>

#include "../../src/rip/jitter.hpp"

#include "binrip/cd/address.hpp"

namespace binrip::rip {
namespace {

constexpr std::int64_t kSector = cd::kSamplesPerSector;
constexpr std::int64_t kBeyond = 10 * kSector;  // audio before and after the stretch

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t state_;
};

// Transfers of so many sectors in each reading: seams hardly ever meet.
constexpr std::array<std::int64_t, 7> kTransfers = {26, 23, 19, 25, 21, 24, 17};

class Stretch {
 public:
  Stretch(std::int64_t sectors, std::uint64_t seed) : size_(sectors * kSector), dice_(seed) {
    for (std::int64_t i = 0; i < size_ + 2 * kBeyond; ++i) disc_.push_back(static_cast<Sample>(dice_.next()));
  }
  void silence(std::int64_t from, std::int64_t to) {
    for (std::int64_t i = from; i < to; ++i) disc_[static_cast<std::size_t>(i + kBeyond)] = 0;
  }
  Sample disc(std::int64_t at) const { return disc_[static_cast<std::size_t>(at + kBeyond)]; }
  std::int64_t size() const { return size_; }
  Dice& dice() { return dice_; }

  // `shift_of`: of each transfer, in samples.
  template <class ShiftOf>
  AudioReading& read(ShiftOf shift_of) {
    AudioReading& reading = readings_.emplace_back();
    const std::int64_t length = kTransfers[(readings_.size() - 1) % kTransfers.size()] * kSector;
    reading.usable.assign(static_cast<std::size_t>(size_), kAllUsable);
    for (std::int64_t begin = 0; begin < size_; begin += length) {
      const std::int64_t end = std::min(begin + length, size_);
      const std::int64_t shift = shift_of(begin);
      for (std::int64_t i = begin; i < end; ++i) reading.samples.push_back(disc(i + shift));
      reading.transfers.push_back({begin, end});
    }
    return reading;
  }
  void read_exactly(int times) {
    for (int i = 0; i < times; ++i) read([](std::int64_t) { return 0; });
  }
  // Shifted by up to `most` in so many of a hundred transfers.
  void read_with_jitter(int times, int percent, std::int64_t most) {
    for (int i = 0; i < times; ++i) {
      read([&](std::int64_t) { return dice_.below(100) < percent ? dice_.below(2 * most + 1) - most : 0; });
    }
  }
  AudioReading& reading(std::size_t n) { return readings_[n]; }
  void spoil(std::size_t reading, std::int64_t at, bool flagged) {
    readings_[reading].samples[static_cast<std::size_t>(at)] ^=
        0x01010101U * (0x10U + static_cast<Sample>(reading));
    if (flagged) readings_[reading].usable[static_cast<std::size_t>(at)] = 0;
  }

  // What is settled must be the disc's; gives how much that is.
  std::int64_t place() {
    placed_ = place_audio(readings_);
    std::int64_t settled = 0;
    for (std::int64_t i = 0; i < size_; ++i) {
      if (sure(i) != Sureness::settled) continue;
      ++settled;
      EXPECT_EQ(placed_.samples[static_cast<std::size_t>(i)], disc(i)) << "sample " << i;
      if (testing::Test::HasFailure()) break;
    }
    return settled;
  }
  Sureness sure(std::int64_t at) const { return placed_.sure[static_cast<std::size_t>(at)]; }
  const PlacedAudio& placed() const { return placed_; }

 private:
  std::int64_t size_;
  Dice dice_;
  std::vector<Sample> disc_;
  std::vector<AudioReading> readings_;
  PlacedAudio placed_;
};

TEST(Placement, ReadingsWithoutAnyShiftAreSettled) {
  Stretch stretch(300, 1);
  stretch.read_exactly(4);
  EXPECT_EQ(stretch.place(), stretch.size());
  EXPECT_EQ(stretch.placed().shifted_transfers, 0);
}

TEST(Placement, TwoReadingsSettleNothing) {
  Stretch stretch(300, 1);
  stretch.read_exactly(2);
  EXPECT_EQ(stretch.place(), 0);
}

TEST(Placement, FewTransfersAreNoVote) {
  Stretch stretch(20, 1);
  stretch.read_exactly(4);
  EXPECT_EQ(stretch.place(), 0);
  EXPECT_EQ(stretch.sure(10 * kSector), Sureness::guessed);
}

TEST(Placement, ShiftedTransfersAreOutvoted) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Stretch stretch(300, seed);
    stretch.read_with_jitter(5, 30, 40);
    // Where two happen to be shifted alike, what they say is in doubt.
    EXPECT_GE(stretch.place(), stretch.size() - 50 * kSector) << "seed " << seed;
    EXPECT_GT(stretch.placed().shifted_transfers, 0);
    EXPECT_LE(stretch.placed().furthest, 40);
  }
}

TEST(Placement, AShiftThatAllTransfersHaveInTheirOwnWayIsNeverSettled) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Stretch stretch(300, seed);
    stretch.read_with_jitter(6, 100, seed % 2 == 0 ? 40 : 1);
    EXPECT_EQ(stretch.place(), 0) << "seed " << seed;
    // But it hangs together.
    EXPECT_EQ(stretch.sure(150 * kSector), Sureness::guessed);
  }
}

TEST(Placement, SamplesLostOnTheWayAreFound) {
  Stretch stretch(300, 1);
  stretch.read_exactly(4);
  // From sample 5000 on to the end of its transfer the second reading is 17 samples on.
  AudioReading& reading = stretch.reading(1);
  for (std::int64_t i = 5000; i < reading.transfers[0].end; ++i) {
    reading.samples[static_cast<std::size_t>(i)] = stretch.disc(i + 17);
  }
  EXPECT_EQ(stretch.place(), stretch.size());
}

// Two of five readings lose the same samples at the same place, near the end.
TEST(Placement, SamplesLostAlikeAreNotSettledWrongly) {
  for (const std::int64_t sector : {30, 150, 270, 285, 295}) {
    Stretch stretch(300, 1);
    stretch.read_exactly(5);
    for (const std::size_t r : {0U, 1U}) {
      AudioReading& reading = stretch.reading(r);
      const auto transfer = std::find_if(reading.transfers.begin(), reading.transfers.end(),
                                         [&](const auto& t) { return sector * kSector < t.end; });
      for (std::int64_t i = sector * kSector; i < transfer->end; ++i) {
        reading.samples[static_cast<std::size_t>(i)] = stretch.disc(i + 60);
      }
    }
    EXPECT_GT(stretch.place(), stretch.size() * 2 / 3) << "sector " << sector;
  }
}

TEST(Placement, DamageOfOneReadingIsMadeGoodByOthers) {
  Stretch stretch(300, 1);
  stretch.read_with_jitter(5, 20, 40);
  for (std::int64_t i = 0; i < 3000; i += 7) stretch.spoil(0, 50'000 + i, true);
  for (std::int64_t i = 0; i < 3000; i += 7) stretch.spoil(1, 90'000 + i, false);
  EXPECT_GE(stretch.place(), stretch.size() - 2 * kSector);
}

TEST(Placement, BytesWithoutErrorsAreTakenFromAllReadings) {
  Stretch stretch(300, 1);
  stretch.read_exactly(5);
  // Every reading is flagged somewhere in every one of these sectors: nothing there can be matched.
  for (std::size_t r = 0; r < 5; ++r) {
    for (std::int64_t i = 0; i < 5 * kSector; i += 5) {
      stretch.spoil(r, 60'000 + i + static_cast<std::int64_t>(r), true);
    }
  }
  EXPECT_EQ(stretch.place(), stretch.size());
}

TEST(Placement, WhatIsFlaggedInEveryReadingIsNotSettled) {
  Stretch stretch(300, 1);
  stretch.read_exactly(5);
  for (std::size_t r = 0; r < 5; ++r) stretch.spoil(r, 60'000, true);
  EXPECT_EQ(stretch.place(), stretch.size() - 1);
  EXPECT_NE(stretch.sure(60'000), Sureness::settled);
}

TEST(Placement, EachByteHasItsOwnFlag) {
  Stretch stretch(300, 1);
  stretch.read_exactly(5);
  // In every reading some byte of this sample is wrong and flagged, each of them in two readings at most.
  for (std::size_t r = 0; r < 5; ++r) {
    auto bytes = std::bit_cast<std::array<Byte, 4>>(stretch.reading(r).samples[60'000]);
    bytes[r % 4] ^= 0x55;
    stretch.reading(r).samples[60'000] = std::bit_cast<Sample>(bytes);
    stretch.reading(r).usable[60'000] = static_cast<Byte>(kAllUsable & ~(8U >> (r % 4)));
  }
  EXPECT_EQ(stretch.place(), stretch.size());
}

TEST(Placement, DifferentValuesWithoutAnyFlagAreNotSettled) {
  Stretch stretch(300, 1);
  stretch.read_exactly(5);
  for (std::size_t r = 0; r < 5; ++r) stretch.spoil(r, 60'000, false);
  EXPECT_EQ(stretch.place(), stretch.size() - 1);
}

TEST(Placement, LongSilenceKeepsWhatFollowsApart) {
  Stretch stretch(400, 1);
  stretch.silence(150 * kSector, 250 * kSector);
  stretch.read_with_jitter(5, 20, 40);
  // Silence is silent wherever it lies, but for where it ends; what follows is placed by its own vote.
  EXPECT_GE(stretch.place(), stretch.size() - 20 * kSector);
}

TEST(Placement, SilenceAloneIsSilence) {
  Stretch stretch(300, 1);
  stretch.silence(-kBeyond, stretch.size() + kBeyond);
  stretch.read_exactly(4);
  EXPECT_GT(stretch.place(), stretch.size() / 2);
}

TEST(Placement, MusicThatRepeatsIsNotPlacedByItsRepetition) {
  Stretch repeating(300, 1);
  for (int r = 0; r < 5; ++r) {
    AudioReading& reading = repeating.read([](std::int64_t) { return 0; });
    for (std::size_t i = 0; i < reading.samples.size(); ++i)
      reading.samples[i] = static_cast<Sample>(i % 100);
  }
  EXPECT_EQ(
      place_audio(std::vector{repeating.reading(0), repeating.reading(1), repeating.reading(2)}).sure[9000],
      Sureness::nothing);
}

TEST(ShiftBetween, FindsTheOneShift) {
  Stretch stretch(3, 1);
  const auto piece = [&](std::int64_t from) {
    std::vector<Sample> samples;
    for (std::int64_t i = from; i < from + kSector; ++i) samples.push_back(stretch.disc(i));
    return samples;
  };
  EXPECT_EQ(shift_between(piece(600), piece(600)), 0);
  EXPECT_EQ(shift_between(piece(600), piece(607)), 7);
  EXPECT_EQ(shift_between(piece(600), piece(600 - 200)), -200);
  EXPECT_EQ(shift_between(piece(600), piece(600 + 400)), 0);  // too far
  std::vector<Sample> damaged = piece(607);
  damaged[300] ^= 1;
  EXPECT_EQ(shift_between(piece(600), damaged), 0);
  EXPECT_EQ(shift_between(std::vector<Sample>(588, 0), std::vector<Sample>(588, 0)), 0);
}

TEST(JitterWatch, CountsStretchesNotSectors) {
  Stretch stretch(20, 1);
  const auto sector = [&](std::int64_t from) {
    std::array<Byte, cd::kSectorSize> bytes{};
    for (std::size_t i = 0; i < kSector; ++i)
      store_be32(bytes, 4 * i, stretch.disc(from + static_cast<std::int64_t>(i)));
    return bytes;
  };
  JitterWatch watch;
  for (int lba = 0; lba < 4; ++lba) watch.compare({lba}, sector(lba * kSector), sector(lba * kSector + 9));
  EXPECT_EQ(watch.places(), 1);
  watch.compare({4}, sector(4 * kSector), sector(4 * kSector));
  watch.compare({5}, sector(5 * kSector), sector(5 * kSector - 3));
  EXPECT_EQ(watch.places(), 2);
  EXPECT_EQ(watch.furthest(), 9);
}

}  // namespace
}  // namespace binrip::rip
