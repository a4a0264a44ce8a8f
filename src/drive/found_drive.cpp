#include "drive/found_drive.hpp"

#include <algorithm>
#include <string_view>

namespace binrip::drive {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_sr_name(std::string_view name) {
  return name.size() > 2 && name.starts_with("sr") && std::all_of(name.begin() + 2, name.end(), is_digit);
}

std::string value_of(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto it = map.find(key);
  return it == map.end() ? std::string() : it->second;
}

// Printable ASCII, runs of spaces as one, none at the ends.
std::string tidy(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool printable = c > ' ' && c <= '~';
    if (printable) out += c;
    if (!printable && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// sysfs has the text as the drive gave it; udev's has its spaces replaced.
std::string fact_of(const DeviceFacts& facts, const std::string& attribute, const std::string& property) {
  std::string text = tidy(value_of(facts.attributes, attribute));
  if (!text.empty()) return text;
  text = value_of(facts.properties, property);
  std::replace(text.begin(), text.end(), '_', ' ');
  return tidy(text);
}

std::vector<std::string> links_under(const DeviceFacts& facts, std::string_view folder) {
  std::vector<std::string> links;
  std::copy_if(facts.links.begin(), facts.links.end(), std::back_inserter(links),
               [&](const std::string& link) { return link.starts_with(folder); });
  std::sort(links.begin(), links.end());
  return links;
}

// A name's letters and its trailing number: "/dev/sr10" is ("/dev/sr", "10"), without leading zeros.
std::pair<std::string_view, std::string_view> split_number(std::string_view name) {
  std::size_t at = name.size();
  while (at > 0 && is_digit(name[at - 1])) --at;
  const std::string_view stem = name.substr(0, at);
  while (at + 1 < name.size() && name[at] == '0') ++at;
  return {stem, name.substr(at)};
}

bool comes_before(const FoundDrive& a, const FoundDrive& b) {
  const auto [stem_a, number_a] = split_number(a.node);
  const auto [stem_b, number_b] = split_number(b.node);
  if (stem_a != stem_b) return stem_a < stem_b;
  if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
  return number_a < number_b;
}

}  // namespace

std::optional<FoundDrive> found_drive(const DeviceFacts& facts) {
  if (!is_sr_name(facts.kernel_name) && value_of(facts.properties, "ID_CDROM") != "1") return std::nullopt;
  FoundDrive drive;
  drive.node = facts.node.empty() ? "/dev/" + facts.kernel_name : facts.node;
  if (!facts.generic_name.empty()) drive.generic_node = "/dev/" + facts.generic_name;
  drive.by_id = links_under(facts, "/dev/disk/by-id/");
  drive.by_path = links_under(facts, "/dev/disk/by-path/");
  drive.vendor = fact_of(facts, "vendor", "ID_VENDOR");
  drive.model = fact_of(facts, "model", "ID_MODEL");
  drive.revision = fact_of(facts, "rev", "ID_REVISION");
  drive.serial = tidy(value_of(facts.properties, "ID_SERIAL_SHORT"));
  drive.media_present = value_of(facts.properties, "ID_CDROM_MEDIA") == "1";
  return drive;
}

void sort_by_number(std::vector<FoundDrive>& drives) {
  std::sort(drives.begin(), drives.end(), comes_before);
}

}  // namespace binrip::drive
