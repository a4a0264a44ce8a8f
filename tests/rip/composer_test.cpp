#include "../../src/rip/composer.hpp"

#include <gtest/gtest.h>

#include "../../src/rip/judge.hpp"

namespace binrip::rip {
namespace {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;

// The byte that stands at this place of the disc's audio stream.
Byte truth(std::int64_t at) {
  return static_cast<Byte>((static_cast<std::uint64_t>(at) * 2654435761U) >> 13 | 1U);
}

cd::Disc audio_disc(int sectors) {
  cd::Disc disc;
  cd::Session session;
  session.tracks.push_back({.number = 1, .indexes = {{1, Lba{0}}}});
  session.lead_out = Lba{sectors};
  disc.sessions.push_back(session);
  return disc;
}

// Mode 1, and from there on audio.
cd::Disc mixed_disc(int sectors, Lba audio) {
  cd::Disc disc = audio_disc(sectors);
  disc.sessions[0].tracks = {
      {.number = 1, .control = 4, .mode = cd::TrackMode::mode1, .indexes = {{1, Lba{0}}}},
      {.number = 2, .indexes = {{1, audio}}}};
  return disc;
}

// As a drive with this read offset delivers it: delivered[x + N] = disc[x].
Delivered delivered(Lba lba, int read_offset) {
  Delivered d;
  d.lba = lba;
  d.arrival = Arrival::proven;
  d.has_c2 = true;
  d.c2.fill(0);
  for (std::size_t i = 0; i < d.main.size(); ++i) {
    d.main[i] = truth(std::int64_t{lba.value} * 2352 + static_cast<std::int64_t>(i) - 4 * read_offset);
  }
  return d;
}

struct Collector : SectorSink {
  Result<void> on_main(const Composed& sector) override {
    sectors.push_back(sector);
    return {};
  }
  Result<void> on_sub(const Delivered& sector) override {
    subs.push_back(sector.lba);
    return {};
  }
  std::vector<Composed> sectors;
  std::vector<Lba> subs;
};

class ComposerOffset : public testing::TestWithParam<int> {};

TEST_P(ComposerOffset, GivesTheDiscBack) {
  const int offset = GetParam();
  const LbaRange image{Lba{0}, Lba{20}};
  const LbaRange readable{Lba{-150}, Lba{30}};
  Collector out;
  Composer composer(audio_disc(20), offset, out);
  composer.begin(image, image, readable);
  const LbaRange window = Composer::window(OffsetReach(offset), image, readable);
  for (Lba lba = window.begin; lba < window.end; ++lba) ASSERT_TRUE(composer.push(delivered(lba, offset)));
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 20U);
  for (const Composed& sector : out.sectors) {
    EXPECT_EQ(sector.edge_samples, 0);
    EXPECT_EQ(sector.arrival, Arrival::proven);
    EXPECT_EQ(sector.c2, C2Verdict::clean);
    for (std::size_t i = 0; i < sector.main.size(); ++i) {
      ASSERT_EQ(sector.main[i], truth(std::int64_t{sector.lba.value} * 2352 + static_cast<std::int64_t>(i)));
    }
  }
}

TEST_P(ComposerOffset, C2MovesWithTheAudio) {
  const int offset = GetParam();
  const LbaRange image{Lba{0}, Lba{20}};
  const LbaRange readable{Lba{-150}, Lba{30}};
  // The bad byte is number 1000 of disc sector 10; the drive flags it where it delivers it.
  const std::int64_t bad = 10 * 2352 + 1000 + 4 * std::int64_t{offset};
  Collector out;
  Composer composer(audio_disc(20), offset, out);
  composer.begin(image, image, readable);
  const LbaRange window = Composer::window(OffsetReach(offset), image, readable);
  for (Lba lba = window.begin; lba < window.end; ++lba) {
    Delivered d = delivered(lba, offset);
    const std::int64_t at = bad - std::int64_t{lba.value} * 2352;
    if (at >= 0 && at < 2352) d.c2[static_cast<std::size_t>(at / 8)] = static_cast<Byte>(0x80 >> (at % 8));
    ASSERT_TRUE(composer.push(d));
  }
  ASSERT_TRUE(composer.end());
  for (const Composed& sector : out.sectors) {
    EXPECT_EQ(sector.c2, sector.lba == Lba{10} ? C2Verdict::set : C2Verdict::clean) << sector.lba.value;
  }
}

TEST_P(ComposerOffset, CountsWhatLiesBeyondTheReach) {
  const int offset = GetParam();
  const LbaRange image{Lba{0}, Lba{20}};
  Collector out;
  Composer composer(audio_disc(20), offset, out);
  composer.begin(image, image, image);
  for (Lba lba = image.begin; lba < image.end; ++lba) ASSERT_TRUE(composer.push(delivered(lba, offset)));
  ASSERT_TRUE(composer.end());
  int edges = 0;
  for (const Composed& sector : out.sectors) {
    edges += sector.edge_samples;
    if (sector.edge_samples > 0) {
      EXPECT_FALSE(sector.silent_at_edge);
    }
  }
  EXPECT_EQ(edges, std::abs(offset));
}

INSTANTIATE_TEST_SUITE_P(KnownDrives, ComposerOffset,
                         testing::Values(0, 6, 30, 48, 102, 588, 667, 696, 1176, 1776, -6, -472, -588,
                                         -1164));

enum class C2 { given, not_given };
std::vector<Composed> compose_without_sector_5(C2 c2) {
  const LbaRange image{Lba{0}, Lba{10}};
  Collector out;
  Composer composer(audio_disc(10), 6, out);
  composer.begin(image, image, {Lba{0}, Lba{12}});
  for (Lba lba{0}; lba < Lba{11}; ++lba) {
    Delivered d = delivered(lba, 6);
    d.has_c2 = c2 == C2::given;
    if (lba == Lba{5}) d.arrival = Arrival::missing;
    EXPECT_TRUE(composer.push(d));
  }
  EXPECT_TRUE(composer.end());
  return out.sectors;
}

TEST(Composer, AMissingSectorFailsExactlyTheSectorsThatNeedIt) {
  for (const Composed& sector : compose_without_sector_5(C2::not_given)) {
    const bool needs_it = sector.lba == Lba{4} || sector.lba == Lba{5};
    EXPECT_EQ(sector.arrival == Arrival::missing, needs_it) << sector.lba.value;
  }
}

TEST(Composer, UnderC2ThePartThatCameIsKeptAndTheOtherFlagged) {
  for (const Composed& sector : compose_without_sector_5(C2::given)) {
    EXPECT_EQ(sector.arrival, Arrival::proven) << sector.lba.value;
    // 6 samples are 24 bytes: disc sector 4 ends in record 5, disc sector 5 begins in it.
    const std::size_t absent = sector.lba == Lba{4} ? 24 : sector.lba == Lba{5} ? 2328 : 0;
    ASSERT_EQ(sector.absent_bytes, absent) << sector.lba.value;
    EXPECT_EQ(sector.c2, absent > 0 ? C2Verdict::set : C2Verdict::clean);
    if (absent == 0) continue;
    for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
      const bool came = sector.lba == Lba{4} ? i < 2328 : i >= 2328;
      ASSERT_EQ((sector.c2_bits[i / 8] & (0x80U >> (i % 8))) == 0, came) << i;
      const Byte want = truth(std::int64_t{sector.lba.value} * 2352 + static_cast<std::int64_t>(i));
      ASSERT_EQ(sector.main[i], came ? want : 0) << i;
    }
  }
}

