// A short look at what a drive gives of the disc in it.
#pragma once

#include <vector>

#include "doctor_checks.hpp"

#include "binrip/cd/disc.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::cli {

struct ReadTest {
  int sectors = 0;                   // asked for
  int delivered = 0;                 // came, as something in them or their bytes show
  std::optional<int> c2_clean = {};  // of the delivered ones; nothing: the drive gives no C2
  std::optional<int> q_right = {};   // CRC and address right; nothing: no subchannel
  std::optional<Error> error = {};   // of the first read that failed
  std::chrono::nanoseconds time{0};
};

// Reads a few sectors at the beginning, in the middle and near the end of what the image takes.
ReadTest read_test(drive::Drive& drive, const drive::Profile& profile, const cd::Disc& disc);

Finding judge_read_test(const ReadTest& test);
// Whether C2, subchannel and read offset are known, and from which source.
std::vector<Finding> check_profile(const drive::Profile& profile);

}  // namespace binrip::cli
