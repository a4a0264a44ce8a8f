// Says that something takes its time, when it does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "binrip/cli/console.hpp"
#include "binrip/cli/device.hpp"

namespace binrip::cli {

struct Host;

// From its making to its end: a line on the console after `patience`, once. The kernel may hold a program for
// minutes while it opens a drive that hangs, and no signal ends that; the user should know what is going on.
class SlowNotice {
 public:
  SlowNotice(Console& console, std::string text,
             std::chrono::milliseconds patience = std::chrono::seconds(10));
  ~SlowNotice();
  SlowNotice(const SlowNotice&) = delete;
  SlowNotice& operator=(const SlowNotice&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;
};

std::string slow_opening(const std::string& device);
// Opens it, and says so when that takes long.
Result<OpenDevice> open_patiently(const DeviceOptions& options, Host& host, Console& console);

}  // namespace binrip::cli