TEST(Composer, DataStaysWhereItsAddressSaysBesideShiftedAudio) {
  const cd::Disc disc = mixed_disc(20, Lba{10});
  const LbaRange image{Lba{0}, Lba{20}};
  Collector out;
  Composer composer(disc, -472, out);
  composer.begin(image, image, {Lba{0}, Lba{20}});
  for (Lba lba{0}; lba < Lba{20}; ++lba) {
    Delivered d = delivered(lba, -472);
    if (lba < Lba{10}) cd::build_mode1(d.main, lba, {});
    ASSERT_TRUE(composer.push(d));
  }
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 20U);
  for (const Composed& sector : out.sectors) {
    EXPECT_EQ(sector.is_data, sector.lba < Lba{10});
    if (sector.is_data) {
      EXPECT_EQ(cd::header_address(sector.main), sector.lba);
    } else {
      EXPECT_EQ(sector.edge_samples, sector.lba == Lba{10} ? 472 : 0);
    }
  }
}

// The pregap before an audio track: the TOC calls it data, Q audio. With a read offset of more than a sector
// the record of an address does not hold its samples.
TEST(Composer, AudioOfAPregapIsComposedAlthoughItsOwnRecordIsMissing) {
  const cd::Disc disc = mixed_disc(30, Lba{20});
  const LbaRange image{Lba{0}, Lba{30}};
  Collector out;
  Composer composer(disc, 667, out);
  composer.begin(image, image, {Lba{0}, Lba{32}});
  for (Lba lba{0}; lba < Lba{32}; ++lba) {
    Delivered d = delivered(lba, 667);
    d.q_says_data = lba < Lba{10};
    if (lba < Lba{10}) cd::build_mode1(d.main, lba, {});
    if (lba == Lba{14}) d.arrival = Arrival::missing;
    ASSERT_TRUE(composer.push(d));
  }
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 30U);
  for (const Composed& sector : out.sectors) {
    const bool needs_it = sector.lba == Lba{12} || sector.lba == Lba{13};
    EXPECT_EQ(sector.absent_bytes > 0, needs_it) << sector.lba.value;
    EXPECT_EQ(sector.is_data, sector.lba < Lba{10}) << sector.lba.value;
    EXPECT_TRUE(sector.kind_told);
  }
}

