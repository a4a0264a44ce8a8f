// How long the kernel waits for a command that libcdio sends.
#pragma once

#include <chrono>

#include "drive/device_node.hpp"

namespace binrip::drive {

// libcdio 2.1.0 sends a timeout of 0 with every command, whatever it is told: the kernel then takes the
// device's default. SG_SET_TIMEOUT on any descriptor of the same block device sets that default. 0, as the
// kernel begins, means a minute; less than 7 s is taken for 7 s. (Linux 6.1, drivers/scsi/scsi_ioctl.c:
// scsi_fill_sghdr_rq.) What was set before is put back at the end.
class DefaultTimeout {
 public:
  explicit DefaultTimeout(Descriptor descriptor);
  ~DefaultTimeout();
  DefaultTimeout(const DefaultTimeout&) = delete;
  DefaultTimeout& operator=(const DefaultTimeout&) = delete;

  void set(std::chrono::milliseconds timeout);
  // What the kernel makes of what was set last.
  std::chrono::milliseconds effective() const;

 private:
  bool set_ticks(int ticks);

  Descriptor descriptor_;
  bool known_ = false;
  int before_ = 0, current_ = 0;  // clock ticks
};

// Whether the kernel lets it be set on this device.
bool timeouts_can_be_set(const Descriptor& descriptor);

// What the kernel makes of a default of so many milliseconds.
std::chrono::milliseconds effective_timeout(std::chrono::milliseconds device_default);

}  // namespace binrip::drive
