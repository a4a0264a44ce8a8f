#include "binrip/batch/view_board.hpp"

namespace binrip::batch {

void ViewBoard::publish(StationView view) {
  auto next = std::make_shared<const StationView>(std::move(view));
  {
    const std::lock_guard lock(mutex_);
    if (latest_.version > 0 && *latest_.view == *next) return;
    latest_.view.swap(next);  // what was there goes outside of the lock
    ++latest_.version;
  }
  published_.notify_all();
}

PostedView ViewBoard::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

PostedView ViewBoard::wait_newer(std::uint64_t version, std::chrono::milliseconds longest,
                                 const std::stop_token& stop) const {
  std::unique_lock lock(mutex_);
  published_.wait_for(lock, stop, longest, [&] { return latest_.version > version; });
  return latest_;
}

}  // namespace binrip::batch
