// Makes the capture durable now and then, on a thread of its own, so that neither the drive nor the checks
// wait for the disk.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "binrip/rip/capture.hpp"

namespace binrip::rip {

class Checkpointer {
 public:
  explicit Checkpointer(Capture& capture);  // by reference
  ~Checkpointer() { finish(); }

  // Syncs what has been written, then saves this map. Does nothing while an earlier one is still in work.
  void offer(std::string map_text);
  bool idle() const;
  // Waits for the one in work; takes no more.
  void finish();
  // The first error that a checkpoint met.
  Result<void> error() const;

 private:
  void work(const std::stop_token& stop);

  Capture& capture_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<std::string> waiting_;
  bool busy_ = false;
  std::optional<Error> error_;
  std::jthread thread_;  // last: it uses what stands above
};

}  // namespace binrip::rip
