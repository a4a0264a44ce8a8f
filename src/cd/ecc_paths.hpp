// The ways to check all P and Q words of a sector. ecc_check() takes the fastest that the processor has;
// tests and measurements ask for one.
#pragma once

#include "cpu.hpp"

#include "binrip/cd/ecc.hpp"

namespace binrip::cd {

bool ecc_check_portable(SectorBytes sector, EccHeader header);
#if defined(__x86_64__)
// Only where cpu::has_avx2().
bool ecc_check_avx2(SectorBytes sector, EccHeader header);
#endif

}  // namespace binrip::cd
