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

// The first 16 diagonals, and the others beside them: step t of both looks at row t (mod 26), the first from
// column t on, the second 16 columns farther. The second begin and end earlier.
struct Diagonals {
  Sums first = nothing();
  Sums second = nothing();
};

constexpr std::ptrdiff_t kStep = 2 * (Rows::kStride + 1);
constexpr std::ptrdiff_t kToFirstRow = -2 * static_cast<std::ptrdiff_t>(ecc_layout::kRows * Rows::kStride);

BINRIP_AVX2 inline void walk_both(Diagonals& sums, const Byte*& at, int steps) {
  for (; steps > 0; --steps, at += kStep) {
    sums.first = add(sums.first, load(at));
    sums.second = add(sums.second, load(at + kLanes));
  }
}

BINRIP_AVX2 inline Diagonals check_q(Rows& rows) {
  constexpr int kRows = ecc_layout::kRows;
  constexpr int kColumns = Rows::kLaneWords;             // between the first and the second
  constexpr int kFirstBegins = -int{Rows::kGap};         // when lane 15 comes to its first symbol
  constexpr int kSecondBegins = -(kRows - 1);            // lane 25
  constexpr int kFirstEnds = Rows::kLength;              // when lane 0 is past its last
  constexpr int kSecondEnds = Rows::kLength - kColumns;  // lane 16
  static_assert(kSecondBegins < kFirstBegins && kRows < kSecondEnds && kFirstEnds < 2 * kRows);

  Diagonals sums;
  const Byte* at = rows.word(kRows + kSecondBegins, 0) + 2 * kSecondBegins;
  for (int t = kSecondBegins; t < kFirstBegins; ++t, at += kStep) {
    sums.second = add(sums.second, load(at + kLanes));
  }
  walk_both(sums, at, -kFirstBegins);
  at += kToFirstRow;
  walk_both(sums, at, kRows);
  at += kToFirstRow;
  walk_both(sums, at, kSecondEnds - kRows);
  for (int t = kSecondEnds; t < kFirstEnds; ++t, at += kStep) sums.first = add(sums.first, load(at));
  return sums;
}

// All ones in the second lanes that have a diagonal; the others hold parts of several.
BINRIP_AVX2 inline __m256i second_in_use() {
  constexpr int kInUse = 2 * ecc_layout::kRows - kLanes;
  const __m256i number = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
                                          19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  return _mm256_cmpgt_epi8(_mm256_set1_epi8(kInUse), number);
}

}  // namespace

BINRIP_AVX2 bool ecc_check_avx2(SectorBytes sector, EccHeader header) {
  Rows rows;
  rows.lay_out(sector.data() + ecc_layout::kFirst);
  if (header == EccHeader::taken_as_zero) std::memset(rows.word(0, 0), 0, ecc_layout::kHeaderSize);
  const Diagonals q = check_q(rows);
  const __m256i second = _mm256_and_si256(_mm256_or_si256(q.second.s0, q.second.s1), second_in_use());
  const __m256i first = _mm256_or_si256(q.first.s0, q.first.s1);
  const __m256i wrong = _mm256_or_si256(_mm256_or_si256(check_p(rows), first), second);
  return _mm256_testz_si256(wrong, wrong) != 0;
}

}  // namespace binrip::cd

#endif
