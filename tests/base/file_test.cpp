#include "binrip/base/file.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace binrip {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const Byte*>(text.data()), text.size()}; }

TEST(File, WriteAtomicallyReplacesWhatWasThere) {
  const test::TempDir dir;
  ASSERT_TRUE(write_atomically(dir / "a", "one"));
  ASSERT_TRUE(write_atomically(dir / "a", "two"));
  EXPECT_EQ(read_text(dir / "a").value(), "two");
  EXPECT_FALSE(std::filesystem::exists(dir / "a.tmp"));
}

TEST(File, ReadTextGoesToTheEndWhateverTheSizeSays) {
  EXPECT_EQ(std::filesystem::file_size("/proc/self/comm"), 0U);
  EXPECT_EQ(read_text("/proc/self/comm").value().back(), '\n');
  EXPECT_GT(read_text("/proc/self/smaps").value().size(), 4096U);
  EXPECT_EQ(read_text("/dev/zero", 10'000).error().kind, ErrorKind::invalid);

  const test::TempDir dir;
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 8192U}) {
    const std::string text(size, 'x');
    ASSERT_TRUE(write_atomically(dir / "a", text));
    EXPECT_EQ(read_text(dir / "a", 8192).value(), text);
  }
  EXPECT_EQ(read_text(dir / "a", 8191).error().kind, ErrorKind::invalid);
}

TEST(File, WriteAtomicallyLeavesNothingBehindWhenItFails) {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "a" / "inner");  // a folder cannot be replaced by a file
  EXPECT_FALSE(write_atomically(dir / "a", "one"));
  EXPECT_FALSE(std::filesystem::exists(dir / "a.tmp"));
}

TEST(File, ARenameThatKeepsLeavesBothFilesAlone) {
  const test::TempDir dir;
  ASSERT_TRUE(write_atomically(dir / "a", "new"));
  ASSERT_TRUE(write_atomically(dir / "b", "old"));
  const auto kept = rename_durably(dir / "a", dir / "b", Occupied::keep);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::exists);
  EXPECT_EQ(read_text(dir / "b").value(), "old");
  ASSERT_TRUE(rename_durably(dir / "a", dir / "c", Occupied::keep));
  ASSERT_TRUE(rename_durably(dir / "c", dir / "b"));
  EXPECT_EQ(read_text(dir / "b").value(), "new");
}

TEST(File, AFullDeviceIsNoSpace) {
  auto full = File::open_update("/dev/full");
  ASSERT_TRUE(full);
  const auto result = full->write_at(bytes_of("x"), 0);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::no_space);
}

TEST(File, CreateNewRefusesAnExistingFile) {
  const test::TempDir dir;
  ASSERT_TRUE(File::create(dir / "a"));
  const auto second = File::create_new(dir / "a");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::exists);
}

TEST(File, ReadsLessOnlyAtTheEnd) {
  const test::TempDir dir;
  auto file = File::create(dir / "a");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write_at(bytes_of("hello"), 3));
  ByteVector buffer(16);
  EXPECT_EQ(file->read_at(buffer, 0).value(), 8U);
  EXPECT_EQ(file->read_at(buffer, 100).value(), 0U);
}

TEST(File, ErrorsNameThePathAndTheReason) {
  const auto file = File::open_read("/nonexistent/file");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "cannot open /nonexistent/file: No such file or directory");
}

}  // namespace
}  // namespace binrip
