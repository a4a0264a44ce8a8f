// What Linux's sr, cdrom and sg drivers make of a drive: ioctls in, command blocks to a Transport out. The
// outcomes are those of Linux 6.1: which errno, whether sense is handed over, what becomes of the buffer.
#pragma once

#include <chrono>
#include <cstdint>

#include "client_memory.hpp"

#include "binrip/drive/transport.hpp"

namespace binrip::bed {

// What the ioctl returns. `late` says how long the program waits for it: a drive that hangs.
struct Reply {
  long result = 0;
  int error = 0;  // errno, with result -1
  bool late = false;
};
inline Reply failed(int error) { return {-1, error, false}; }

enum class Node { block, generic };

class KernelDrive {
 public:
  // Kept by reference. `host` is the number that the SCSI layer gives, `max_transfer` the queue's limit.
  KernelDrive(drive::Transport& transport, int host, std::uint32_t max_transfer)
      : transport_(transport), host_(host), max_transfer_(max_transfer) {}

  // What the kernel asks when it finds a drive: takes the unit attention of the disc that is in it.
  void probe();

  Reply ioctl(Node node, unsigned long request, ClientMemory& argument);

  bool gone() const { return gone_; }

 private:
  // Outcome of a command, as the block layer knows it.
  struct Outcome {
    enum class Kind { good, check, timeout, bus, gone } kind = Kind::good;
    drive::Sense sense;
    std::size_t transferred = 0;
  };
  Outcome send(Bytes cdb, drive::Direction direction, MutableBytes data, std::chrono::milliseconds timeout);

  // Pass-through.
  Reply send_packet(ClientMemory& argument);
  Reply sg_io(Node node, ClientMemory& argument);
  std::chrono::milliseconds effective_timeout(std::chrono::milliseconds asked) const;

  // The kernel's own use of the drive, for ioctls that are not commands: 0 or an errno.
  int kernel_command(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data);
  Reply simple(const drive::Cdb& cdb);
  Reply drive_status();
  Reply disc_status();
  Reply capability();
  Reply toc_header(ClientMemory& argument);
  Reply toc_entry(ClientMemory& argument);
  Reply multisession(ClientMemory& argument);
  Reply mcn(ClientMemory& argument);
  Reply subchannel(ClientMemory& argument);
  Reply read_audio(ClientMemory& argument);
  Reply read_sectors(unsigned long request, ClientMemory& argument);
  Reply cdrom_ioctl(unsigned long request, ClientMemory& argument);
  Reply scsi_ioctl(Node node, unsigned long request, ClientMemory& argument);
  Reply block_ioctl(unsigned long request, ClientMemory& argument);
  std::uint64_t capacity_sectors();  // of 2048 bytes

  drive::Transport& transport_;
  int host_;
  std::uint32_t max_transfer_;
  std::chrono::milliseconds default_timeout_{0};       // what SG_SET_TIMEOUT sets; 0: the kernel's own
  std::chrono::milliseconds generic_timeout_{60'000};  // the same of the sg node
  bool gone_ = false;
};

}  // namespace binrip::bed
