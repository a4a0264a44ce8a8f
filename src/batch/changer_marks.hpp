// Which discs of a changer are done, over restarts: a small text file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "mtx_status.hpp"

namespace binrip::batch {

struct ChangerMarks {
  std::map<int, std::string> done;  // slots, with the barcode of what is in them; empty: not known
  std::map<int, int> taken;         // by data transfer element: the slot that its disc came from

  // Forgets what cannot be so any more: slots that are empty though no drive has their disc, slots with
  // another barcode, drives that are empty.
  void compare_with(const ChangerStatus& status);
  // The slot that the disc in this drive came from, by the changer or else by these marks.
  std::optional<int> home_of(const ChangerElement& element) const;

  friend bool operator==(const ChangerMarks&, const ChangerMarks&) = default;
};

std::string format_marks(const ChangerMarks& marks);
// Errors: invalid, "NAME:LINE: …".
Result<ChangerMarks> parse_marks(std::string_view text, const std::string& name);

// None where there is no such file.
Result<ChangerMarks> read_marks(const std::filesystem::path& path);

}  // namespace binrip::batch
