// A Hasher on a thread of its own, so that two digests of the same bytes take no longer than one where there
// is a second core.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "binrip/verify/hashes.hpp"

namespace binrip::verify {

// One block is in flight; its owner must not touch it before wait().
class BackgroundHasher {
 public:
  explicit BackgroundHasher(DigestSet set = DigestSet::all)
      : set_(set), hasher_(set), thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void start(Bytes block) {
    {
      const std::lock_guard lock(mutex_);
      block_ = block;
    }
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return block_.empty(); });
  }
  // The digests of all blocks since the last time.
  Digests finish() {
    wait();
    Digests digests = hasher_.finish();
    hasher_ = Hasher(set_);
    return digests;
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !block_.empty(); })) {
      const Bytes block = block_;
      lock.unlock();
      hasher_.update(block);
      lock.lock();
      block_ = {};
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  Bytes block_;  // empty: nothing to do
  DigestSet set_;
  Hasher hasher_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace binrip::verify
