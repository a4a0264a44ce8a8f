// Writes what was found out of a drive into the configuration file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "binrip/drive/profile.hpp"

namespace binrip::drive {

// The text of a configuration file with this read offset for the drive: in the entry that decides it, else in
// a new one for the model at the end. Every other byte stays. `remark` is put behind it as a comment, unless
// one that is not from here stands there. Errors (invalid, beginning with `name`): what parse_config gives;
// an entry that cannot be added to the file's form.
Result<std::string> with_read_offset(std::string_view text, std::string_view name, const DriveIdentity& drive,
                                     int read_offset, std::string_view remark);

struct StoredOffset {
  std::filesystem::path file;
  std::optional<int> before;  // what the file said
};
// The same with the file, which is made when missing and replaced atomically. Another program that writes it
// meanwhile loses.
Result<StoredOffset> store_read_offset(const DriveIdentity& drive, int read_offset, std::string_view remark);

}  // namespace binrip::drive
