// What the kernel says of a command that went through SG_IO.
#pragma once

#include <string>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

struct SgStatus {
  Byte status = 0;                  // of the drive: GOOD, CHECK CONDITION, BUSY, …
  std::uint16_t host_status = 0;    // DID_…: what became of it on the bus
  std::uint16_t driver_status = 0;  // of the kernel's upper layer, the low four bits; kernels before 5.14
  Bytes sense;                      // as much as came
  std::size_t asked = 0;            // bytes
  int residual = 0;                 // bytes that did not come
};

// The drive's own word comes first: with CHECK CONDITION and sense nothing else matters. Errors: timeout,
// no_device, bus. `name` and `opcode` are for messages.
Result<Completion> understand(const SgStatus& status, const std::string& name, Byte opcode);

}  // namespace binrip::drive
