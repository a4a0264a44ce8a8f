// binrip-bed-udev: writes a line for each event of a block device that udev hands to its listeners, until it
// is ended: "ACTION NODE MEDIA", MEDIA being cd, dvd, blank or none as the properties of the event say.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <libudev.h>
#include <poll.h>

namespace {

std::string property(udev_device* device, const char* name) {
  const char* value = udev_device_get_property_value(device, name);
  return value != nullptr ? value : "";
}

std::string media_of(udev_device* device) {
  if (property(device, "ID_CDROM_MEDIA") != "1") return "none";
  if (property(device, "ID_CDROM_MEDIA_DVD") == "1") return "dvd";
  return property(device, "ID_CDROM_MEDIA_STATE") == "blank" ? "blank" : "cd";
}

}  // namespace

int main() {
  const std::unique_ptr<udev, decltype(&udev_unref)> context(udev_new(), &udev_unref);
  const std::unique_ptr<udev_monitor, decltype(&udev_monitor_unref)> monitor(
      udev_monitor_new_from_netlink(context.get(), "udev"), &udev_monitor_unref);
  if (!monitor) return 1;
  udev_monitor_filter_add_match_subsystem_devtype(monitor.get(), "block", nullptr);
  if (udev_monitor_enable_receiving(monitor.get()) < 0) return 1;
  std::puts("listening");
  std::fflush(stdout);
  for (;;) {
    pollfd waiting{udev_monitor_get_fd(monitor.get()), POLLIN, 0};
    if (::poll(&waiting, 1, -1) < 0) return 1;
    udev_device* device = udev_monitor_receive_device(monitor.get());
    if (device == nullptr) continue;
    std::printf("%s %s %s\n", property(device, "ACTION").c_str(), property(device, "DEVNAME").c_str(),
                media_of(device).c_str());
    std::fflush(stdout);
    udev_device_unref(device);
  }
}
