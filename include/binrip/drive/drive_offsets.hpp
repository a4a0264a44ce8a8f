// AccurateRip's list of read offsets by model: its file DriveOffsets.bin, as programs that use it read it
// (fre:ac, CUETools and others agree on it). Records of 69 bytes: the offset as a signed number of two bytes,
// little-endian, with AccurateRip's sign; 33 bytes of text that end in NUL; how many people submitted it, one
// byte; 33 bytes of unknown meaning. The text is INQUIRY's vendor and product, "VENDOR  - PRODUCT", or
// "- PRODUCT".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/bytes.hpp"
#include "binrip/base/result.hpp"

namespace binrip::drive {

struct DriveIdentity;

struct ListedDrive {
  std::string vendor, product;  // printable; the vendor may be empty
  int read_offset = 0;
  int submissions = 0;
  friend bool operator==(const ListedDrive&, const ListedDrive&) = default;
};

inline constexpr std::size_t kLargestDriveOffsets = 8U << 20;

// Records without a name or with an offset that no drive can have are left out. Errors (invalid, beginning
// with `name`): empty, not a multiple of 69 bytes, too long, a text that does not end, no record that is of
// use.
Result<std::vector<ListedDrive>> parse_drive_offsets(Bytes data, std::string_view name);

// The file as it was fetched; none when there is no file.
Result<std::vector<ListedDrive>> load_drive_offsets(const std::filesystem::path& path);

// Names are compared as in the built-in table. Where the list has several offsets for a model, the one that
// more people submitted than all others together; nothing if there is none such.
std::optional<int> listed_offset(const std::vector<ListedDrive>& list, const DriveIdentity& drive);

}  // namespace binrip::drive
