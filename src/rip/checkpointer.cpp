#include "checkpointer.hpp"

namespace binrip::rip {

Checkpointer::Checkpointer(Capture& capture)
    : capture_(capture), thread_([this](const std::stop_token& stop) { work(stop); }) {}

void Checkpointer::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::offer(std::string map_text) {
  const std::lock_guard lock(mutex_);
  if (busy_ || waiting_) return;
  waiting_ = std::move(map_text);
  wake_.notify_one();
}

bool Checkpointer::idle() const {
  const std::lock_guard lock(mutex_);
  return !busy_ && !waiting_;
}

Result<void> Checkpointer::error() const {
  const std::lock_guard lock(mutex_);
  if (error_) return fail(*error_);
  return {};
}

void Checkpointer::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return waiting_.has_value(); })) {
    const std::string text = std::move(*waiting_);
    waiting_.reset();
    busy_ = true;
    lock.unlock();
    Result<void> result = capture_.sync();
    if (result) result = capture_.save_map(text);
    lock.lock();
    busy_ = false;
    if (!result && !error_) error_ = result.error();
  }
}

}  // namespace binrip::rip
