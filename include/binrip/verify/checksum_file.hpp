// OUT.sha256: a line a file, as sha256sum writes them and `sha256sum -c` reads them in the folder of the
// image.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::verify {

struct FileChecksum {
  std::string sha256;  // 64 lower-case hex digits
  std::string name;    // in the same folder
  friend bool operator==(const FileChecksum&, const FileChecksum&) = default;
};

// Names with a backslash, a line feed or a carriage return are escaped as coreutils does it.
std::string checksum_file(std::span<const FileChecksum> files);

// Digits of either case, names for text ("  ") and binary (" *"), comments (#). Errors: invalid,
// "name:line: expected …, got …".
Result<std::vector<FileChecksum>> parse_checksum_file(std::string_view text, std::string_view name);

}  // namespace binrip::verify
