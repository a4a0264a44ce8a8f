#include "binrip/verify/audit.hpp"

#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

#include "binrip/base/sha256.hpp"
#include "binrip/cd/ecc.hpp"

namespace binrip::verify {
namespace {

using cd::TrackMode;
using image::StoredPart;
using Sector = std::array<Byte, cd::kSectorSize>;

constexpr cd::Lba kLba{1000};
constexpr std::array<Byte, 4> kForm1 = {0, 0, 0x08, 0}, kForm2 = {0, 0, cd::kSubmodeForm2, 0};

Sector mode1(cd::Lba lba = kLba) {
  Sector s;
  const ByteVector data(2048, 0x5A);
  cd::build_mode1(s, lba, data);
  return s;
}
Sector mode2(std::array<Byte, 4> subheader, cd::Lba lba = kLba) {
  Sector s;
  const ByteVector data(2324, 0x5A);
  cd::build_mode2(s, lba, subheader, data);
  return s;
}
std::optional<SectorFault> fault(Sector s, TrackMode mode, const std::function<void(Sector&)>& change = {},
                                 StoredPart stored = StoredPart::all) {
  if (change) change(s);
  return fault_of(s, kLba, mode, stored);
}
void flip(Sector& s, std::size_t at) { s[at] ^= 0x10; }

TEST(FaultOf, FindsNoneInRightSectors) {
  EXPECT_EQ(fault(mode1(), TrackMode::mode1), std::nullopt);
  EXPECT_EQ(fault(mode2(kForm1), TrackMode::mode2), std::nullopt);
  EXPECT_EQ(fault(mode2(kForm2), TrackMode::cdi), std::nullopt);
  Sector empty;
  cd::build_mode0(empty, kLba);
  EXPECT_EQ(fault(empty, TrackMode::mode1), std::nullopt);
}

TEST(FaultOf, NamesTheFirstThatIsWrong) {
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { flip(s, 5); }), SectorFault::no_sync);
  EXPECT_EQ(fault(mode1({1001}), TrackMode::mode1), SectorFault::wrong_address);
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { s[12] = 0xFF; }), SectorFault::wrong_address);
  EXPECT_EQ(fault(mode1(), TrackMode::mode2), SectorFault::wrong_mode);
  EXPECT_EQ(fault(mode2(kForm1), TrackMode::mode1), SectorFault::wrong_mode);
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { s[15] = 3; }), SectorFault::wrong_mode);
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { s[15] = 0; }), SectorFault::wrong_mode)
      << "Mode 0 holds nothing";
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { flip(s, 100); }), SectorFault::wrong_edc);
  EXPECT_EQ(fault(mode2(kForm2), TrackMode::mode2, [](Sector& s) { flip(s, 100); }), SectorFault::wrong_edc);
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, [](Sector& s) { flip(s, 2340); }), SectorFault::wrong_ecc);
  EXPECT_EQ(fault(mode2(kForm1), TrackMode::mode2, [](Sector& s) { flip(s, 2100); }), SectorFault::wrong_ecc);
}

TEST(FaultOf, SaysNothingOfWhatWasBuilt) {
  const auto break_it = [](Sector& s) { flip(s, 100); };
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, break_it, StoredPart::user_data), std::nullopt);
  EXPECT_EQ(fault(mode1(), TrackMode::mode1, break_it, StoredPart::nothing), std::nullopt);
  EXPECT_EQ(fault(mode2(kForm1), TrackMode::mode2, break_it, StoredPart::without_header),
            SectorFault::wrong_edc);
}

