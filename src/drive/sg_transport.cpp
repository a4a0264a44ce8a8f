#include "binrip/drive/sg_transport.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <fmt/format.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include "drive/device_node.hpp"
#include "drive/sg_open.hpp"
#include "drive/sg_status.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPage = 4096;
constexpr int kOldestVersion = 30'000;  // of the sg driver: the first that has SG_IO
constexpr std::size_t kSenseSize = 64;

// Memory that begins at a page, so that the kernel maps it for the drive and needs no copy of its own.
class PageBuffer {
 public:
  MutableBytes take(std::size_t size) {
    if (memory_.size() < size + kPage) memory_.resize(size + kPage);
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
    return MutableBytes(memory_).subspan((kPage - address % kPage) % kPage, size);
  }

 private:
  ByteVector memory_;
};

int sg_direction(Direction direction) {
  switch (direction) {
    case Direction::none:
      return SG_DXFER_NONE;
    case Direction::from_drive:
      return SG_DXFER_FROM_DEV;
    case Direction::to_drive:
      return SG_DXFER_TO_DEV;
  }
  return SG_DXFER_NONE;
}

int flags_of(Access access) { return access == Access::read_write ? O_RDWR : O_RDONLY; }

class SgTransport : public Transport {
 public:
  SgTransport(Descriptor descriptor, Access access, std::string name, std::size_t max_transfer)
      : descriptor_(std::move(descriptor)),
        access_(access),
        name_(std::move(name)),
        max_transfer_(max_transfer) {}

  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                             milliseconds timeout) override {
    constexpr std::size_t kShortest = 6;
    if (cdb.size < kShortest || cdb.size > cdb.bytes.size() || data.size() > kMost) {
      return fail(ErrorKind::usage,
                  fmt::format("a command of {} bytes with {} of data cannot be sent", cdb.size, data.size()));
    }
    if (!descriptor_.is_open()) {
      return fail(ErrorKind::no_device, fmt::format("{} is closed", name_), "has the drive been unplugged?");
    }
    if (data.empty()) direction = Direction::none;
    const MutableBytes buffer = buffer_.take(data.size());
    std::copy(data.begin(), data.end(), buffer.begin());
    std::array<Byte, kSenseSize> sense{};
    std::array<Byte, sizeof(cdb.bytes)> block = cdb.bytes;
    sg_io_hdr_t header{};
    header.interface_id = 'S';
    header.dxfer_direction = sg_direction(direction);
    header.cmd_len = static_cast<unsigned char>(cdb.size);
    header.cmdp = block.data();
    header.dxfer_len = static_cast<unsigned>(direction == Direction::none ? 0 : data.size());
    header.dxferp = buffer.data();
    header.mx_sb_len = kSenseSize;
    header.sbp = sense.data();
    header.timeout = static_cast<unsigned>(std::clamp<std::int64_t>(timeout.count(), 1, kMost));
    int outcome = 0;
    do {
      outcome = ::ioctl(descriptor_.get(), SG_IO, &header);
    } while (outcome != 0 && errno == EINTR);
    if (outcome != 0) return ioctl_failure(errno, name_, cdb.opcode());

    const std::size_t sense_size = std::min<std::size_t>(header.sb_len_wr, kSenseSize);
    TRY(const Completion completion, understand({.status = header.status,
                                                 .host_status = header.host_status,
                                                 .driver_status = header.driver_status,
                                                 .sense = Bytes(sense).first(sense_size),
                                                 .asked = header.dxfer_len,
                                                 .residual = header.resid},
                                                name_, cdb.opcode()));
    if (direction == Direction::from_drive) {
      std::copy_n(buffer.begin(), completion.transferred.value_or(0), data.begin());
    }
    return completion;
  }

  Result<void> reopen() override {
    descriptor_ = Descriptor();
    TRY(descriptor_, open_descriptor(name_, flags_of(access_)));
    return {};
  }

  std::size_t max_transfer() const override { return max_transfer_; }
  std::string name() const override { return name_; }

 private:
  static constexpr int kMost = std::numeric_limits<int>::max();

  Descriptor descriptor_;
  Access access_;
  std::string name_;
  std::size_t max_transfer_;
  PageBuffer buffer_;
};

Result<OpenedNode> open_sg_as(const std::string& path, Access access, std::size_t limit) {
  TRY(Descriptor descriptor, open_descriptor(path, flags_of(access)));
  return sg_on(std::move(descriptor), access, path, limit);
}

}  // namespace

Result<OpenedNode> open_sg(const std::string& path, std::optional<std::size_t> limit) {
  TRY(const DeviceNode node, device_node(path));
  const std::size_t most = limit                          ? *limit
                           : node.kind == NodeKind::block ? transfer_limit(node.number)
                                                          : default_transfer();
  // As in open_cdio.
  if (!node.is_sr()) {
    TRY(const OpenedNode unknown, open_sg_as(node.path, Access::read_only, most));
    TRY_VOID(check_optical(*unknown.transport, node.path));
  }
  if (auto opened = open_sg_as(node.path, Access::read_write, most)) return opened;
  return open_sg_as(node.path, Access::read_only, most);
}

Result<OpenedNode> sg_on(Descriptor descriptor, Access access, const std::string& path, std::size_t limit) {
  int version = 0;
  if (::ioctl(descriptor.get(), SG_GET_VERSION_NUM, &version) != 0 || version < kOldestVersion) {
    return fail(ErrorKind::usage, fmt::format("{} does not take SCSI commands, it is no CD drive", path),
                "binrip drives lists the drives of this machine");
  }
  return OpenedNode{std::make_unique<SgTransport>(std::move(descriptor), access, path, limit), access};
}

}  // namespace binrip::drive
