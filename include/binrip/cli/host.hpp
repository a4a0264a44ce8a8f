// What the commands stand on. main() takes the real things; tests put others in their place.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/cli/console.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::drive {
class Transport;
struct ConfigFile;
struct FoundDrive;
struct ProfileOverrides;
}  // namespace binrip::drive
namespace binrip::job {
struct MergeOptions;
struct RipOptions;
struct RipOutcome;
}  // namespace binrip::job
namespace binrip::rip {
class Listener;
}

namespace binrip::cli {

struct Description;
struct DeviceOptions;
struct DriveState;
struct OpenDevice;

// The wish to stop, and the signal that brought it.
class Interruption {
 public:
  virtual ~Interruption() = default;
  std::stop_token token() const { return source_.get_token(); }
  int signal() const { return signal_; }  // 0: none came
  void request(int signal) {
    signal_ = signal;
    source_.request_stop();
  }

 private:
  std::atomic<int> signal_ = 0;
  std::stop_source source_;
};

struct Host {
  std::ostream& out;
  std::ostream& err;
  Terminal terminal;  // behind err
  std::function<std::unique_ptr<Interruption>()> watch_signals;
  std::function<Result<std::vector<drive::FoundDrive>>()> find_drives;
  std::function<DriveState(const drive::FoundDrive&)> ask_drive;
  std::function<Result<OpenDevice>(const DeviceOptions&)> open_device;
  std::function<Result<drive::ConfigFile>()> load_config;
  std::function<Result<Description>(drive::Transport&, const drive::ConfigFile&,
                                    const drive::ProfileOverrides&)>
      describe;
  std::function<Result<job::RipOutcome>(drive::Transport&, const job::RipOptions&, rip::Listener&,
                                        std::stop_token)>
      rip;
  std::function<Result<job::RipOutcome>(const job::MergeOptions&, rip::Listener&, std::stop_token)> merge;
  std::function<std::shared_ptr<net::Fetcher>(net::Access)> fetcher;  // the network
};

}  // namespace binrip::cli
