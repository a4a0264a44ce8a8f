#include <gtest/gtest.h>

#include "accuraterip_discs.hpp"

namespace binrip::verify {
namespace {

using test::naive_v1;
using test::naive_v2;
using test::noise;
using test::Samples;

constexpr auto kV1 = AccurateRipVersion::v1;
constexpr auto kV2 = AccurateRipVersion::v2;

// Three tracks; what the database has of them comes from the formulas.
const cd::Disc kDisc = test::audio_disc({0, 500, 1000}, 1500);

enum class Form { v1, v2 };

std::vector<AccurateRipEntry> pressing_of(const Samples& samples, Form form, int confidence) {
  struct Part {
    int lba;
    std::int64_t first, last;
  };
  std::vector<AccurateRipEntry> entries;
  for (const Part& part :
       {Part{0, 2940, 500 * 588}, Part{500, 1, 500 * 588}, Part{1000, 1, 500 * 588 - 2940}}) {
    const auto sum = form == Form::v1 ? naive_v1 : naive_v2;
    entries.push_back({confidence, sum(samples, part.lba, part.first, part.last, 0),
                       naive_v1(samples, part.lba + 450, 1, 588, 0)});
  }
  return entries;
}

AccurateRipVerdict check(const Samples& samples, const AccurateRipAnswer& answer) {
  const auto verdict = check_accuraterip(kDisc, answer, test::source_of(samples));
  EXPECT_TRUE(verdict.has_value());
  return *verdict;
}

TEST(AccurateRipMatch, TellsVersionsApart) {
  const Samples samples = noise(1500, 1);
  const AccurateRipAnswer answer{{pressing_of(samples, Form::v1, 7), pressing_of(samples, Form::v2, 120)}};
  const AccurateRipVerdict verdict = check(samples, answer);
  ASSERT_EQ(verdict.tracks.size(), 3U);
  for (const AccurateRipTrackMatches& track : verdict.tracks) {
    EXPECT_EQ(track.known, 127);
    EXPECT_EQ(track.matches, (std::vector<AccurateRipMatch>{{0, kV2, 120}, {0, kV1, 7}}));
    EXPECT_EQ(track.confidence(0, kV2), 120);
    EXPECT_EQ(track.confidence(0, kV1), 7);
    EXPECT_EQ(track.confidence(1, kV2), 0);
  }
  EXPECT_EQ(verdict.offsets, (std::vector<AccurateRipOffset>{{0, 3, 0, 120}}));
}

TEST(AccurateRipMatch, FindsTheOffsetOfAnotherPressing) {
  const Samples disc = noise(1500, 2);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v2, 9)}};
  for (const int offset : {-2939, -2500, -1164, -588, -1, 0, 1, 6, 30, 667, 1776, 2303, 2939}) {
    const AccurateRipVerdict verdict = check(test::shifted(disc, offset), answer);
    EXPECT_EQ(verdict.offsets, (std::vector<AccurateRipOffset>{{offset, 3, 0, 9}})) << offset;
    for (const AccurateRipTrackMatches& track : verdict.tracks) {
      EXPECT_EQ(track.matches, (std::vector<AccurateRipMatch>{{offset, kV2, 9}})) << offset;
    }
  }
}

TEST(AccurateRipMatch, ByV1NeedsNoSector450) {
  const Samples disc = noise(1500, 3);
  AccurateRipAnswer answer{{pressing_of(disc, Form::v1, 9)}};
  for (AccurateRipEntry& entry : answer.pressings[0]) entry.frame450 = 0;
  for (const int offset : {-2939, -667, 0, 103, 2939}) {
    EXPECT_EQ(check(test::shifted(disc, offset), answer).offsets,
              (std::vector<AccurateRipOffset>{{offset, 0, 3, 9}}))
        << offset;
  }
}

TEST(AccurateRipMatch, EndsAt2939) {
  const Samples disc = noise(1500, 4);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v1, 9), pressing_of(disc, Form::v2, 9)}};
  for (const int offset : {-2940, 2940, -5000, 5000}) {
    const AccurateRipVerdict verdict = check(test::shifted(disc, offset), answer);
    EXPECT_TRUE(verdict.offsets.empty()) << offset;
    EXPECT_EQ(verdict.tracks[0].known, 18);
  }
}

TEST(AccurateRipMatch, OfADamagedTrackIsNone) {
  const Samples disc = noise(1500, 5);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v2, 9)}};
  Samples damaged = disc;
  damaged[700 * 588] ^= 1U;
  const AccurateRipVerdict verdict = check(damaged, answer);
  EXPECT_TRUE(verdict.tracks[1].matches.empty());
  EXPECT_EQ(verdict.offsets, (std::vector<AccurateRipOffset>{{0, 2, 0, 9}}));
}

// The weakness for which the two are kept apart: the highest bit of the right channel at an even place.
TEST(AccurateRipMatch, V1OverlooksWhatV2Sees) {
  const Samples disc = noise(1500, 6);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v1, 9), pressing_of(disc, Form::v2, 9)}};
  Samples damaged = disc;
  damaged[600 * 588 + 1] ^= 0x80000000U;  // place 100·588 + 2 of track 2
  EXPECT_EQ(check(damaged, answer).tracks[1].matches, (std::vector<AccurateRipMatch>{{0, kV1, 9}}));
}

