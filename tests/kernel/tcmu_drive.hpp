// A drive of the kernel's own, /dev/srN and /dev/sgN, whose commands a drive::Transport answers: a TCMU
// device behind a loopback host adapter, both set up through configfs. Needs root and the modules
// target_core_user and tcm_loop.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "tcmu_ring.hpp"

#include "binrip/base/result.hpp"
#include "binrip/drive/transport.hpp"

namespace binrip::kernel {

// What happens to the drive after it was plugged in.
struct Fate {
  bool spare_first_numbers = false;    // /dev/sr0 and /dev/sg0 are left to others
  bool offline_after_timeout = false;  // the kernel's last resort, which tcm_loop never needs
  std::optional<std::chrono::milliseconds> back_after;  // unplugged: plugged in again, under another number
};

class TcmuDrive {
 public:
  // Plugs the drive in, and waits until the kernel has given it its nodes. `transport` is kept by reference
  // and used from a thread of the drive's own. A command that it answers with timeout stays without an answer
  // until the kernel gives it up; one that it answers with no_device pulls the plug.
  static Result<std::unique_ptr<TcmuDrive>> attach(drive::Transport& transport, int index, const Fate& fate);
  ~TcmuDrive();
  TcmuDrive(const TcmuDrive&) = delete;
  TcmuDrive& operator=(const TcmuDrive&) = delete;

  // "/dev/sr0", as it was plugged in first.
  std::string block_node() const;
  std::string generic_node() const;

 private:
  TcmuDrive(drive::Transport& transport, int index, const Fate& fate);
  Result<void> make_backstore();
  Result<void> make_adapter();
  Result<void> plug_in_first();
  bool has_first_number() const;
  Result<void> move_to_next_numbers();
  void hold_number();
  void release_number();
  Result<void> plug_in();
  Result<void> wait_for_nodes();
  void unplug();
  static void remove_adapter(const std::filesystem::path& adapter);
  void remove_all();
  std::filesystem::path scsi_device() const;

  void wake_server() const;
  void serve(const std::stop_token& stop);
  void handle(const Request& request);
  void abort(std::uint16_t id);
  void handle_abort(const Request& request);
  void fail_request(const Request& request, ErrorKind kind);
  void pull_cable();

  drive::Transport& transport_;
  int index_;
  Fate fate_;
  std::filesystem::path backstore_, adapter_;
  std::string address_;  // "0:0:1:0"
  std::string block_, generic_;
  std::unique_ptr<TcmuRing> ring_;
  std::vector<std::uint16_t> hanging_;  // commands without an answer
  std::thread hand_;                    // that pulled the cable
  int wake_event_ = -1;
  int held_node_ = -1;                 // until an unplugged drive is back
  std::atomic<bool> leaving_ = false;  // nothing hangs any more
  std::jthread server_;
};

}  // namespace binrip::kernel
