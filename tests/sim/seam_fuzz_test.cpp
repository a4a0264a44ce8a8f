// Whatever comes through the seam, the drive answers within the buffer and stays alive.
#include "random_commands.hpp"
#include "sim_support.hpp"

namespace binrip::sim {
namespace {

class SeamFuzz : public testing::TestWithParam<std::string> {};

TEST_P(SeamFuzz, RandomCommandsNeverWriteBeyondTheBuffer) {
  Habits habits;
  habits.read_offset = 667;
  habits.audio_over_data = true;
  habits.vendor_d8 = VendorD8::reads;
  SimDrive drive(make_disc(zoo_recipe(GetParam())), habits);
  FaultMap faults;
  for (int lba = 0; lba < 3000; lba += 50) {
    Fault fault;
    fault.kind = static_cast<Fault::Kind>(lba / 50 % 7);
    fault.bytes = lba % 90;
    faults.emplace(lba, fault);
  }
  drive.set_faults(faults);
  CommandSource source(12345);
  for (int i = 0; i < 4000; ++i) {
    if (i % 20 == 0) drive.set_tray(Tray::closed);
    const RandomCommand command = source.next();
    ByteVector buffer(command.length + 64, 0x5A);
    const auto result =
        drive.execute(command.cdb, command.direction, MutableBytes(buffer).first(command.length), kPatience);
    ASSERT_EQ(std::count(buffer.end() - 64, buffer.end(), 0x5A), 64);
    if (!result) continue;
    ASSERT_LE(result->transferred.value_or(0), command.length);
    ASSERT_EQ(result->good, result->sense.key == 0);
  }
  EXPECT_GT(drive.statistics().sectors_read, 100);
}

INSTANTIATE_TEST_SUITE_P(Discs, SeamFuzz, testing::Values("demo", "cd-extra", "data-xa", "audio-99"),
                         [](const auto& p) {
                           std::string name = p.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace binrip::sim
