// The ioctls of the cdrom layer, as cdrom.c, sr_ioctl.c and sr_vendor.c do them: each becomes a command.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

#include <linux/cdrom.h>
#include <linux/fs.h>

#include "kernel_drive.hpp"

#include "binrip/cd/address.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::bed {
namespace {

constexpr std::chrono::milliseconds kKernelTimeout{30'000};
constexpr int kMaxAudioFrames = 75 * 60;
constexpr int kAttempts = 10;                    // as sr_do_ioctl
constexpr std::uint32_t kKilobytesAtOneX = 177;  // kB; the kernel's own rounding

drive::Cdb cdb_of(std::initializer_list<int> bytes) {
  drive::Cdb cdb;
  for (const int byte : bytes) cdb.bytes[cdb.size++] = static_cast<Byte>(byte);
  return cdb;
}

drive::Cdb read_toc(int format, int track, bool msf, int length) {
  return cdb_of({0x43, msf ? 2 : 0, format, 0, 0, 0, track, length >> 8, length & 0xFF, 0});
}

drive::Cdb read_cd(std::int32_t lba, int count, int expected, int fields) {
  return cdb_of({0xBE, expected << 2, (lba >> 24) & 0xFF, (lba >> 16) & 0xFF, (lba >> 8) & 0xFF, lba & 0xFF,
                 (count >> 16) & 0xFF, (count >> 8) & 0xFF, count & 0xFF, fields, 0, 0});
}

int errno_of(const drive::Sense& sense) {
  switch (sense.key) {
    case 0x02:
      return ENOMEDIUM;
    case 0x05:
      return sense.asc == 0x20 && sense.ascq == 0 ? EOPNOTSUPP : EIO;
    default:
      return EIO;
  }
}

std::int32_t to_lba(const cdrom_addr& address, int format) {
  if (format == CDROM_LBA) return address.lba;
  return cd::to_lba({address.msf.minute, address.msf.second, address.msf.frame}).value;
}

cdrom_addr to_address(std::int32_t lba, int format) {
  cdrom_addr address{};
  if (format == CDROM_LBA) {
    address.lba = lba;
  } else {
    const cd::Msf msf = cd::to_msf(cd::Lba{lba});
    address.msf.minute = static_cast<Byte>(msf.minute);
    address.msf.second = static_cast<Byte>(msf.second);
    address.msf.frame = static_cast<Byte>(msf.frame);
  }
  return address;
}

}  // namespace

int KernelDrive::kernel_command(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Outcome outcome = send(cdb.view(), direction, data, kKernelTimeout);
    if (outcome.kind == Outcome::Kind::good) return 0;
    if (outcome.kind == Outcome::Kind::gone) return ENODEV;
    if (outcome.kind != Outcome::Kind::check) return EIO;
    const bool attention = outcome.sense.key == 6;
    const bool becoming_ready = outcome.sense.key == 2 && outcome.sense.asc == 4 && outcome.sense.ascq == 1;
    if (!attention && !becoming_ready) return errno_of(outcome.sense);
    if (becoming_ready) transport_.wait(std::chrono::seconds{2});
  }
  return ENOMEDIUM;
}

Reply KernelDrive::simple(const drive::Cdb& cdb) {
  const int error = kernel_command(cdb, drive::Direction::none, {});
  return error == 0 ? Reply{} : failed(error);
}

void KernelDrive::probe() { kernel_command(cdb_of({0, 0, 0, 0, 0, 0}), drive::Direction::none, {}); }

