// Arithmetic in GF(2^16) as CTDB's parity uses it: polynomials over GF(2) modulo x^16 + x^12 + x^3 + x + 1
// (0x1100B), of which alpha = x is a primitive element. Addition is XOR.
//
// Checked against CUETools: with this field and alpha, the coefficients of the product of (x - alpha^i) for
// i = 0 … 15 have the logarithms that CUETools.AccurateRip/CDRepair.cs (2010) spelt out.
#pragma once

#include <cstdint>
#include <span>

namespace binrip::verify::gf16 {

inline constexpr unsigned kPolynomial = 0x1100B;
inline constexpr unsigned kOrder = 0xFFFF;  // of alpha

std::uint16_t multiply(std::uint16_t a, std::uint16_t b);
std::uint16_t divide(std::uint16_t a, std::uint16_t b);  // `b` is not 0
std::uint16_t power(std::uint64_t exponent);             // of alpha
std::span<const std::uint16_t> powers();                 // of alpha, 0 … 131069: sums of two logarithms
unsigned logarithm(std::uint16_t a);                     // to alpha, 0 … 65534; `a` is not 0

}  // namespace binrip::verify::gf16