// Two tracks in one file: data of 3 sectors, the second wrong, and audio of 2; a subchannel with right Qs but
// for the third and the fourth.
class AuditImageTest : public testing::Test {
 protected:
  AuditImageTest() {
    std::string bin, sub;
    for (int i = 0; i < 3; ++i) {
      Sector s = mode1({i});
      if (i == 1) flip(s, 500);
      bin.append(s.begin(), s.end());
    }
    bin.append(std::size_t{2} * cd::kSectorSize, '\x11');
    for (int i = 0; i < 5; ++i) sub += record(i);
    write("a.bin", bin);
    write("a.sub", sub);
    write("a.cue",
          "FILE \"a.bin\" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n"
          "  TRACK 02 AUDIO\n    INDEX 01 00:00:03\n");
  }
  void write(const char* name, std::string_view bytes) const {
    std::ofstream(dir_ / name, std::ios::binary) << bytes;
  }
  static std::string record(int i) {
    const Byte track = i < 3 ? 1 : 2;
    const cd::Lba lba{i == 2 ? 77 : i};
    cd::QBytes q = cd::encode_q(cd::QPosition{static_cast<Byte>(track == 1 ? 4 : 0), track, 1,
                                              cd::to_msf(cd::SectorCount{0}), cd::to_msf(lba)});
    if (i == 3) q[5] ^= 1;
    std::string bytes(cd::kSubSize, '\0');
    std::copy(q.begin(), q.end(), bytes.begin() + cd::kQOffset);
    return bytes;
  }

  test::TempDir dir_;
};

TEST_F(AuditImageTest, TellsEachTrackSectorAndQ) {
  const auto image = image::open_image((dir_ / "a.cue").string());
  ASSERT_TRUE(image) << image.error().message;
  const auto audit = audit_image(**image);
  ASSERT_TRUE(audit) << audit.error().message;
  ASSERT_EQ(audit->tracks.size(), 2U);
  EXPECT_EQ(audit->tracks[0].checked, 3);
  EXPECT_EQ(audit->tracks[0].faulty, 1);
  EXPECT_EQ(audit->tracks[1].checked, 0);
  EXPECT_EQ(audit->faults, (std::vector<FaultRun>{{{cd::Lba{1}, cd::Lba{2}}, SectorFault::wrong_edc}}));
  EXPECT_EQ(audit->records, 5);
  EXPECT_EQ(audit->q_right, 3);
  EXPECT_EQ(audit->q_wrong_address, 1);
  EXPECT_EQ(audit->q_wrong_crc, 1);
  const ByteVector silence(std::size_t{2} * cd::kSectorSize, 0x11);
  EXPECT_EQ(audit->tracks[1].digests.sha256, sha256_hex(silence));
  EXPECT_EQ(audit->whole.size, 5 * cd::kSectorSize);
}

TEST_F(AuditImageTest, TakesOnlyTheBeginningOfAPregapForAudio) {
  std::string bin(std::size_t{2} * cd::kSectorSize, '\x11');
  for (int i = 2; i < 6; ++i) {
    Sector s = mode1({i});
    if (i == 4) flip(s, 3);
    bin.append(s.begin(), s.end());
  }
  write("a.bin", bin);
  write("a.cue",
        "FILE \"a.bin\" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n"
        "  TRACK 02 MODE1/2352\n    INDEX 00 00:00:01\n    INDEX 01 00:00:05\n");
  std::filesystem::remove(dir_ / "a.sub");
  const auto image = image::open_image((dir_ / "a.cue").string());
  ASSERT_TRUE(image) << image.error().message;
  const auto audit = audit_image(**image);
  ASSERT_TRUE(audit) << audit.error().message;
  EXPECT_EQ(audit->tracks[1].checked, 4);
  EXPECT_EQ(audit->faults, (std::vector<FaultRun>{{{cd::Lba{4}, cd::Lba{5}}, SectorFault::no_sync}}));
}

TEST_F(AuditImageTest, StopsWhenAsked) {
  const auto image = image::open_image((dir_ / "a.cue").string());
  ASSERT_TRUE(image);
  std::stop_source stop;
  stop.request_stop();
  const auto audit = audit_image(**image, stop.get_token());
  ASSERT_FALSE(audit);
  EXPECT_EQ(audit.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace binrip::verify
