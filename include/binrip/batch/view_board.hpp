// Where the latest view of a station hangs: one publishes, any number look at it, each at its own pace.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>

#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

struct PostedView {
  std::shared_ptr<const StationView> view;  // never null
  std::uint64_t version = 0;                // counts what was published; 0: nothing yet, the view is empty
};

// Any thread. Nobody who looks holds up whoever publishes: what is read is never changed, only replaced.
// Those that look rarely miss views that were replaced meanwhile.
class ViewBoard {
 public:
  // A view that equals the latest is no news: its version stays.
  void publish(StationView view);
  PostedView latest() const;
  // The latest as soon as it is newer than `version`; else, after that time or when it is asked to stop, the
  // latest as it is, which then has the same version.
  PostedView wait_newer(std::uint64_t version, std::chrono::milliseconds longest,
                        const std::stop_token& stop = {}) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any published_;
  PostedView latest_ = {std::make_shared<const StationView>(), 0};
};

}  // namespace binrip::batch
