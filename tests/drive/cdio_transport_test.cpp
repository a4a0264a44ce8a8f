// Opening what is not a drive. Drives themselves are in the test beds.
#include "binrip/drive/cdio_transport.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "support/temp_dir.hpp"

namespace binrip::drive {
namespace {

Error error_of(const std::string& path) {
  auto opened = open_cdio(path);
  EXPECT_FALSE(opened.has_value()) << path;
  return opened ? Error{} : opened.error();
}

TEST(CdioTransport, MissingNodeIsNoDevice) {
  const Error error = error_of("/dev/no-such-drive");
  EXPECT_EQ(error.kind, ErrorKind::no_device);
  EXPECT_EQ(error.message, "no such device: /dev/no-such-drive");
  EXPECT_FALSE(error.hint.empty());
}

TEST(CdioTransport, FilesAndFoldersAreNotDrives) {
  const test::TempDir folder;
  std::ofstream(folder / "image.iso") << "data";
  const std::string file = (folder / "image.iso").string();
  EXPECT_EQ(error_of(file).kind, ErrorKind::usage);
  EXPECT_EQ(error_of(file).message, std::filesystem::canonical(file).string() + " is a file, not a CD drive");
  EXPECT_EQ(error_of(folder.path().string()).kind, ErrorKind::usage);
  EXPECT_EQ(error_of("/dev/null").message, "/dev/null is no block device, not a CD drive");
}

TEST(CdioTransport, LinksAreFollowed) {
  const test::TempDir folder;
  std::filesystem::create_symlink("/dev/null", folder / "cdrom");
  EXPECT_EQ(error_of((folder / "cdrom").string()).message, "/dev/null is no block device, not a CD drive");
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_EQ(error_of((folder / "loop").string()).kind, ErrorKind::io);
  std::filesystem::create_symlink("gone", folder / "dangling");
  EXPECT_EQ(error_of((folder / "dangling").string()).kind, ErrorKind::no_device);
}

TEST(CdioTransport, AFileUsedAsAFolderIsNoDevice) {
  EXPECT_EQ(error_of("/dev/null/sr0").kind, ErrorKind::no_device);
  EXPECT_EQ(error_of("").kind, ErrorKind::no_device);
}

// A block device with no driver behind it.
TEST(CdioTransport, NodeWithoutADriveIsNoDevice) {
  const test::TempDir folder;
  const std::string node = (folder / "node").string();
  if (::mknod(node.c_str(), S_IFBLK | 0600, makedev(240, 77)) != 0) GTEST_SKIP() << "needs CAP_MKNOD";
  const Error error = error_of(node);
  EXPECT_TRUE(error.kind == ErrorKind::no_device || error.kind == ErrorKind::permission) << error.message;
}

}  // namespace
}  // namespace binrip::drive
