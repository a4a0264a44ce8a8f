#include "drive/sg_status.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::drive {
namespace {

// SPC-4's status codes.
constexpr Byte kCheckCondition = 0x02;
// The kernel's host bytes, <scsi/scsi_status.h>; the C library leaves them out.
constexpr std::uint16_t kNoConnect = 1, kTimeOut = 3, kBadTarget = 4;
// The low four bits of its driver byte: DRIVER_TIMEOUT; DRIVER_SENSE says only that sense came.
constexpr std::uint16_t kDriverMask = 0x0F, kDriverTimeout = 6, kDriverSense = 8;

Error lost(ErrorKind kind, const SgStatus& status, const std::string& name, Byte opcode) {
  const std::string_view what = kind == ErrorKind::timeout     ? "no answer in time"
                                : kind == ErrorKind::no_device ? "the drive does not answer any more"
                                                               : "lost on the bus";
  const std::string_view hint = kind == ErrorKind::timeout
                                    ? "switch the drive off and on, and check the cable"
                                : kind == ErrorKind::no_device ? "has the drive been unplugged?"
                                                               : "";
  return {kind,
          fmt::format("{}: command {:02X}h: {} (status {:02X}h, host {:02X}h, driver {:02X}h)", name, opcode,
                      what, status.status, status.host_status, status.driver_status),
          std::string(hint)};
}

}  // namespace

Result<Completion> understand(const SgStatus& status, const std::string& name, Byte opcode) {
  const auto residual = static_cast<std::size_t>(std::max(status.residual, 0));
  const std::size_t transferred = status.asked - std::min(residual, status.asked);
  const Sense sense = parse_sense(status.sense);
  const bool check = status.status == kCheckCondition;
  if (check && sense.key != 0) return Completion{.good = false, .sense = sense, .transferred = transferred};

  const std::uint16_t driver = status.driver_status & kDriverMask;
  if (status.host_status == kTimeOut || driver == kDriverTimeout) {
    return fail(lost(ErrorKind::timeout, status, name, opcode));
  }
  if (status.host_status == kNoConnect || status.host_status == kBadTarget) {
    return fail(lost(ErrorKind::no_device, status, name, opcode));
  }
  const bool driver_failed = driver != 0 && driver != kDriverSense;
  if (status.host_status != 0 || driver_failed || (status.status != 0 && !check)) {
    return fail(lost(ErrorKind::bus, status, name, opcode));
  }
  return Completion{.good = !check, .sense = sense, .transferred = transferred};
}

}  // namespace binrip::drive
