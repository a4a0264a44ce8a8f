// Which discs have told what of a drive's read offset so far.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::cli {

struct SeenDisc {
  std::string id;            // AccurateRip's
  std::vector<int> offsets;  // those that it allows
  friend bool operator==(const SeenDisc&, const SeenDisc&) = default;
};
struct SeenDrive {
  std::string vendor, product;
  std::vector<SeenDisc> discs;
  friend bool operator==(const SeenDrive&, const SeenDrive&) = default;
};
using OffsetRecord = std::vector<SeenDrive>;

// Errors (invalid): "name: expected …".
Result<OffsetRecord> parse_offset_record(std::string_view text, std::string_view name);
std::string to_json(const OffsetRecord& record);

// A file in the cache folder; a missing one is an empty record. `path` empty: an Error (usage).
std::filesystem::path offset_record_file();
Result<OffsetRecord> load_offset_record(const std::filesystem::path& path);
Result<void> save_offset_record(const OffsetRecord& record, const std::filesystem::path& path);

// What all discs allow, and how many different ones there are.
struct OffsetConclusion {
  std::vector<int> offsets;  // ascending; never empty
  int discs = 0;
  friend bool operator==(const OffsetConclusion&, const OffsetConclusion&) = default;
};
// Adds what a disc told, in place of what it told before. Nothing where it contradicts the record, which
// stays as it was then.
std::optional<OffsetConclusion> add_to_record(OffsetRecord& record, std::string_view vendor,
                                              std::string_view product, SeenDisc disc);

}  // namespace binrip::cli