TEST(AccurateRipMatch, SeveralPressingsAreToldApart) {
  const Samples disc = noise(1500, 7);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v2, 200),
                                  pressing_of(test::shifted(disc, -30), Form::v2, 12),
                                  pressing_of(test::shifted(disc, 1000), Form::v1, 255)}};
  const AccurateRipVerdict verdict = check(disc, answer);
  // v1 shows at any offset; v2 elsewhere is not looked for, since offset 0 settles all tracks.
  EXPECT_EQ(verdict.offsets, (std::vector<AccurateRipOffset>{{0, 3, 0, 200}, {-1000, 0, 3, 255}}));
  // Without the disc's own entry the others are looked at.
  const AccurateRipAnswer others{{answer.pressings[1], answer.pressings[2]}};
  EXPECT_EQ(check(disc, others).offsets,
            (std::vector<AccurateRipOffset>{{30, 3, 0, 12}, {-1000, 0, 3, 255}}));
}

TEST(AccurateRipMatch, ListsItsOwnOffsetFirstThenTheMostConfidentOnes) {
  const Samples disc = noise(1500, 12);
  AccurateRipAnswer answer{{pressing_of(disc, Form::v1, 5), pressing_of(disc, Form::v2, 4)}};
  for (const auto& [offset, confidence] : {std::pair{40, 12}, {-30, 12}, {1000, 255}, {-700, 3}, {600, 90}}) {
    answer.pressings.push_back(pressing_of(test::shifted(disc, -offset), Form::v1, confidence));
  }
  for (const AccurateRipTrackMatches& track : check(disc, answer).tracks) {
    EXPECT_EQ(track.matches, (std::vector<AccurateRipMatch>{{0, kV2, 4},
                                                            {0, kV1, 5},
                                                            {1000, kV1, 255},
                                                            {600, kV1, 90},
                                                            {-30, kV1, 12},
                                                            {40, kV1, 12},
                                                            {-700, kV1, 3}}));
  }
}

TEST(AccurateRipMatch, SumsUpEntriesOfTheSameSum) {
  const Samples samples = noise(1500, 8);
  const AccurateRipAnswer answer{{pressing_of(samples, Form::v2, 200), pressing_of(samples, Form::v2, 100)}};
  EXPECT_EQ(check(samples, answer).tracks[0].matches, (std::vector<AccurateRipMatch>{{0, kV2, 300}}));
}

TEST(AccurateRipMatch, OfNoConfidenceIsNone) {
  const Samples samples = noise(1500, 9);
  const AccurateRipVerdict verdict = check(samples, {{pressing_of(samples, Form::v2, 0)}});
  EXPECT_EQ(verdict.tracks[0].known, 0);
  EXPECT_TRUE(verdict.offsets.empty());
}

TEST(AccurateRipMatch, SilenceMatchesNothing) {
  const Samples silence(1500 * 588);
  const AccurateRipVerdict verdict = check(silence, {{pressing_of(silence, Form::v2, 9)}});
  EXPECT_EQ(verdict.tracks[0].known, 9);
  EXPECT_TRUE(verdict.offsets.empty());
}

// So quiet, and so short, that no product reaches beyond 32 bits: the entry may be of either version.
TEST(AccurateRipMatch, OfASumThatBothHaveIsV1) {
  Samples quiet(1500 * 588);
  for (std::size_t i = 0; i < quiet.size(); ++i) quiet[i] = static_cast<std::uint32_t>(i % 100);
  ASSERT_EQ(naive_v1(quiet, 500, 1, 500 * 588, 0), naive_v2(quiet, 500, 1, 500 * 588, 0));
  const AccurateRipVerdict verdict = check(quiet, {{pressing_of(quiet, Form::v2, 9)}});
  EXPECT_EQ(verdict.tracks[1].confidence(0, kV1), 9);
  EXPECT_EQ(verdict.tracks[1].confidence(0, kV2), 0);
}

TEST(AccurateRipMatch, ShorterAnswersAreNoDanger) {
  const Samples samples = noise(1500, 10);
  const AccurateRipVerdict verdict = check(samples, {{{}, {{9, 1, 1}}}});
  EXPECT_EQ(verdict.tracks[0].known, 9);
  EXPECT_EQ(verdict.tracks[2].known, 0);
}

TEST(Frame450, FindsOffsetsOfWhatWasRead) {
  const Samples disc = noise(1500, 11);
  const AccurateRipAnswer answer{{pressing_of(disc, Form::v2, 9)}};
  const auto tracks = accuraterip_tracks(kDisc);
  for (const int offset : {-2939, -1164, 0, 6, 667, 2939}) {
    const Samples delivered = test::shifted(disc, offset);
    const auto sums = accuraterip_sums(tracks, test::source_of(delivered));
    ASSERT_TRUE(sums.has_value());
    EXPECT_EQ(frame450_offsets(*sums, answer), (std::vector<AccurateRipOffset>{{offset, 0, 3, 9}})) << offset;
  }
}

}  // namespace
}  // namespace binrip::verify
