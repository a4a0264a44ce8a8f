// From what was captured to the disc model: indexes, ISRC, MCN and flags from Q, modes from the data sectors.
#pragma once

#include "binrip/cd/q_analysis.hpp"
#include "binrip/drive/profile.hpp"
#include "binrip/rip/capture.hpp"

namespace binrip::job {

struct SectorKinds {  // of one track
  std::int64_t mode1 = 0, form1 = 0, form2 = 0, other = 0;
};

struct Understanding {
  cd::Disc disc;
  std::vector<SectorKinds> kinds;  // by cd::track_ranges(disc)
  std::int64_t q_right = 0, q_wrong_crc = 0, q_wrong_address = 0;
  bool has_cdg = false;
  std::vector<std::string> notes;
};

// Reads the capture's files once. `toc_disc` has the TOC's tracks and the texts.
Result<Understanding> understand(const rip::Capture& capture, const cd::Disc& toc_disc,
                                 drive::SubSupport sub);

}  // namespace binrip::job
