// GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1 (0x11D) and alpha = 2, as ECMA-130 Annex A defines it.
#pragma once

#include <array>

#include "binrip/base/bytes.hpp"

namespace binrip::cd::gf256 {

inline constexpr unsigned kReduction = 0x1D;
inline constexpr unsigned kOrder = 255;

struct Tables {
  std::array<Byte, 2 * kOrder> exp{};  // twice round, so that sums of two logarithms need no modulo
  std::array<Byte, 256> log{};         // log[0] means nothing
};

constexpr Tables make_tables() {
  Tables tables;
  unsigned value = 1;
  for (unsigned i = 0; i < kOrder; ++i) {
    tables.exp[i] = tables.exp[i + kOrder] = static_cast<Byte>(value);
    tables.log[value] = static_cast<Byte>(i);
    value = (value << 1) ^ ((value & 0x80U) != 0 ? 0x100U | kReduction : 0U);
  }
  return tables;
}

inline constexpr Tables kTables = make_tables();

// alpha to the power of n, n < 510.
constexpr Byte power(unsigned n) { return kTables.exp[n]; }
constexpr Byte add(Byte a, Byte b) { return static_cast<Byte>(a ^ b); }
constexpr Byte multiply(Byte a, Byte b) {
  if (a == 0 || b == 0) return 0;
  return kTables.exp[unsigned{kTables.log[a]} + kTables.log[b]];
}
// b is not 0.
constexpr Byte divide(Byte a, Byte b) {
  if (a == 0) return 0;
  return kTables.exp[unsigned{kTables.log[a]} + kOrder - kTables.log[b]];
}

}  // namespace binrip::cd::gf256
