#include <gtest/gtest.h>

#include "accuraterip_discs.hpp"

namespace binrip::verify {
namespace {

using test::answer_of;
using test::audio_disc;
using test::disc_of;

constexpr auto kAudio = cd::TrackMode::audio;

// The disc whose ids are published; see disc_ids_test.cpp.
const cd::Disc kPublished = audio_disc({0, 0x2D2B - 150, 0x6256 - 150, 0xB327 - 150}, 0xD84A - 150);

TEST(AccurateRipPath, IsThePublishedOne) {
  const auto ids = accuraterip_ids(kPublished);
  ASSERT_TRUE(ids.has_value());
  EXPECT_EQ(*ids, (AccurateRipIds{4, 0x0002189a, 0x00087f33, 0x1f02e004}));
  EXPECT_EQ(accuraterip_path(*ids), "a/9/8/dBAR-004-0002189a-00087f33-1f02e004.bin");
}

// Ids as disc_ids_test.cpp has them.
TEST(AccurateRipPath, CountsAudioTracksOnly) {
  cd::Disc extra;
  extra.sessions = {test::session_of(1, 1, {{kAudio, 0}, {kAudio, 20'000}, {kAudio, 45'000}}, 60'000),
                    test::session_of(2, 4, {{cd::TrackMode::mode2, 71'400}}, 90'000)};
  EXPECT_EQ(accuraterip_path(*accuraterip_ids(extra)), "8/7/d/dBAR-003-00025d78-000829d9-2c04b004.bin");
  const cd::Disc mixed = disc_of({{cd::TrackMode::mode1, 0}, {kAudio, 30'000}, {kAudio, 50'000}}, 80'000);
  EXPECT_EQ(accuraterip_path(*accuraterip_ids(mixed)), "0/0/1/dBAR-002-00027100-0005a550-1c042a03.bin");
}

TEST(AccurateRipPath, IsNoneWithoutAudio) {
  EXPECT_EQ(accuraterip_ids(disc_of({{cd::TrackMode::mode1, 0}}, 1000)), std::nullopt);
  EXPECT_EQ(accuraterip_ids({}), std::nullopt);
}

constexpr AccurateRipIds kIds{2, 0x01020304, 0x05060708, 0x090A0B0C};

std::string problem_of(Bytes answer) {
  const auto parsed = parse_accuraterip(answer, kIds);
  if (parsed) return "none";
  EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
  return parsed.error().message;
}

TEST(AccurateRipAnswer, IsReadByteForByte) {
  const ByteVector data = {2,    0x04, 0x03, 0x02, 0x01, 0x08, 0x07, 0x06, 0x05, 0x0C, 0x0B,
                           0x0A, 0x09, 200,  0xEF, 0xBE, 0xAD, 0xDE, 0x01, 0x00, 0x00, 0x80,  //
                           3,    0x78, 0x56, 0x34, 0x12, 0xFF, 0x00, 0x00, 0x00};
  const auto parsed = parse_accuraterip(data, kIds);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  const AccurateRipAnswer expected{{{{200, 0xDEADBEEF, 0x80000001}, {3, 0x12345678, 0xFF}}}};
  EXPECT_EQ(*parsed, expected);
}

TEST(AccurateRipAnswer, HasAnyNumberOfPressings) {
  std::vector<std::vector<AccurateRipEntry>> pressings;
  for (int i = 0; i < 300; ++i) {
    const auto n = static_cast<std::uint32_t>(i);
    pressings.push_back({{i % 256, n, n + 1}, {1, n + 2, n + 3}});
  }
  const auto parsed = parse_accuraterip(answer_of(kIds, pressings), kIds);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->pressings, pressings);
}

TEST(AccurateRipAnswer, ChunksOfOtherDiscsArePassedOver) {
  ByteVector data;
  const auto add = [&](AccurateRipIds ids, std::size_t tracks, std::uint32_t sum) {
    const ByteVector chunk = answer_of(ids, {std::vector<AccurateRipEntry>(tracks, {1, sum, 0})});
    data.insert(data.end(), chunk.begin(), chunk.end());
  };
  add({2, 0xFFFFFFFF, kIds.id2, kIds.cddb}, 2, 1);
  add({2, kIds.id1, 0xFFFFFFFF, kIds.cddb}, 2, 2);
  add({2, kIds.id1, kIds.id2, 0xFFFFFFFF}, 2, 3);
  add(kIds, 3, 4);  // one track more
  EXPECT_EQ(problem_of(data), "AccurateRip's answer: it is of another disc");
  add(kIds, 2, 5);
  const auto parsed = parse_accuraterip(data, kIds);
  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(parsed->pressings.size(), 1U);
  EXPECT_EQ(parsed->pressings[0][0].sum, 5U);
}

TEST(AccurateRipAnswer, CutShortAnywhereIsRefused) {
  const ByteVector whole = answer_of(kIds, {{{1, 2, 3}, {4, 5, 6}}, {{7, 8, 9}, {10, 11, 12}}});
  constexpr std::size_t kChunk = 13 + 2 * 9;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool at_seam = size == kChunk;
    EXPECT_EQ(parse_accuraterip(Bytes(whole).first(size), kIds).has_value(), at_seam) << size;
  }
}

TEST(AccurateRipAnswer, WhatCannotBeIsRefused) {
  EXPECT_EQ(problem_of({}), "AccurateRip's answer: it is empty");
  EXPECT_EQ(problem_of(ByteVector(13, 0)), "AccurateRip's answer: expected 1 to 99 tracks at byte 0, got 0");
  EXPECT_EQ(problem_of(ByteVector(2000, 100)),
            "AccurateRip's answer: expected 1 to 99 tracks at byte 0, got 100");
  ByteVector more = answer_of(kIds, {{{1, 2, 3}, {4, 5, 6}}});
  more.push_back(2);
  EXPECT_EQ(problem_of(more), "AccurateRip's answer: it ends within the chunk at byte 31");
  EXPECT_EQ(problem_of(ByteVector(kLargestAccurateRipAnswer + 1, 1)), "AccurateRip's answer: it is too long");
}

class FakeFetcher : public net::Fetcher {
 public:
  Result<net::Response> get(const net::Request& request) override {
    requests.push_back(request);
    return response;
  }
  std::vector<net::Request> requests;
  Result<net::Response> response = net::Response{};
};

TEST(AccurateRipLookUp, AsksForTheDiscsFile) {
  FakeFetcher fetcher;
  fetcher.response = net::Response{true, answer_of(kIds, {{{1, 2, 3}, {4, 5, 6}}})};
  for (const char* base : {"http://example.org/accuraterip", "http://example.org/accuraterip/"}) {
    const auto answer = look_up_accuraterip(fetcher, base, kIds);
    ASSERT_TRUE(answer.has_value());
    ASSERT_TRUE(answer->has_value());
    EXPECT_EQ((*answer)->pressings.size(), 1U);
    EXPECT_EQ(fetcher.requests.back().url,
              "http://example.org/accuraterip/4/0/3/dBAR-002-01020304-05060708-090a0b0c.bin");
    EXPECT_EQ(fetcher.requests.back().range, std::nullopt);
    EXPECT_EQ(fetcher.requests.back().largest, kLargestAccurateRipAnswer);
  }
}

TEST(AccurateRipLookUp, UnknownDiscIsNothing) {
  FakeFetcher fetcher;
  const auto answer = look_up_accuraterip(fetcher, "http://example.org", kIds);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(*answer, std::nullopt);
}

TEST(AccurateRipLookUp, ErrorsAreHandedOn) {
  FakeFetcher fetcher;
  fetcher.response = fail(ErrorKind::timeout, "no answer");
  EXPECT_EQ(look_up_accuraterip(fetcher, "http://example.org", kIds).error().kind, ErrorKind::timeout);
  fetcher.response = net::Response{true, {'<', 'h', 't', 'm', 'l', '>'}};
  EXPECT_EQ(look_up_accuraterip(fetcher, "http://example.org", kIds).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace binrip::verify
