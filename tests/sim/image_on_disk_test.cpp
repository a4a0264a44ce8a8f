// A drive that holds an image opened from a CUE sheet, as `sim:DISC.cue` does.
#include "sim_support.hpp"
#include "support/temp_dir.hpp"

#include "binrip/base/file.hpp"
#include "binrip/drive/drive.hpp"

namespace binrip::sim {
namespace {

TEST(SimImage, ServesACueSheetFromDisk) {
  const auto truth = make_disc(zoo_recipe("mixed-mode"));
  const test::TempDir dir;
  ByteVector bin;
  for (int lba = 0; lba < truth->disc().sessions[0].lead_out.value; ++lba) {
    const auto sector = main_of(*truth, {lba});
    bin.insert(bin.end(), sector.begin(), sector.end());
  }
  ASSERT_TRUE(File::create(dir / "disc.bin")->write_at(bin, 0));
  ASSERT_TRUE(write_atomically(dir / "disc.cue",
                               "FILE \"disc.bin\" BINARY\n"
                               "  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n"
                               "  TRACK 02 AUDIO\n    INDEX 00 00:16:00\n    INDEX 01 00:18:00\n"
                               "  TRACK 03 AUDIO\n    INDEX 00 00:30:00\n    INDEX 01 00:31:00\n"));
  auto image = image::open_image((dir / "disc.cue").string());
  ASSERT_TRUE(image) << image.error().message;
  SimDrive sim(*std::move(image), quiet_habits());
  const auto toc = drive::Drive(sim).formatted_toc();
  ASSERT_TRUE(toc);
  EXPECT_EQ(*toc, cd::formatted_toc_of(truth->disc()));
  for (const int lba : {0, 1199, 1200, 1300, 3000}) {
    const auto got = read(sim, {.start = {lba}, .sub = drive::SubMode::raw});
    ASSERT_TRUE(got.completion.good) << lba;
    const auto sector = main_of(*truth, {lba});
    EXPECT_TRUE(std::equal(sector.begin(), sector.end(), got.data.begin())) << lba;
    std::array<Byte, 96> wire{};
    std::copy_n(got.data.begin() + 2352, 96, wire.begin());
    EXPECT_TRUE(cd::q_fits(cd::q_of_wire(wire), {lba})) << lba;
  }
}

}  // namespace
}  // namespace binrip::sim
