// Numbers that look random and are a pure function of their arguments.
#pragma once

#include <cstdint>

namespace binrip::sim {

// Finalizer of SplitMix64.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

// A sequence of them.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return mix64(state_++); }
  // 0 … bound-1; bound > 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  // [0, 1)
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace binrip::sim
