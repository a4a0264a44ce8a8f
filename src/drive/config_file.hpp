// The configuration file: where it is, and where its entries are in its text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::drive {

inline constexpr std::size_t kLargestConfig = 1 << 20;

// Empty where neither $XDG_CONFIG_HOME nor $HOME says it.
std::filesystem::path config_path();

// Bytes of the text, [begin, end).
struct Place {
  std::size_t begin = 0, end = 0;
};

enum class EntryForm { lines, in_line };  // in_line: { vendor = "…", … }

// An entry [[drive]], and where its values are.
struct PlacedEntry {
  std::string vendor, product;
  std::optional<std::string> serial;
  Place product_value;
  std::optional<Place> read_offset_value;
  EntryForm form = EntryForm::lines;
};

// Of a text that parse_config takes, in its order. Errors: invalid.
Result<std::vector<PlacedEntry>> placed_entries(std::string_view text, std::string_view name);

}  // namespace binrip::drive
