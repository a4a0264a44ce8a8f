#include "drive/kernel_timeout.hpp"

#include <algorithm>

#include <scsi/sg.h>
#include <sys/ioctl.h>

namespace binrip::drive {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kKernelDefault{60'000};
constexpr milliseconds kKernelLeast{7'000};

std::int64_t ticks_per_second() { return std::max<std::int64_t>(::sysconf(_SC_CLK_TCK), 1); }

}  // namespace

milliseconds effective_timeout(milliseconds device_default) {
  if (device_default <= milliseconds(0)) return kKernelDefault;
  return std::max(device_default, kKernelLeast);
}

DefaultTimeout::DefaultTimeout(Descriptor descriptor) : descriptor_(std::move(descriptor)) {
  const int ticks = ::ioctl(descriptor_.get(), SG_GET_TIMEOUT, nullptr);
  if (ticks < 0) return;
  before_ = current_ = ticks;
  known_ = set_ticks(ticks);
}

bool timeouts_can_be_set(const Descriptor& descriptor) {
  int ticks = ::ioctl(descriptor.get(), SG_GET_TIMEOUT, nullptr);
  return ticks >= 0 && ::ioctl(descriptor.get(), SG_SET_TIMEOUT, &ticks) == 0;
}

DefaultTimeout::~DefaultTimeout() {
  if (current_ != before_) set_ticks(before_);
}

void DefaultTimeout::set(milliseconds timeout) {
  if (!known_) return;
  constexpr std::int64_t kMostTicks = 1'000'000;
  const std::int64_t ticks = timeout.count() * ticks_per_second() / 1000;
  const auto wanted = static_cast<int>(std::clamp<std::int64_t>(ticks, 1, kMostTicks));
  if (wanted != current_) set_ticks(wanted);
}

milliseconds DefaultTimeout::effective() const {
  return effective_timeout(milliseconds(std::int64_t{current_} * 1000 / ticks_per_second()));
}

bool DefaultTimeout::set_ticks(int ticks) {
  if (::ioctl(descriptor_.get(), SG_SET_TIMEOUT, &ticks) != 0) return false;
  current_ = ticks;
  return true;
}

}  // namespace binrip::drive
