#include "binrip/drive/cdio_transport.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include <cdio/cdio.h>
#include <cdio/logging.h>
#include <cdio/mmc.h>
#include <cdio/version.h>
#include <fcntl.h>
#include <fmt/format.h>

#include "drive/device_node.hpp"
#include "drive/kernel_timeout.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;

void ignore_log(cdio_log_level_t, const char[]) {}

// libcdio prints what it thinks of a device to stderr; its errors come back as values too.
void silence_libcdio() {
  static std::once_flag once;
  std::call_once(once, [] { cdio_log_set_handler(ignore_log); });
}

struct CdioCloser {
  void operator()(CdIo_t* device) const { cdio_destroy(device); }
};
using CdioHandle = std::unique_ptr<CdIo_t, CdioCloser>;

cdio_mmc_direction_t cdio_direction(Direction direction) {
  switch (direction) {
    case Direction::none:
      return SCSI_MMC_DATA_NONE;
    case Direction::from_drive:
      return SCSI_MMC_DATA_READ;
    case Direction::to_drive:
      return SCSI_MMC_DATA_WRITE;
  }
  return SCSI_MMC_DATA_NONE;
}

// The sense of the last command; nothing when there is none. libcdio forgets it with every new command.
Sense last_sense(const CdIo_t* device) {
  cdio_mmc_request_sense_t* data = nullptr;
  const int size = mmc_last_cmd_sense(device, &data);
  Sense sense;
  if (size > 0 && data != nullptr) {
    sense = parse_sense(Bytes(reinterpret_cast<const Byte*>(data), static_cast<std::size_t>(size)));
  }
  if (data != nullptr) cdio_free(data);
  return sense;
}

// Both ways to a device that one needs; opened and closed together.
struct OpenNode {
  OpenNode(Descriptor descriptor, CdioHandle handle)
      : default_timeout(std::move(descriptor)), device(std::move(handle)) {}
  DefaultTimeout default_timeout;
  CdioHandle device;
};

Result<std::unique_ptr<OpenNode>> open_node(const std::string& path, const char* access_mode);

class CdioTransport : public Transport {
 public:
  CdioTransport(std::unique_ptr<OpenNode> node, const char* access_mode, std::string name,
                std::size_t max_transfer)
      : node_(std::move(node)),
        access_mode_(access_mode),
        name_(std::move(name)),
        max_transfer_(max_transfer) {}

  // The kernel calls a command that timed out a success; only the clock knows. Its timers run out at or after
  // the limit, never before.
  Result<Completion> execute(const Cdb& cdb, Direction direction, MutableBytes data,
                             milliseconds timeout) override {
    mmc_cdb_t block{};
    if (cdb.size == 0 || cdb.size > sizeof(block.field)) {
      return fail(ErrorKind::usage, fmt::format("a command of {} bytes cannot be sent", cdb.size));
    }
    if (node_ == nullptr) {
      return fail(ErrorKind::no_device, fmt::format("{} is closed", name_), "has the drive been unplugged?");
    }
    std::copy_n(cdb.bytes.begin(), cdb.size, block.field);
    node_->default_timeout.set(timeout);
    const auto before = std::chrono::steady_clock::now();
    errno = 0;
    const int outcome = mmc_run_cmd_len(node_->device.get(), static_cast<unsigned>(timeout.count()), &block,
                                        static_cast<unsigned>(cdb.size), cdio_direction(direction),
                                        static_cast<unsigned>(data.size()), data.data());
    const int error_number = errno;
    const Sense sense = last_sense(node_->device.get());
    if (outcome == DRIVER_OP_SUCCESS) {
      const SenseClass meaning = classify(sense);
      const bool good = meaning == SenseClass::none || meaning == SenseClass::recovered;
      const milliseconds limit = node_->default_timeout.effective();
      if (meaning == SenseClass::none && std::chrono::steady_clock::now() - before >= limit) {
        return fail(ErrorKind::timeout,
                    fmt::format("{}: command {:02X}h: no answer within {} s", name_, cdb.opcode(),
                                limit.count() / 1000),
                    "switch the drive off and on, and check the cable");
      }
      return Completion{.good = good, .sense = sense, .transferred = {}};
    }
    if (sense.key != 0) return Completion{.good = false, .sense = sense, .transferred = {}};
    return ioctl_failure(error_number, name_, cdb.opcode());
  }

  Result<void> reopen() override {
    node_.reset();
    TRY(node_, open_node(name_, access_mode_));
    return {};
  }

  std::size_t max_transfer() const override { return max_transfer_; }
  std::string name() const override { return name_; }

 private:
  std::unique_ptr<OpenNode> node_;  // nothing after an opening that failed
  const char* access_mode_;
  std::string name_;
  std::size_t max_transfer_;
};

// --- opening ---

Result<std::unique_ptr<OpenNode>> open_node(const std::string& path, const char* access_mode) {
  TRY(Descriptor descriptor, open_descriptor(path, O_RDONLY));
  errno = 0;
  CdioHandle device(cdio_open_am(path.c_str(), DRIVER_LINUX, access_mode));
  if (device == nullptr) return fail(open_error(errno == 0 ? EIO : errno, path));
  return std::make_unique<OpenNode>(std::move(descriptor), std::move(device));
}

Result<std::unique_ptr<Transport>> open_cdio_as(const std::string& path, const char* access_mode,
                                                std::size_t limit) {
  TRY(std::unique_ptr<OpenNode> node, open_node(path, access_mode));
  return std::make_unique<CdioTransport>(std::move(node), access_mode, path, limit);
}

}  // namespace

Result<OpenedNode> open_cdio(const std::string& path) {
  silence_libcdio();
  TRY(const DeviceNode node, device_node(path));
  if (node.kind != NodeKind::block) {
    return fail(ErrorKind::usage, fmt::format("libcdio cannot use {}: it is no block device", node.path),
                "give the /dev/sr node of the drive, or --transport sg");
  }
  const std::size_t limit = transfer_limit(node.number);
  // Read-only first where it may be anything: a disk is not opened for writing. Never both at once, since
  // each puts back the timeout that it found; and no more often than needed, since the kernel asks the drive
  // for its state at every opening, which a drive that hangs draws out.
  if (!node.is_sr()) {
    TRY(const std::unique_ptr<Transport> unknown, open_cdio_as(node.path, "IOCTL", limit));
    TRY_VOID(check_optical(*unknown, node.path));
  }
  if (auto read_write = open_cdio_as(node.path, "MMC_RDWR", limit)) {
    return OpenedNode{std::move(*read_write), Access::read_write};
  }
  TRY(std::unique_ptr<Transport> read_only, open_cdio_as(node.path, "IOCTL", limit));
  return OpenedNode{std::move(read_only), Access::read_only};
}

// It names the machine that it was built for, too.
std::string libcdio_version() {
  const std::string text = cdio_version_string;
  return text.substr(0, text.find(' '));
}

}  // namespace binrip::drive
