#include <gtest/gtest.h>

#include "accuraterip_discs.hpp"

namespace binrip::verify {
namespace {

using test::audio_disc;
using test::disc_of;
using test::naive_v1;
using test::naive_v2;
using test::noise;
using test::Samples;

constexpr auto kAudio = cd::TrackMode::audio;
constexpr auto kData = cd::TrackMode::mode1;
constexpr int kSomeOffsets[] = {-2939, -2938, -1765, -588, -31, -1, 0, 1, 6, 30, 588, 667, 1776, 2938, 2939};

std::vector<AccurateRipSums> sums_of(const cd::Disc& disc, const Samples& samples) {
  auto sums = accuraterip_sums(accuraterip_tracks(disc), test::source_of(samples));
  EXPECT_TRUE(sums.has_value());
  for (AccurateRipSums& each : *sums) {
    EXPECT_EQ(each.v1.size(), kOffsets);
    EXPECT_TRUE(add_v2(each, kSomeOffsets, test::source_of(samples)).has_value());
  }
  return *sums;
}

// `first` … `last`: the places of a track that count.
void expect_sums(const AccurateRipSums& sums, const Samples& samples, int lba, std::int64_t first,
                 std::int64_t last) {
  SCOPED_TRACE(sums.track.number);
  EXPECT_EQ(sums.v2, naive_v2(samples, lba, first, last, 0));
  for (const int k : kSomeOffsets) {
    EXPECT_EQ(sums.v1_at(k), naive_v1(samples, lba, first, last, k)) << k;
    EXPECT_EQ(sums.v2_at(k), naive_v2(samples, lba, first, last, k)) << k;
    if (sums.frame450.empty()) continue;
    EXPECT_EQ(sums.frame450[offset_index(k)], naive_v1(samples, lba + 450, 1, 588, k)) << k;
  }
}

TEST(AccurateRipSums, AreThoseOfTheFormulas) {
  const Samples samples = noise(1700, 1);
  const auto sums = sums_of(audio_disc({0, 500, 1100}, 1700), samples);
  ASSERT_EQ(sums.size(), 3U);
  expect_sums(sums[0], samples, 0, 2940, 500 * 588);
  expect_sums(sums[1], samples, 500, 1, 600 * 588);
  expect_sums(sums[2], samples, 1100, 1, 600 * 588 - 2940);
  for (const AccurateRipSums& each : sums) {
    EXPECT_EQ(each.frame450.size(), kOffsets);
    EXPECT_TRUE(is_complete(each.track, -2939) && is_complete(each.track, 2939));
  }
  EXPECT_FALSE(is_complete(sums[0].track, -2940));
  EXPECT_FALSE(is_complete(sums[2].track, 2941));
}

TEST(AccurateRipSums, OfTheOnlyTrackLeaveOutBothEnds) {
  const Samples samples = noise(460, 2);
  const auto sums = sums_of(audio_disc({0}, 460), samples);
  ASSERT_EQ(sums.size(), 1U);
  expect_sums(sums[0], samples, 0, 2940, 460 * 588 - 2940);
}

TEST(AccurateRipSums, OfShortTracksReachIntoTheirNeighbours) {
  const Samples samples = noise(520, 3);
  // Tracks of 4 sectors and of one, next to each other, so that all windows overlap.
  const auto sums = sums_of(audio_disc({0, 6, 10, 11, 12, 500, 515}, 520), samples);
  ASSERT_EQ(sums.size(), 7U);
  expect_sums(sums[0], samples, 0, 2940, 6 * 588);
  expect_sums(sums[1], samples, 6, 1, 4 * 588);
  expect_sums(sums[2], samples, 10, 1, 588);
  expect_sums(sums[3], samples, 11, 1, 588);
  expect_sums(sums[4], samples, 12, 1, 488 * 588);
  expect_sums(sums[5], samples, 500, 1, 15 * 588);
  EXPECT_TRUE(sums[0].frame450.empty());
  EXPECT_FALSE(sums[4].frame450.empty());
  // Five sectors, and so nothing that counts.
  EXPECT_EQ(sums[6].v1, std::vector<std::uint32_t>(kOffsets));
  EXPECT_EQ(sums[6].v2, 0U);
  EXPECT_TRUE(vouched_for(sums[6].track, 0).empty());
}

TEST(AccurateRipSums, HaveSector450FromThere451On) {
  const Samples samples = noise(1400, 4);
  const auto sums = sums_of(audio_disc({0, 450, 901}, 1400), samples);
  EXPECT_TRUE(sums[0].frame450.empty());
  ASSERT_FALSE(sums[1].frame450.empty());
  expect_sums(sums[1], samples, 450, 1, 451 * 588);
}

TEST(AccurateRipSums, LeaveOutWhatLiesBeforeTrack1) {
  const Samples samples = noise(1000, 5);
  const auto sums = sums_of(disc_of({{kAudio, 300, 0}, {kAudio, 800, 790}}, 1000), samples);
  ASSERT_EQ(sums.size(), 2U);
  expect_sums(sums[0], samples, 300, 2940, 500 * 588);  // and takes the pregap of track 2
  expect_sums(sums[1], samples, 800, 1, 200 * 588 - 2940);
  EXPECT_TRUE(is_complete(sums[0].track, -2940));  // there is more before INDEX 01
}

Samples with_zeros(Samples samples, int from, int to) {
  std::fill(samples.begin() + from * 588, samples.begin() + to * 588, 0);
  return samples;
}

TEST(AccurateRipSums, OfMixedModeCountFromTheFirstAudioTrack) {
  const Samples samples = noise(1000, 6);
  const auto sums = sums_of(disc_of({{kData, 0}, {kAudio, 400, 250}, {kAudio, 700}}, 1000), samples);
  ASSERT_EQ(sums.size(), 2U);
  EXPECT_EQ(sums[0].track.number, 2);
  EXPECT_EQ(sums[0].track.entry, 0U);
  expect_sums(sums[0], samples, 400, 2940, 300 * 588);
  expect_sums(sums[1], samples, 700, 1, 300 * 588 - 2940);
}

TEST(AccurateRipSums, OfCdExtraEndAtTheLeadOutOfItsAudio) {
  const Samples samples = noise(900, 7);
  cd::Disc disc;
  disc.sessions = {test::session_of(1, 1, {{kAudio, 0}, {kAudio, 460}}, 900),
                   test::session_of(2, 3, {{cd::TrackMode::mode2, 12'300}}, 13'000)};
  const auto sums = sums_of(disc, samples);  // a look beyond sector 900 gives zeros, which would be wrong
  ASSERT_EQ(sums.size(), 2U);
  EXPECT_EQ(sums[1].track.range, (cd::LbaRange{cd::Lba{460}, cd::Lba{900}}));
  expect_sums(sums[0], samples, 0, 2940, 460 * 588);
  expect_sums(sums[1], samples, 460, 1, 440 * 588 - 2940);
}

TEST(AccurateRipSums, TakeDataBetweenAudioForZerosAndSaySo) {
  const Samples samples = noise(1500, 8);
  const auto sums = sums_of(disc_of({{kAudio, 0}, {kData, 500}, {kAudio, 1000}}, 1500), samples);
  ASSERT_EQ(sums.size(), 2U);
  const Samples heard = with_zeros(samples, 500, 1000);
  expect_sums(sums[0], heard, 0, 2940, 500 * 588);
  expect_sums(sums[1], heard, 1000, 1, 500 * 588 - 2940);
  EXPECT_TRUE(is_complete(sums[0].track, 0));
  EXPECT_FALSE(is_complete(sums[0].track, 1));
  EXPECT_TRUE(is_complete(sums[0].track, -1));
  EXPECT_FALSE(is_complete(sums[1].track, -1));
}

TEST(AccurateRipSums, OfAudioThatRunsIntoThePregapOfDataAreNeverComplete) {
  const Samples samples = noise(1500, 9);
  const auto sums = sums_of(disc_of({{kAudio, 0}, {kData, 650, 500}}, 1500), samples);
  ASSERT_EQ(sums.size(), 1U);
  expect_sums(sums[0], with_zeros(samples, 500, 1500), 0, 2940, 650 * 588 - 2940);
  for (const int k : kSomeOffsets) EXPECT_FALSE(is_complete(sums[0].track, k));
}

TEST(AccurateRipSums, OfTwoSessionsOfAudioTakeTheGapForZeros) {
  Samples samples = noise(13'000, 10);
  cd::Disc disc;
  disc.sessions = {test::session_of(1, 1, {{kAudio, 0}}, 500),
                   test::session_of(2, 2, {{kAudio, 11'900}}, 12'400)};
  const auto sums = sums_of(disc, samples);
  ASSERT_EQ(sums.size(), 2U);
  const Samples heard = with_zeros(with_zeros(samples, 500, 11'900), 12'400, 13'000);
  expect_sums(sums[0], heard, 0, 2940, 500 * 588);
  expect_sums(sums[1], heard, 11'900, 1, 500 * 588 - 2940);
}

TEST(AccurateRipSums, OfSomeTracksAreTheSame) {
  const Samples samples = noise(1700, 11);
  const auto tracks = accuraterip_tracks(audio_disc({0, 500, 1100}, 1700));
  const auto sums = accuraterip_sums(std::span(tracks).subspan(1, 1), test::source_of(samples));
  ASSERT_TRUE(sums.has_value());
  ASSERT_EQ(sums->size(), 1U);
  EXPECT_EQ(sums->front().v2, naive_v2(samples, 500, 1, 600 * 588, 0));
  EXPECT_EQ(sums->front().v1_at(-77), naive_v1(samples, 500, 1, 600 * 588, -77));
}

// Places beyond 2^31 / 588 sectors: the end of the longest disc.
TEST(AccurateRipSums, DoNotOverflowAtTheEndOfALongDisc) {
  constexpr int kBegin = 449'000;
  const Samples tail = noise(600, 12);
  const auto source = [&](cd::LbaRange range, MutableBytes out) {
    const cd::LbaRange moved{cd::Lba{range.begin.value - kBegin}, cd::Lba{range.end.value - kBegin}};
    return test::source_of(tail)(moved, out);
  };
  const cd::Disc disc = disc_of({{kData, 0}, {kAudio, kBegin}, {kAudio, kBegin + 500}}, kBegin + 600);
  const auto sums = accuraterip_sums(accuraterip_tracks(disc), source);
  ASSERT_TRUE(sums.has_value());
  EXPECT_EQ((*sums)[0].v1_at(2939), naive_v1(tail, 0, 2940, 500 * 588, 2939));
  EXPECT_EQ((*sums)[0].v2, naive_v2(tail, 0, 2940, 500 * 588, 0));
  EXPECT_EQ((*sums)[1].v2, naive_v2(tail, 500, 1, 100 * 588 - 2940, 0));
}

TEST(AccurateRipSums, ReadOnceInLargeBlocksAndStop) {
  std::vector<int> reads(1700);
  int calls = 0;
  const SectorSource source = [&](cd::LbaRange range, MutableBytes) -> Result<void> {
    ++calls;
    for (int lba = range.begin.value; lba < range.end.value; ++lba) ++reads[static_cast<std::size_t>(lba)];
    return {};
  };
  const auto tracks = accuraterip_tracks(audio_disc({0, 500, 1100}, 1700));
  ASSERT_TRUE(accuraterip_sums(tracks, source).has_value());
  for (std::size_t lba = 0; lba < reads.size(); ++lba) EXPECT_EQ(reads[lba], 1) << lba;
  EXPECT_LE(calls, 15);

  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(accuraterip_sums(tracks, source, stop.get_token()).error().kind, ErrorKind::cancelled);
  const SectorSource broken = [](cd::LbaRange, MutableBytes) -> Result<void> {
    return fail(ErrorKind::io, "no");
  };
  EXPECT_EQ(accuraterip_sums(tracks, broken).error().kind, ErrorKind::io);
}

std::uint32_t v2_of(const AccurateRipTrack& track, int offset, const Samples& samples) {
  AccurateRipSums sums{.track = track, .v1 = {}, .frame450 = {}};
  EXPECT_TRUE(add_v2(sums, std::span(&offset, 1), test::source_of(samples)).has_value());
  return sums.v2_at(offset).value_or(0);
}

TEST(AddV2, AddsEachOffsetOnceAndNeverThatOfTheDisc) {
  const Samples samples = noise(60, 14);
  AccurateRipSums sums{.track = accuraterip_tracks(audio_disc({0, 20, 40}, 60))[1], .v1 = {}, .frame450 = {}};
  sums.v2 = 1;
  for (const std::vector<int>& offsets : {std::vector{0, 7, 7}, {-30, 7, 0}}) {
    ASSERT_TRUE(add_v2(sums, offsets, test::source_of(samples)));
  }
  EXPECT_EQ(sums.v2, 1U);
  EXPECT_EQ(sums.more_v2, (std::vector<std::pair<int, std::uint32_t>>{
                              {7, naive_v2(samples, 20, 1, 20 * 588, 7)},
                              {-30, naive_v2(samples, 20, 1, 20 * 588, -30)},
                          }));
}

TEST(VouchedFor, AreTheSectorsThatAFlippedBitShowsIn) {
  const auto tracks = accuraterip_tracks(audio_disc({0, 20, 40}, 60));
  const Samples samples = noise(60, 13);
  for (const AccurateRipTrack& track : tracks) {
    for (const int offset : {1, -1, 588, 667, -2939, 2939}) {
      SCOPED_TRACE(testing::Message() << "track " << track.number << " at " << offset);
      const std::uint32_t before = v2_of(track, offset, samples);
      const cd::LbaRange range = vouched_for(track, offset);
      for (int lba = 0; lba < 60; ++lba) {
        int shown = 0;  // of its first and last sample
        for (const int place : {lba * 588, lba * 588 + 587}) {
          Samples changed = samples;
          changed[static_cast<std::size_t>(place)] ^= 0x80000000U;
          shown += v2_of(track, offset, changed) != before ? 1 : 0;
        }
        EXPECT_EQ(shown == 2, range.contains(cd::Lba{lba})) << lba;
      }
    }
  }
}

TEST(VouchedFor, LeavesOutFiveSectorsAtTheEndsOfTheDisc) {
  const auto tracks = accuraterip_tracks(audio_disc({0, 500, 1000}, 1500));
  EXPECT_EQ(vouched_for(tracks[0], 0), (cd::LbaRange{cd::Lba{5}, cd::Lba{500}}));
  EXPECT_EQ(vouched_for(tracks[1], 0), (cd::LbaRange{cd::Lba{500}, cd::Lba{1000}}));
  EXPECT_EQ(vouched_for(tracks[2], 0), (cd::LbaRange{cd::Lba{1000}, cd::Lba{1495}}));
  EXPECT_EQ(vouched_for(tracks[1], 1), (cd::LbaRange{cd::Lba{501}, cd::Lba{1000}}));
  EXPECT_EQ(vouched_for(tracks[1], -1), (cd::LbaRange{cd::Lba{500}, cd::Lba{999}}));
}

TEST(VouchedFor, EndsWithTheAudio) {
  const auto tracks = accuraterip_tracks(disc_of({{kAudio, 0}, {kData, 500}, {kAudio, 1000}}, 1500));
  EXPECT_EQ(vouched_for(tracks[0], 1000).end, cd::Lba{500});
  EXPECT_EQ(vouched_for(tracks[1], -1000).begin, cd::Lba{1000});
}

}  // namespace
}  // namespace binrip::verify