TEST(Composer, InWhatMayBeAPregapItTakesQToKnowThatASectorIsAudio) {
  const cd::Disc disc = mixed_disc(30, Lba{20});
  const LbaRange image{Lba{0}, Lba{30}};
  Collector out;
  Composer composer(disc, 0, out);
  composer.begin(image, image, image);
  for (Lba lba{0}; lba < Lba{30}; ++lba) {
    Delivered d = delivered(lba, 0);
    if (lba < Lba{10}) cd::build_mode1(d.main, lba, {});
    if (lba >= Lba{15}) d.q_says_data = false;
    ASSERT_TRUE(composer.push(d));
  }
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 30U);
  for (const Composed& sector : out.sectors) {
    const bool told = sector.lba < Lba{10} || sector.lba >= Lba{15};
    EXPECT_EQ(sector.kind_told, told) << sector.lba.value;
    EXPECT_EQ(judge(sector).state, told && sector.lba >= Lba{10} ? cd::SectorState::consistent
                                   : told                        ? cd::SectorState::proven
                                                                 : cd::SectorState::unproven);
  }
}

// Sector 10 alone, at an offset of six samples: its two records also hold most of 9, and a bit of 11.
TEST(Composer, WhatComesAlongWithTheTargetsIsHandedOnToo) {
  const LbaRange image{Lba{0}, Lba{20}}, target{Lba{10}, Lba{11}};
  Collector out;
  Composer composer(audio_disc(20), 6, out);
  composer.begin(target, image, {Lba{-150}, Lba{30}});
  const LbaRange window = Composer::window(OffsetReach(6), target, {Lba{-150}, Lba{30}});
  for (Lba lba = window.begin; lba < window.end; ++lba) ASSERT_TRUE(composer.push(delivered(lba, 6)));
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 3U);
  const std::size_t absent[] = {2328, 0, 24};
  for (std::size_t i = 0; i < 3; ++i) {
    const Composed& sector = out.sectors[i];
    EXPECT_EQ(sector.lba, Lba{9 + static_cast<int>(i)});
    EXPECT_EQ(sector.asked_for, i == 1);
    EXPECT_EQ(sector.absent_bytes, absent[i]);
    // Whether the sectors around these are flagged is not known.
    EXPECT_EQ(sector.flags_close, i != 1);
    for (std::size_t b = 0; b < cd::kSectorSize; ++b) {
      if (sector.absent_from <= b && b < sector.absent_from + sector.absent_bytes) continue;
      ASSERT_EQ(sector.main[b], truth(std::int64_t{sector.lba.value} * 2352 + static_cast<std::int64_t>(b)));
    }
  }
}

TEST(Composer, NothingComesAlongFromBeyondTheImage) {
  const LbaRange image{Lba{0}, Lba{20}};
  Collector out;
  Composer composer(audio_disc(20), -472, out);
  composer.begin({Lba{0}, Lba{2}}, image, {Lba{-150}, Lba{30}});
  for (Lba lba{-2}; lba < Lba{2}; ++lba) ASSERT_TRUE(composer.push(delivered(lba, -472)));
  ASSERT_TRUE(composer.end());
  for (const Composed& sector : out.sectors) EXPECT_GE(sector.lba, Lba{0});
}

// Data read as CD-DA is descrambled; in the pregap before an audio track Q may say that it was audio after
// all.
TEST(Composer, WhatQCallsAudioIsNotDescrambled) {
  const cd::Disc disc = mixed_disc(20, Lba{12});
  const LbaRange image{Lba{0}, Lba{20}};
  Collector out;
  Composer composer(disc, 0, out);
  composer.begin({Lba{8}, Lba{12}}, image, image, Stored::scrambled);
  for (Lba lba{8}; lba < Lba{12}; ++lba) {
    Delivered d = delivered(lba, 0);
    d.q_says_data = lba < Lba{10};
    ASSERT_TRUE(composer.push(d));
  }
  ASSERT_TRUE(composer.end());
  ASSERT_EQ(out.sectors.size(), 4U);
  for (const Composed& sector : out.sectors) {
    EXPECT_EQ(sector.arrival == Arrival::missing, sector.lba >= Lba{10}) << sector.lba.value;
  }
}

}  // namespace
}  // namespace binrip::rip
