#include "binrip/drive/cdio_transport.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>

#include <cdio/cdio.h>
#include <cdio/logging.h>
#include <cdio/mmc.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "binrip/base/file.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kDefaultTransfer = 64 * 1024;
// 46 sectors with all their fields: more saves nothing, and large buffers are hard to get for the kernel.
constexpr std::size_t kMostTransfer = 128 * 1024;
constexpr std::size_t kLeastTransfer = 4096;

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

// An O_NONBLOCK descriptor: opening with it needs no disc and does not close the tray.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// libcdio 2.1.0 sends a timeout of 0 with every command, whatever it is told: the kernel then takes the
// device's own default, about a minute. SG_SET_TIMEOUT on any descriptor of the device sets that default (the
// kernel takes no less than 7 s). Where the kernel does not know it, its default stays.
class DefaultTimeout {
 public:
  explicit DefaultTimeout(Descriptor descriptor) : descriptor_(std::move(descriptor)) {
    const int ticks = ::ioctl(descriptor_.get(), SG_GET_TIMEOUT, nullptr);
    if (ticks > 0) before_ = current_ = ticks;
  }
  ~DefaultTimeout() {
    if (current_ != before_) set_ticks(before_);
  }
  DefaultTimeout(const DefaultTimeout&) = delete;
  DefaultTimeout& operator=(const DefaultTimeout&) = delete;

  void set(milliseconds timeout) {
    if (before_ == 0) return;
    const std::int64_t ticks = timeout.count() * ::sysconf(_SC_CLK_TCK) / 1000;
    set_ticks(static_cast<int>(std::clamp<std::int64_t>(ticks, 1, 1'000'000)));
  }

 private:
  void set_ticks(int ticks) {
    if (ticks == current_) return;
    if (::ioctl(descriptor_.get(), SG_SET_TIMEOUT, &ticks) == 0) current_ = ticks;
  }

  Descriptor descriptor_;
  int before_ = 0, current_ = 0;
};

cdio_mmc_direction_t direction_of(Direction direction) {
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
    errno = 0;
    const int outcome = mmc_run_cmd_len(node_->device.get(), static_cast<unsigned>(timeout.count()), &block,
                                        static_cast<unsigned>(cdb.size), direction_of(direction),
                                        static_cast<unsigned>(data.size()), data.data());
    const int error_number = errno;
    const Sense sense = last_sense(node_->device.get());
    if (outcome == DRIVER_OP_SUCCESS) {
      const SenseClass meaning = classify(sense);
      const bool good = meaning == SenseClass::none || meaning == SenseClass::recovered;
      return Completion{.good = good, .sense = sense, .transferred = {}};
    }
    if (sense.key != 0) return Completion{.good = false, .sense = sense, .transferred = {}};
    return failure(cdb, error_number);
  }

  Result<void> reopen() override {
    node_.reset();
    TRY(node_, open_node(name_, access_mode_));
    return {};
  }

  std::size_t max_transfer() const override { return max_transfer_; }
  std::string name() const override { return name_; }

 private:
  // The command failed without a word from the drive.
  Result<Completion> failure(const Cdb& cdb, int error_number) const {
    const auto error = [&](ErrorKind kind, std::string hint = {}) {
      return fail(kind,
                  fmt::format("{}: command {:02X}h failed: {}", name_, cdb.opcode(),
                              std::strerror(error_number == 0 ? EIO : error_number)),
                  std::move(hint));
    };
    switch (error_number) {
      case ENODEV:
      case ENXIO:
        return error(ErrorKind::no_device, "has the drive been unplugged?");
      case ENOMEDIUM: {
        constexpr Sense kNoMedium{.key = 2, .asc = 0x3A, .ascq = 0, .information = {}};
        return Completion{.good = false, .sense = kNoMedium, .transferred = {}};
      }
      case ETIMEDOUT:
        return error(ErrorKind::timeout);
      case EPERM:
      case EACCES:
      case EROFS:
        return error(ErrorKind::permission);
      case ENOTTY:
      case ENOSYS:
      case EOPNOTSUPP:
        return error(ErrorKind::usage);
      default:
        return error(ErrorKind::bus);
    }
  }

  std::unique_ptr<OpenNode> node_;  // nothing after an opening that failed
  const char* access_mode_;
  std::string name_;
  std::size_t max_transfer_;
};

// --- opening ---

constexpr const char* kListHint = "binrip drives lists the drives of this machine";

