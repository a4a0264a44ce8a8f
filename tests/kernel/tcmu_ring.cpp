#include "tcmu_ring.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tcmu_layout.h"

#include "binrip/base/file.hpp"

namespace binrip::kernel {
namespace {

// The kernel writes there at any time: copies in and out.
template <class T>
T load(const Byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}
template <class T>
void store(Byte* at, const T& value) {
  std::memcpy(at, &value, sizeof(T));
}

// The two positions of the ring, by which kernel and program hand entries over; both lie aligned.
std::atomic_ref<std::uint32_t> position(Byte* mailbox, std::size_t offset) {
  return std::atomic_ref<std::uint32_t>(*reinterpret_cast<std::uint32_t*>(mailbox + offset));
}

std::uint32_t kind_of(const Byte* entry) { return load<std::uint32_t>(entry) & TCMU_KIND_MASK; }
std::uint32_t length_of(const Byte* entry) {
  return load<std::uint32_t>(entry) & ~std::uint32_t{TCMU_KIND_MASK};
}

constexpr std::size_t kMostAborted = 256;

}  // namespace

std::size_t Request::data_size() const {
  std::size_t size = 0;
  for (const MutableBytes piece : data) size += piece.size();
  return size;
}

Result<TcmuRing> TcmuRing::open(const std::string& uio) {
  TRY(const std::string size_text, read_text("/sys/class/uio/" + uio + "/maps/map0/size"));
  const std::size_t size = std::strtoull(size_text.c_str(), nullptr, 16);
  const std::string node = "/dev/" + uio;
  const int fd = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return fail(errno_error(errno, "open", node));
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    const int error = errno;
    ::close(fd);
    return fail(errno_error(error, "map", node));
  }
  TcmuRing ring(fd, MutableBytes(static_cast<Byte*>(memory), size));
  const Byte* const mailbox = ring.memory_.data();
  constexpr unsigned kNeeded = TCMU_FLAG_ANY_ORDER | TCMU_FLAG_READ_LENGTH;
  if (load<std::uint16_t>(mailbox + TCMU_AT_VERSION) != TCMU_VERSION_KNOWN ||
      (load<std::uint16_t>(mailbox + TCMU_AT_FLAGS) & kNeeded) != kNeeded) {
    return fail(ErrorKind::unsupported, node + " has a ring of another version");
  }
  return ring;
}

TcmuRing::TcmuRing(int fd, MutableBytes memory)
    : fd_(fd),
      memory_(memory),
      begin_(load<std::uint32_t>(memory.data() + TCMU_AT_RING)),
      size_(load<std::uint32_t>(memory.data() + TCMU_AT_RING_SIZE)),
      fetched_(load<std::uint32_t>(memory.data() + TCMU_AT_TAIL)) {}

TcmuRing::TcmuRing(TcmuRing&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      memory_(std::exchange(other.memory_, {})),
      begin_(other.begin_),
      size_(other.size_),
      fetched_(other.fetched_) {}

TcmuRing::~TcmuRing() {
  if (!memory_.empty()) ::munmap(memory_.data(), memory_.size());
  if (fd_ >= 0) ::close(fd_);
}

Byte* TcmuRing::entry_at(std::uint32_t offset) const { return memory_.data() + begin_ + offset; }

void TcmuRing::take_bell() {
  std::int32_t count = 0;
  while (::read(fd_, &count, sizeof(count)) < 0 && errno == EINTR) {
  }
}

void TcmuRing::ring_bell() {
  const std::int32_t nothing = 0;
  while (::write(fd_, &nothing, sizeof(nothing)) < 0 && errno == EINTR) {
  }
}

std::optional<Request> TcmuRing::next() {
  while (fetched_ != position(memory_.data(), TCMU_AT_HEAD).load(std::memory_order_acquire)) {
    const Byte* const entry = entry_at(fetched_);
    fetched_ = after(fetched_, length_of(entry));
    if (kind_of(entry) == TCMU_KIND_COMMAND) return command_in(entry);
    if (kind_of(entry) == TCMU_KIND_ABORT) return abort_in(entry);
  }
  return std::nullopt;
}

Request TcmuRing::command_in(const Byte* entry) const {
  Request request;
  request.id = load<std::uint16_t>(entry + TCMU_ENTRY_ID);
  const auto cdb = load<std::uint64_t>(entry + TCMU_COMMAND_CDB);
  std::copy_n(memory_.data() + cdb, request.cdb.size(), request.cdb.begin());
  const auto pieces = load<std::uint32_t>(entry + TCMU_COMMAND_PIECES);
  for (std::size_t i = 0; i < pieces; ++i) {
    const Byte* const piece = entry + TCMU_COMMAND_FIRST + i * TCMU_PIECE_SIZE;
    request.data.push_back(
        memory_.subspan(load<std::uint64_t>(piece), load<std::uint64_t>(piece + TCMU_PIECE_SIZE / 2)));
  }
  return request;
}

Request TcmuRing::abort_in(const Byte* entry) const {
  Request request;
  request.kind = Request::Kind::abort;
  const auto count = std::min<std::size_t>(load<std::uint32_t>(entry + TCMU_ABORT_COUNT), kMostAborted);
  for (std::size_t i = 0; i < count; ++i) {
    request.aborted.push_back(load<std::uint16_t>(entry + TCMU_ABORT_IDS + i * sizeof(std::uint16_t)));
  }
  return request;
}

// The answer stands in the entry at the tail, whichever command that one brought: what has been fetched is no
// longer needed there, and the kernel goes by the id.
void TcmuRing::answer(std::uint16_t id, const Answer& answer) {
  std::uint32_t tail = load<std::uint32_t>(memory_.data() + TCMU_AT_TAIL);
  while (kind_of(entry_at(tail)) != TCMU_KIND_COMMAND) tail = after(tail, length_of(entry_at(tail)));
  Byte* const entry = entry_at(tail);
  store(entry + TCMU_ENTRY_ID, id);
  // The kernel takes a length of 0 for none.
  store(entry + TCMU_ENTRY_ANSWER_FLAGS,
        static_cast<Byte>(answer.transferred > 0 ? TCMU_ANSWER_HAS_READ_LENGTH : 0));
  store(entry + TCMU_ANSWER_STATUS, static_cast<Byte>(answer.status));
  store(entry + TCMU_ANSWER_READ_LENGTH, static_cast<std::uint32_t>(answer.transferred));
  std::fill_n(entry + TCMU_ANSWER_SENSE, TCMU_SENSE_SIZE, Byte{0});
  if (answer.status == Answer::Status::check_condition) {
    const ByteVector sense = drive::encode_sense(answer.sense);
    std::copy_n(sense.begin(), std::min<std::size_t>(sense.size(), TCMU_SENSE_SIZE),
                entry + TCMU_ANSWER_SENSE);
  }
  position(memory_.data(), TCMU_AT_TAIL).store(after(tail, length_of(entry)), std::memory_order_release);
}

}  // namespace binrip::kernel
