// The way by which the kernel's TCMU hands SCSI commands to a program: a ring in memory that both share,
// behind a /dev/uio node. Layout and rules are those of <linux/target_core_user.h> (tcmu_layout.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"
#include "binrip/drive/transport.hpp"

namespace binrip::kernel {

// What the kernel wants: a command done, or commands given up that have taken too long.
struct Request {
  enum class Kind { command, abort } kind = Kind::command;
  std::uint16_t id = 0;                // command
  std::array<Byte, 16> cdb{};          // command
  std::vector<MutableBytes> data;      // command: pieces of the shared memory, in order, for either direction
  std::vector<std::uint16_t> aborted;  // abort: ids of commands; they still have to be answered
  std::size_t data_size() const;
};

// How a command ended. Beyond GOOD and CHECK CONDITION: a status that comes without any sense.
struct Answer {
  enum class Status : Byte { good = 0x00, check_condition = 0x02, task_aborted = 0x40 };
  Status status = Status::good;
  drive::Sense sense;           // with check_condition
  std::size_t transferred = 0;  // bytes from the drive
};

// One thread at a time.
class TcmuRing {
 public:
  // `uio`: the name of the node, "uio0".
  static Result<TcmuRing> open(const std::string& uio);
  TcmuRing(TcmuRing&& other) noexcept;
  TcmuRing& operator=(TcmuRing&&) = delete;
  ~TcmuRing();

  // Readable when there are requests.
  int descriptor() const { return fd_; }
  // Takes away what makes the descriptor readable.
  void take_bell();
  std::optional<Request> next();
  // Commands may be answered in any order.
  void answer(std::uint16_t id, const Answer& answer);
  // Tells the kernel that there are answers.
  void ring_bell();

 private:
  TcmuRing(int fd, MutableBytes memory);
  Request command_in(const Byte* entry) const;
  Request abort_in(const Byte* entry) const;
  Byte* entry_at(std::uint32_t offset) const;
  std::uint32_t after(std::uint32_t offset, std::uint32_t length) const { return (offset + length) % size_; }

  int fd_;
  MutableBytes memory_;
  std::uint32_t begin_ = 0, size_ = 0;  // of the ring, in memory_
  std::uint32_t fetched_ = 0;           // up to here requests have been taken
};

}  // namespace binrip::kernel
