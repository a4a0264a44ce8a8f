#include "binrip/verify/ctdb_repair.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "support/ctdb_fixture.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;
using test::FakeFetcher;
using test::MemoryImage;
using test::noise;

// Fourteen strides and 4 sectors: twelve words in each column. Three tracks; two sectors before the first.
constexpr int kBefore = 2, kSectors = 144;
constexpr std::int64_t kColumnWords = 12;
cd::Disc disc() { return test::audio_disc({kBefore, 50, 100}, kBefore + kSectors); }
constexpr std::size_t kFirstByte = std::size_t{kBefore} * cd::kSectorSize;

ByteVector audio_of(const ByteVector& bytes) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(kFirstByte), bytes.end()};
}

// What the database knows: a disc whose audio is that of `right` from its first track on, and its parity.
struct Known {
  ByteVector audio;
  CtdbEntry entry;
  ByteVector parity;
};
Known known(const ByteVector& right, int npar) {
  Known k{.audio = audio_of(right), .entry = {}, .parity = {}};
  k.entry.id = 42;
  k.entry.crc32 = test::disc_crc(k.audio);
  k.entry.confidence = 7;
  k.entry.npar = npar;
  k.entry.stride = kCtdbStride;
  k.entry.parity_url = "http://parity.example/42";
  k.entry.audio = cd::SectorCount{kSectors};
  k.parity = test::parity_file(k.audio, static_cast<std::size_t>(npar));
  for (int i = 0; i < npar; ++i) {
    k.entry.syndrome.push_back(load_le16(k.parity, static_cast<std::size_t>(i * 2 * test::kStrideWords)));
  }
  return k;
}
// Made once: the slow encoder takes its time.
const Known& known16() {
  static const Known kKnown = known(noise(11, std::size_t{kBefore + kSectors} * cd::kSectorSize), 16);
  return kKnown;
}
ByteVector right_bytes() { return noise(11, std::size_t{kBefore + kSectors} * cd::kSectorSize); }

// Word k of a column at offset 0.
std::size_t place_of(std::int64_t column, std::int64_t k) {
  return kFirstByte + static_cast<std::size_t>(2 * (test::kStrideWords * (k + 1) + column));
}
void damage(ByteVector& bytes, std::int64_t column, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) {
    const std::size_t at = place_of(column, (5 * k + column) % kColumnWords);
    store_le16(bytes, at, static_cast<std::uint16_t>(load_le16(bytes, at) ^ (k * 257 + 1 + column % 7)));
  }
}

FakeFetcher server_of(const ByteVector& parity) {
  return FakeFetcher([&parity](const net::Request& request) -> Result<net::Response> {
    const auto first = parity.begin() + static_cast<std::ptrdiff_t>(request.range->first);
    return net::Response{.found = true,
                         .body = {first, first + static_cast<std::ptrdiff_t>(request.range->count)}};
  });
}

ByteVector bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

class RepairAudio : public testing::Test {
 protected:
  Result<CtdbRepair> repair(const ByteVector& bytes, const Known& k) {
    MemoryImage image(disc(), bytes);
    FakeFetcher fetcher = server_of(k.parity);
    auto result = repair_audio(image, k.entry, fetcher, sheet_);
    requests_ = fetcher.requests;
    EXPECT_EQ(image.bytes(), bytes);  // never in place
    return result;
  }
  // The record is enough to get the unrepaired BIN back.
  void expect_undone(const fs::path& record, const ByteVector& damaged) {
    ByteVector bytes = bytes_of(dir_.path() / "new.bin");
    std::istringstream lines(read_text(record).value());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) continue;
      std::istringstream fields(line);
      std::size_t lba = 0, byte = 0;
      std::string before, after;
      fields >> lba >> byte >> before >> after;
      for (std::size_t i = 0; i < 2; ++i) {
        Byte& there = bytes[lba * cd::kSectorSize + byte + i];
        EXPECT_EQ(there, std::stoi(after.substr(2 * i, 2), nullptr, 16)) << line;
        there = static_cast<Byte>(std::stoi(before.substr(2 * i, 2), nullptr, 16));
      }
    }
    EXPECT_EQ(bytes, damaged);
  }

  test::TempDir dir_;
  fs::path sheet_ = dir_.path() / "new.cue";
  std::vector<net::Request> requests_;
};

