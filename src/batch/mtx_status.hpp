// What `mtx status` tells of a changer, as mtx 1.3.12 prints it:
//
//   Storage Changer /dev/sg3:2 Drives, 5 Slots ( 1 Import/Export )
// Data Transfer Element 0:Full (Storage Element 3 Loaded):VolumeTag = ABC123
// Data Transfer Element 1:Empty
//       Storage Element 1:Full :VolumeTag=ABC124:AlternateVolumeTag=…
//       Storage Element 5 IMPORT/EXPORT:Empty
//
// "Unknown Storage Element Loaded" stands where the changer has forgotten. Drives are numbered from 0, slots
// from 1.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"

namespace binrip::batch {

enum class SlotKind { storage, import_export };

struct ChangerSlot {
  int number = 1;
  SlotKind kind = SlotKind::storage;
  bool full = false;
  std::string tag = {};  // the barcode; empty: none, or not known
  friend bool operator==(const ChangerSlot&, const ChangerSlot&) = default;
};
struct ChangerElement {
  int number = 0;
  bool full = false;
  std::optional<int> source = std::nullopt;  // the slot that its disc came from, where the changer knows
  std::string tag = {};
  friend bool operator==(const ChangerElement&, const ChangerElement&) = default;
};
struct ChangerStatus {
  std::vector<ChangerElement> elements;  // data transfer elements, which are drives, by number
  std::vector<ChangerSlot> slots;        // by number
  friend bool operator==(const ChangerStatus&, const ChangerStatus&) = default;
};

// Lines of other kinds (warnings) are passed over. Errors: invalid, when it is not as many drives and slots
// as its first line tells, one of each number, or when a line cannot be understood.
Result<ChangerStatus> parse_mtx_status(std::string_view text);

}  // namespace binrip::batch
