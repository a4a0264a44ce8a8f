#include "binrip/verify/gf16.hpp"

#include <array>

namespace binrip::verify::gf16 {
namespace {

struct Tables {
  std::array<std::uint16_t, 2 * kOrder> powers{};  // twice, so that sums of two logarithms need no remainder
  std::array<std::uint16_t, kOrder + 1> logarithms{};
  Tables() {
    unsigned value = 1;
    for (unsigned i = 0; i < kOrder; ++i) {
      powers[i] = powers[i + kOrder] = static_cast<std::uint16_t>(value);
      logarithms[value] = static_cast<std::uint16_t>(i);
      value <<= 1;
      if (value > kOrder) value ^= kPolynomial;
    }
  }
};

const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

}  // namespace

std::uint16_t multiply(std::uint16_t a, std::uint16_t b) {
  if (a == 0 || b == 0) return 0;
  const Tables& t = tables();
  return t.powers[std::size_t{t.logarithms[a]} + t.logarithms[b]];
}

std::uint16_t divide(std::uint16_t a, std::uint16_t b) {
  if (a == 0) return 0;
  const Tables& t = tables();
  return t.powers[std::size_t{t.logarithms[a]} + kOrder - t.logarithms[b]];
}

std::uint16_t power(std::uint64_t exponent) { return tables().powers[exponent % kOrder]; }

std::span<const std::uint16_t> powers() { return tables().powers; }

unsigned logarithm(std::uint16_t a) { return tables().logarithms[a]; }

}  // namespace binrip::verify::gf16
