#include "binrip/cd/repair.hpp"

#include <algorithm>
#include <array>

#include "binrip/cd/ecc.hpp"

namespace binrip::cd {

bool is_right_with_ecc(SectorBytes main, Lba lba) {
  const SectorCheck check = check_sector(main);
  return check.address == lba && check.edc == EdcState::right && check.ecc == EccState::right &&
         !has_unproven_mode_byte(main);
}

bool repair_data_sector(MutableSectorBytes main, Lba lba, std::span<const std::uint16_t> doubtful) {
  std::array<Byte, kSectorSize> attempt;
  // Mode 1 first; Mode 2 form 1 takes the header as zero. What the mode byte says may itself be wrong.
  for (const EccHeader header : {EccHeader::as_is, EccHeader::taken_as_zero}) {
    for (const auto erasures : {std::span<const std::uint16_t>{}, doubtful}) {
      std::copy(main.begin(), main.end(), attempt.begin());
      std::copy(kSync.begin(), kSync.end(), attempt.begin());
      const auto accept = [lba](SectorBytes mended) { return is_right_with_ecc(mended, lba); };
      if (!ecc_correct(attempt, header, erasures, accept).converged) continue;
      std::copy(attempt.begin(), attempt.end(), main.begin());
      return true;
    }
  }
  return false;
}

}  // namespace binrip::cd
