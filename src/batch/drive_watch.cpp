#include "drive_watch.hpp"

#include <cstring>

#include <libudev.h>

namespace binrip::batch {

struct DriveWatch::Handles {
  udev* context = nullptr;
  udev_monitor* monitor = nullptr;
  ~Handles() {
    udev_monitor_unref(monitor);
    udev_unref(context);
  }
};

DriveWatch::DriveWatch() : handles_(std::make_unique<Handles>()) {
  handles_->context = udev_new();
  if (handles_->context == nullptr) return;
  handles_->monitor = udev_monitor_new_from_netlink(handles_->context, "udev");
  if (handles_->monitor == nullptr) return;
  udev_monitor_filter_add_match_subsystem_devtype(handles_->monitor, "block", nullptr);
  if (udev_monitor_enable_receiving(handles_->monitor) < 0) {
    udev_monitor_unref(handles_->monitor);
    handles_->monitor = nullptr;
  }
}

DriveWatch::~DriveWatch() = default;

int DriveWatch::descriptor() const {
  return handles_->monitor == nullptr ? -1 : udev_monitor_get_fd(handles_->monitor);
}

std::vector<std::string> DriveWatch::events() {
  std::vector<std::string> nodes;
  if (handles_->monitor == nullptr) return nodes;
  while (udev_device* device = udev_monitor_receive_device(handles_->monitor)) {
    const char* name = udev_device_get_sysname(device);
    const char* node = udev_device_get_devnode(device);
    if (name != nullptr && node != nullptr && std::strncmp(name, "sr", 2) == 0) nodes.emplace_back(node);
    udev_device_unref(device);
  }
  return nodes;
}

}  // namespace binrip::batch
