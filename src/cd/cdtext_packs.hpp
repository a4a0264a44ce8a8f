// CD-TEXT packs, one by one: header fields, types, size information.
#pragma once

#include <array>
#include <string_view>

#include "binrip/cd/cdtext.hpp"

namespace binrip::cd {

inline constexpr std::size_t kPackHeader = 4;
inline constexpr std::size_t kPackText = 12;
inline constexpr std::size_t kMaxBlocks = 8;
inline constexpr std::size_t kMaxBlockPacks = 256;  // the sequence number is one byte

// The first byte of a pack.
inline constexpr Byte kPackFirstText = 0x80;  // title, performer, songwriter, composer, arranger, message
inline constexpr std::size_t kTextTypes = 6;
inline constexpr Byte kPackDiscId = 0x86;
inline constexpr Byte kPackGenre = 0x87;
inline constexpr Byte kPackSizeInfo = 0x8F;
inline constexpr std::size_t kPackTypes = 16;

// Fields of Text in the order of their pack types.
inline constexpr std::array<std::string Text::*, kTextTypes> kTextFields = {
    &Text::title, &Text::performer, &Text::songwriter, &Text::composer, &Text::arranger, &Text::message};

// The three packs of type 0x8F, put together.
struct CdTextSizeInfo {
  Byte charset = 0;
  Byte first_track = 0;
  Byte last_track = 0;
  std::array<Byte, kPackTypes> packs{};          // number of packs of each type
  std::array<Byte, kMaxBlocks> last_sequence{};  // of each block
  std::array<Byte, kMaxBlocks> language{};
};
inline constexpr std::size_t kSizeInfoPacks = 3;

// The code of a genre name, and back; 0 and an empty name when there is none.
std::uint16_t genre_code(std::string_view name);
std::string_view genre_name(std::uint16_t code);

}  // namespace binrip::cd
