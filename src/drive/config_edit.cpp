#include "binrip/drive/config_edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "drive/config_file.hpp"
#include "drive/drive_table.hpp"

#include "binrip/base/file.hpp"

namespace binrip::drive {
namespace {

constexpr std::string_view kRemark = "# binrip offset: ";

// The rest of the line from there on, without its end.
Place rest_of_line(std::string_view text, std::size_t from) {
  Place place{from, std::min(text.find('\n', from), text.size())};
  if (place.end > place.begin && text[place.end - 1] == '\r') --place.end;
  return place;
}

bool is_of(const PlacedEntry& entry, const DriveIdentity& drive) {
  return canonical_name(entry.vendor) == canonical_name(drive.vendor) &&
         canonical_name(entry.product) == canonical_name(drive.product);
}

// The entry whose read offset holds for the drive, or else one that it can be added to.
const PlacedEntry* deciding_entry(const std::vector<PlacedEntry>& entries, const DriveIdentity& drive) {
  const PlacedEntry* found = nullptr;
  int found_rank = 0;
  for (const PlacedEntry& entry : entries) {
    if (!is_of(entry, drive)) continue;
    const bool decides = entry.read_offset_value.has_value();
    if (entry.serial && (*entry.serial != drive.serial || !decides)) continue;
    const int rank = entry.serial ? 3 : decides ? 2 : 1;
    if (rank >= found_rank) found = &entry, found_rank = rank;
  }
  return found;
}

std::string_view line_end(std::string_view text) {
  return text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
}

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string replaced(std::string_view text, Place place, std::string_view by) {
  return fmt::format("{}{}{}", text.substr(0, place.begin), by, text.substr(place.end));
}

std::string with_value(std::string_view text, EntryForm form, Place place, int read_offset,
                       std::string_view remark) {
  std::string by = fmt::format("{}", read_offset);
  const Place rest = rest_of_line(text, place.end);
  std::string_view behind = text.substr(rest.begin, rest.end - rest.begin);
  behind.remove_prefix(std::min(behind.find_first_not_of(" \t"), behind.size()));
  if (form == EntryForm::lines && (behind.empty() || behind.starts_with(kRemark))) {
    place.end = rest.end;
    by += fmt::format("  {}{}", kRemark, remark);
  }
  return replaced(text, place, by);
}

std::string with_new_value(std::string_view text, const PlacedEntry& entry, int read_offset,
                           std::string_view remark) {
  const std::size_t end = entry.product_value.end;
  if (entry.form == EntryForm::in_line) {
    return replaced(text, {end, end}, fmt::format(", read_offset = {}", read_offset));
  }
  const std::size_t at = rest_of_line(text, end).end;
  return replaced(text, {at, at},
                  fmt::format("{}read_offset = {}  {}{}", line_end(text), read_offset, kRemark, remark));
}

std::string with_new_entry(std::string_view text, const DriveIdentity& drive, int read_offset,
                           std::string_view remark) {
  const std::string_view end = line_end(text);
  std::string out(text);
  if (!out.empty() && !out.ends_with('\n')) out += end;
  if (!out.empty()) out += end;
  out += fmt::format("[[drive]]{0}vendor = {1}{0}product = {2}{0}", end, toml_string(drive.vendor),
                     toml_string(drive.product));
  return out + fmt::format("read_offset = {}  {}{}{}", read_offset, kRemark, remark, end);
}

std::string edited_text(std::string_view text, const PlacedEntry* entry, const DriveIdentity& drive,
                        int read_offset, std::string_view remark) {
  if (entry == nullptr) return with_new_entry(text, drive, read_offset, remark);
  if (!entry->read_offset_value) return with_new_value(text, *entry, read_offset, remark);
  return with_value(text, entry->form, *entry->read_offset_value, read_offset, remark);
}

bool says_the_same(const ConfigFile::Entry& a, const ConfigFile::Entry& b) {
  return a.vendor == b.vendor && a.product == b.product && a.serial == b.serial && a.overrides == b.overrides;
}

// How many of the entries differ; nothing when others were lost or more than one has come.
std::optional<std::size_t> differences(const ConfigFile& before, const ConfigFile& after) {
  if (after.transport != before.transport || after.accuraterip_url != before.accuraterip_url) {
    return std::nullopt;
  }
  if (after.drives.size() < before.drives.size()) return std::nullopt;
  std::size_t count = after.drives.size() - before.drives.size();
  for (std::size_t i = 0; i < before.drives.size(); ++i) {
    if (!says_the_same(before.drives[i], after.drives[i])) ++count;
  }
  return count;
}

std::optional<int> offset_in(const ConfigFile& config, const DriveIdentity& drive) {
  const auto overrides = config_lookup(config, drive);
  return overrides ? overrides->read_offset : std::nullopt;
}

}  // namespace

Result<std::string> with_read_offset(std::string_view text, std::string_view name, const DriveIdentity& drive,
                                     int read_offset, std::string_view remark) {
  TRY(const ConfigFile before, parse_config(text, name));
  TRY(const std::vector<PlacedEntry> entries, placed_entries(text, name));
  const PlacedEntry* entry = deciding_entry(entries, drive);
  std::string edited = edited_text(text, entry, drive, read_offset, remark);
  // What stands in the file is the user's: nothing is written that would not be read as it was meant.
  const auto after = parse_config(edited, name);
  if (!after || offset_in(*after, drive) != read_offset || differences(before, *after).value_or(2) > 1) {
    return fail(ErrorKind::invalid, fmt::format("{}: no place found for read_offset = {}", name, read_offset),
                "write it there yourself, see binrip.toml(5)");
  }
  return edited;
}

Result<StoredOffset> store_read_offset(const DriveIdentity& drive, int read_offset, std::string_view remark) {
  StoredOffset stored{config_path(), std::nullopt};
  if (stored.file.empty()) {
    return fail(ErrorKind::usage, "no folder for the configuration", "set HOME or XDG_CONFIG_HOME");
  }
  std::error_code problem;
  std::filesystem::create_directories(stored.file.parent_path(), problem);
  if (problem) return fail(errno_error(problem.value(), "create", stored.file.parent_path()));
  // A link stays one; what it leads to is replaced.
  if (const auto real = std::filesystem::canonical(stored.file, problem); !problem) stored.file = real;
  std::string text;
  if (std::filesystem::exists(stored.file, problem)) {
    TRY(text, read_text(stored.file, kLargestConfig));
  }
  TRY(const ConfigFile before, parse_config(text, stored.file.string()));
  stored.before = offset_in(before, drive);
  TRY(const std::string edited, with_read_offset(text, stored.file.string(), drive, read_offset, remark));
  if (edited != text) TRY_VOID(write_atomically(stored.file, edited));
  return stored;
}

}  // namespace binrip::drive
