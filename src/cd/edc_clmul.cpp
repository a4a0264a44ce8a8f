// EDC by carry-less multiplication. 16 bytes are a polynomial of degree 127, and what stands n bits before
// the end of the data may be replaced by anything that leaves the same remainder there: its upper half times
// x^(n+64) mod P, plus its lower half times x^n mod P. So the data is folded from its front, 64 bytes at a
// time in four independent lanes, until 16 bytes are left, which the tables finish.
#include "edc_paths.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

namespace binrip::cd {
namespace {

#define BINRIP_CLMUL __attribute__((target("avx,pclmul")))

constexpr std::size_t kBlock = 16;
constexpr std::size_t kLanes = 4;

// x^n mod P, in reflected order: x^0 is the highest bit.
constexpr std::uint32_t power_of_x(unsigned n) {
  std::uint32_t value = 0x80000000;
  for (; n > 0; --n) value = (value >> 1) ^ ((value & 1U) != 0 ? kEdcPolynomial : 0U);
  return value;
}

// By what to multiply the halves of a block that is moved on by `bits`; its first eight bytes hold the higher
// powers. In reflected order 32 bits in the lower half of 64 count as x^32 more than they are, and a product
// of two numbers as x more, which the shift takes back: so the powers are 32 fewer.
struct Fold {
  std::uint64_t first, second;
};
constexpr Fold fold_over(unsigned bits) {
  return {std::uint64_t{power_of_x(bits + 32)} << 1, std::uint64_t{power_of_x(bits - 32)} << 1};
}
constexpr Fold kOverLanes = fold_over(8 * kBlock * kLanes);
constexpr Fold kOverBlock = fold_over(8 * kBlock);

BINRIP_CLMUL inline __m128i load(const Byte* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

BINRIP_CLMUL inline __m128i as_vector(Fold fold) {
  return _mm_set_epi64x(static_cast<long long>(fold.second), static_cast<long long>(fold.first));
}

BINRIP_CLMUL inline __m128i fold(__m128i block, __m128i by, __m128i next) {
  const __m128i first = _mm_clmulepi64_si128(block, by, 0x00);
  const __m128i second = _mm_clmulepi64_si128(block, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), next);
}

}  // namespace

BINRIP_CLMUL std::uint32_t edc_clmul(Bytes data, std::uint32_t start) {
  if (data.size() < kBlock * kLanes) return edc_portable(data, start);
  const Byte* at = data.data();
  std::size_t left = data.size() - kBlock * kLanes;
  __m128i lane0 = _mm_xor_si128(load(at), _mm_cvtsi32_si128(static_cast<int>(start)));
  __m128i lane1 = load(at + kBlock);
  __m128i lane2 = load(at + 2 * kBlock);
  __m128i lane3 = load(at + 3 * kBlock);
  at += kBlock * kLanes;

  const __m128i over_lanes = as_vector(kOverLanes);
  for (; left >= kBlock * kLanes; left -= kBlock * kLanes, at += kBlock * kLanes) {
    lane0 = fold(lane0, over_lanes, load(at));
    lane1 = fold(lane1, over_lanes, load(at + kBlock));
    lane2 = fold(lane2, over_lanes, load(at + 2 * kBlock));
    lane3 = fold(lane3, over_lanes, load(at + 3 * kBlock));
  }
  const __m128i over_block = as_vector(kOverBlock);
  __m128i sum = fold(fold(fold(lane0, over_block, lane1), over_block, lane2), over_block, lane3);
  for (; left >= kBlock; left -= kBlock, at += kBlock) sum = fold(sum, over_block, load(at));

  Byte rest[kBlock];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest), sum);
  return edc_portable({at, left}, edc_portable(rest, 0));
}

}  // namespace binrip::cd

#endif
