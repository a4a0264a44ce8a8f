#include "binrip/drive/drive_offsets.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "drive/drive_table.hpp"

#include "binrip/base/file.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::drive {
namespace {

constexpr std::size_t kRecord = 69;
constexpr std::size_t kTextAt = 2;
constexpr std::size_t kText = 33;
constexpr std::size_t kSubmissionsAt = kTextAt + kText;
constexpr int kFarthest = 5880;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Nothing for a record that is of no use.
std::optional<ListedDrive> drive_of(std::string_view text, int offset, int submissions) {
  constexpr std::string_view kBetween = " - ", kNoVendor = "- ";
  const bool printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (!printable || offset < -kFarthest || offset > kFarthest) return std::nullopt;
  std::string_view vendor, product;
  if (text.starts_with(kNoVendor)) {
    product = text.substr(kNoVendor.size());
  } else if (const std::size_t at = text.find(kBetween); at != std::string_view::npos) {
    vendor = text.substr(0, at);
    product = text.substr(at + kBetween.size());
  }
  if (trimmed(product).empty()) return std::nullopt;
  return ListedDrive{std::string(trimmed(vendor)), std::string(trimmed(product)), offset, submissions};
}

}  // namespace

Result<std::vector<ListedDrive>> parse_drive_offsets(Bytes data, std::string_view name) {
  const auto expected = [&](std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{}: expected {}", name, what));
  };
  if (data.empty() || data.size() % kRecord != 0) {
    return expected(fmt::format("records of {} bytes, got {} bytes", kRecord, data.size()));
  }
  if (data.size() > kLargestDriveOffsets)
    return expected(fmt::format("at most {} bytes", kLargestDriveOffsets));
  std::vector<ListedDrive> drives;
  for (std::size_t at = 0; at < data.size(); at += kRecord) {
    const Bytes record = data.subspan(at, kRecord);
    const Bytes field = record.subspan(kTextAt, kText);
    const auto end = std::find(field.begin(), field.end(), Byte{0});
    if (end == field.end()) return expected(fmt::format("a name that ends at byte {}", at + kTextAt));
    const auto offset = static_cast<std::int16_t>(load_le16(record));
    if (auto drive = drive_of(std::string(field.begin(), end), offset, record[kSubmissionsAt])) {
      drives.push_back(std::move(*drive));
    }
  }
  if (drives.empty()) return expected("drives, got none");
  return drives;
}

Result<std::vector<ListedDrive>> load_drive_offsets(const std::filesystem::path& path) {
  std::error_code unknown;
  if (path.empty() || !std::filesystem::exists(path, unknown)) return std::vector<ListedDrive>{};
  TRY(const std::string text, read_text(path, kLargestDriveOffsets));
  return parse_drive_offsets(Bytes(reinterpret_cast<const Byte*>(text.data()), text.size()), path.string());
}

std::optional<int> listed_offset(const std::vector<ListedDrive>& list, const DriveIdentity& drive) {
  const std::string vendor = canonical_name(drive.vendor), product = canonical_name(drive.product);
  std::map<int, int> voices;
  int all = 0;
  for (const ListedDrive& each : list) {
    if (canonical_name(each.product) != product || canonical_name(each.vendor) != vendor) continue;
    const int voice = std::max(each.submissions, 1);
    voices[each.read_offset] += voice;
    all += voice;
  }
  for (const auto& [offset, voice] : voices) {
    if (2 * voice > all) return offset;
  }
  return std::nullopt;
}

}  // namespace binrip::drive
