// How the report names what the disc model has as enums.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "binrip/cd/disc.hpp"

namespace binrip::image {

inline constexpr std::array<std::pair<cd::TrackMode, std::string_view>, 4> kModeNames = {
    {{cd::TrackMode::audio, "audio"},
     {cd::TrackMode::mode1, "mode1"},
     {cd::TrackMode::mode2, "mode2"},
     {cd::TrackMode::cdi, "cdi"}}};
inline constexpr std::array<std::pair<cd::DiscType, std::string_view>, 3> kDiscTypeNames = {
    {{cd::DiscType::cd_da_or_rom, "cd_da_or_rom"},
     {cd::DiscType::cd_i, "cd_i"},
     {cd::DiscType::cd_xa, "cd_xa"}}};

template <class T, std::size_t N>
constexpr std::string_view name_in(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return names.front().second;
}
template <class T, std::size_t N>
constexpr std::optional<T> value_in(const std::array<std::pair<T, std::string_view>, N>& names,
                                    std::string_view wanted) {
  for (const auto& [known, name] : names) {
    if (name == wanted) return known;
  }
  return std::nullopt;
}

constexpr std::string_view name_of(cd::TrackMode mode) { return name_in(kModeNames, mode); }
constexpr std::string_view name_of(cd::DiscType type) { return name_in(kDiscTypeNames, type); }
constexpr std::optional<cd::TrackMode> parse_mode(std::string_view name) {
  return value_in(kModeNames, name);
}
constexpr std::optional<cd::DiscType> parse_disc_type(std::string_view name) {
  return value_in(kDiscTypeNames, name);
}

}  // namespace binrip::image
