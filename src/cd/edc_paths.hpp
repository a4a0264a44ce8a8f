// The ways to the same EDC. edc() takes the fastest that the processor has; tests and measurements ask for
// one.
#pragma once

#include "cpu.hpp"

#include "binrip/base/bytes.hpp"

namespace binrip::cd {

inline constexpr std::uint32_t kEdcPolynomial = 0xD8018001;  // reflected: x^31 is the lowest bit

std::uint32_t edc_portable(Bytes data, std::uint32_t start);
#if defined(__x86_64__)
// Only where cpu::has_clmul().
std::uint32_t edc_clmul(Bytes data, std::uint32_t start);
#endif

}  // namespace binrip::cd
