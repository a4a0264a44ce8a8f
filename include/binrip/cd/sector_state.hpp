// What is known of a sector's content. A state only rises, so that reads merge in any order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace binrip::cd {

enum class SectorState : std::uint8_t {
  untried,
  failed,      // the drive gave nothing; a fill pattern stands in the image
  damaged,     // bytes are there, known to be wrong in places
  unproven,    // one read, nothing to check it by
  consistent,  // C2 clean, or identical reads that did not come from the drive's cache
  proven,      // EDC right, as read or after repair
};
inline constexpr std::size_t kSectorStates = 6;
inline constexpr std::array<SectorState, kSectorStates> kAllSectorStates = {
    SectorState::untried,  SectorState::failed,     SectorState::damaged,
    SectorState::unproven, SectorState::consistent, SectorState::proven};

constexpr std::string_view to_string(SectorState state) {
  constexpr std::array<std::string_view, kSectorStates> names = {"untried",  "failed",     "damaged",
                                                                 "unproven", "consistent", "proven"};
  return names[static_cast<std::size_t>(state)];
}
constexpr std::optional<SectorState> parse_sector_state(std::string_view name) {
  for (const SectorState state : kAllSectorStates) {
    if (to_string(state) == name) return state;
  }
  return std::nullopt;
}

using StateCounts = std::array<std::int64_t, kSectorStates>;  // sectors by state

}  // namespace binrip::cd
