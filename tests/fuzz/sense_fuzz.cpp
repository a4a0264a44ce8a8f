#include "binrip/drive/sense.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip;
  const drive::Sense sense = drive::parse_sense(Bytes(data, size));
  static_cast<void>(drive::to_string(sense));
  static_cast<void>(drive::sense_error(sense, "do it"));
  // What was understood survives being said again.
  if (drive::parse_sense(drive::encode_sense(sense)) != sense) __builtin_trap();
  return 0;
}
