// The only file that knows libcdio-paranoia. It is run on a drive of ours that hands out readings which are
// there already, so that nothing in the library can wait for a drive, or read without end.
#include "paranoia.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include <cdio/paranoia/paranoia.h>

#include "binrip/cd/address.hpp"

namespace binrip::rip {

namespace {

// The library reads block after block, each from where it stands to the end of its range, and matches each
// against those before: every block is another reading.
struct ServedDrive : cdrom_drive_t {
  std::span<const std::vector<Sample>> readings;
  std::size_t used = 0;
  lsn_t next = -1;  // where the block in work goes on
};

// The library gives up at once on ENOMEDIUM, and on nothing else: without another reading there is nothing
// left to do. It looks at errno also when it reads nothing at all, so errno keeps that value throughout.
long serve(cdrom_drive_t* drive, void* out, lsn_t begin, long sectors) {
  auto& served = static_cast<ServedDrive&>(*drive);
  errno = ENOMEDIUM;
  if (out == nullptr) return sectors;  // meant to empty a cache
  if (begin != served.next) ++served.used;
  const auto at = static_cast<std::size_t>(begin) * cd::kSamplesPerSector;
  const auto size = static_cast<std::size_t>(sectors) * cd::kSamplesPerSector;
  const bool there = begin >= 0 && served.used <= served.readings.size() &&
                     at + size <= served.readings[served.used - 1].size();
  if (!there) return -1;
  std::memcpy(out, served.readings[served.used - 1].data() + at, size * sizeof(Sample));
  served.next = static_cast<lsn_t>(begin + sectors);
  return sectors;
}

void ignore(long /*position*/, paranoia_cb_mode_t /*event*/) {}

}  // namespace

std::vector<Sample> match_readings(std::span<const std::vector<Sample>> readings) {
  assert(!readings.empty());
  const auto sectors = static_cast<long>(readings.front().size() / cd::kSamplesPerSector);
  assert(sectors >= 1 && sectors <= kMostMatched);
  ServedDrive drive{};
  drive.opened = 1;
  drive.nsectors = static_cast<int>(sectors);
  drive.errordest = drive.messagedest = CDDA_MESSAGE_FORGETIT;
  drive.read_audio = serve;
  drive.readings = readings;

  cdrom_paranoia_t* matcher = cdio_paranoia_init(&drive);
  cdio_paranoia_modeset(matcher, PARANOIA_MODE_FULL);  // nothing is skipped: what does not match is not given
  cdio_paranoia_cachemodel_size(matcher, static_cast<int>(sectors));
  cdio_paranoia_set_range(matcher, 0, sectors - 1);
  std::vector<Sample> matched;
  for (long i = 0; i < sectors; ++i) {
    errno = ENOMEDIUM;
    const std::int16_t* sector = cdio_paranoia_read_limited(matcher, ignore, 20);
    if (sector == nullptr) break;
    const std::size_t at = matched.size();
    matched.resize(at + cd::kSamplesPerSector);
    std::memcpy(matched.data() + at, sector, cd::kSamplesPerSector * sizeof(Sample));
  }
  cdio_paranoia_free(matcher);
  return matched;
}

}  // namespace binrip::rip
