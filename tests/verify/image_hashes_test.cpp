#include "binrip/verify/image_hashes.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace binrip::verify {
namespace {

std::string pattern(std::size_t size) {
  std::string s(size, '\0');
  for (std::size_t i = 0; i < size; ++i) s[i] = static_cast<char>((i * 2'654'435'761U) >> 13);
  return s;
}

void write(const std::filesystem::path& path, std::string_view data) {
  std::ofstream(path, std::ios::binary) << data;
}

Digests hash(std::string_view s) {
  Hasher hasher;
  hasher.update({reinterpret_cast<const Byte*>(s.data()), s.size()});
  return hasher.finish();
}

// Of several tracks together.
Digests hash_of_several(std::string_view s) {
  Digests digests = hash(s);
  digests.md5.clear();
  digests.sha1.clear();
  return digests;
}

// Sizes around the 1 MiB of a block, among them none at all.
const std::vector<std::uint64_t> kSizes = {1, 1U << 20, 0, (1U << 20) + 1, 3'000'000, 2352};

TEST(HashImage, GivesEachTracksDigestsAndTheWholes) {
  const test::TempDir dir;
  std::uint64_t total = 0;
  for (const std::uint64_t size : kSizes) total += size;
  const std::string data = pattern(total);
  write(dir / "x.bin", data);
  const auto digests = hash_image(dir / "x.bin", kSizes);
  ASSERT_TRUE(digests);
  EXPECT_EQ(digests->whole, hash_of_several(data));
  ASSERT_EQ(digests->tracks.size(), kSizes.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < kSizes.size(); ++i) {
    EXPECT_EQ(digests->tracks[i], hash(std::string_view(data).substr(at, kSizes[i]))) << i;
    at += kSizes[i];
  }
  EXPECT_EQ(*hash_file(dir / "x.bin"), hash(data));
}

TEST(HashSplitImage, AgreesWithTheSameTracksInOneFile) {
  const test::TempDir dir;
  const std::string data = pattern(5000);
  write(dir / "whole.bin", data);
  write(dir / "1.bin", std::string_view(data).substr(0, 2000));
  write(dir / "2.bin", std::string_view(data).substr(2000));
  const std::vector<std::uint64_t> sizes = {2000, 3000};
  const std::vector<std::filesystem::path> bins = {dir / "1.bin", dir / "2.bin"};
  EXPECT_EQ(*hash_split_image(bins), *hash_image(dir / "whole.bin", sizes));
}

TEST(HashImage, OnlyTrackIsTheWhole) {
  const test::TempDir dir;
  const std::string data = pattern(3'000'000);
  write(dir / "x.bin", data);
  const std::vector<std::uint64_t> sizes = {data.size()};
  const auto digests = hash_image(dir / "x.bin", sizes);
  ASSERT_TRUE(digests);
  EXPECT_EQ(digests->tracks, std::vector{hash(data)});
  EXPECT_EQ(digests->whole, hash(data));
  const std::vector<std::filesystem::path> bins = {dir / "x.bin"};
  EXPECT_EQ(*hash_split_image(bins), *digests);
  const std::vector<std::uint64_t> wrong = {data.size() + 1};
  EXPECT_EQ(hash_image(dir / "x.bin", wrong).error().kind, ErrorKind::invalid);
}

TEST(HashImage, RefusesAFileOfAnotherSize) {
  const test::TempDir dir;
  write(dir / "x.bin", "12345");
  const std::vector<std::uint64_t> sizes = {2, 4};
  const auto result = hash_image(dir / "x.bin", sizes);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::invalid);
  EXPECT_EQ(result.error().message, (dir / "x.bin").string() + ": expected 6 bytes, got 5");
}

TEST(HashImage, StopsWhenAsked) {
  const test::TempDir dir;
  write(dir / "x.bin", "12345");
  std::stop_source stop;
  stop.request_stop();
  const std::vector<std::uint64_t> sizes = {5};
  EXPECT_EQ(hash_image(dir / "x.bin", sizes, stop.get_token()).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(hash_file(dir / "x.bin", stop.get_token()).error().kind, ErrorKind::cancelled);
}

TEST(HashFile, SaysWhichFileIsMissing) {
  const auto result = hash_file("/nonexistent/x.bin");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "cannot open /nonexistent/x.bin: No such file or directory");
}

}  // namespace
}  // namespace binrip::verify