Reply KernelDrive::drive_status() {
  const Outcome outcome = send(cdb_of({0, 0, 0, 0, 0, 0}).view(), drive::Direction::none, {}, kKernelTimeout);
  if (outcome.kind == Outcome::Kind::gone) return failed(ENODEV);
  if (outcome.kind == Outcome::Kind::good) return {CDS_DISC_OK, 0, false};
  if (outcome.kind != Outcome::Kind::check) return {CDS_NO_INFO, 0, false};
  if (outcome.sense.key == 2 && outcome.sense.asc == 4 && outcome.sense.ascq == 1)
    return {CDS_DRIVE_NOT_READY, 0, false};
  std::array<Byte, 8> event{};
  if (kernel_command(cdb_of({0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0}), drive::Direction::from_drive, event) ==
          0 &&
      (event[2] & 0x07) == 4) {
    if ((event[5] & 0x02) != 0) return {CDS_DISC_OK, 0, false};
    return {(event[5] & 0x01) != 0 ? CDS_TRAY_OPEN : CDS_NO_DISC, 0, false};
  }
  return {outcome.sense.asc == 0x3A && outcome.sense.ascq == 1 ? CDS_NO_DISC : CDS_TRAY_OPEN, 0, false};
}

Reply KernelDrive::disc_status() {
  std::array<Byte, 12> header{};
  const int error = kernel_command(read_toc(0, 0, false, 12), drive::Direction::from_drive, header);
  if (error != 0) return {error == ENOMEDIUM ? CDS_NO_DISC : CDS_NO_INFO, 0, false};
  int audio = 0, data = 0;
  for (int track = header[2]; track <= header[3]; ++track) {
    std::array<Byte, 12> entry{};
    if (kernel_command(read_toc(0, track, false, 12), drive::Direction::from_drive, entry) != 0) {
      return {CDS_NO_INFO, 0, false};
    }
    ++((entry[5] & CDROM_DATA_TRACK) != 0 ? data : audio);
  }
  if (audio > 0) return {data > 0 ? CDS_MIXED : CDS_AUDIO, 0, false};
  return {data > 0 ? CDS_DATA_1 : CDS_NO_INFO, 0, false};
}

Reply KernelDrive::capability() {
  constexpr long can = CDC_CLOSE_TRAY | CDC_OPEN_TRAY | CDC_LOCK | CDC_SELECT_SPEED | CDC_MULTI_SESSION |
                       CDC_MCN | CDC_MEDIA_CHANGED | CDC_PLAY_AUDIO | CDC_RESET | CDC_DRIVE_STATUS |
                       CDC_GENERIC_PACKET;
  return {can, 0, false};
}

Reply KernelDrive::toc_header(ClientMemory& argument) {
  auto out = argument.follow(0, sizeof(cdrom_tochdr));
  if (!out) return failed(EFAULT);
  std::array<Byte, 12> reply{};
  if (const int error = kernel_command(read_toc(0, 0, false, 12), drive::Direction::from_drive, reply))
    return failed(error);
  out->put(cdrom_tochdr{reply[2], reply[3]});
  return {};
}

Reply KernelDrive::toc_entry(ClientMemory& argument) {
  auto memory = argument.follow(0, sizeof(cdrom_tocentry));
  if (!memory) return failed(EFAULT);
  auto entry = memory->get<cdrom_tocentry>();
  if (entry.cdte_format != CDROM_LBA && entry.cdte_format != CDROM_MSF) return failed(EINVAL);
  std::array<Byte, 12> reply{};
  const auto cdb = read_toc(0, entry.cdte_track, false, 12);
  if (const int error = kernel_command(cdb, drive::Direction::from_drive, reply)) return failed(error);
  entry.cdte_ctrl = reply[5] & 0x0F;
  entry.cdte_adr = (reply[5] >> 4) & 0x0F;
  entry.cdte_datamode = (entry.cdte_ctrl & CDROM_DATA_TRACK) != 0 ? 1 : 0;
  entry.cdte_addr = to_address(static_cast<std::int32_t>(load_be32(reply, 8)), entry.cdte_format);
  memory->put(entry);
  return {};
}

Reply KernelDrive::multisession(ClientMemory& argument) {
  auto memory = argument.follow(0, sizeof(cdrom_multisession));
  if (!memory) return failed(EFAULT);
  auto session = memory->get<cdrom_multisession>();
  if (session.addr_format != CDROM_LBA && session.addr_format != CDROM_MSF) return failed(EINVAL);
  std::array<Byte, 12> reply{};
  if (const int error = kernel_command(read_toc(1, 0, false, 12), drive::Direction::from_drive, reply))
    return failed(error);
  const auto start = reply[2] != reply[3] ? static_cast<std::int32_t>(load_be32(reply, 8)) : 0;
  session.xa_flag = start > 0 ? 1 : 0;
  session.addr = to_address(start, session.addr_format);
  memory->put(session);
  return {};
}

