// A media changer (SCSI SMC) as a loader, through mtx(1).
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "binrip/batch/loader.hpp"

namespace binrip::batch {

// Where a disc goes that is done.
enum class DoneDiscs {
  home,           // its own slot; where that is taken, the first empty one
  import_export,  // the first empty import/export slot
};

struct ChangerOptions {
  std::string device;           // "/dev/sg3"
  std::filesystem::path marks;  // file that remembers which slots are done, made when missing
  // The data transfer element of each drive, by LoaderDrive::number; empty: the same number.
  std::vector<int> elements = {};
  std::vector<int> reject_slots = {};  // where discs go that could not be read; empty: where the others go
  DoneDiscs done = DoneDiscs::home;
  std::chrono::seconds limit{300};  // for one movement; after that the batch stops
  LoaderLog log = {};
};

// Discs are taken from full storage slots, by number, but for the reject slots and those that are done. What
// is done is known by `marks`, which is written before a disc is moved: a slot is forgotten when it is seen
// empty or with another barcode, all of them when the batch has finished. A disc that load() finds in the
// drive already is the one that is loaded. Errors: usage when mtx is not installed; io and invalid for
// `marks`.
Result<std::unique_ptr<Loader>> open_changer(ChangerOptions options);

}  // namespace binrip::batch
