// parse_accuraterip takes any bytes; what comes out fits the disc that was asked for, and can be matched.
#include <cstdlib>

#include "binrip/verify/accuraterip.hpp"

namespace {

using namespace binrip;

// Sums of a disc whose tracks have made-up ones, so that entries can match.
std::vector<verify::AccurateRipSums> sums_for(int tracks) {
  std::vector<verify::AccurateRipSums> sums;
  for (int i = 0; i < tracks; ++i) {
    verify::AccurateRipSums track{.track = {}, .v1 = {}, .frame450 = {}};
    track.track.entry = static_cast<std::size_t>(i);
    for (std::size_t k = 0; k < verify::kOffsets; ++k) track.v1.push_back(static_cast<std::uint32_t>(k / 2));
    track.frame450 = track.v1;
    track.v2 = 1;
    sums.push_back(track);
  }
  return sums;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  if (size < 13) {
    if (verify::parse_accuraterip(bytes, {2, 1, 2, 3})) std::abort();
    return 0;
  }
  const verify::AccurateRipIds ids{data[0], load_le32(bytes, 1), load_le32(bytes, 5), load_le32(bytes, 9)};
  const auto answer = verify::parse_accuraterip(bytes, ids);
  if (!answer) return 0;
  for (const auto& pressing : answer->pressings) {
    if (pressing.size() != static_cast<std::size_t>(ids.tracks)) std::abort();
  }
  const auto sums = sums_for(std::min(ids.tracks, 3));
  const auto verdict = verify::match(sums, *answer);
  if (verdict.tracks.size() != sums.size()) std::abort();
  for (const verify::AccurateRipOffset& each : verdict.offsets) {
    if (each.tracks_v1 + each.tracks_v2 > static_cast<int>(sums.size())) std::abort();
  }
  static_cast<void>(verify::frame450_offsets(sums, *answer));
  return 0;
}