Reply KernelDrive::mcn(ClientMemory& argument) {
  auto out = argument.follow(0, sizeof(cdrom_mcn));
  if (!out) return failed(EFAULT);
  std::array<Byte, 24> reply{};
  const auto cdb = cdb_of({0x42, 0, 0x40, 2, 0, 0, 0, 0, 24, 0});
  if (const int error = kernel_command(cdb, drive::Direction::from_drive, reply)) return failed(error);
  cdrom_mcn number{};
  std::copy_n(reply.begin() + 9, 13, number.medium_catalog_number);
  out->put(number);
  return {};
}

Reply KernelDrive::subchannel(ClientMemory& argument) {
  auto memory = argument.follow(0, sizeof(cdrom_subchnl));
  if (!memory) return failed(EFAULT);
  auto position = memory->get<cdrom_subchnl>();
  std::array<Byte, 16> reply{};
  const auto cdb = cdb_of({0x42, 0, 0x40, 1, 0, 0, 0, 0, 16, 0});
  if (const int error = kernel_command(cdb, drive::Direction::from_drive, reply)) return failed(error);
  position.cdsc_audiostatus = reply[1];
  position.cdsc_ctrl = reply[5] & 0x0F;
  position.cdsc_adr = (reply[5] >> 4) & 0x0F;
  position.cdsc_trk = reply[6];
  position.cdsc_ind = reply[7];
  position.cdsc_absaddr = to_address(static_cast<std::int32_t>(load_be32(reply, 8)), position.cdsc_format);
  position.cdsc_reladdr = to_address(static_cast<std::int32_t>(load_be32(reply, 12)), position.cdsc_format);
  memory->put(position);
  return {};
}

Reply KernelDrive::read_audio(ClientMemory& argument) {
  auto memory = argument.follow(0, sizeof(cdrom_read_audio));
  if (!memory) return failed(EFAULT);
  const auto request = memory->get<cdrom_read_audio>();
  if (request.nframes < 1 || request.nframes > kMaxAudioFrames) return failed(EINVAL);
  const auto size = static_cast<std::size_t>(request.nframes) * CD_FRAMESIZE_RAW;
  auto buffer = memory->follow(offsetof(cdrom_read_audio, buf), size);
  if (!buffer) return failed(EFAULT);
  // The kernel takes as many frames a command as the queue allows.
  const auto at_once = static_cast<int>(std::max<std::uint32_t>(1, max_transfer_ / CD_FRAMESIZE_RAW));
  std::int32_t lba = to_lba(request.addr, request.addr_format);
  for (int done = 0; done < request.nframes;) {
    const int count = std::min(at_once, request.nframes - done);
    const auto part = buffer->bytes().subspan(static_cast<std::size_t>(done) * CD_FRAMESIZE_RAW,
                                              static_cast<std::size_t>(count) * CD_FRAMESIZE_RAW);
    const auto cdb = read_cd(lba + done, count, 1, 0xF8);
    if (const int error = kernel_command(cdb, drive::Direction::from_drive, part)) return failed(error);
    done += count;
  }
  return {};
}

// CDROMREADRAW, MODE1 and MODE2: one sector; the address stands where the data goes.
Reply KernelDrive::read_sectors(unsigned long request, ClientMemory& argument) {
  const int expected = request == CDROMREADMODE1 ? 2 : 0;
  const int fields = request == CDROMREADRAW ? 0xF8 : request == CDROMREADMODE1 ? 0x10 : 0x58;
  const std::size_t size = request == CDROMREADRAW     ? CD_FRAMESIZE_RAW
                           : request == CDROMREADMODE1 ? CD_FRAMESIZE
                                                       : CD_FRAMESIZE_RAW0;
  auto memory = argument.follow(0, size);
  if (!memory) return failed(EFAULT);
  const auto start = memory->get<cdrom_msf>();
  const auto lba = cd::to_lba({start.cdmsf_min0, start.cdmsf_sec0, start.cdmsf_frame0}).value;
  ByteVector sector(size);
  const auto cdb = read_cd(lba, 1, expected, fields);
  if (const int error = kernel_command(cdb, drive::Direction::from_drive, sector)) return failed(error);
  std::copy(sector.begin(), sector.end(), memory->bytes().begin());
  return {};
}

