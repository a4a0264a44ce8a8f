// --fill: what stands in data sectors that nothing could be read of. Failed audio is always silent.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "binrip/base/result.hpp"
#include "binrip/cd/sector.hpp"

namespace binrip::job {

struct Fill {
  std::string word;  // as the option has it: "pattern", "zero", or lower-case hex; what map and report name
  std::array<Byte, cd::kSectorSize> sector;
  friend bool operator==(const Fill&, const Fill&) = default;
};

// "pattern": a text that is recognised in a hex dump. "zero". Or 1 to 64 bytes in hex, again and again.
// Errors: usage.
Result<Fill> parse_fill_option(std::string_view text);
Fill fill_pattern();

}  // namespace binrip::job
