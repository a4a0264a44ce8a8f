// SG_IO and CDROM_SEND_PACKET, as scsi_ioctl.c does them.
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include <linux/cdrom.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>

#include "kernel_drive.hpp"
#include "moody_drive.hpp"

namespace binrip::bed {
namespace {

constexpr std::chrono::milliseconds kShortestTimeout{7'000}, kOwnTimeout{60'000};
constexpr int kUserTicksPerSecond = 100;
constexpr int kMillisecondsPerJiffy = 4;  // HZ=250, as Debian builds it
// <scsi/scsi.h> of the kernel; the C library leaves them out.
constexpr unsigned long kScsiGetIdlun = 0x5382, kScsiGetBusNumber = 0x5386;
constexpr Byte kCheckCondition = 0x02;
constexpr unsigned short kHostTimeout = 3, kHostError = 7;

void copy_sense(const drive::Sense& sense, MutableBytes out) {
  const ByteVector encoded = drive::encode_sense(sense);
  std::copy_n(encoded.begin(), std::min(encoded.size(), out.size()), out.begin());
}

}  // namespace

KernelDrive::Outcome KernelDrive::send(Bytes cdb, drive::Direction direction, MutableBytes data,
                                       std::chrono::milliseconds timeout) {
  if (gone_) return {Outcome::Kind::gone, {}, 0};
  drive::Cdb command;
  if (cdb.empty()) return {Outcome::Kind::bus, {}, 0};
  command.size = std::min({cdb.size(), command.bytes.size(), cdb_length(cdb[0])});
  std::copy_n(cdb.begin(), command.size, command.bytes.begin());
  const auto completion =
      transport_.execute(command, data.empty() ? drive::Direction::none : direction, data, timeout);
  if (completion) {
    const std::size_t transferred = std::min(completion->transferred.value_or(data.size()), data.size());
    if (completion->good) return {Outcome::Kind::good, {}, transferred};
    return {Outcome::Kind::check, completion->sense, transferred};
  }
  switch (completion.error().kind) {
    case ErrorKind::no_device:
      gone_ = true;
      return {Outcome::Kind::gone, {}, 0};
    case ErrorKind::timeout:
      return {Outcome::Kind::timeout, {}, 0};
    default:
      return {Outcome::Kind::bus, {}, 0};
  }
}

std::chrono::milliseconds KernelDrive::effective_timeout(std::chrono::milliseconds asked) const {
  if (asked.count() == 0) asked = default_timeout_;
  return asked.count() == 0 ? kOwnTimeout : std::max(asked, kShortestTimeout);
}

// CHECK CONDITION is EIO with sense copied; a larger transfer than the queue takes EIO without. A command
// that timed out or was lost on the bus has no status, and so this ioctl calls it a success.
Reply KernelDrive::send_packet(ClientMemory& argument) {
  auto request = argument.follow(0, sizeof(cdrom_generic_command));
  if (!request) return failed(EFAULT);
  auto packet = request->get<cdrom_generic_command>();
  if (packet.buflen > max_transfer_) return failed(EIO);
  auto buffer = request->follow(offsetof(cdrom_generic_command, buffer), packet.buflen);
  if (packet.buflen > 0 && !buffer) return failed(EFAULT);
  auto sense = request->follow(offsetof(cdrom_generic_command, sense), sizeof(request_sense));
  packet = request->get<cdrom_generic_command>();  // its pointers lead to our copies now

  const auto direction =
      packet.data_direction == CGC_DATA_WRITE ? drive::Direction::to_drive : drive::Direction::from_drive;
  const MutableBytes data =
      buffer && packet.data_direction != CGC_DATA_NONE ? buffer->bytes() : MutableBytes{};
  const std::chrono::milliseconds asked{std::max(packet.timeout, 0) * kMillisecondsPerJiffy};
  const Outcome outcome = send(packet.cmd, direction, data, effective_timeout(asked));
  switch (outcome.kind) {
    case Outcome::Kind::gone:
      return failed(ENODEV);
    case Outcome::Kind::check:
      if (sense) copy_sense(outcome.sense, sense->bytes());
      return failed(EIO);
    default:
      break;
  }
  packet.stat = 0;
  packet.buflen = static_cast<unsigned>(packet.buflen - outcome.transferred);  // the residual
  request->put(packet);
  return {0, 0, outcome.kind == Outcome::Kind::timeout};
}

Reply KernelDrive::sg_io(Node node, ClientMemory& argument) {
  auto request = argument.follow(0, sizeof(sg_io_hdr_t));
  if (!request) return failed(EFAULT);
  auto header = request->get<sg_io_hdr_t>();
  if (header.interface_id != 'S' || header.iovec_count != 0) return failed(EINVAL);
  if (header.cmd_len < 6 || header.cmd_len > 16) return failed(EINVAL);
  if (header.dxfer_len > max_transfer_) return failed(node == Node::block ? EIO : EINVAL);
  // What Linux 6.1's sg answers; sr takes it as FROM_DEV.
  if (node == Node::generic && header.dxfer_direction == SG_DXFER_TO_FROM_DEV) return failed(EINVAL);
  auto command = request->follow(offsetof(sg_io_hdr_t, cmdp), header.cmd_len);
  if (!command) return failed(EFAULT);
  auto buffer = request->follow(offsetof(sg_io_hdr_t, dxferp), header.dxfer_len);
  if (header.dxfer_len > 0 && !buffer) return failed(EFAULT);
  auto sense = request->follow(offsetof(sg_io_hdr_t, sbp), header.mx_sb_len);
  header = request->get<sg_io_hdr_t>();  // its pointers lead to our copies now

  const auto direction =
      header.dxfer_direction == SG_DXFER_TO_DEV ? drive::Direction::to_drive : drive::Direction::from_drive;
  const MutableBytes data =
      buffer && header.dxfer_direction != SG_DXFER_NONE ? buffer->bytes() : MutableBytes{};
  const Outcome outcome =
      send(command->bytes(), direction, data, effective_timeout(std::chrono::milliseconds{header.timeout}));
  if (outcome.kind == Outcome::Kind::gone) return failed(ENODEV);

  const bool check = outcome.kind == Outcome::Kind::check;
  const bool timeout = outcome.kind == Outcome::Kind::timeout;
  header.status = check ? kCheckCondition : Byte{0};
  header.masked_status = static_cast<unsigned char>(header.status >> 1);
  header.msg_status = 0;
  header.sb_len_wr = 0;
  header.host_status = timeout                              ? kHostTimeout
                       : outcome.kind == Outcome::Kind::bus ? kHostError
                                                            : std::uint16_t{0};
  header.driver_status = check ? std::uint16_t{0x08} : std::uint16_t{0};
  header.resid = static_cast<int>(header.dxfer_len - outcome.transferred);
  header.duration = 1;
  header.info = header.status != 0 || header.host_status != 0 ? SG_INFO_CHECK : SG_INFO_OK;
  if (check && sense) {
    copy_sense(outcome.sense, sense->bytes());
    header.sb_len_wr = static_cast<unsigned char>(std::min<std::size_t>(18, sense->bytes().size()));
  }
  request->put(header);
  return {0, 0, timeout};
}

Reply KernelDrive::scsi_ioctl(Node node, unsigned long request, ClientMemory& argument) {
  const auto put_int = [&](int value) {
    auto out = argument.follow(0, sizeof(int));
    if (!out) return failed(EFAULT);
    out->put(value);
    return Reply{};
  };
  // The sg driver has a default of its own, for each descriptor; here it is the device's.
  std::chrono::milliseconds& timeout = node == Node::generic ? generic_timeout_ : default_timeout_;
  switch (request) {
    case SG_IO:
      return sg_io(node, argument);
    case SG_GET_VERSION_NUM:
      return put_int(30536);
    case SG_SET_TIMEOUT: {
      auto ticks = argument.follow(0, sizeof(int));
      if (!ticks) return failed(EFAULT);
      if (ticks->get<int>() < 0) return failed(EIO);
      timeout = std::chrono::milliseconds{ticks->get<int>()} * (1000 / kUserTicksPerSecond);
      return {};
    }
    case SG_GET_TIMEOUT:
      return {timeout.count() * kUserTicksPerSecond / 1000, 0, false};
    case SG_GET_RESERVED_SIZE:
      return put_int(static_cast<int>(std::min<std::uint32_t>(max_transfer_, 32 * 1024)));
    case SG_SET_RESERVED_SIZE:
      return {};
    case SG_EMULATED_HOST:
      return put_int(1);  // as libata
    case SG_GET_SG_TABLESIZE:
      return put_int(128);
    case kScsiGetBusNumber:
      return put_int(host_);
    case kScsiGetIdlun: {
      auto out = argument.follow(0, 2 * sizeof(std::uint32_t));
      if (!out) return failed(EFAULT);
      out->put(std::array<std::uint32_t, 2>{static_cast<std::uint32_t>(host_) << 24, 0});
      return {};
    }
    case SG_GET_SCSI_ID: {
      auto out = argument.follow(0, sizeof(sg_scsi_id));
      if (!out) return failed(EFAULT);
      sg_scsi_id id{};
      id.host_no = host_;
      id.scsi_type = 5;
      id.h_cmd_per_lun = id.d_queue_depth = 1;
      out->put(id);
      return {};
    }
    default:
      return failed(ENOTTY);
  }
}

Reply KernelDrive::ioctl(Node node, unsigned long request, ClientMemory& argument) {
  if (gone_) return failed(ENODEV);
  if (request == CDROM_SEND_PACKET) return send_packet(argument);
  Reply reply = scsi_ioctl(node, request, argument);
  if (reply.error != ENOTTY || node == Node::generic) return reply;
  reply = cdrom_ioctl(request, argument);
  return reply.error != ENOTTY ? reply : block_ioctl(request, argument);
}

}  // namespace binrip::bed
