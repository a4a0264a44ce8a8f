#include "binrip/batch/manifest.hpp"

#include <csignal>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/temp_dir.hpp"

namespace binrip::batch {
namespace {

const ManifestRow kGood = {.time = "2026-11-26T12:00:00Z",
                           .order = "1",
                           .barcode = "4006381333931",
                           .title = "Say \"Hello, World\"",
                           .volume = "2",
                           .drive = "usb-1",
                           .disc_id = "abc-",
                           .folder = "Band/Title [abc-]",
                           .end = DiscEnd::published,
                           .exit_code = 0,
                           .verdict = "every sector proven"};
const ManifestRow kFailed = {.time = "2026-11-26T12:05:00Z",
                             .order = "2",
                             .drive = "usb-1",
                             .end = DiscEnd::failed,
                             .exit_code = 1,
                             .verdict = "a DVD"};

class ManifestFile : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_ / "manifest.csv"; }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(path(), std::ios::binary).rdbuf();
    return out.str();
  }
  void write(std::string_view contents) const { std::ofstream(path(), std::ios::binary) << contents; }
  test::TempDir folder_;
};

TEST_F(ManifestFile, HasALineForEachDisc) {
  auto manifest = Manifest::open(folder_.path());
  ASSERT_TRUE(manifest);
  ASSERT_TRUE(manifest->append(kGood));
  ASSERT_TRUE(manifest->append(kFailed));
  EXPECT_EQ(text(),
            "time,order,barcode,title,volume,drive,disc_id,folder,end,exit_code,verdict\n"
            "2026-11-26T12:00:00Z,1,4006381333931,\"Say \"\"Hello, World\"\"\",2,usb-1,abc-,Band/Title "
            "[abc-],published,"
            "0,every sector proven\n"
            "2026-11-26T12:05:00Z,2,,,,usb-1,,,failed,1,a DVD\n");
}

TEST_F(ManifestFile, IsReadBack) {
  {
    auto manifest = Manifest::open(folder_.path());
    ASSERT_TRUE(manifest->append(kGood));
  }
  {
    auto manifest = Manifest::open(folder_.path());
    EXPECT_EQ(manifest->rows(), std::vector{kGood});
    EXPECT_EQ(manifest->torn(), "");
    ASSERT_TRUE(manifest->append(kFailed));
  }
  EXPECT_EQ(*parse_manifest(text(), "m"), (std::vector{kGood, kFailed}));
}

TEST_F(ManifestFile, ForgetsNoWholeLineAtAnyTruncation) {
  {
    auto manifest = Manifest::open(folder_.path());
    ASSERT_TRUE(manifest->append(kGood));
    ASSERT_TRUE(manifest->append(kFailed));
  }
  const std::string whole = text();
  const std::size_t header = whole.find('\n') + 1, first = whole.find('\n', header) + 1;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (const std::string& tail : {std::string(), std::string(whole.size() - size, '\0')}) {
      write(whole.substr(0, size) + tail);
      const std::vector<ManifestRow> expected = size < first          ? std::vector<ManifestRow>{}
                                                : size < whole.size() ? std::vector{kGood}
                                                                      : std::vector{kGood, kFailed};
      ASSERT_EQ(*parse_manifest(text(), "m"), expected) << size;
      const bool near_an_end =
          size == 1 || size == header || size + 1 == first || size == first || size + 1 >= whole.size();
      if (size % 50 != 0 && !near_an_end) continue;  // each costs some syncs
      auto manifest = Manifest::open(folder_.path());
      ASSERT_TRUE(manifest) << size << ": " << manifest.error().message;
      ASSERT_EQ(manifest->rows(), expected) << size;
      const bool at_end =
          (size == 0 || size == header || size == first || size == whole.size()) && tail.empty();
      ASSERT_EQ(manifest->torn().empty(), at_end) << size;
      if (size == whole.size()) continue;
      ASSERT_TRUE(manifest->append(kFailed));
      ASSERT_EQ(text(), size < first ? whole.substr(0, header) + whole.substr(first) : whole) << size;
    }
  }
}

TEST_F(ManifestFile, AddsNoRowTwice) {
  auto manifest = Manifest::open(folder_.path());
  ManifestRow row = kGood;
  row.title = "two\nlines";
  ASSERT_TRUE(manifest->append(row));
  ASSERT_TRUE(manifest->append(kFailed));
  const std::string before = text();
  ASSERT_TRUE(manifest->append(row));
  EXPECT_EQ(text(), before);
  EXPECT_EQ(manifest->rows().size(), 2U);
}

TEST_F(ManifestFile, KeepsEachRowOneLineWhateverADiscSays) {
  {
    auto manifest = Manifest::open(folder_.path());
    ManifestRow row = kGood;
    row.title = std::string("a\r\nb\0c\xFF", 7) + std::string(5000, 'x');
    row.verdict = "\x1b[2J";
    ASSERT_TRUE(manifest->append(row));
  }
  const auto manifest = Manifest::open(folder_.path());
  ASSERT_TRUE(manifest) << manifest.error().message;
  ASSERT_EQ(manifest->rows().size(), 1U);
  EXPECT_EQ(manifest->rows()[0].title.substr(0, 8), "a  b c\u00FF");
  EXPECT_EQ(manifest->rows()[0].title.size(), 1000U);
  EXPECT_EQ(manifest->rows()[0].verdict, "[2J");
}

TEST_F(ManifestFile, OtherMistakesAreErrorsAndLeftAlone) {
  const std::string header = "time,order,barcode,title,volume,drive,disc_id,folder,end,exit_code,verdict\n";
  const auto message = [&](const std::string& contents) {
    write(contents);
    const auto manifest = Manifest::open(folder_.path());
    EXPECT_EQ(text(), contents);
    return manifest ? "no error" : manifest.error().message;
  };
  const std::string at = path().string();
  EXPECT_EQ(message(header + "t,1\nt,,,,,,,,failed,1,\n"), at + ":2: expected 11 fields, got 2");
  EXPECT_EQ(message(header + "t,,,,,,,,lost,1,\n"), at + ":2: expected how the disc ended, got \"lost\"");
  EXPECT_EQ(message(header + "t,,,,,,,,failed,one,\n"), at + ":2: expected an exit code, got \"one\"");
  EXPECT_EQ(message("a,b\nc,d\n").substr(0, at.size() + 21), at + ":1: expected \"time,or");
  EXPECT_EQ(message(header + std::string("t,\0,,,,,,,failed,1,\nt,,,,,,,,failed,1,\n", 39)),
            at + ":2: expected text, got a zero byte");
}

TEST_F(ManifestFile, BelongsToOneStation) {
  const auto first = Manifest::open(folder_.path());
  ASSERT_TRUE(first);
  const auto second = Manifest::open(folder_.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::exists);
}

// The file may not grow beyond a limit, as on a full disk: half a row gets in.
TEST_F(ManifestFile, TakesBackARowThatDoesNotFit) {
  auto manifest = Manifest::open(folder_.path());
  ASSERT_TRUE(manifest->append(kGood));
  const std::string before = text();
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const rlimit tight{.rlim_cur = before.size() + 10, .rlim_max = old.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto written = manifest->append(kFailed);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(written);
  EXPECT_EQ(text(), before);
  EXPECT_EQ(manifest->rows().size(), 1U);
  ASSERT_TRUE(manifest->append(kFailed));
  EXPECT_EQ(parse_manifest(text(), "m")->size(), 2U);
}

}  // namespace
}  // namespace binrip::batch
