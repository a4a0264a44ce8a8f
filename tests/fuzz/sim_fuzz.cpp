// Sequences of command blocks against the software drive. The first byte chooses disc and habits; each
// command is direction and length in three bytes, then a block of twelve.
#include <algorithm>
#include <array>
#include <memory>

#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

using namespace binrip;

namespace {

constexpr std::size_t kHeader = 3, kBlock = 12, kGuard = 32;

void require(bool condition) {
  if (!condition) __builtin_trap();
}

const std::array<std::shared_ptr<image::DiscImage>, 3>& discs() {
  static const std::array<std::shared_ptr<image::DiscImage>, 3> all = {
      sim::make_disc(sim::zoo_recipe("demo")), sim::make_disc(sim::zoo_recipe("mixed-mode")), nullptr};
  return all;
}

sim::Habits habits_of(unsigned bits) {
  sim::Habits habits;
  habits.read_offset = (bits & 4U) != 0 ? 667 : -1164;
  habits.audio_over_data = (bits & 8U) != 0;
  habits.vendor_d8 = habits.audio_over_data ? sim::VendorD8::reads : sim::VendorD8::none;
  habits.order = (bits & 16U) != 0 ? drive::FieldOrder::main_sub_c2 : drive::FieldOrder::main_c2_sub;
  habits.cache_kib = (bits & 32U) != 0 ? 0 : 2048;
  habits.becoming_ready_polls = (bits & 64U) != 0 ? 1 : 0;
  return habits;
}

sim::FaultMap some_faults() {
  sim::FaultMap faults;
  for (int i = 0; i < 70; ++i) {
    sim::Fault fault;
    fault.kind = static_cast<sim::Fault::Kind>(i % 7);
    fault.bytes = i * 40;
    faults.emplace(i * 31, fault);
  }
  return faults;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  sim::SimDrive drive(discs()[data[0] % 3U], habits_of(data[0]));
  drive.set_faults(some_faults());
  Bytes rest(data + 1, size - 1);
  while (rest.size() >= kHeader + kBlock) {
    const auto direction = static_cast<drive::Direction>(rest[0] % 3U);
    const std::size_t length = load_be16(rest, 1);
    drive::Cdb cdb;
    cdb.size = kBlock;
    std::copy_n(rest.begin() + kHeader, kBlock, cdb.bytes.begin());
    rest = rest.subspan(kHeader + kBlock);
    ByteVector buffer(length + kGuard, 0x5A);
    if (direction == drive::Direction::to_drive) {
      std::copy_n(rest.begin(), std::min(rest.size(), length), buffer.begin());
    }
    const auto result =
        drive.execute(cdb, direction, MutableBytes(buffer).first(length), std::chrono::seconds(30));
    require(std::count(buffer.end() - kGuard, buffer.end(), 0x5A) == kGuard);
    require(!result || result->transferred.value_or(0) <= length);
    require(!result || result->good == (result->sense.key == 0));
  }
  return 0;
}
