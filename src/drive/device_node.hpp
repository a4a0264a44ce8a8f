// A drive's nodes in /dev: opening them, and what every way to a drive has to know before it uses one.
#pragma once

#include <string>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

#include "binrip/drive/transport.hpp"

namespace binrip::drive {

// An open file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// With O_NONBLOCK, which needs no disc and does not close the tray. `flags`: O_RDONLY or O_RDWR.
Result<Descriptor> open_descriptor(const std::string& path, int flags);
Error open_error(int error_number, const std::string& path);
// A command that failed in the operating system, by errno, without a word from the drive. A missing disc is
// told by errno too, and is what the drive would have said.
Result<Completion> ioctl_failure(int error_number, const std::string& name, Byte opcode);

// Where symbolic links such as /dev/cdrom lead.
Result<std::string> canonical_path(const std::string& path);

enum class NodeKind { block, generic };
struct DeviceNode {
  std::string path;  // canonical
  NodeKind kind = NodeKind::block;
  dev_t number = 0;
  bool is_sr() const;  // the kernel's driver for optical drives has it: nothing else can be behind it
};
// Errors: no_device, permission, io; usage for what can be no drive: a file, a folder, another kind of node.
Result<DeviceNode> device_node(const std::string& path);

// The largest transfer in bytes that the block device's queue takes: a larger one fails with EIO and no
// sense.
std::size_t transfer_limit(dev_t block_device);
std::size_t default_transfer();

// Asks what kind of device it is. Error: usage when it is no optical drive.
Result<void> check_optical(Transport& transport, const std::string& path);

}  // namespace binrip::drive
