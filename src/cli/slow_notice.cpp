#include "slow_notice.hpp"

#include <fmt/format.h>

#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"

namespace binrip::cli {

SlowNotice::SlowNotice(Console& console, std::string text, std::chrono::milliseconds patience)
    : thread_([this, &console, patience, words = std::move(text)] {
        std::unique_lock lock(mutex_);
        if (!ended_.wait_for(lock, patience, [this] { return over_; })) console.line(words);
      }) {}

SlowNotice::~SlowNotice() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

std::string slow_opening(const std::string& device) {
  return fmt::format("binrip: warning: {} does not answer; the kernel gives up on it after some minutes",
                     safe_text(device));
}

Result<OpenDevice> open_patiently(const DeviceOptions& options, Host& host, Console& console) {
  const SlowNotice notice(console, slow_opening(options.name));
  return host.open_device(options);
}

}  // namespace binrip::cli
