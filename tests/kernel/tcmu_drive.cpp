#include "tcmu_drive.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <unistd.h>

#include "moody_drive.hpp"

#include "binrip/base/file.hpp"

namespace binrip::kernel {
namespace fs = std::filesystem;
namespace {

using std::chrono::milliseconds;

const fs::path kTarget = "/sys/kernel/config/target";
constexpr milliseconds kDriveTimeout{30'000};  // what the transport is given; the kernel's own limit counts
constexpr milliseconds kNodesLimit{20'000}, kMoment{10};

// Attributes of the kernel take one write(2) each.
Result<void> set_attribute(const fs::path& path, const std::string& value) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return fail(errno_error(errno, "open", path));
  const bool written = ::write(fd, value.data(), value.size()) == static_cast<ssize_t>(value.size());
  const int error = errno;
  ::close(fd);
  if (!written) return fail(errno_error(error, "write " + value + " to", path));
  return {};
}

// While one lives, no other program makes a uio device, removes one, or plugs a drive in through this class.
//
// uio_unregister_device() of Linux 6.1 releases the number of a device before it removes the device from
// sysfs. A device that another program makes between the two gets the same number, and the kernel refuses it
// with EEXIST ("sysfs: cannot create duplicate filename '/devices/tcm_user/uio/uio0'").
class DeviceLock {
 public:
  DeviceLock() : fd_(::open(kTarget.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~DeviceLock() { ::close(fd_); }
  DeviceLock(const DeviceLock&) = delete;
  DeviceLock& operator=(const DeviceLock&) = delete;

 private:
  int fd_;
};

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The only entry of a folder whose name begins so; empty when there is none (yet).
std::string entry_of(const fs::path& folder, std::string_view prefix) {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix)) return name;
  }
  return {};
}

// The uio device that belongs to a backstore: its name ends with the backstore's dev_config.
Result<std::string> find_uio(const std::string& config) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/sys/class/uio", none)) {
    const std::string name = first_line(entry.path() / "name");
    if (name.starts_with("tcm-user/") && name.ends_with("/" + config))
      return entry.path().filename().string();
  }
  return fail(ErrorKind::io, "no uio device for " + config);
}

// `nth`: of the adapters that the drive has one after another.
fs::path adapter_path(int index, int nth) {
  return kTarget / "loopback" / fmt::format("naa.6001405{:06x}{:02x}{:01x}", ::getpid(), index, nth);
}

// TCMU does not say which way the data goes: of the commands that a drive knows, MODE SELECT and SET
// STREAMING take some.
drive::Direction direction_of(Byte opcode, std::size_t size) {
  if (size == 0) return drive::Direction::none;
  constexpr std::array<Byte, 3> kTaking{0x15, 0x55, 0xB6};
  const bool taking = std::find(kTaking.begin(), kTaking.end(), opcode) != kTaking.end();
  return taking ? drive::Direction::to_drive : drive::Direction::from_drive;
}

}  // namespace

Result<std::unique_ptr<TcmuDrive>> TcmuDrive::attach(drive::Transport& transport, int index,
                                                     const Fate& fate) {
  std::unique_ptr<TcmuDrive> made(new TcmuDrive(transport, index, fate));
  TRY_VOID(made->make_backstore());
  const DeviceLock lock;
  TRY_VOID(made->plug_in_first());
  if (fate.spare_first_numbers && made->has_first_number()) TRY_VOID(made->move_to_next_numbers());
  if (fate.back_after) made->hold_number();
  return made;
}

TcmuDrive::TcmuDrive(drive::Transport& transport, int index, const Fate& fate)
    : transport_(transport),
      index_(index),
      fate_(fate),
      backstore_(kTarget / "core" / fmt::format("user_{}", ::getpid()) / fmt::format("drive{}", index)),
      adapter_(adapter_path(index, 0)),
      wake_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

TcmuDrive::~TcmuDrive() {
  leaving_ = true;
  wake_server();
  if (hand_.joinable()) hand_.join();
  release_number();
  remove_all();
  ::close(wake_event_);
}

// --- configfs ---

