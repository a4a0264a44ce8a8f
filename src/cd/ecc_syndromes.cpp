#include "ecc_syndromes.hpp"

#include <algorithm>
#include <cstring>

#include "gf256.hpp"

namespace binrip::cd {
namespace {

using ecc_layout::kColumns;
using ecc_layout::kQParity;
using ecc_layout::kRows;
using ecc_layout::kWordColumns;

// 16 code words at a time. Plain vector extensions: SSE2 and NEON have what this needs.
constexpr std::size_t kLanes = 16;
using Vector = Byte __attribute__((vector_size(kLanes)));
using SignedVector = signed char __attribute__((vector_size(kLanes)));

inline Vector load(const Byte* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store(Byte* to, Vector v) { std::memcpy(to, &v, sizeof v); }

// Times alpha in each lane.
inline Vector times_alpha(Vector v) {
  const auto carries = reinterpret_cast<Vector>(reinterpret_cast<SignedVector>(v) < SignedVector{});
  return (v + v) ^ (carries & (Vector{} + Byte{gf256::kReduction}));
}

struct Accumulator {
  Vector s0{};
  Vector s1{};
  void take(Vector v) {
    s0 ^= v;
    s1 = times_alpha(s1) ^ v;
  }
};

// Q: lane l of a step t looks at row t and 16-bit column t + l, so that a lane stays on one diagonal, that of
// row -l (mod 26), while t steps along it, and what the lanes of a step need lies side by side. Rows are laid
// out with both parity words of the diagonal that ends there behind the 43 of data, and zeros between rows:
// lanes that have not come to their first symbol, or are past the last, add nothing.
constexpr std::size_t kQLength = 45;
constexpr std::size_t kLaneWords = kLanes / 2;
constexpr std::size_t kGap = kLaneWords - 1;
constexpr std::size_t kStride = kQLength + kGap;
constexpr std::size_t kBlocks = 4;  // 32 lanes of 16-bit words, 26 in use

struct SkewedRows {
  std::array<Byte, 2 * (kGap + kRows * kStride)> bytes{};
  Byte* word(std::size_t row, std::size_t column) { return &bytes[2 * (kGap + row * kStride + column)]; }
};

void lay_out(const EccBytes& from, SkewedRows& rows) {
  for (std::size_t row = 0; row < kRows; ++row) {
    std::memcpy(rows.word(row, 0), &from[row * kColumns], kColumns);
    for (std::size_t parity = 0; parity < 2; ++parity) {
      const std::size_t column = kWordColumns + parity;
      const std::size_t diagonal = (row + 2 * kRows - column) % kRows;
      std::memcpy(rows.word(row, column), &from[kQParity + 2 * (parity * kRows + diagonal)], 2);
    }
  }
}

// Lanes 8 × block and following. A lane that ends early is multiplied by alpha until the last one ends:
// s1 of lane l comes out times alpha to the power of l % 8.
Accumulator sum_block(const SkewedRows& rows, std::size_t block) {
  Accumulator sum;
  // Step t = row - 26 × turns; the first in which a lane of this block has a symbol.
  const std::size_t before = std::min(block * kLaneWords + kGap, kRows - 1);
  const std::size_t steps = before + kQLength - block * kLaneWords;
  std::size_t row = (kRows - before) % kRows;
  // Column of the first lane, counted from the beginning of the gap before the row.
  std::size_t column = kGap + block * kLaneWords - before;
  for (std::size_t step = 0; step < steps; ++step, ++column) {
    sum.take(load(&rows.bytes[2 * (row * kStride + column)]));
    if (++row == kRows) row = 0;
  }
  return sum;
}

}  // namespace

EccBytes load_ecc_bytes(SectorBytes sector, EccHeader header) {
  EccBytes bytes;
  std::memcpy(bytes.data(), sector.data() + ecc_layout::kFirst, bytes.size());
  if (header == EccHeader::taken_as_zero) std::fill_n(bytes.begin(), ecc_layout::kHeaderSize, Byte{0});
  return bytes;
}

PSyndromes p_syndromes(const EccBytes& bytes) {
  // The last 16 columns overlap those before, so that no lane reads beyond its row.
  constexpr std::array<std::size_t, 6> kFirstColumns = {0, 16, 32, 48, 64, kColumns - kLanes};
  PSyndromes syndromes;
  for (const std::size_t column : kFirstColumns) {
    Accumulator sum;
    for (std::size_t row = 0; row < kRows; ++row) sum.take(load(&bytes[row * kColumns + column]));
    store(&syndromes.s0[column], sum.s0);
    store(&syndromes.s1[column], sum.s1);
  }
  return syndromes;
}

bool q_syndromes_zero(const EccBytes& bytes) {
  SkewedRows rows;
  lay_out(bytes, rows);
  std::array<Byte, kBlocks * kLanes> seen{};
  for (std::size_t block = 0; block < kBlocks; ++block) {
    const Accumulator sum = sum_block(rows, block);
    store(&seen[block * kLanes], sum.s0 | sum.s1);
  }
  return std::all_of(seen.begin(), seen.begin() + 2 * kRows, [](Byte b) { return b == 0; });
}

QSyndromes q_syndromes(const EccBytes& bytes) {
  SkewedRows rows;
  lay_out(bytes, rows);
  QSyndromes syndromes;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    std::array<Byte, kLanes> s0{};
    std::array<Byte, kLanes> s1{};
    const Accumulator sum = sum_block(rows, block);
    store(s0.data(), sum.s0);
    store(s1.data(), sum.s1);
    for (std::size_t i = 0; i < kLanes; ++i) {
      const std::size_t lane = block * kLaneWords + i / 2;
      if (lane >= kRows) break;
      const std::size_t word = (kRows - lane) % kRows * 2 + i % 2;
      syndromes.s0[word] = s0[i];
      syndromes.s1[word] = gf256::divide(s1[i], gf256::power(static_cast<unsigned>(i / 2)));
    }
  }
  return syndromes;
}

}  // namespace binrip::cd
