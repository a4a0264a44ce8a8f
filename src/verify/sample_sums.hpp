// The inner loop of AccurateRip's sums.
#pragma once

#include <cstdint>
#include <span>

namespace binrip::verify {

struct SampleSums {
  std::uint32_t plain = 0;     // Σ s mod 2^32
  std::uint32_t weighted = 0;  // Σ low 32 bits of s·i
  std::uint32_t high = 0;      // Σ high 32 bits of s·i
};

// i begins with `first` and must stay below 2^32.
SampleSums sum_samples(std::span<const std::uint32_t> samples, std::uint32_t first);

}  // namespace binrip::verify