Result<void> TcmuDrive::make_backstore() {
  const std::string config = fmt::format("binrip/{}/{}", ::getpid(), index_);
  std::error_code error;
  fs::create_directories(backstore_, error);
  if (error) return fail(errno_error(error.value(), "make", backstore_));
  // The size is asked for and of no use: READ CAPACITY is ours to answer.
  for (const std::string& setting :
       {"dev_config=" + config, std::string("dev_size=734003200"), std::string("hw_block_size=2048")}) {
    TRY_VOID(set_attribute(backstore_ / "control", setting));
  }
  // Nothing but the SCSI layer's own limits ends a command; what it gives up is told.
  TRY_VOID(set_attribute(backstore_ / "attrib/cmd_time_out", "0"));
  TRY_VOID(set_attribute(backstore_ / "attrib/tmr_notification", "1"));
  {
    const DeviceLock lock;
    TRY_VOID(set_attribute(backstore_ / "enable", "1"));
  }
  TRY(const std::string uio, find_uio(config));
  TRY(TcmuRing ring, TcmuRing::open(uio));
  ring_ = std::make_unique<TcmuRing>(std::move(ring));
  server_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  return {};
}

Result<void> TcmuDrive::make_adapter() {
  std::error_code error;
  fs::create_directories(adapter_ / "tpgt_1", error);
  if (error) return fail(errno_error(error.value(), "make", adapter_));
  TRY_VOID(set_attribute(adapter_ / "tpgt_1/nexus", adapter_.filename().string()));
  fs::create_directories(adapter_ / "tpgt_1/lun/lun_0", error);
  if (error) return fail(errno_error(error.value(), "make a unit in", adapter_));
  address_ = first_line(adapter_ / "tpgt_1/address") + ":0";
  return {};
}

Result<void> TcmuDrive::plug_in_first() {
  TRY_VOID(make_adapter());
  TRY_VOID(plug_in());
  return wait_for_nodes();
}

bool TcmuDrive::has_first_number() const { return block_ == "sr0" || generic_ == "sg0"; }

// The kernel gives the lowest free numbers, so the drive has to be plugged in again while it still has the
// first ones. For a moment both adapters lead to it; no program has been told of it yet.
Result<void> TcmuDrive::move_to_next_numbers() {
  const fs::path first_adapter = std::exchange(adapter_, adapter_path(index_, 1));
  const std::string first_block = block_node(), first_generic = generic_node();
  const auto moved = plug_in_first();
  remove_adapter(first_adapter);
  TRY_VOID(moved);
  for (milliseconds waited{0}; waited < kNodesLimit; waited += kMoment) {
    if (!fs::exists(first_block) && !fs::exists(first_generic)) return {};
    std::this_thread::sleep_for(kMoment);
  }
  return fail(ErrorKind::timeout, "the kernel keeps the first nodes of the drive that is at " + address_);
}

