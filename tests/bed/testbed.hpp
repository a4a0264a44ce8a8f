// A machine with optical drives that are software: umockdev's testbed with /dev, /sys and udev's data for
// each, and their ioctls served by a KernelDrive over a drive::Transport.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>
#include <umockdev.h>

#include "kernel_drive.hpp"

#include "binrip/drive/transport.hpp"

namespace binrip::bed {

// What udev's cdrom_id finds in a drive.
enum class UdevMedia { none, cd, blank, dvd };

// How a drive shows itself to udev.
struct DriveLook {
  int number = 0;  // 3: /dev/sr3 and /dev/sg3
  std::string vendor, model, revision, serial;
  UdevMedia media = UdevMedia::cd;
  std::uint32_t max_transfer = 128 * 1024;  // the queue's limit
  int hang_milliseconds = 100;              // how long a program waits for a drive that hangs
  std::string bus = "ata";                  // "ata" or "usb"
};

// Whether the kernel looks at the drive first, as it does, and takes the unit attention of its disc.
enum class Probe { no, yes };

class Testbed {
 public:
  Testbed();
  ~Testbed();
  Testbed(const Testbed&) = delete;
  Testbed& operator=(const Testbed&) = delete;

  // Kept by reference: used from the testbed's own thread until it is destroyed. `before` is called there
  // before each ioctl, where it is given.
  void add_drive(const DriveLook& look, drive::Transport& transport, std::function<void()> before = {},
                 Probe probe = Probe::yes);

  // What stands in the node when a program reads it.
  std::filesystem::path node_contents(int number) const;

  // The node's permissions. Comes after its contents: only root could still write them.
  void set_mode(int number, mode_t mode);

  // Says by a change event that there is another disc in the drive, or none.
  void set_media(int number, UdevMedia media);

  // Pulls the cable: remove_gone() takes the nodes away.
  void unplug(int number);

  // Commands that hang in it end at once, as the kernel ends them by a reset.
  void reset(int number);
  // Takes away the nodes of drives that have vanished, with their remove events. Gives their numbers.
  std::vector<int> remove_gone();

 private:
  struct Drive;
  Drive* find(int number);
  void detach(Drive& drive);
  std::filesystem::path root_;
  UMockdevTestbed* testbed_ = nullptr;
  std::vector<std::unique_ptr<Drive>> drives_;
};

}  // namespace binrip::bed
