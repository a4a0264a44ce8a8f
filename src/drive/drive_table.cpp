#include "drive/drive_table.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace binrip::drive {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> samples(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string canonical_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '\t') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Result<std::vector<TableEntry>> parse_drive_table(std::string_view text) {
  std::vector<TableEntry> entries;
  int line_number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++line_number;
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string_view> columns = split(line, '\t');
    const bool vendor_d8 = columns.size() == 4 && columns[3] == "d8";
    const auto offset = columns.size() == 3 || vendor_d8 ? samples(columns[2]) : std::nullopt;
    if (!offset) {
      return fail(
          ErrorKind::invalid,
          fmt::format("drives.tsv:{}: expected vendor, product, read offset and perhaps d8, got \"{}\"",
                      line_number, line));
    }
    entries.push_back({.vendor = std::string(columns[0]),
                       .product = std::string(columns[1]),
                       .read_offset = *offset,
                       .vendor_d8 = vendor_d8});
  }
  return entries;
}

std::optional<ProfileOverrides> table_lookup(const DriveIdentity& drive) {
  const auto entries = parse_drive_table(drive_table_text());
  if (!entries) return std::nullopt;  // cannot be: a test reads the whole table
  const std::string vendor = canonical_name(drive.vendor), product = canonical_name(drive.product);
  const auto found = std::find_if(entries->begin(), entries->end(), [&](const TableEntry& entry) {
    return canonical_name(entry.vendor) == vendor && canonical_name(entry.product) == product;
  });
  if (found == entries->end()) return std::nullopt;
  ProfileOverrides overrides;
  overrides.read_offset = found->read_offset;
  if (found->vendor_d8) overrides.vendor_d8 = true;
  return overrides;
}

}  // namespace binrip::drive