Error open_error(int error_number, const std::string& path) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorKind::no_device, fmt::format("no such device: {}", path), kListHint};
    case ENXIO:
    case ENODEV:
      return {ErrorKind::no_device, fmt::format("no drive behind {}: {}", path, std::strerror(error_number)),
              "check the drive's power and cable"};
    case EACCES:
    case EPERM:
      return {ErrorKind::permission, fmt::format("no permission to use {}", path),
              "join the group cdrom: sudo adduser $USER cdrom, then log in again"};
    case EBUSY:
      return {ErrorKind::io, fmt::format("{} is in use by another program", path), "close that program"};
    default:
      return {ErrorKind::io, fmt::format("cannot open {}: {}", path, std::strerror(error_number))};
  }
}

tl::unexpected<Error> not_a_drive(const std::string& path, std::string_view what) {
  return fail(ErrorKind::usage, fmt::format("{} is {}, not a CD drive", path, what), kListHint);
}

// Where symbolic links such as /dev/cdrom lead.
Result<std::string> canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return fail(open_error(errno, path));
  return std::string(real.get());
}

Result<dev_t> block_device_number(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return fail(open_error(errno, path));
  if (S_ISDIR(info.st_mode)) return not_a_drive(path, "a directory");
  if (S_ISREG(info.st_mode)) return not_a_drive(path, "a file");
  if (!S_ISBLK(info.st_mode)) return not_a_drive(path, "no block device");
  return info.st_rdev;
}

Result<Descriptor> open_descriptor(const std::string& path) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return fail(open_error(errno, path));
  return Descriptor(fd);
}

std::optional<std::size_t> queue_limit(dev_t number, std::string_view name) {
  const auto text =
      read_text(fmt::format("/sys/dev/block/{}:{}/queue/{}", major(number), minor(number), name), 4096);
  if (!text) return std::nullopt;
  std::size_t kib = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), kib);
  if (parsed.ec != std::errc() || kib == 0 || kib > (1U << 20)) return std::nullopt;
  return kib * 1024;
}

// A transfer above the device's limit fails with EIO and no sense.
std::size_t transfer_limit(dev_t number) {
  const auto hardware = queue_limit(number, "max_hw_sectors_kb");
  const auto soft = queue_limit(number, "max_sectors_kb");
  if (!hardware && !soft) return kDefaultTransfer;
  const std::size_t limit = std::min(hardware.value_or(kMostTransfer), soft.value_or(kMostTransfer));
  return std::clamp(limit, kLeastTransfer, kMostTransfer);
}

Result<void> check_optical(Transport& transport, const std::string& path) {
  constexpr std::size_t kSize = 36;
  constexpr Byte kOptical = 5;
  ByteVector reply(kSize, 0);
  const auto answer =
      transport.execute(inquiry_cdb(kSize), Direction::from_drive, reply, milliseconds(30'000));
  if (!answer && answer.error().kind == ErrorKind::usage) return not_a_drive(path, "another device");
  if (!answer) return fail(answer.error());
  if (!answer->good) return fail(sense_error(answer->sense, "identify " + path));
  TRY(const Inquiry inquiry, parse_inquiry(reply));
  if (inquiry.device_type != kOptical) return not_a_drive(path, "another device");
  return {};
}

Result<std::unique_ptr<OpenNode>> open_node(const std::string& path, const char* access_mode) {
  TRY(Descriptor descriptor, open_descriptor(path));
  errno = 0;
  CdioHandle device(cdio_open_am(path.c_str(), DRIVER_LINUX, access_mode));
  if (device == nullptr) return fail(open_error(errno == 0 ? EIO : errno, path));
  return std::make_unique<OpenNode>(std::move(descriptor), std::move(device));
}

Result<std::unique_ptr<Transport>> open_as(const std::string& path, const char* access_mode,
                                           std::size_t limit) {
  TRY(std::unique_ptr<OpenNode> node, open_node(path, access_mode));
  return std::make_unique<CdioTransport>(std::move(node), access_mode, path, limit);
}

}  // namespace

Result<CdioDevice> open_cdio(const std::string& path) {
  silence_libcdio();
  TRY(const std::string node, canonical(path));
  TRY(const dev_t number, block_device_number(node));
  const std::size_t limit = transfer_limit(number);
  // Read-only first, to learn what it is: a disk is not opened for writing.
  TRY(std::unique_ptr<Transport> read_only, open_as(node, "IOCTL", limit));
  TRY_VOID(check_optical(*read_only, node));
  auto read_write = open_as(node, "MMC_RDWR", limit);
  if (!read_write) return CdioDevice{std::move(read_only), Access::read_only};
  return CdioDevice{std::move(*read_write), Access::read_write};
}

}  // namespace binrip::drive
