// Rips one case in process and in virtual time, and holds what came out against the truth.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cases.hpp"

namespace binrip::campaign {

// Sectors of the image, over one case or many.
struct Tally {
  std::int64_t cases = 0, sectors = 0;
  std::int64_t good = 0;                               // consistent or proven
  std::int64_t unproven = 0, damaged = 0, failed = 0;  // failed: untried too
  std::int64_t wrong = 0;                              // good, but not the disc's, and nobody lied: must be 0
  std::int64_t lied_under_c2 = 0, lied_repeatedly = 0;  // the same where the drive vouched for them
  // Of rips that ended with an image:
  std::int64_t hurt = 0;                      // some read of it was not good
  std::int64_t restorable = 0, restored = 0;  // of those; restored: good and the disc's
  void add(const Tally& other);
};

struct CaseResult {
  Tally tally;
  std::vector<std::string> complaints;  // what must not be
  std::vector<std::int32_t> missed;     // restorable, but not restored
  double drive_seconds = 0;
  std::string ending;  // "exit 0", or the error
};

// `folder` must exist; what is written into it is removed.
// `watched`: tells of every delivery of that sector, on stdout.
CaseResult run_case(const Case& c, const std::filesystem::path& folder, std::optional<cd::Lba> watched = {});

}  // namespace binrip::campaign
