#include "binrip/cd/toc.hpp"

#include <random>

#include <gtest/gtest.h>

namespace binrip::cd {
namespace {

// Two tracks, audio at 00:02:00 and data at LBA 15000, lead-out 30000, written out by hand.
const ByteVector kFormatted = {0x00, 0x1A, 0x01, 0x02,                          //
                               0x00, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,  //
                               0x00, 0x14, 0x02, 0x00, 0x00, 0x00, 0x3A, 0x98,  //
                               0x00, 0x14, 0xAA, 0x00, 0x00, 0x00, 0x75, 0x30};
const FormattedToc kFormattedToc = {
    1, 2, {{1, 0, 1, Lba{0}}, {1, 4, 2, Lba{15'000}}, {1, 4, kLeadOutTrack, Lba{30'000}}}};

// A0, A1, A2 and one track of session 1; times are plain binary.
const ByteVector kFull = {0x00, 0x2E, 0x01, 0x01,                                            //
                          0x01, 0x10, 0x00, 0xA0, 0x00, 0x00, 0x00, 0x00, 0x01, 0x20, 0x00,  //
                          0x01, 0x10, 0x00, 0xA1, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,  //
                          0x01, 0x10, 0x00, 0xA2, 0x00, 0x00, 0x00, 0x00, 0x3B, 0x3A, 0x49,  //
                          0x01, 0x10, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00};

ByteVector cut(ByteVector reply, std::size_t size) {
  reply.resize(size);
  return reply;
}

TEST(FormattedTocReply, IsParsed) { EXPECT_EQ(*parse_formatted_toc(kFormatted), kFormattedToc); }

TEST(FormattedTocReply, IsEncoded) {
  EXPECT_EQ(encode_formatted_toc(kFormattedToc, 0, false), kFormatted);
  EXPECT_EQ(encode_formatted_toc(kFormattedToc, kLeadOutTrack, true),
            (ByteVector{0, 10, 1, 2, 0, 0x14, 0xAA, 0, 0, 6, 42, 0}));  // 30000 + 150 = 06:42:00
}

TEST(FormattedTocReply, PaddingAndLengthsThatLieAreSurvived) {
  ByteVector padded = kFormatted;
  padded.resize(804, 0x5A);
  EXPECT_EQ(*parse_formatted_toc(padded), kFormattedToc);
  ByteVector too_long = kFormatted;
  too_long[0] = 0xFF;
  EXPECT_EQ(*parse_formatted_toc(too_long), kFormattedToc);
}

TEST(FormattedTocReply, EveryTruncationGivesTheWholeDescriptorsOrAnError) {
  for (std::size_t size = 0; size <= kFormatted.size(); ++size) {
    const auto toc = parse_formatted_toc(cut(kFormatted, size));
    const std::size_t whole = size < 4 ? 0 : (size - 4) / 8;
    ASSERT_EQ(toc.has_value(), whole > 0) << size;
    if (toc) {
      EXPECT_EQ(toc->tracks.size(), whole);
    }
    if (!toc) {
      EXPECT_EQ(toc.error().kind, ErrorKind::invalid);
    }
  }
}

TEST(FormattedTocReply, NonsenseIsLeftOut) {
  ByteVector reply = kFormatted;
  reply[2] = 0;        // header: tracks 0 … 2
  reply[4 + 2] = 100;  // no such track
  reply[4 + 8 + 4] = 0x40;
  const auto toc = parse_formatted_toc(reply);
  ASSERT_TRUE(toc);
  EXPECT_EQ(toc->tracks, (std::vector<TocTrack>{{1, 4, kLeadOutTrack, Lba{30'000}}}));
  reply[4 + 16 + 2] = 0;
  EXPECT_FALSE(parse_formatted_toc(reply));
}

TEST(FormattedTocReply, ARepeatedTrackCountsOnce) {
  ByteVector reply = kFormatted;
  reply[4 + 8 + 2] = 1;
  EXPECT_EQ(parse_formatted_toc(reply)->tracks.size(), 2U);
}

TEST(SessionInfoReply, RoundTripsAndRefusesNonsense) {
  const SessionInfo info{1, 2, 11, Lba{250'000}, kControlData};
  const ByteVector reply = encode_session_info(info, false);
  EXPECT_EQ(reply, (ByteVector{0, 10, 1, 2, 0, 0x14, 11, 0, 0x00, 0x03, 0xD0, 0x90}));
  EXPECT_EQ(*parse_session_info(reply), info);
  for (std::size_t size = 0; size < reply.size(); ++size)
    EXPECT_FALSE(parse_session_info(cut(reply, size))) << size;
  for (const auto& [at, value] : std::initializer_list<std::pair<std::size_t, Byte>>{
           {2, 0}, {2, 3}, {3, 100}, {6, 0}, {6, 0xAA}, {8, 0x7F}}) {
    ByteVector bad = reply;
    bad[at] = value;
    EXPECT_FALSE(parse_session_info(bad)) << at;
  }
}

TEST(FullTocReply, IsParsed) {
  const auto toc = parse_full_toc(kFull);
  ASSERT_TRUE(toc);
  ASSERT_EQ(toc->entries.size(), 4U);
  EXPECT_EQ(toc->entries[0], (FullTocEntry{1, 1, 0, 0, 0xA0, {}, 0, {1, 32, 0}}));
  EXPECT_EQ(toc->entries[2], (FullTocEntry{1, 1, 0, 0, 0xA2, {}, 0, {59, 58, 73}}));
  EXPECT_EQ(toc->entries[3], (FullTocEntry{1, 1, 0, 0, 1, {}, 0, {0, 2, 0}}));
  EXPECT_EQ(encode_full_toc(*toc, 1), kFull);
  EXPECT_EQ(encode_full_toc(*toc, 2), (ByteVector{0, 2, 1, 1}));
}

TEST(FullTocReply, EveryTruncationGivesTheWholeEntriesOrAnError) {
  for (std::size_t size = 0; size <= kFull.size(); ++size) {
    const auto toc = parse_full_toc(cut(kFull, size));
    const std::size_t whole = size < 4 ? 0 : (size - 4) / 11;
    ASSERT_EQ(toc.has_value(), whole > 0) << size;
    if (toc) {
      EXPECT_EQ(toc->entries.size(), whole);
    }
  }
}

TEST(FullTocReply, SessionsComeFromTheEntriesWhenTheHeaderIsNonsense) {
  ByteVector reply = kFull;
  reply[2] = 9;
  reply[3] = 0;
  reply[4 + 33] = 2;
  const auto toc = parse_full_toc(reply);
  ASSERT_TRUE(toc);
  EXPECT_EQ(toc->first_session, 1);
  EXPECT_EQ(toc->last_session, 2);
}

TEST(FullTocReply, EntriesAreLimited) {
  ByteVector reply = {0xFF, 0xFF, 1, 1};
  reply.resize(0x10001, 1);
  const auto toc = parse_full_toc(reply);
  ASSERT_TRUE(toc);
  EXPECT_LE(toc->entries.size(), 2048U);
}

TEST(AtipReply, RoundTripsAndRefusesNonsense) {
  const Atip atip{true, {97, 34, 21}, {79, 59, 73}};
  const ByteVector reply = encode_atip(atip);
  EXPECT_EQ(reply.size(), 28U);
  EXPECT_EQ(reply[1], 26);
  EXPECT_EQ(*parse_atip(reply), atip);
  for (std::size_t size = 0; size < 15; ++size) EXPECT_FALSE(parse_atip(cut(reply, size))) << size;
  EXPECT_FALSE(parse_atip(ByteVector(28, 0)));
  ByteVector bad = reply;
  bad[9] = 60;
  EXPECT_FALSE(parse_atip(bad));
}

TEST(CdTextReply, KeepsWholePacksOnly) {
  ByteVector packs(36, 0);
  packs[0] = 0x80;
  packs[18] = 0x8F;
  ByteVector reply = encode_cdtext_toc(packs);
  EXPECT_EQ(load_be16(reply), 38);
  EXPECT_EQ(*parse_cdtext_toc(reply), packs);
  EXPECT_EQ(*parse_cdtext_toc(cut(reply, 39)), ByteVector(packs.begin(), packs.begin() + 18));
  EXPECT_FALSE(parse_cdtext_toc(cut(reply, 21)));
  EXPECT_FALSE(parse_cdtext_toc(ByteVector{0, 2, 0, 0}));
  EXPECT_FALSE(parse_cdtext_toc(ByteVector(40, 0)));
}

TEST(TocReplies, AnyBytesAreTaken) {
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    ByteVector reply(random() % 64);
    for (Byte& b : reply) b = static_cast<Byte>(random());
    if (reply.size() > 1 && i % 2 == 0) reply[0] = 0;
    parse_formatted_toc(reply);
    parse_session_info(reply);
    parse_full_toc(reply);
    parse_atip(reply);
    parse_cdtext_toc(reply);
  }
}

}  // namespace
}  // namespace binrip::cd
