#include "batch/mtx_status.hpp"

#include <gtest/gtest.h>

namespace binrip::batch {
namespace {

// As mtx 1.3.12 prints it.
constexpr std::string_view kStatus =
    "  Storage Changer /dev/sg3:2 Drives, 5 Slots ( 2 Import/Export )\n"
    "Data Transfer Element 0:Full (Storage Element 2 Loaded):VolumeTag = ABC124                         \n"
    "Data Transfer Element 1:Full (Unknown Storage Element Loaded)\n"
    "      Storage Element 1:Full :VolumeTag=ABC123                          \n"
    "      Storage Element 2:Empty\n"
    "      Storage Element 3:Full \n"
    "      Storage Element 4 IMPORT/EXPORT:Empty\n"
    "      Storage Element 5 IMPORT/EXPORT:Full :VolumeTag=ABC125:AlternateVolumeTag=XYZ\n";

const ChangerStatus kMeaning = {
    .elements = {{.number = 0, .full = true, .source = 2, .tag = "ABC124"}, {.number = 1, .full = true}},
    .slots = {{.number = 1, .full = true, .tag = "ABC123"},
              {.number = 2},
              {.number = 3, .full = true},
              {.number = 4, .kind = SlotKind::import_export},
              {.number = 5, .kind = SlotKind::import_export, .full = true, .tag = "ABC125"}}};

TEST(MtxStatus, IsUnderstood) {
  const auto status = parse_mtx_status(kStatus);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, kMeaning);
}

TEST(MtxStatus, MayHaveWarningsBetween) {
  const auto status =
      parse_mtx_status("mtx: Request Sense: Long Report=yes\n" + std::string(kStatus) + "bye");
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, kMeaning);
}

TEST(MtxStatus, CutShortIsNeverTakenForASmallerChanger) {
  // The last line may lose its alternate tag, and its newline.
  const std::size_t whole = kStatus.find(":AlternateVolumeTag");
  for (std::size_t length = 0; length < whole; ++length) {
    const auto status = parse_mtx_status(kStatus.substr(0, length));
    if (status) {
      EXPECT_EQ(status->slots.size(), 5U) << length;
      EXPECT_TRUE(status->slots.back().full) << length;
    }
  }
}

TEST(MtxStatus, ThatMakesNoSenseIsRefused) {
  const std::string head = "  Storage Changer /dev/sg3:1 Drives, 1 Slots ( 0 Import/Export )\n";
  const std::string element = "Data Transfer Element 0:Empty\n", slot = "      Storage Element 1:Empty\n";
  ASSERT_TRUE(parse_mtx_status(head + element + slot));
  ASSERT_TRUE(parse_mtx_status(slot + head + element));  // two streams
  for (const std::string& text :
       {std::string(), element + slot, head + head + element + slot, head + element, head + slot,
        head + element + slot + "      Storage Element 2:Empty\n", head + element + slot + slot,
        head + element + "      Storage Element 1 IMPORT/EXPORT:Empty\n",
        head + element + "      Storage Element 2:Empty\n",
        head + element + "      Storage Element 1:Perhaps\n",
        head + element + "      Storage Element :Empty\n", head + slot + "Data Transfer Element 1:Empty\n",
        head + slot + "Data Transfer Element 0:Full\n",
        head + slot + "Data Transfer Element 0:Full (Storage Elem",
        std::string("  Storage Changer /dev/sg3:99999999999 Drives, 1 Slots ( 0 Import/Export )\n")}) {
    const auto status = parse_mtx_status(text);
    ASSERT_FALSE(status) << text;
    EXPECT_EQ(status.error().kind, ErrorKind::invalid);
  }
}

}  // namespace
}  // namespace binrip::batch
