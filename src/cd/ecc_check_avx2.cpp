// All P and Q words of a sector, 32 bytes side by side.
#include "ecc_paths.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "ecc_skew.hpp"
#include "gf256.hpp"

namespace binrip::cd {
namespace {

#define BINRIP_AVX2 __attribute__((target("avx2")))

constexpr std::size_t kLanes = 32;
using Rows = SkewedRows<kLanes>;

BINRIP_AVX2 inline __m256i load(const Byte* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

struct Sums {
  __m256i s0, s1;
};

BINRIP_AVX2 inline Sums add(Sums sums, __m256i symbols) {
  // s1 times alpha: doubled, and reduced where a bit was carried out.
  const __m256i carries = _mm256_cmpgt_epi8(_mm256_setzero_si256(), sums.s1);
  const __m256i reduction = _mm256_and_si256(carries, _mm256_set1_epi8(gf256::kReduction));
  const __m256i times_alpha = _mm256_xor_si256(_mm256_add_epi8(sums.s1, sums.s1), reduction);
  return {_mm256_xor_si256(sums.s0, symbols), _mm256_xor_si256(times_alpha, symbols)};
}

BINRIP_AVX2 inline Sums nothing() { return {_mm256_setzero_si256(), _mm256_setzero_si256()}; }

// Of all 86 columns; the last 32 overlap those before.
BINRIP_AVX2 inline __m256i check_p(Rows& rows) {
  Sums first = nothing();
  Sums second = nothing();
  Sums third = nothing();
  const Byte* at = rows.word(0, 0);
  for (std::size_t row = 0; row < ecc_layout::kRows; ++row, at += 2 * Rows::kStride) {
    first = add(first, load(at));
    second = add(second, load(at + kLanes));
    third = add(third, load(at + ecc_layout::kColumns - kLanes));
  }
  return _mm256_or_si256(_mm256_or_si256(_mm256_or_si256(first.s0, first.s1), second.s0),
                         _mm256_or_si256(_mm256_or_si256(second.s1, third.s0), third.s1));
}

template <std::size_t kBlock>
BINRIP_AVX2 inline __m256i check_q(const Rows& rows) {
  constexpr Rows::Walk kWalk = Rows::walk(kBlock);
  Sums sums = nothing();
  std::size_t row = kWalk.row;
  const Byte* at = &rows.bytes[2 * (kWalk.row * Rows::kStride + kWalk.column)];
  for (std::size_t step = 0; step < kWalk.steps; ++step) {
    sums = add(sums, load(at));
    at += 2 * (Rows::kStride + 1);
    if (++row == ecc_layout::kRows) {
      row = 0;
      at -= 2 * ecc_layout::kRows * Rows::kStride;
    }
  }
  return _mm256_or_si256(sums.s0, sums.s1);
}

// All ones in the lanes that have a diagonal.
BINRIP_AVX2 inline __m256i lanes_in_use_in_last_block() {
  constexpr int kInUse = 2 * ecc_layout::kRows - (Rows::kBlocks - 1) * kLanes;
  const __m256i number = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
                                          19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  return _mm256_cmpgt_epi8(_mm256_set1_epi8(kInUse), number);
}

}  // namespace

BINRIP_AVX2 bool ecc_check_avx2(SectorBytes sector, EccHeader header) {
  static_assert(Rows::kBlocks == 2);
  Rows rows;
  rows.lay_out(sector.data() + ecc_layout::kFirst);
  if (header == EccHeader::taken_as_zero) std::memset(rows.word(0, 0), 0, ecc_layout::kHeaderSize);
  const __m256i last = _mm256_and_si256(check_q<1>(rows), lanes_in_use_in_last_block());
  const __m256i wrong = _mm256_or_si256(_mm256_or_si256(check_p(rows), check_q<0>(rows)), last);
  return _mm256_testz_si256(wrong, wrong) != 0;
}

}  // namespace binrip::cd

#endif
