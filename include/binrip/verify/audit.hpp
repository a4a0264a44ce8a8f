// What an image says of itself: whether each data sector is the one that belongs there and is whole, whether
// the Qs of the subchannel fit, and the digests of all tracks. Each sector is read once.
#pragma once

#include <stop_token>
#include <vector>

#include "binrip/image/disc_image.hpp"
#include "binrip/verify/hashes.hpp"

namespace binrip::verify {

// The first of these that holds, in this order.
enum class SectorFault { no_sync, wrong_address, wrong_mode, wrong_edc, wrong_ecc };
std::string_view to_string(SectorFault fault);  // "no sync", …

struct FaultRun {
  cd::LbaRange range;
  SectorFault fault = SectorFault::no_sync;
  friend bool operator==(const FaultRun&, const FaultRun&) = default;
};

// What is wrong with one sector of a data track; nothing when all is well, or nothing in it can tell. Mode 0
// holds zeros only. `stored`: what was built is not checked.
std::optional<SectorFault> fault_of(cd::SectorBytes sector, cd::Lba lba, cd::TrackMode mode,
                                    image::StoredPart stored);

struct TrackAudit {
  int session = 1, number = 1;
  cd::TrackMode mode = cd::TrackMode::audio;
  cd::LbaRange range;        // in the image, pregap included
  Digests digests;           // of these sectors, 2352 bytes each, whatever the files hold
  std::int64_t checked = 0;  // data sectors with something in them to check
  std::int64_t faulty = 0;
  friend bool operator==(const TrackAudit&, const TrackAudit&) = default;
};

struct Audit {
  std::vector<TrackAudit> tracks;
  Digests whole;                 // of all tracks, one after the other
  std::vector<FaultRun> faults;  // ascending
  std::int64_t records = 0;      // of the subchannel
  std::int64_t q_right = 0, q_wrong_crc = 0, q_wrong_address = 0;
};

// Pregaps of data tracks may begin with audio. `whole`: which digests of the whole are wanted; where there is
// but one track, it has them all. Errors: what the image gives; cancelled.
Result<Audit> audit_image(image::DiscImage& image, std::stop_token stop = {},
                          DigestSet whole = DigestSet::all);

}  // namespace binrip::verify
