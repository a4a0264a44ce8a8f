// The built-in table of drives, and how names of drives are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "binrip/drive/profile.hpp"

namespace binrip::drive {

// The text of drives.tsv.
std::string_view drive_table_text();

struct TableEntry {
  std::string vendor, product;
  int read_offset = 0;
  bool vendor_d8 = false;
};
// An Error names the line: "drives.tsv:7: expected …, got …".
Result<std::vector<TableEntry>> parse_drive_table(std::string_view text);

// Runs of spaces as one, no space at the ends, small letters: INQUIRY pads its fields as it likes.
std::string canonical_name(std::string_view name);

}  // namespace binrip::drive