TEST_F(RepairAudio, RestoresEightWordsInEachColumn) {
  ByteVector damaged = right_bytes();
  for (std::int64_t column = 0; column < test::kStrideWords; ++column) damage(damaged, column, 8);
  const auto result = repair(damaged, known16());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->offset, 0);
  EXPECT_EQ(result->patches.size(), 8 * static_cast<std::size_t>(test::kStrideWords));
  EXPECT_EQ(bytes_of(dir_.path() / "new.bin"), right_bytes());
  EXPECT_EQ(files_in(dir_.path()), 3U);  // no .sub, as the image has none
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].url, "http://parity.example/42");
  EXPECT_EQ(requests_[0].range, (net::ByteRange{.first = 0, .count = 376'320}));
  expect_undone(result->record, damaged);
  EXPECT_THAT(read_text(sheet_).value(), testing::HasSubstr("INDEX 01 00:00:02"));
}

TEST_F(RepairAudio, RefusesNineWordsInOneColumn) {
  ByteVector damaged = right_bytes();
  damage(damaged, 5000, 8);
  damage(damaged, 7000, 9);
  const auto result = repair(damaged, known16());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::mismatch);
  EXPECT_THAT(result.error().message, testing::HasSubstr("more than 8 words"));
  EXPECT_EQ(files_in(dir_.path()), 0U);
}

// The image came some samples early or late. What that shifts over the ends of the audio is other noise.
ByteVector shifted(const ByteVector& bytes, int offset) {
  ByteVector result = noise(99, bytes.size());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::int64_t from = static_cast<std::int64_t>(at) - std::int64_t{4} * offset;
    if (from >= 0 && from < static_cast<std::int64_t>(bytes.size())) {
      result[at] = bytes[static_cast<std::size_t>(from)];
    }
  }
  return result;
}

TEST_F(RepairAudio, RepairsAtOtherOffsets) {
  for (const int offset : {6, -667, 5879, -5879}) {
    const ByteVector right = shifted(right_bytes(), offset);
    ByteVector damaged = right;
    for (const std::int64_t column : {0, 1, 12, 4000, 11'759}) {
      for (std::int64_t k = 0; k < 7; ++k) {
        const std::size_t at = place_of(column + 2 * offset, k);
        damaged[at] = static_cast<Byte>(damaged[at] ^ 0x5A);
      }
    }
    const auto result = repair(damaged, known16());
    ASSERT_TRUE(result) << offset << result.error().message;
    EXPECT_EQ(result->offset, offset);
    EXPECT_EQ(result->patches.size(), 35U);
    EXPECT_EQ(bytes_of(dir_.path() / "new.bin"), right);
    for (const char* name : {"new.bin", "new.cue", "new.patch"}) fs::remove(dir_.path() / name);
  }
}

// Eight columns are looked at, an eighth of all apart: one of them that is right is enough.
TEST_F(RepairAudio, TakesTheOffsetFromOneColumnThatIsRight) {
  constexpr int kOffset = 6;
  constexpr std::int64_t kRight = 7 * test::kStrideWords / 8;
  const ByteVector right = shifted(right_bytes(), kOffset);
  ByteVector damaged = right;
  for (std::int64_t column = 0; column < test::kStrideWords; ++column) {
    if (column != kRight) damage(damaged, column + std::int64_t{2} * kOffset, 8);
  }
  const auto result = repair(damaged, known16());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->offset, kOffset);
  EXPECT_EQ(bytes_of(dir_.path() / "new.bin"), right);
}

// As many words of each column are wrong as can be mended: columns cannot tell the offset, other tracks can.
TEST_F(RepairAudio, TakesTheOffsetFromTracksThatAreRight) {
  constexpr int kOffset = 30;
  Known k = known16();
  k.entry.npar = 8;
  const ByteVector right = shifted(right_bytes(), kOffset);
  ByteVector damaged = right;
  for (std::int64_t column = 0; column < test::kStrideWords; ++column) {
    for (std::int64_t row = 4; row < 8; ++row) {  // all within the second track
      const std::size_t at = place_of(column + std::int64_t{2} * kOffset, row);
      damaged[at] = static_cast<Byte>(damaged[at] + 1);
    }
  }
  EXPECT_FALSE(repair(damaged, k));
  MemoryImage image(disc(), right);
  const CtdbSums sums =
      ctdb_sums(ctdb_layout(disc()).value(), source_of(image), CtdbScope::checksums).value();
  for (const OffsetCrcs& track : sums.tracks) k.entry.track_crcs.push_back(track.at(kOffset).value());
  const auto result = repair(damaged, k);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->offset, kOffset);
  EXPECT_EQ(bytes_of(dir_.path() / "new.bin"), right);
}

TEST_F(RepairAudio, AcceptsOnlyTheChecksumOfTheEntry) {
  ByteVector damaged = right_bytes();
  damage(damaged, 100, 2);
  Known k = known16();
  k.entry.crc32 ^= 1;
  const auto result = repair(damaged, k);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::mismatch);
  EXPECT_THAT(result.error().message, testing::HasSubstr("checksum"));
  EXPECT_EQ(files_in(dir_.path()), 0U);
}

TEST_F(RepairAudio, WritesNothingOfAudioThatIsRight) {
  const auto result = repair(right_bytes(), known16());
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->patches.empty());
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(files_in(dir_.path()), 0U);
}