// The kernel gives the number of an unplugged drive away again when its node is closed. Held open, the drive
// comes back under another number, no matter when its user closes the node.
void TcmuDrive::hold_number() {
  held_node_ = ::open(block_node().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

void TcmuDrive::release_number() {
  if (held_node_ >= 0) ::close(std::exchange(held_node_, -1));
}

Result<void> TcmuDrive::plug_in() {
  std::error_code error;
  fs::create_symlink(backstore_, adapter_ / "tpgt_1/lun/lun_0/drive", error);
  if (error) return fail(errno_error(error.value(), "plug a drive into", adapter_));
  return {};
}

Result<void> TcmuDrive::wait_for_nodes() {
  for (milliseconds waited{0}; waited < kNodesLimit; waited += kMoment) {
    block_ = entry_of(scsi_device() / "block", "sr");
    generic_ = entry_of(scsi_device() / "scsi_generic", "sg");
    if (!block_.empty() && !generic_.empty() && fs::exists(block_node()) && fs::exists(generic_node()))
      return {};
    std::this_thread::sleep_for(kMoment);
  }
  return fail(ErrorKind::timeout, "the kernel makes no nodes for the drive at " + address_);
}

fs::path TcmuDrive::scsi_device() const { return fs::path("/sys/bus/scsi/devices") / address_; }
std::string TcmuDrive::block_node() const { return "/dev/" + block_; }
std::string TcmuDrive::generic_node() const { return "/dev/" + generic_; }

void TcmuDrive::unplug() {
  std::error_code ignored;
  fs::remove(adapter_ / "tpgt_1/lun/lun_0/drive", ignored);
}

void TcmuDrive::remove_adapter(const fs::path& adapter) {
  std::error_code ignored;
  for (const char* part : {"tpgt_1/lun/lun_0/drive", "tpgt_1/lun/lun_0", "tpgt_1", ""}) {
    fs::remove(adapter / part, ignored);
  }
}

// From the end to the beginning; what was not made is not there. The kernel may still ask the drive while it
// goes, so the server goes last.
void TcmuDrive::remove_all() {
  remove_adapter(adapter_);
  if (server_.joinable()) {
    server_.request_stop();
    wake_server();
    server_.join();
  }
  ring_.reset();
  const DeviceLock lock;
  std::error_code ignored;
  fs::remove(backstore_, ignored);
  fs::remove(backstore_.parent_path(), ignored);
}

void TcmuDrive::wake_server() const {
  const std::uint64_t one = 1;
  if (::write(wake_event_, &one, sizeof(one)) != sizeof(one)) std::terminate();
}

// --- commands ---

void TcmuDrive::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> waiting{{{ring_->descriptor(), POLLIN, 0}, {wake_event_, POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), -1);
    std::uint64_t woken = 0;
    static_cast<void>(!::read(wake_event_, &woken, sizeof(woken)));
    ring_->take_bell();
    if (leaving_) {
      for (const std::uint16_t id : std::exchange(hanging_, {})) abort(id);
      ring_->ring_bell();
    }
    while (const auto request = ring_->next()) {
      handle(*request);
      ring_->ring_bell();
    }
  }
}

void TcmuDrive::handle(const Request& request) {
  if (request.kind == Request::Kind::abort) return handle_abort(request);
  ByteVector data;
  data.reserve(request.data_size());
  for (const MutableBytes piece : request.data) data.insert(data.end(), piece.begin(), piece.end());
  drive::Cdb cdb;
  cdb.bytes = request.cdb;
  cdb.size = bed::cdb_length(cdb.opcode());
  const auto completion =
      transport_.execute(cdb, direction_of(cdb.opcode(), data.size()), data, kDriveTimeout);
  if (!completion) return fail_request(request, completion.error().kind);
  auto from = data.begin();
  for (const MutableBytes piece : request.data) {
    std::copy_n(from, piece.size(), piece.begin());
    from += static_cast<std::ptrdiff_t>(piece.size());
  }
  using enum Answer::Status;
  ring_->answer(request.id, {.status = completion->good ? good : check_condition,
                             .sense = completion->sense,
                             .transferred = completion->transferred.value_or(data.size())});
}

void TcmuDrive::fail_request(const Request& request, ErrorKind kind) {
  if (kind == ErrorKind::timeout && !leaving_) {
    hanging_.push_back(request.id);
    return;
  }
  if (kind == ErrorKind::no_device) pull_cable();
  ring_->answer(request.id, {.status = Answer::Status::task_aborted, .sense = {}, .transferred = 0});
}

// With CHECK CONDITION and no length the kernel leaves the buffer alone; it reports a timeout all the same.
void TcmuDrive::abort(std::uint16_t id) {
  ring_->answer(id, {.status = Answer::Status::check_condition, .sense = {}, .transferred = 0});
}

void TcmuDrive::handle_abort(const Request& request) {
  for (const std::uint16_t id : request.aborted) {
    if (std::erase(hanging_, id) == 0) continue;
    abort(id);
    if (fate_.offline_after_timeout) static_cast<void>(set_attribute(scsi_device() / "state", "offline\n"));
  }
}

// The kernel waits for commands while it takes a drive away, so another thread tells it to.
void TcmuDrive::pull_cable() {
  if (hand_.joinable()) return;
  hand_ = std::thread([this] {
    unplug();
    if (!fate_.back_after) return;
    std::this_thread::sleep_for(*fate_.back_after);
    const DeviceLock lock;
    static_cast<void>(plug_in());
    release_number();
  });
}

}  // namespace binrip::kernel
