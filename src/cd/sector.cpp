#include "binrip/cd/sector.hpp"

#include <algorithm>

#include "binrip/cd/ecc.hpp"
#include "binrip/cd/edc.hpp"

namespace binrip::cd {
namespace {

constexpr std::size_t kModeOffset = 15;
// The upper three bits of the mode byte tell run-in, run-out and link blocks of recordable discs from user
// data; the lower ones are the mode.
constexpr Byte kModeMask = 0x1F;
constexpr std::size_t kSubheaderSize = 4;  // one copy
constexpr std::size_t kSubmodeOffset = kSubheaderOffset + 2;
constexpr std::size_t kMode2DataOffset = 24;

// Where the EDC of each kind stands, and from where on it counts: up to itself.
struct EdcPlace {
  std::size_t begin;
  std::size_t at;
};
constexpr EdcPlace kMode1Edc = {0, 2064};
constexpr EdcPlace kForm1Edc = {kSubheaderOffset, 2072};
constexpr EdcPlace kForm2Edc = {kSubheaderOffset, 2348};

constexpr std::size_t kIntermediateOffset = 2068;
constexpr std::size_t kIntermediateSize = 8;

std::uint32_t computed_edc(SectorBytes sector, EdcPlace place) {
  return edc(sector.subspan(place.begin, place.at - place.begin));
}

EdcState edc_state(SectorBytes sector, EdcPlace place) {
  return load_le32(sector, place.at) == computed_edc(sector, place) ? EdcState::right : EdcState::wrong;
}

EccState ecc_state(SectorBytes sector, EccHeader header) {
  return ecc_check(sector, header) ? EccState::right : EccState::wrong;
}

bool subheader_copies_agree(SectorBytes sector) {
  const auto copies = sector.subspan<kSubheaderOffset, 2 * kSubheaderSize>();
  return std::ranges::equal(copies.first<kSubheaderSize>(), copies.last<kSubheaderSize>());
}

void begin_sector(MutableSectorBytes out, Lba lba, Byte mode) {
  std::ranges::fill(out, Byte{0});
  std::ranges::copy(kSync, out.begin());
  const Msf time = to_msf(lba);
  out[kHeaderOffset] = to_bcd(time.minute);
  out[kHeaderOffset + 1] = to_bcd(time.second);
  out[kHeaderOffset + 2] = to_bcd(time.frame);
  out[kModeOffset] = mode;
}

// What does not fit is left out.
void copy_data(MutableBytes place, Bytes data) {
  std::ranges::copy(data.first(std::min(data.size(), place.size())), place.begin());
}

void store_edc(MutableSectorBytes out, EdcPlace place) {
  store_le32(out, place.at, computed_edc(out, place));
}

}  // namespace

bool has_sync(SectorBytes sector) { return std::ranges::equal(sector.first<kSyncSize>(), kSync); }

SectorKind classify(SectorBytes sector) {
  if (!has_sync(sector)) return SectorKind::audio;
  switch (sector[kModeOffset] & kModeMask) {
    case 0:
      return SectorKind::mode0;
    case 1:
      return SectorKind::mode1;
    case 2:
      if (!subheader_copies_agree(sector)) return SectorKind::mode2_formless;
      return (sector[kSubmodeOffset] & kSubmodeForm2) != 0 ? SectorKind::mode2_form2
                                                           : SectorKind::mode2_form1;
    default:
      return SectorKind::unknown_mode;
  }
}

bool has_unproven_mode_byte(SectorBytes sector) {
  constexpr Byte kMode2 = 2;
  return has_sync(sector) && (sector[kModeOffset] & kModeMask) == kMode2 && sector[kModeOffset] != kMode2;
}

std::optional<Lba> header_address(SectorBytes sector) {
  if (!has_sync(sector)) return std::nullopt;
  const Msf time = {from_bcd(sector[kHeaderOffset]), from_bcd(sector[kHeaderOffset + 1]),
                    from_bcd(sector[kHeaderOffset + 2])};
  if (!is_valid(time)) return std::nullopt;  // from_bcd gives -1 for what is not BCD
  return to_lba(time);
}

SectorCheck check_sector(SectorBytes sector) {
  SectorCheck check;
  check.kind = classify(sector);
  check.address = header_address(sector);
  switch (check.kind) {
    case SectorKind::audio:
    case SectorKind::mode0:
    case SectorKind::unknown_mode:
      break;
    case SectorKind::mode1:
      check.edc = edc_state(sector, kMode1Edc);
      check.ecc = ecc_state(sector, EccHeader::as_is);
      check.intermediate_zero = all_zero(sector.subspan<kIntermediateOffset, kIntermediateSize>());
      break;
    case SectorKind::mode2_form1:
      check.edc = edc_state(sector, kForm1Edc);
      check.ecc = ecc_state(sector, EccHeader::taken_as_zero);
      break;
    case SectorKind::mode2_form2:
      if (load_le32(sector, kForm2Edc.at) != 0) check.edc = edc_state(sector, kForm2Edc);
      break;
    case SectorKind::mode2_formless:
      check.subheaders_agree = subheader_copies_agree(sector);
      break;
  }
  return check;
}

void build_mode0(MutableSectorBytes out, Lba lba) { begin_sector(out, lba, 0); }

void build_mode1(MutableSectorBytes out, Lba lba, Bytes data) {
  begin_sector(out, lba, 1);
  copy_data(out.subspan<kHeaderOffset + 4, kUserDataSize>(), data);
  store_edc(out, kMode1Edc);
  ecc_generate(out, EccHeader::as_is);
}

void build_mode2(MutableSectorBytes out, Lba lba, std::array<Byte, 4> subheader, Bytes data) {
  begin_sector(out, lba, 2);
  std::ranges::copy(subheader, out.begin() + kSubheaderOffset);
  std::ranges::copy(subheader, out.begin() + kSubheaderOffset + kSubheaderSize);
  if ((subheader[2] & kSubmodeForm2) != 0) {
    copy_data(out.subspan<kMode2DataOffset, kForm2DataSize>(), data);
    store_edc(out, kForm2Edc);
    return;
  }
  copy_data(out.subspan<kMode2DataOffset, kUserDataSize>(), data);
  store_edc(out, kForm1Edc);
  ecc_generate(out, EccHeader::taken_as_zero);
}

}  // namespace binrip::cd
