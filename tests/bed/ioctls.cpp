// binrip-bed-ioctls: asks the kernel what it makes of a drive, by hand. Reads lines of words, "# …" left out:
//
//   open NODE [write] [wait]         what follows goes there; wait: without O_NONBLOCK
//   timeout SECONDS                  SG_SET_TIMEOUT; 0 asks SG_GET_TIMEOUT
//   packet SIZE|-SIZE|0 HEX…         CDROM_SEND_PACKET with that CDB, SIZE bytes to be read, or -SIZE to be
//   sent sgio SIZE|-SIZE|0 SECONDS HEX…   SG_IO ioctl NAME [ARGUMENT]            one of the cdrom layer read
//   OFFSET SIZE                 pread(2) sleep MILLISECONDS
//
// and says in a line each what came of it. With --seconds also how long it took.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/cdrom.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "binrip/base/bytes.hpp"
#include "binrip/drive/sense.hpp"

namespace binrip::bed {
namespace {

constexpr Byte kPattern = 0xA7;
constexpr int kHexadecimal = 16, kMilliseconds = 1000;
constexpr std::size_t kMostCdb = 12;

std::string failure() { return fmt::format("{}", ::strerrorname_np(errno)); }

std::string tell_sense(Bytes sense) {
  if (std::all_of(sense.begin(), sense.end(), [](Byte b) { return b == 0; })) return "no sense";
  const drive::Sense told = drive::parse_sense(sense);
  return fmt::format("sense {:X}/{:02X}/{:02X}", told.key, told.asc, told.ascq);
}

// Memory for a transfer, filled with the pattern. It begins 16 bytes before a page's end and those do not
// count: Linux's target code clears a buffer's part in its first page before each command, so that there they
// say nothing.
class Buffer {
 public:
  explicit Buffer(int size)
      : size_(static_cast<std::size_t>(std::abs(size))),
        memory_(static_cast<Byte*>(std::aligned_alloc(kPage, kPage + (size_ / kPage + 1) * kPage)),
                &std::free) {
    std::fill(begin(), begin() + size_, kPattern);
  }
  Byte* begin() { return memory_.get() + kPage - kCleared; }
  Byte* address() { return size_ == 0 ? nullptr : begin(); }
  std::size_t size() const { return size_; }

  // How far it has been written to.
  std::string tell() {
    if (size_ <= kCleared) return "";
    std::size_t end = size_;
    while (end > kCleared && begin()[end - 1] == kPattern) --end;
    if (end == kCleared) return ", data untouched";
    return end == size_ ? ", data" : fmt::format(", data up to {}", end);
  }

 private:
  static constexpr std::size_t kPage = 4096, kCleared = 16;
  std::size_t size_;
  std::unique_ptr<Byte, decltype(&std::free)> memory_;
};

class Asker {
 public:
  std::string open(std::istream& words) {
    std::string node, word;
    words >> node;
    int flags = O_NONBLOCK | O_RDONLY | O_CLOEXEC;
    while (words >> word) {
      if (word == "write") flags = (flags & ~O_ACCMODE) | O_RDWR;
      if (word == "wait") flags &= ~O_NONBLOCK;
    }
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(node.c_str(), flags);
    return fd_ < 0 ? failure() : "ok";
  }

  std::string timeout(std::istream& words) const {
    int seconds = 0;
    words >> seconds;
    if (seconds == 0) return fmt::format("{} ticks", ::ioctl(fd_, SG_GET_TIMEOUT, nullptr));
    int ticks = seconds * static_cast<int>(::sysconf(_SC_CLK_TCK));
    return ::ioctl(fd_, SG_SET_TIMEOUT, &ticks) == 0 ? "ok" : failure();
  }

  std::string packet(std::istream& words) const {
    int size = 0;
    words >> size;
    cdrom_generic_command command{};
    std::array<Byte, sizeof(request_sense)> sense{};
    Buffer data(size);
    read_cdb(words, command.cmd);
    command.buffer = data.address();
    command.buflen = static_cast<unsigned>(data.size());
    command.sense = reinterpret_cast<request_sense*>(sense.data());
    command.data_direction = size == 0 ? CGC_DATA_NONE : size < 0 ? CGC_DATA_WRITE : CGC_DATA_READ;
    const int result = ::ioctl(fd_, CDROM_SEND_PACKET, &command);
    const std::string said = result < 0 ? failure() : fmt::format("{}", result);
    const std::string rest = result < 0 ? "" : fmt::format(", residual {}", command.buflen);
    return fmt::format("{}, {}{}{}", said, tell_sense(sense), rest, size < 0 ? "" : data.tell());
  }