TEST_F(RepairAudio, CopiesTheSubchannel) {
  ByteVector damaged = right_bytes();
  damage(damaged, 3, 1);
  MemoryImage image(disc(), damaged);
  image.with_sub = true;
  FakeFetcher fetcher = server_of(known16().parity);
  ASSERT_TRUE(repair_audio(image, known16().entry, fetcher, sheet_));
  const ByteVector sub = bytes_of(dir_.path() / "new.sub");
  ASSERT_EQ(sub.size(), std::size_t{kBefore + kSectors} * cd::kSubSize);
  EXPECT_EQ(sub.back(), kBefore + kSectors - 1);
}

TEST_F(RepairAudio, LeavesFilesThatAreThere) {
  ByteVector damaged = right_bytes();
  damage(damaged, 3, 1);
  for (const char* name : {"new.cue", "new.bin", "new.sub", "new.patch"}) {
    std::ofstream(dir_.path() / name) << "mine";
    const auto result = repair(damaged, known16());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::exists);
    EXPECT_TRUE(requests_.empty());
    EXPECT_EQ(read_text(dir_.path() / name).value(), "mine");
    fs::remove(dir_.path() / name);
  }
}

TEST_F(RepairAudio, RefusesParityThatIsNotTheEntrys) {
  ByteVector damaged = right_bytes();
  damage(damaged, 3, 1);
  const auto kind_with = [&](const Known& k) {
    const auto result = repair(damaged, k);
    EXPECT_EQ(files_in(dir_.path()), 0U);
    return result ? ErrorKind::usage : result.error().kind;
  };
  Known k = known16();
  k.entry.syndrome[15] ^= 1;
  EXPECT_EQ(kind_with(k), ErrorKind::mismatch);
  k = known16();
  k.entry.parity_url.clear();
  EXPECT_EQ(kind_with(k), ErrorKind::unsupported);
  k = known16();
  k.entry.audio = cd::SectorCount{kSectors - 1};
  EXPECT_EQ(kind_with(k), ErrorKind::unsupported);
  k = known16();
  k.entry.stride = 588;
  EXPECT_EQ(kind_with(k), ErrorKind::unsupported);
  k = known16();
  std::fill(k.parity.begin() + 2000, k.parity.end(), Byte{0});
  k.entry.syndrome.clear();
  EXPECT_EQ(kind_with(k), ErrorKind::mismatch);
}

TEST_F(RepairAudio, RefusesShortAndMissingAnswers) {
  ByteVector damaged = right_bytes();
  damage(damaged, 3, 1);
  MemoryImage image(disc(), damaged);
  const auto kind_with = [&](Result<net::Response> answer) {
    FakeFetcher fetcher([&](const net::Request&) { return answer; });
    const auto result = repair_audio(image, known16().entry, fetcher, sheet_);
    EXPECT_EQ(files_in(dir_.path()), 0U);
    return result ? ErrorKind::usage : result.error().kind;
  };
  const ByteVector& parity = known16().parity;
  EXPECT_EQ(kind_with(net::Response{.found = false, .body = {}}), ErrorKind::network);
  EXPECT_EQ(kind_with(net::Response{.found = true, .body = {}}), ErrorKind::invalid);
  EXPECT_EQ(kind_with(net::Response{.found = true, .body = {parity.begin(), parity.end() - 1}}),
            ErrorKind::invalid);
  EXPECT_EQ(kind_with(fail(ErrorKind::timeout, "no answer")), ErrorKind::timeout);
}

TEST_F(RepairAudio, StopsWhenAsked) {
  ByteVector damaged = right_bytes();
  damage(damaged, 3, 1);
  MemoryImage image(disc(), damaged);
  FakeFetcher fetcher = server_of(known16().parity);
  std::stop_source stop;
  stop.request_stop();
  const auto result = repair_audio(image, known16().entry, fetcher, sheet_, stop.get_token());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(files_in(dir_.path()), 0U);
}

// Eight syndromes mend four words, from the first half of the file.
TEST_F(RepairAudio, UsesAsManySyndromesAsTheEntryHas) {
  Known k = known16();
  k.entry.npar = 8;
  ByteVector damaged = right_bytes();
  for (const std::int64_t column : {0, 700, 11'759}) damage(damaged, column, 4);
  const auto result = repair(damaged, k);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(requests_[0].range->count, 188'160U);
  EXPECT_EQ(bytes_of(dir_.path() / "new.bin"), right_bytes());
}

TEST(PatchRecord, SaysWhatAndByWhom) {
  CtdbEntry entry;
  entry.id = 113'068;
  entry.crc32 = 0x13f525de;
  entry.confidence = 896;
  const std::vector<AudioPatch> patches{{.lba = {12}, .byte = 34, .before = 0x1234, .after = 0x00FF}};
  EXPECT_EQ(patch_record(disc(), entry, -6, patches),
            "# binrip audio patch 1\n"
            "# disc " +
                cd::toc_identity(disc()) +
                "\n"
                "# by the parity of CTDB's entry 113068: CRC-32 13f525de, confidence 896, offset -6 samples\n"
                "# each line: LBA, byte in the sector, two bytes before, and after the repair\n"
                "12 34 3412 ff00\n");
}

}  // namespace
}  // namespace binrip::verify