Reply KernelDrive::cdrom_ioctl(unsigned long request, ClientMemory& argument) {
  const auto scalar = argument.get<unsigned long>();
  switch (request) {
    case CDROM_DRIVE_STATUS:
      return drive_status();
    case CDROM_DISC_STATUS:
      return disc_status();
    case CDROM_GET_CAPABILITY:
      return capability();
    case CDROM_MEDIA_CHANGED:
    case CDROM_SET_OPTIONS:
    case CDROM_CLEAR_OPTIONS:
    case CDROM_DEBUG:
      return {};
    case CDROM_CHANGER_NSLOTS:
      return {1, 0, false};
    case CDROMREADTOCHDR:
      return toc_header(argument);
    case CDROMREADTOCENTRY:
      return toc_entry(argument);
    case CDROMMULTISESSION:
      return multisession(argument);
    case CDROM_GET_MCN:
      return mcn(argument);
    case CDROMSUBCHNL:
      return subchannel(argument);
    case CDROMREADAUDIO:
      return read_audio(argument);
    case CDROMREADRAW:
    case CDROMREADMODE1:
    case CDROMREADMODE2:
      return read_sectors(request, argument);
    case CDROM_LOCKDOOR:
      return simple(cdb_of({0x1E, 0, 0, 0, scalar != 0 ? 1 : 0, 0}));
    case CDROMEJECT:
      return simple(cdb_of({0x1B, 0, 0, 0, 2, 0}));
    case CDROMCLOSETRAY:
      return simple(cdb_of({0x1B, 0, 0, 0, 3, 0}));
    case CDROMSTART:
      return simple(cdb_of({0x1B, 0, 0, 0, 1, 0}));
    case CDROMSTOP:
      return simple(cdb_of({0x1B, 0, 0, 0, 0, 0}));
    case CDROM_SELECT_SPEED: {
      const auto speed =
          static_cast<int>(scalar == 0 ? 0xFFFF : std::min<unsigned long>(0xFFFF, scalar * kKilobytesAtOneX));
      return simple(cdb_of({0xBB, 0, speed >> 8, speed & 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0}));
    }
    default:
      return failed(ENOTTY);
  }
}

std::uint64_t KernelDrive::capacity_sectors() {
  std::array<Byte, 8> reply{};
  const auto cdb = cdb_of({0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  if (kernel_command(cdb, drive::Direction::from_drive, reply) != 0) return 0;
  return std::uint64_t{load_be32(reply)} + 1;
}

Reply KernelDrive::block_ioctl(unsigned long request, ClientMemory& argument) {
  const auto put = [&]<class T>(T value) {
    auto out = argument.follow(0, sizeof(T));
    if (!out) return failed(EFAULT);
    out->put(value);
    return Reply{};
  };
  constexpr std::uint64_t block_sectors = 4;  // of 512 bytes
  switch (request) {
    case BLKGETSIZE:
      return put(static_cast<unsigned long>(capacity_sectors() * block_sectors));
    case BLKGETSIZE64:
      return put(capacity_sectors() * CD_FRAMESIZE);
    case BLKSSZGET:
      return put(int{CD_FRAMESIZE});
    case BLKROGET:
      return put(1);
    case BLKSECTGET:
      return put(static_cast<unsigned short>(max_transfer_ / 512));
    case BLKFLSBUF:
    case BLKRASET:
      return {};
    default:
      return failed(ENOTTY);
  }
}

}  // namespace binrip::bed
