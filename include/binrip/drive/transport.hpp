// The one seam to a drive: carries a command block there and what came of it back.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"
#include "binrip/drive/sense.hpp"

namespace binrip::drive {

// A command descriptor block of 6, 10 or 12 bytes.
struct Cdb {
  std::array<Byte, 16> bytes{};
  std::size_t size = 0;
  Byte opcode() const { return bytes[0]; }
  Bytes view() const { return Bytes(bytes.data(), size); }
  friend bool operator==(const Cdb&, const Cdb&) = default;
};

enum class Direction { none, from_drive, to_drive };

// What the drive answered. CHECK CONDITION is a value here, not an Error.
struct Completion {
  bool good = true;  // status GOOD; otherwise CHECK CONDITION with `sense`
  Sense sense;       // all zero when the drive or the transport gave none
  // Bytes, where the transport knows; libcdio does not. `data` beyond them is as it was before the command.
  std::optional<std::size_t> transferred;
  friend bool operator==(const Completion&, const Completion&) = default;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // Sends `cdb`; `data` is filled (from_drive) or sent (to_drive), its size is the length of the transfer.
  // An Error means that the operating system or the bus failed: no_device (gone), timeout, permission, bus.
  // GOOD does not prove that `data` was filled: some kernels and bridges answer success for a lost transfer.
  // One thread at a time.
  virtual Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                                     std::chrono::milliseconds timeout) = 0;

  // Closes the way to the drive and opens it again, after repeated trouble. Errors: those of opening;
  // unsupported where there is nothing to open.
  virtual Result<void> reopen() { return fail(ErrorKind::unsupported, "there is nothing to open anew"); }

  // The largest transfer in bytes that the way to the drive is known to carry.
  virtual std::size_t max_transfer() const { return 64 * 1024; }
  // For messages: "/dev/sr0", "sim:demo".
  virtual std::string name() const = 0;
  // Time as the drive experiences it; the software drive may run in virtual time.
  virtual std::chrono::nanoseconds now() const { return std::chrono::steady_clock::now().time_since_epoch(); }
  // Waits that long, in the same time.
  virtual void wait(std::chrono::milliseconds duration);
};

// read_only: speed and tray lock are refused by the kernel.
enum class Access { read_write, read_only };

struct OpenedNode {
  std::unique_ptr<Transport> transport;
  Access access = Access::read_write;
};

}  // namespace binrip::drive
