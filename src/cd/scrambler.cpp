// ECMA-130 Annex B: the output of a 15-bit feedback shift register (x^15 + x + 1, preset to 1) is XORed to
// the bytes after the sync pattern, least significant bit first.
#include "binrip/cd/sector.hpp"

namespace binrip::cd {
namespace {

constexpr std::size_t kScrambledSize = kSectorSize - kSyncSize;

constexpr std::array<Byte, kScrambledSize> make_sequence() {
  std::array<Byte, kScrambledSize> sequence{};
  unsigned shift_register = 1;
  for (Byte& byte : sequence) {
    unsigned value = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
      value |= (shift_register & 1U) << bit;
      const unsigned feedback = (shift_register ^ (shift_register >> 1)) & 1U;
      shift_register = (shift_register >> 1) | (feedback << 14);
    }
    byte = static_cast<Byte>(value);
  }
  return sequence;
}

constexpr auto kSequence = make_sequence();

}  // namespace

void scramble(MutableSectorBytes sector) {
  const auto covered = sector.subspan<kSyncSize>();
  for (std::size_t i = 0; i < kScrambledSize; ++i) covered[i] = static_cast<Byte>(covered[i] ^ kSequence[i]);
}

}  // namespace binrip::cd
