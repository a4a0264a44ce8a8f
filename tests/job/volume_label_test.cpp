// Labels of data discs: bytes laid out by hand.
#include <algorithm>

#include <gtest/gtest.h>

#include "binrip/job/describe.hpp"

namespace binrip::job {
namespace {

// A sector of Mode 1 or of Mode 2 form 1, as far as its label needs it.
ByteVector sector(int mode, std::string_view label) {
  ByteVector bytes(cd::kSectorSize, Byte{0});
  std::copy(cd::kSync.begin(), cd::kSync.end(), bytes.begin());
  bytes[15] = static_cast<Byte>(mode);
  if (mode == 2) bytes[18] = bytes[22] = 0x08;  // data
  const std::size_t start = mode == 1 ? 16 : 24;
  constexpr std::string_view kDescriptor{
      "\x01"
      "CD001"
      "\x01",
      7};
  std::copy(kDescriptor.begin(), kDescriptor.end(), bytes.begin() + static_cast<std::ptrdiff_t>(start));
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(start + 40), 32, Byte{' '});
  std::copy(label.begin(), label.end(), bytes.begin() + static_cast<std::ptrdiff_t>(start + 40));
  return bytes;
}
std::string label_of(const ByteVector& bytes) { return volume_label(cd::SectorBytes(bytes)); }

TEST(VolumeLabel, StandsInThePrimaryDescriptor) {
  EXPECT_EQ(label_of(sector(1, "GAME_DISC_2")), "GAME_DISC_2");
  EXPECT_EQ(label_of(sector(2, "PHOTOS 1999")), "PHOTOS 1999");
  EXPECT_EQ(label_of(sector(1, "0123456789ABCDEF0123456789ABCDEF")), "0123456789ABCDEF0123456789ABCDEF");
  EXPECT_EQ(label_of(sector(1, "")), "");
  EXPECT_EQ(label_of(sector(1, std::string(32, '\0'))), "");
  EXPECT_EQ(label_of(sector(1,
                            "B\xFC"
                            "CHER")),
            "BüCHER");
}

TEST(VolumeLabel, OtherSectorsHaveNone) {
  ByteVector other_type = sector(1, "X"), other_standard = sector(1, "X"), audio = sector(1, "X");
  other_type[16] = 2;
  other_standard[17] = 'B';
  audio[0] = 1;
  EXPECT_EQ(label_of(other_type), "");
  EXPECT_EQ(label_of(other_standard), "");
  EXPECT_EQ(label_of(audio), "");
  EXPECT_EQ(label_of(ByteVector(cd::kSectorSize, Byte{0xFF})), "");
}

}  // namespace
}  // namespace binrip::job
