#include "content.hpp"

#include <algorithm>

#include "noise.hpp"

#include "binrip/cd/q_synthesis.hpp"

namespace binrip::sim {

void fill_blank(cd::TrackMode mode, cd::Lba lba, cd::MutableSectorBytes out) {
  switch (mode) {
    case cd::TrackMode::audio:
      std::fill(out.begin(), out.end(), Byte{0});
      return;
    case cd::TrackMode::mode1:
      cd::build_mode1(out, lba, {});
      return;
    case cd::TrackMode::mode2:
    case cd::TrackMode::cdi:
      cd::build_mode2(out, lba, {0, 0, cd::kSubmodeForm2, 0}, {});
      return;
  }
}

void fill_audio(std::uint64_t seed, cd::Lba lba, cd::MutableSectorBytes out) {
  const std::int64_t first = std::int64_t{lba.value} * cd::kSamplesPerSector;
  const auto salt = static_cast<std::uint32_t>(mix64(seed));
  for (std::size_t i = 0; i < cd::kSamplesPerSector; ++i) {
    const auto n = static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(i);
    std::uint32_t x = n * 0x9E3779B1U + salt;
    x = (x ^ (x >> 15U)) * 0x85EBCA6BU;
    x = (x ^ (x >> 13U)) * 0xC2B2AE35U;
    x ^= x >> 16U;
    // A triangle of 128 samples, 345 Hz, under noise of 10 bits; odd, so never zero.
    const std::uint32_t phase = n % 128U;
    const int tone = static_cast<int>(phase < 64U ? phase : 127U - phase) * 160 - 5040;
    const auto left = static_cast<std::uint32_t>(tone + static_cast<int>(x & 0x3FFU)) | 1U;
    const auto right = static_cast<std::uint32_t>(tone + static_cast<int>((x >> 16U) & 0x3FFU)) | 1U;
    store_le32(out, i * cd::kBytesPerSample, (left & 0xFFFFU) | (right << 16U));
  }
}

void fill_noise(std::uint64_t seed, cd::Lba lba, MutableBytes out) {
  Noise noise(mix64(seed) ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(lba.value)) << 20U));
  for (std::size_t at = 0; at < out.size(); at += 8) {
    const std::uint64_t word = noise.next();
    const std::size_t end = std::min(out.size(), at + 8);
    for (std::size_t i = at; i < end; ++i) out[i] = static_cast<Byte>(word >> (8 * (i - at)));
  }
}

void fill_sub(const cd::Disc& disc, cd::Lba lba, cd::MutableSubBytes out) {
  std::fill(out.begin(), out.end(), Byte{0});
  std::fill_n(out.begin(), cd::kSubChannelSize, cd::synthesize_p(disc, lba) ? Byte{0xFF} : Byte{0});
  const cd::QBytes q = cd::synthesize_q_with_codes(disc, lba);
  std::copy(q.begin(), q.end(), out.begin() + cd::kQOffset);
}

void add_cdg(std::uint64_t seed, cd::Lba lba, cd::MutableSubBytes out) {
  constexpr std::size_t kPacks = 4;
  constexpr std::size_t kSymbols = 24;  // of 6 bits, R the highest
  std::array<Byte, kPacks * kSymbols> symbols{};
  fill_noise(seed, lba, symbols);
  for (std::size_t pack = 0; pack < kPacks; ++pack) {
    symbols[pack * kSymbols] = 0x09;                                              // CD+G
    symbols[pack * kSymbols + 1] = (symbols[pack * kSymbols + 1] & 1U) ? 38 : 6;  // tile, or tile XOR
  }
  for (std::size_t channel = 0; channel < 6; ++channel) {
    Byte* const bytes = out.data() + (2 + channel) * cd::kSubChannelSize;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      const unsigned bit = (unsigned{symbols[i]} >> (5 - channel)) & 1U;
      bytes[i / 8] = static_cast<Byte>(bytes[i / 8] | (bit << (7 - i % 8)));
    }
  }
}

}  // namespace binrip::sim
