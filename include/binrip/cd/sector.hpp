// The 2352 bytes of a sector: layout, what kind it is, building and checking.
// Layout: ECMA-130 clause 14 (Mode 0, 1, 2); Mode 2 forms: CD-ROM XA, as MMC-6 gives them.
#pragma once

#include <array>
#include <optional>

#include "binrip/base/bytes.hpp"
#include "binrip/cd/address.hpp"

namespace binrip::cd {

inline constexpr std::size_t kSectorSize = 2352;
inline constexpr std::size_t kSyncSize = 12;
inline constexpr std::size_t kHeaderOffset = 12;     // minute, second, frame (BCD), mode
inline constexpr std::size_t kSubheaderOffset = 16;  // Mode 2: file, channel, submode, coding; twice
inline constexpr std::size_t kUserDataSize = 2048;
inline constexpr std::size_t kForm2DataSize = 2324;
inline constexpr std::size_t kC2Size = 294;  // one bit a byte of the sector, first byte = bit 7
inline constexpr std::array<Byte, kSyncSize> kSync = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
inline constexpr Byte kSubmodeForm2 = 0x20;

using SectorBytes = std::span<const Byte, kSectorSize>;
using MutableSectorBytes = std::span<Byte, kSectorSize>;

enum class SectorKind { audio, mode0, mode1, mode2_form1, mode2_form2, mode2_formless, unknown_mode };

// What a check of one data sector found.
enum class EdcState {
  none,  // this kind of sector has none (Mode 0, formless Mode 2, Form 2 with a zero EDC)
  right,
  wrong,
};
enum class EccState { none, right, wrong };

struct SectorCheck {
  SectorKind kind = SectorKind::audio;  // audio when there is no sync pattern
  std::optional<Lba> address;           // from the header; nothing when it is not BCD or no sync is there
  EdcState edc = EdcState::none;
  EccState ecc = EccState::none;  // P and Q of Mode 1 and Mode 2 form 1
  bool intermediate_zero = true;  // Mode 1: bytes 2068 … 2075
  bool subheaders_agree = true;   // Mode 2: the two copies
};

bool has_sync(SectorBytes sector);
// Sync pattern -> mode byte and submode; no sync -> audio. Reads 24 bytes only. A Mode 2 sector whose two
// subheaders disagree is mode2_formless.
SectorKind classify(SectorBytes sector);
std::optional<Lba> header_address(SectorBytes sector);
// Mode 2, whose EDC leaves out the header, with bits above the mode in its mode byte: they tell run-in,
// run-out and link blocks of recordable discs from user data, or are wrong, and nothing in the sector says
// which.
bool has_unproven_mode_byte(SectorBytes sector);

// EDC and ECC are computed. Never fails: what is wrong is said in the result.
SectorCheck check_sector(SectorBytes sector);

// Builds whole sectors, with sync, header, EDC and ECC. `data` fills the user data and may be shorter (zeros
// follow). `subheader` is the four bytes file, channel, submode, coding; bit 5 of submode chooses the form.
void build_mode0(MutableSectorBytes out, Lba lba);
void build_mode1(MutableSectorBytes out, Lba lba, Bytes data);
void build_mode2(MutableSectorBytes out, Lba lba, std::array<Byte, 4> subheader, Bytes data);

// ECMA-130 Annex B. Bytes 12 … 2351 are XORed; applying it twice gives the sector back. The sync stays.
void scramble(MutableSectorBytes sector);

}  // namespace binrip::cd
