#include "binrip/verify/ctdb_sums.hpp"

#include <gmock/gmock.h>

#include "support/ctdb_fixture.hpp"

#include "binrip/verify/crc32.hpp"

namespace binrip::verify {
namespace {

using test::audio_disc;
using test::MemoryImage;
using test::noise;
using test::samples_of;
using test::slow_crc32;
using testing::ElementsAre;

// Four tracks of 12 to 20 sectors; 65 of them are 6 strides and half a one over. 7 sectors before.
constexpr int kBefore = 7, kSectors = 65;
cd::Disc disc() {
  return audio_disc({kBefore, kBefore + 16, kBefore + 28, kBefore + 45}, kBefore + kSectors);
}
ByteVector all_bytes() { return noise(7, std::size_t{kBefore + kSectors} * cd::kSectorSize); }
ByteVector audio_of(const ByteVector& bytes) {
  return {bytes.begin() + kBefore * static_cast<std::ptrdiff_t>(cd::kSectorSize), bytes.end()};
}
CtdbLayout layout() { return ctdb_layout(disc()).value(); }

CtdbSums sums_of(MemoryImage& image, CtdbScope scope = CtdbScope::checksums) {
  return ctdb_sums(ctdb_layout(image.disc()).value(), source_of(image), scope).value();
}

TEST(Crc32, IsZlibsAndShifts) {
  const std::string digits = "123456789";
  const Bytes bytes(reinterpret_cast<const Byte*>(digits.data()), digits.size());
  EXPECT_EQ(crc32(0, bytes), 0xCBF4'3926);
  const ByteVector data = noise(1, 5000);
  for (const std::size_t cut : {0U, 1U, 777U, 4999U, 5000U}) {
    const Bytes before = Bytes(data).first(cut), after = Bytes(data).subspan(cut);
    EXPECT_EQ(Crc32Shift(after.size())(slow_crc32(before)) ^ slow_crc32(after), slow_crc32(data)) << cut;
  }
}

TEST(CtdbSums, ChecksumsOfDiscAndTracksAtAllOffsets) {
  MemoryImage image(disc(), all_bytes());
  const ByteVector audio = audio_of(image.bytes());
  const CtdbSums sums = sums_of(image);
  constexpr std::int64_t kSamples = kSectors * 588, kDiscEnd = kSamples - 5880 - 2940;
  const std::array<std::int64_t, 5> bounds{5880, 16 * 588, 28 * 588, 45 * 588, kDiscEnd};
  for (const int offset : {0, 1, -1, 6, -30, 588, 2939, -2939, 5879, -5879}) {
    EXPECT_EQ(sums.disc.at(offset), slow_crc32(samples_of(audio, 5880 + offset, kDiscEnd + offset)))
        << offset;
    for (std::size_t t = 0; t < 4; ++t) {
      EXPECT_EQ(sums.tracks[t].at(offset),
                slow_crc32(samples_of(audio, bounds[t] + offset, bounds[t + 1] + offset)))
          << t << ' ' << offset;
    }
  }
  EXPECT_EQ(sums.disc.at(5880), std::nullopt);
  EXPECT_EQ(sums.disc.at(-5880), std::nullopt);
}

TEST(CtdbSums, ShortTracksHaveOnlyTheOffsetsThatLieWithin) {
  // The first track ends within the part that CTDB leaves out, the second begins near the disc's begin.
  MemoryImage image(audio_disc({0, 4, 30}, 60), noise(3, std::size_t{60} * cd::kSectorSize));
  const CtdbSums sums = sums_of(image);
  EXPECT_TRUE(sums.tracks[0].values.empty());
  EXPECT_EQ(sums.tracks[1].first, -4 * 588);
  EXPECT_EQ(sums.tracks[1].at(-4 * 588), slow_crc32(samples_of(image.bytes(), 0, 26 * 588)));
  EXPECT_EQ(sums.tracks[1].at(-4 * 588 - 1), std::nullopt);
  EXPECT_EQ(sums.tracks[1].at(5879), slow_crc32(samples_of(image.bytes(), 4 * 588 + 5879, 30 * 588 + 5879)));
}

TEST(CtdbSums, SyndromesOfColumnsAtAllOffsets) {
  MemoryImage image(disc(), all_bytes());
  const ByteVector audio = audio_of(image.bytes());
  const CtdbSums sums = sums_of(image, CtdbScope::checksums_and_parity);
  ASSERT_TRUE(sums.parity);
  for (const int offset : {0, 1, -1, 48, -667, 5879, -5879}) {
    for (const std::size_t column : {0U, 1U, 95U, 96U, 5880U, 10425U, 10426U, 11758U, 11759U}) {
      const Syndromes got = sums.parity->at(column, offset);
      const auto words = test::column_of(audio, static_cast<std::int64_t>(column), offset);
      EXPECT_EQ(std::vector<std::uint16_t>(got.begin(), got.end()), slow::syndromes(words, kMaxParity))
          << column << ' ' << offset;
    }
  }
}

TEST(CtdbSums, StopsAndFailsWithItsSource) {
  std::stop_source stop;
  stop.request_stop();
  MemoryImage image(disc(), all_bytes());
  const auto stopped = ctdb_sums(layout(), source_of(image), CtdbScope::checksums, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
  image.bytes().resize(1000);
  EXPECT_FALSE(ctdb_sums(layout(), source_of(image), CtdbScope::checksums));
}

// An entry of the same audio when it came `offset` samples later.
CtdbEntry entry_at(const CtdbSums& sums, int offset, std::int64_t confidence) {
  CtdbEntry entry;
  entry.crc32 = sums.disc.at(offset).value();
  entry.confidence = confidence;
  entry.stride = kCtdbStride;
  entry.audio = cd::SectorCount{kSectors};
  for (const OffsetCrcs& track : sums.tracks) entry.track_crcs.push_back(track.at(offset).value());
  return entry;
}

TEST(CompareWithCtdb, FindsDiscsAndTracksAtTheirOffsets) {
  MemoryImage image(disc(), all_bytes());
  const CtdbSums sums = sums_of(image);
  std::vector<CtdbEntry> entries{entry_at(sums, 0, 100), entry_at(sums, -667, 10), entry_at(sums, 30, 5),
                                 entry_at(sums, 30, 2), entry_at(sums, 0, 1)};
  entries[2].crc32 ^= 1;  // its disc differs, in its third track
  entries[2].track_crcs[2] ^= 1;
  entries[3].crc32 ^= 1;  // only one track is right, elsewhere
  for (const std::size_t t : {0U, 1U, 3U}) entries[3].track_crcs[t] ^= 1;
  entries[4].audio = cd::SectorCount{kSectors + 1};
  const CtdbVerdict verdict = compare(layout(), sums, entries);
  EXPECT_EQ(verdict.total, 117);
  EXPECT_EQ(verdict.disc, 110);
  EXPECT_THAT(verdict.tracks, ElementsAre(115, 115, 110, 115));
  EXPECT_EQ(verdict.matches[0].offset, 0);
  EXPECT_EQ(verdict.matches[1].offset, -667);
  EXPECT_EQ(verdict.matches[2].offset, 30);
  EXPECT_FALSE(verdict.matches[2].disc);
  EXPECT_THAT(verdict.matches[2].tracks, ElementsAre(true, true, false, true));
  EXPECT_EQ(verdict.matches[3].offset, std::nullopt);
  EXPECT_EQ(verdict.matches[4].offset, std::nullopt);
}

TEST(CompareWithCtdb, OneTrackCountsWhereNoOffsetIsNeeded) {
  MemoryImage image(disc(), all_bytes());
  const CtdbSums sums = sums_of(image);
  std::vector<CtdbEntry> entries{entry_at(sums, 0, 3)};
  entries[0].crc32 ^= 1;
  for (const std::size_t t : {0U, 1U, 3U}) entries[0].track_crcs[t] ^= 1;
  EXPECT_THAT(compare(layout(), sums, entries).tracks, ElementsAre(0, 0, 3, 0));
}

TEST(CompareWithCtdb, VouchesForWholeSectorsOnly) {
  const CtdbLayout l = layout();
  const auto range = [](int begin, int end) { return cd::LbaRange{{kBefore + begin}, {kBefore + end}}; };
  // 65 sectors less 10 before, less 10 and 5 behind.
  EXPECT_THAT(vouched(l, {.offset = 0, .disc = true, .tracks = {}}), ElementsAre(range(10, 50)));
  EXPECT_THAT(vouched(l, {.offset = 1, .disc = true, .tracks = {}}), ElementsAre(range(11, 50)));
  EXPECT_THAT(vouched(l, {.offset = -1, .disc = true, .tracks = {}}), ElementsAre(range(10, 49)));
  EXPECT_THAT(vouched(l, {.offset = 0, .tracks = {true, false, true, true}}),
              ElementsAre(range(10, 16), range(28, 50)));
  EXPECT_THAT(vouched(l, {.offset = 30, .tracks = {false, true, false, false}}), ElementsAre(range(17, 28)));
  EXPECT_TRUE(vouched(l, {.offset = std::nullopt, .tracks = {true, true, true, true}}).empty());
}

// Ten minutes of System.Random(2423): CUETools' CDRepairEncodeTest expects this checksum, and 8 as the first
// byte of eight parity words. The same words give the same syndromes.
TEST(CtdbSums, AreThoseOfCueToolsTest) {
  MemoryImage image(audio_disc({0}, 45'000), ByteVector(std::size_t{45'000} * cd::kSectorSize));
  slow::DotNetRandom random(2423);
  for (Byte& b : image.bytes()) b = random.next_byte();
  const CtdbSums sums = sums_of(image, CtdbScope::checksums_and_parity);
  EXPECT_EQ(sums.disc.at(0), 2'278'257'733U);
  EXPECT_EQ(sums.tracks[0].at(0), 2'278'257'733U);
  const auto parity = slow::parity(test::column_of(image.bytes(), 0, 0), 8);
  EXPECT_EQ(parity[0] & 0xFF, 8);
  const Syndromes expected = syndromes_of_parity(parity), got = sums.parity->at(0, 0);
  EXPECT_TRUE(std::equal(expected.begin(), expected.begin() + 8, got.begin()));
}

}  // namespace
}  // namespace binrip::verify
