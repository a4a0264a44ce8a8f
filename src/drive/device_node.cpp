#include "drive/device_node.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "binrip/base/file.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::drive {
namespace {

constexpr std::size_t kDefaultTransfer = 64 * 1024;
// 46 sectors with all their fields: more saves nothing, and large buffers are hard to get for the kernel.
constexpr std::size_t kMaxTransferUnknown = 128 * 1024;
constexpr std::size_t kLeastTransfer = 4096;
// From the kernel's list of devices: SCSI CD-ROM and SCSI generic.
constexpr unsigned kOpticalMajor = 11, kGenericMajor = 21;

constexpr const char* kListHint = "binrip drives lists the drives of this machine";

tl::unexpected<Error> not_a_drive(const std::string& path, std::string_view what) {
  return fail(ErrorKind::usage, fmt::format("{} is {}, not a CD drive", path, what), kListHint);
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

}  // namespace

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
      return {ErrorKind::io, fmt::format("{} is in use by another program", path),
              "close that program; `binrip doctor` names it"};
    default:
      return {ErrorKind::io, fmt::format("cannot open {}: {}", path, std::strerror(error_number))};
  }
}

Result<Completion> ioctl_failure(int error_number, const std::string& name, Byte opcode) {
  const auto error = [&](ErrorKind kind, std::string hint = {}) {
    return fail(kind,
                fmt::format("{}: command {:02X}h failed: {}", name, opcode,
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

Result<Descriptor> open_descriptor(const std::string& path, int flags) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_NONBLOCK | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return fail(open_error(errno, path));
  return Descriptor(fd);
}

Result<std::string> canonical_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return fail(open_error(errno, path));
  return std::string(real.get());
}

bool DeviceNode::is_sr() const { return kind == NodeKind::block && major(number) == kOpticalMajor; }

Result<DeviceNode> device_node(const std::string& path) {
  DeviceNode node;
  TRY(node.path, canonical_path(path));
  struct stat info {};
  if (::stat(node.path.c_str(), &info) != 0) return fail(open_error(errno, node.path));
  if (S_ISDIR(info.st_mode)) return not_a_drive(node.path, "a directory");
  if (S_ISREG(info.st_mode)) return not_a_drive(node.path, "a file");
  const bool generic = S_ISCHR(info.st_mode) && major(info.st_rdev) == kGenericMajor;
  if (!S_ISBLK(info.st_mode) && !generic) return not_a_drive(node.path, "no block device");
  node.kind = generic ? NodeKind::generic : NodeKind::block;
  node.number = info.st_rdev;
  return node;
}

std::size_t transfer_limit(dev_t block_device) {
  const auto hardware = queue_limit(block_device, "max_hw_sectors_kb");
  const auto soft = queue_limit(block_device, "max_sectors_kb");
  if (!hardware && !soft) return kDefaultTransfer;
  const std::size_t limit =
      std::min(hardware.value_or(kMaxTransferUnknown), soft.value_or(kMaxTransferUnknown));
  return std::clamp(limit, kLeastTransfer, kMaxTransferUnknown);
}

std::size_t default_transfer() { return kDefaultTransfer; }

Result<void> check_optical(Transport& transport, const std::string& path) {
  constexpr std::size_t kSize = 36;
  constexpr Byte kOptical = 5;
  ByteVector reply(kSize, 0);
  const auto answer =
      transport.execute(inquiry_cdb(kSize), Direction::from_drive, reply, std::chrono::seconds(30));
  if (!answer && answer.error().kind == ErrorKind::usage) return not_a_drive(path, "another device");
  if (!answer) return fail(answer.error());
  if (!answer->good) return fail(sense_error(answer->sense, "identify " + path));
  TRY(const Inquiry inquiry, parse_inquiry(reply));
  if (inquiry.device_type != kOptical) return not_a_drive(path, "another device");
  return {};
}

}  // namespace binrip::drive
