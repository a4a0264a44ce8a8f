// What this processor has beyond what its architecture promises. Asking costs a load and a test.
#pragma once

namespace binrip::cd::cpu {

#if defined(__x86_64__)
// PCLMULQDQ with three operands.
inline bool has_clmul() {
  return __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("avx") != 0;
}
inline bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
#else
inline bool has_clmul() { return false; }
inline bool has_avx2() { return false; }
#endif

}  // namespace binrip::cd::cpu
