#include "binrip/drive/sysfs.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

#include <dirent.h>

#include "binrip/base/file.hpp"

namespace binrip::drive {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestFile = 4096;
constexpr std::string_view kSpaces = " \t\r\n";

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Names such as "sr0", but not "srx".
bool is_numbered(std::string_view name, std::string_view stem) {
  return name.starts_with(stem) && is_number(name.substr(stem.size()));
}

std::string numbered_entry(const fs::path& folder, std::string_view stem) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
  if (entries == nullptr) return {};
  while (const dirent* entry = ::readdir(entries.get())) {
    if (is_numbered(entry->d_name, stem)) return entry->d_name;
  }
  return {};
}

// The path of a device names all that it hangs on: /sys/devices/pci…/ata1/host0/target0:0:0/0:0:0:0.
Bus bus_of(const fs::path& device) {
  std::error_code unknown;
  const fs::path real = fs::canonical(device, unknown);
  const auto has = [&](std::string_view stem) {
    return std::any_of(real.begin(), real.end(),
                       [&](const fs::path& part) { return is_numbered(part.string(), stem); });
  };
  if (has("usb")) return Bus::usb;
  return has("ata") ? Bus::ata : Bus::other;
}

}  // namespace

std::string_view to_string(Bus bus) {
  return bus == Bus::ata ? "ATA" : bus == Bus::usb ? "USB" : "another bus";
}

std::optional<std::string> read_line(const fs::path& file) {
  const auto text = read_text(file, kLongestFile);
  if (!text) return std::nullopt;
  const std::string line = text->substr(0, text->find('\n'));
  const std::size_t begin = line.find_first_not_of(kSpaces);
  if (begin == std::string::npos) return std::string();
  return line.substr(begin, line.find_last_not_of(kSpaces) - begin + 1);
}

std::optional<int> read_number(const fs::path& file) {
  const auto line = read_line(file);
  if (!line) return std::nullopt;
  int value = 0;
  const auto parsed = std::from_chars(line->data(), line->data() + line->size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != line->data() + line->size()) return std::nullopt;
  return value;
}

std::optional<KernelFacts> kernel_facts(const std::string& name, const fs::path& root) {
  const fs::path sys = root / "sys";
  const bool block = is_numbered(name, "sr");
  if (!block && !is_numbered(name, "sg")) return std::nullopt;
  const fs::path device = sys / "class" / (block ? "block" : "scsi_generic") / name / "device";
  std::error_code unknown;
  if (!fs::exists(device, unknown)) return std::nullopt;
  KernelFacts facts;
  facts.block = block ? name : numbered_entry(device / "block", "sr");
  facts.generic = block ? numbered_entry(device / "scsi_generic", "sg") : name;
  facts.bus = bus_of(device);
  facts.vendor = read_line(device / "vendor").value_or("");
  facts.model = read_line(device / "model").value_or("");
  facts.state = read_line(device / "state").value_or("");
  facts.timeout_seconds = read_number(device / "timeout");
  if (!facts.block.empty()) {
    const fs::path node = sys / "class/block" / facts.block;
    facts.max_sectors_kb = read_number(node / "queue/max_sectors_kb");
    facts.max_hw_sectors_kb = read_number(node / "queue/max_hw_sectors_kb");
    facts.events_poll_msecs = read_number(node / "events_poll_msecs");
  }
  return facts;
}

}  // namespace binrip::drive