  std::string sgio(std::istream& words, int reading) const {
    int size = 0;
    unsigned seconds = 0;
    words >> size >> seconds;
    std::array<Byte, kMostCdb> cdb{};
    std::array<Byte, 64> sense{};
    Buffer data(size);
    const std::size_t length = read_cdb(words, cdb);
    sg_io_hdr_t header{};
    header.interface_id = 'S';
    header.cmd_len = static_cast<unsigned char>(length);
    header.cmdp = cdb.data();
    header.mx_sb_len = sense.size();
    header.sbp = sense.data();
    header.dxfer_direction = size == 0 ? SG_DXFER_NONE : size < 0 ? SG_DXFER_TO_DEV : reading;
    header.dxfer_len = static_cast<unsigned>(data.size());
    header.dxferp = data.address();
    header.timeout = seconds * kMilliseconds;
    if (::ioctl(fd_, SG_IO, &header) < 0) return failure() + (size < 0 ? "" : data.tell());
    return fmt::format("status {:02X}, host {:02X}, driver {:02X}, {}, residual {}{}", header.status,
                       header.host_status, header.driver_status,
                       header.sb_len_wr == 0 ? "no sense" : tell_sense(sense), header.resid,
                       size < 0 ? "" : data.tell());
  }

  std::string ioctl(std::istream& words) const {
    static const std::map<std::string, unsigned long> requests{
        {"CDROM_DRIVE_STATUS", CDROM_DRIVE_STATUS},
        {"CDROM_DISC_STATUS", CDROM_DISC_STATUS},
        {"CDROM_MEDIA_CHANGED", CDROM_MEDIA_CHANGED},
        {"CDROM_LOCKDOOR", CDROM_LOCKDOOR},
        {"CDROM_SELECT_SPEED", CDROM_SELECT_SPEED},
        {"CDROMEJECT", CDROMEJECT},
        {"CDROMCLOSETRAY", CDROMCLOSETRAY},
        {"CDROMSTART", CDROMSTART},
        {"CDROM_GET_CAPABILITY", CDROM_GET_CAPABILITY}};
    std::string name;
    unsigned long argument = 0;
    words >> name >> argument;
    if (name == "CDROMREADTOCHDR") {
      cdrom_tochdr header{};
      if (::ioctl(fd_, CDROMREADTOCHDR, &header) < 0) return failure();
      return fmt::format("tracks {} to {}", header.cdth_trk0, header.cdth_trk1);
    }
    if (name == "CDROMREADTOCENTRY") {
      cdrom_tocentry entry{};
      entry.cdte_track = static_cast<Byte>(argument);
      entry.cdte_format = CDROM_LBA;
      if (::ioctl(fd_, CDROMREADTOCENTRY, &entry) < 0) return failure();
      return fmt::format("control {:X} at {}", static_cast<unsigned>(entry.cdte_ctrl), entry.cdte_addr.lba);
    }
    const auto known = requests.find(name);
    if (known == requests.end()) return "no such ioctl here";
    const int result = ::ioctl(fd_, known->second, argument);
    return result < 0 ? failure() : fmt::format("{}", result);
  }

  std::string read(std::istream& words) const {
    std::int64_t offset = 0;
    std::size_t size = 0;
    words >> offset >> size;
    ByteVector data(size, kPattern);
    const auto got = ::pread(fd_, data.data(), size, offset);
    return got < 0 ? failure() : fmt::format("{} bytes", got);
  }

  ~Asker() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  template <class Array>
  static std::size_t read_cdb(std::istream& words, Array& cdb) {
    std::string word;
    std::size_t length = 0;
    while (length < kMostCdb && words >> word) {
      cdb[length++] = static_cast<Byte>(std::strtoul(word.c_str(), nullptr, kHexadecimal));
    }
    return length;
  }

  int fd_ = -1;
};

std::string answer(Asker& asker, const std::string& line) {
  std::istringstream words(line);
  std::string verb;
  words >> verb;
  if (verb == "open") return asker.open(words);
  if (verb == "timeout") return asker.timeout(words);
  if (verb == "packet") return asker.packet(words);
  if (verb == "sgio") return asker.sgio(words, SG_DXFER_FROM_DEV);
  if (verb == "sgio-both") return asker.sgio(words, SG_DXFER_TO_FROM_DEV);
  if (verb == "ioctl") return asker.ioctl(words);
  if (verb == "read") return asker.read(words);
  if (verb == "sleep") {
    int wait = 0;
    words >> wait;
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
    return "ok";
  }
  return "no such word";
}

}  // namespace
}  // namespace binrip::bed

int main(int argc, char** argv) {
  const bool seconds = argc > 1 && std::strcmp(argv[1], "--seconds") == 0;
  binrip::bed::Asker asker;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto begin = std::chrono::steady_clock::now();
    const std::string said = answer(asker, line);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << line << ": " << said << (seconds ? fmt::format(" after {:.1f} s", took.count()) : "")
              << std::endl;
  }
}
