// What is said of an image by itself; of one with all files of a rip: tests/job/verify_rip_test.cpp.
#include "binrip/verify/verify_image.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "support/temp_dir.hpp"

#include "binrip/base/sha256.hpp"
#include "binrip/verify/checksum_file.hpp"
#include "binrip/verify/seal.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyImageTest : public testing::Test {
 protected:
  void write(const char* name, std::string_view bytes) const {
    std::ofstream(dir_ / name, std::ios::binary) << bytes;
  }
  void write_audio() const {
    write("a.bin", kAudio);
    write("a.cue", "FILE \"a.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n");
  }
  void write_data() const {
    std::array<Byte, cd::kSectorSize> sector;
    cd::build_mode1(sector, cd::Lba{0}, ByteVector(2048, 7));
    write("a.bin", {reinterpret_cast<const char*>(sector.data()), sector.size()});
    write("a.cue", "FILE \"a.bin\" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n");
  }
  void write_checksum_of(std::string_view bin) const {
    const Bytes bytes(reinterpret_cast<const Byte*>(bin.data()), bin.size());
    write("a.sha256", sha256_hex(bytes) + "  a.bin\n");
  }
  Verification verify() const {
    const auto result = verify_image(dir_ / "a.cue");
    EXPECT_TRUE(result) << result.error().message;
    return *result;
  }

  static inline const std::string kAudio = std::string(std::size_t{3} * cd::kSectorSize, '\x11');
  test::TempDir dir_;
};

TEST_F(VerifyImageTest, SaysWhatItsVerdictRestsUpon) {
  write_audio();
  EXPECT_EQ(verify().verdict,
            "nothing is wrong, but there is no report to compare with, and no data sector to check");
  write_data();
  EXPECT_EQ(verify().verdict, "all data sectors that can be checked are right; no report to compare with");
  write_audio();
  write_checksum_of(kAudio);
  EXPECT_EQ(verify().verdict, "all files are as their checksums say; no report to compare with");
}

TEST_F(VerifyImageTest, ComparesTheFilesThatOutSha256Names) {
  write_audio();
  write_checksum_of(kAudio);
  const Verification right = verify();
  EXPECT_THAT(right.problems, IsEmpty());
  EXPECT_EQ(right.checksums_compared, 1);
  EXPECT_EQ(right.exit_code, Verification::kGood);

  write_checksum_of("other bytes");
  const Verification wrong = verify();
  EXPECT_THAT(wrong.problems, ElementsAre("a.bin: not as a.sha256 has it"));
  EXPECT_EQ(wrong.exit_code, Verification::kFaulty);
}

TEST_F(VerifyImageTest, AnOutSha256ThatCannotBeReadIsAProblem) {
  write_audio();
  write("a.sha256", "no checksum\n");
  EXPECT_THAT(verify().problems, ElementsAre(HasSubstr("a.sha256:1: expected")));
  fs::resize_file(dir_ / "a.sha256", (1U << 20) + 1);
  const Verification large = verify();
  EXPECT_THAT(large.problems, ElementsAre(HasSubstr("expected at most 1048576 bytes, got 1048577")));
  EXPECT_EQ(large.checksums_compared, 0);
}

// The log is written by the rip: as large as this it is another's.
TEST_F(VerifyImageTest, ALogBeyond64MiBIsNotRead) {
  write_audio();
  write("a.json", seal_json(image::to_json(image::Report{})));
  write("a.log", "");
  EXPECT_THAT(verify().problems, testing::Contains("a.log: its checksum of itself does not fit"));
  fs::resize_file(dir_ / "a.log", (64U << 20) + 1);
  EXPECT_THAT(verify().problems,
              testing::Contains(HasSubstr("a.log: expected at most 67108864 bytes, got 67108865")));
}

}  // namespace
}  // namespace binrip::verify
