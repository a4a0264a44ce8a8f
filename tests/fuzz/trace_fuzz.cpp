// Reads a trace; what can be read is played to its end, as far as commands of our own can follow it.
#include "binrip/drive/commands.hpp"
#include "binrip/drive/trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip;
  using namespace binrip::drive;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto player = replay(text, "fuzz");
  if (!player) return 0;
  ByteVector reply(36);
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(
        (*player)->execute(test_unit_ready_cdb(), Direction::none, {}, std::chrono::milliseconds(1)));
    static_cast<void>(
        (*player)->execute(inquiry_cdb(36), Direction::from_drive, reply, std::chrono::milliseconds(1)));
  }
  if ((*player)->now() < std::chrono::nanoseconds(0)) __builtin_trap();
  return 0;
}
