#include "kernels.hpp"

namespace binrip::bench::reference {
namespace {

std::array<std::uint32_t, 256> make_edc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? 0xD8018001U : 0U);
    table[i] = value;
  }
  return table;
}

unsigned times_alpha(unsigned value) { return ((value << 1) ^ ((value & 0x80U) != 0 ? 0x11DU : 0U)) & 0xFFU; }

// `count` words of `length` bytes; byte i of word w lies at `place(w, i)` after the sync.
template <class Place>
bool words_right(cd::SectorBytes sector, std::size_t count, std::size_t length, Place place) {
  for (std::size_t word = 0; word < count; ++word) {
    unsigned sum = 0;
    unsigned weighted = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const unsigned byte = sector[cd::kSyncSize + place(word, i)];
      sum ^= byte;
      weighted = times_alpha(weighted) ^ byte;
    }
    if ((sum | weighted) != 0) return false;
  }
  return true;
}

std::array<Byte, cd::kSectorSize - cd::kSyncSize> make_scramble_table() {
  std::array<Byte, cd::kSectorSize - cd::kSyncSize> table{};
  unsigned shift_register = 1;
  for (Byte& byte : table) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      byte = static_cast<Byte>(byte | ((shift_register & 1U) << bit));
      const unsigned feedback = (shift_register ^ (shift_register >> 1)) & 1U;
      shift_register = (shift_register >> 1) | (feedback << 14);
    }
  }
  return table;
}

}  // namespace

std::uint32_t edc(Bytes data) {
  static const auto table = make_edc_table();
  std::uint32_t value = 0;
  for (const Byte byte : data) value = (value >> 8) ^ table[(value ^ byte) & 0xFFU];
  return value;
}

bool ecc_right(cd::SectorBytes sector) {
  const auto p = [](std::size_t word, std::size_t i) { return 86 * i + word; };
  const auto q = [](std::size_t word, std::size_t i) {
    if (i >= 43) return 2236 + 52 * (i - 43) + word;
    return 2 * ((44 * i + 43 * (word / 2)) % 1118) + word % 2;
  };
  return words_right(sector, 86, 26, p) && words_right(sector, 52, 45, q);
}

void descramble(cd::MutableSectorBytes sector) {
  static const auto table = make_scramble_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    sector[cd::kSyncSize + i] = static_cast<Byte>(sector[cd::kSyncSize + i] ^ table[i]);
  }
}

bool q_right(cd::SubBytes wire) {
  cd::QBytes q{};
  for (std::size_t i = 0; i < cd::kSubSize; ++i) {
    q[i / 8] = static_cast<Byte>(q[i / 8] | (((wire[i] >> 6) & 1U) << (7 - i % 8)));
  }
  unsigned crc = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    crc ^= static_cast<unsigned>(q[i]) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = ((crc << 1) ^ ((crc & 0x8000U) != 0 ? 0x1021U : 0U)) & 0xFFFFU;
  }
  return (crc ^ 0xFFFFU) == load_be16(q, 10);
}

bool is_clear(Bytes c2) {
  unsigned bits = 0;
  for (const Byte byte : c2) {
    for (unsigned bit = 0; bit < 8; ++bit) bits += (byte >> bit) & 1U;
  }
  return bits == 0;
}

void deinterleave(cd::SubBytes wire, cd::MutableSubBytes file) {
  std::fill(file.begin(), file.end(), Byte{0});
  for (std::size_t i = 0; i < cd::kSubSize; ++i) {
    for (std::size_t channel = 0; channel < 8; ++channel) {
      const unsigned bit = (wire[i] >> (7 - channel)) & 1U;
      Byte& byte = file[channel * cd::kSubChannelSize + i / 8];
      byte = static_cast<Byte>(byte | (bit << (7 - i % 8)));
    }
  }
}

}  // namespace binrip::bench::reference
