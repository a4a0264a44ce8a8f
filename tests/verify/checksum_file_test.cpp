// The form is that of sha256sum of coreutils; tests/cli/cases/sha256.sh lets that program read what binrip
// writes.
#include "binrip/verify/checksum_file.hpp"

#include <gtest/gtest.h>

namespace binrip::verify {
namespace {

const std::string kDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(ChecksumFile, IsWrittenAndReadAsSha256sumDoes) {
  // As `sha256sum` of coreutils 9.1 writes them, of empty files.
  const std::vector<FileChecksum> files = {{kDigest, "out (Track 1).bin"},
                                           {kDigest, "back\\slash"},
                                           {kDigest, "two\nlines"},
                                           {kDigest, "car\rriage"}};
  const std::string text = kDigest + "  out (Track 1).bin\n\\" + kDigest + "  back\\\\slash\n\\" + kDigest +
                           "  two\\nlines\n\\" + kDigest + "  car\\rriage\n";
  EXPECT_EQ(checksum_file(files), text);
  EXPECT_EQ(parse_checksum_file(text, "x").value(), files);
}

TEST(ChecksumFile, ReadsOtherFormsOfTheSame) {
  std::string upper = kDigest;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(parse_checksum_file("# by hand\n" + upper + " *a b", "x").value(),
            (std::vector<FileChecksum>{{kDigest, "a b"}}));
  EXPECT_EQ(parse_checksum_file("", "x").value(), std::vector<FileChecksum>{});
}

TEST(ChecksumFile, RefusesWhatIsNone) {
  const auto error = [](const std::string& text) {
    return parse_checksum_file(text, "x.sha256").error().message;
  };
  EXPECT_EQ(error("# y\nnothing\n"), "x.sha256:2: expected 64 hex digits, got \"nothing\"");
  EXPECT_EQ(error("\n"), "x.sha256:1: expected 64 hex digits, got \"\"");
  EXPECT_EQ(error(kDigest.substr(1) + "g  a"),
            "x.sha256:1: expected 64 hex digits, got \"" + kDigest.substr(1) + "g  a\"");
  EXPECT_EQ(error(kDigest + "0  a"),
            "x.sha256:1: expected two blanks after the digits, got \"" + kDigest + "0  a\"");
  EXPECT_EQ(error(kDigest + "  "), "x.sha256:1: expected the name of a file, got \"" + kDigest + "  \"");
  for (const char* name : {"a\\", "a\\x"}) {
    EXPECT_EQ(error(std::string("\\") + kDigest + "  " + name),
              "x.sha256:1: expected the name of a file, got \"\\" + kDigest + "  " + name + "\"");
  }
}

}  // namespace
}  // namespace binrip::verify
