#include "binrip/drive/discovery.hpp"

#include <cstring>
#include <memory>

#include <dirent.h>
#include <fmt/format.h>
#include <libudev.h>

#include "drive/found_drive.hpp"

namespace binrip::drive {
namespace {

struct Unref {
  void operator()(udev* p) const { udev_unref(p); }
  void operator()(udev_enumerate* p) const { udev_enumerate_unref(p); }
  void operator()(udev_device* p) const { udev_device_unref(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Unref>;

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

// The sg node's name stands in the SCSI device's folder.
std::string generic_name(const std::string& device_folder) {
  const std::string folder = device_folder + "/device/scsi_generic";
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
  if (entries == nullptr) return {};
  while (const dirent* entry = ::readdir(entries.get())) {
    if (std::strncmp(entry->d_name, "sg", 2) == 0) return entry->d_name;
  }
  return {};
}

DeviceFacts facts_of(udev_device* device) {
  DeviceFacts facts;
  facts.kernel_name = text_or_empty(udev_device_get_sysname(device));
  facts.node = text_or_empty(udev_device_get_devnode(device));
  facts.generic_name = generic_name(text_or_empty(udev_device_get_syspath(device)));
  udev_list_entry* entry = nullptr;
  udev_list_entry_foreach(entry, udev_device_get_devlinks_list_entry(device)) {
    facts.links.push_back(text_or_empty(udev_list_entry_get_name(entry)));
  }
  udev_list_entry_foreach(entry, udev_device_get_properties_list_entry(device)) {
    facts.properties.emplace(text_or_empty(udev_list_entry_get_name(entry)),
                             text_or_empty(udev_list_entry_get_value(entry)));
  }
  udev_device* parent = udev_device_get_parent(device);  // belongs to the device
  for (const char* name : {"vendor", "model", "rev"}) {
    if (parent != nullptr) {
      facts.attributes.emplace(name, text_or_empty(udev_device_get_sysattr_value(parent, name)));
    }
  }
  return facts;
}

}  // namespace

Result<std::vector<FoundDrive>> find_drives() {
  const Handle<udev> context(udev_new());
  const Handle<udev_enumerate> scan(context ? udev_enumerate_new(context.get()) : nullptr);
  if (!scan) return fail(ErrorKind::io, "cannot ask udev for drives");
  // On a machine without block devices the scan fails; that is an empty list.
  udev_enumerate_add_match_subsystem(scan.get(), "block");
  std::vector<FoundDrive> drives;
  if (udev_enumerate_scan_devices(scan.get()) < 0) return drives;
  udev_list_entry* entry = nullptr;
  udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(scan.get())) {
    const Handle<udev_device> device(
        udev_device_new_from_syspath(context.get(), udev_list_entry_get_name(entry)));
    if (!device) continue;  // gone since the scan
    if (auto drive = found_drive(facts_of(device.get()))) drives.push_back(std::move(*drive));
  }
  sort_by_number(drives);
  return drives;
}

}  // namespace binrip::drive
