// A software drive with what it does not have by itself: commands that it never answers, a tray button that
// is pressed at some place of the disc, and its return after it was gone.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "options.hpp"

#include "binrip/sim/sim_drive.hpp"

namespace binrip::bed {

// A command block's length by its group code, for those who are told only an upper limit.
std::size_t cdb_length(Byte opcode);

class MoodyDrive : public drive::Transport {
 public:
  // Keeps the drive by reference.
  MoodyDrive(sim::SimDrive& drive, const Options& options);

  // Commands hang, and count for Options::vanish_after, from now on only: the kernel has found the drive.
  void begin_trouble() { troubled_ = true; }
  // The trouble is over: everything is answered from now on.
  void end_trouble() { troubled_ = deaf_ = false; }
  // Nothing is answered from now on.
  void fall_deaf() { troubled_ = deaf_ = true; }
  // Once that sector is read, it falls deaf, or its cable is pulled.
  void fall_deaf_at(std::optional<std::int32_t> lba) { deaf_at_ = lba; }
  void unplug_at(std::optional<std::int32_t> lba) { unplug_at_ = lba; }
  // Does something to the drive between two commands, from any thread.
  template <class Action>
  auto operate(Action action) {
    const std::scoped_lock lock(mutex_);
    return action(drive_);
  }

  // A command that is never answered gives timeout; the one during which the cable is pulled, and no other,
  // no_device.
  Result<drive::Completion> execute(const drive::Cdb& cdb, drive::Direction direction, MutableBytes data,
                                    std::chrono::milliseconds timeout) override;
  std::size_t max_transfer() const override { return drive_.max_transfer(); }
  std::string name() const override { return drive_.name(); }
  std::chrono::nanoseconds now() const override { return drive_.now(); }
  void wait(std::chrono::milliseconds duration) override { drive_.wait(duration); }

 private:
  bool hangs(const drive::Cdb& cdb);

  std::mutex mutex_;
  sim::SimDrive& drive_;
  std::map<Byte, int> hanging_;  // by opcode: how often still; below 0: always
  std::atomic<bool> troubled_ = false;
  std::atomic<bool> deaf_ = false;
  bool deafens_;
  std::optional<std::int32_t> eject_at_, unplug_at_, deaf_at_;
  std::int64_t unplug_after_;  // commands; below 0: never
};

}  // namespace binrip::bed
