#include "ecc_syndromes.hpp"

#include <algorithm>
#include <cstring>

#include "ecc_paths.hpp"
#include "ecc_skew.hpp"
#include "gf256.hpp"

namespace binrip::cd {
namespace {

using ecc_layout::kColumns;
using ecc_layout::kRows;

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

using Rows = SkewedRows<kLanes>;

// Lanes 8 × block and following. A lane that ends early is multiplied by alpha until the last one ends:
// s1 of lane l comes out times alpha to the power of l % 8.
Accumulator sum_block(const Rows& rows, std::size_t block) {
  Accumulator sum;
  auto [row, column, steps] = Rows::walk(block);
  for (; steps > 0; --steps, ++column) {
    sum.take(load(&rows.bytes[2 * (row * Rows::kStride + column)]));
    if (++row == kRows) row = 0;
  }
  return sum;
}

// The last 16 columns overlap those before, so that no lane reads beyond its row.
constexpr std::array<std::size_t, 6> kFirstColumns = {0, 16, 32, 48, 64, kColumns - kLanes};

// `from`: the first row's, `stride` bytes before the next row's.
Accumulator sum_columns(const Byte* from, std::size_t stride) {
  Accumulator sum;
  for (std::size_t row = 0; row < kRows; ++row, from += stride) sum.take(load(from));
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
  PSyndromes syndromes;
  for (const std::size_t column : kFirstColumns) {
    const Accumulator sum = sum_columns(&bytes[column], kColumns);
    store(&syndromes.s0[column], sum.s0);
    store(&syndromes.s1[column], sum.s1);
  }
  return syndromes;
}

QSyndromes q_syndromes(const EccBytes& bytes) {
  Rows rows;
  rows.lay_out(bytes.data());
  QSyndromes syndromes;
  for (std::size_t block = 0; block < Rows::kBlocks; ++block) {
    std::array<Byte, kLanes> s0{};
    std::array<Byte, kLanes> s1{};
    const Accumulator sum = sum_block(rows, block);
    store(s0.data(), sum.s0);
    store(s1.data(), sum.s1);
    for (std::size_t i = 0; i < kLanes; ++i) {
      const std::size_t lane = block * Rows::kLaneWords + i / 2;
      if (lane >= kRows) break;
      const std::size_t word = (kRows - lane) % kRows * 2 + i % 2;
      syndromes.s0[word] = s0[i];
      syndromes.s1[word] = gf256::divide(s1[i], gf256::power(static_cast<unsigned>(i / 2)));
    }
  }
  return syndromes;
}

bool ecc_check_portable(SectorBytes sector, EccHeader header) {
  Rows rows;
  rows.lay_out(sector.data() + ecc_layout::kFirst);
  if (header == EccHeader::taken_as_zero) std::memset(rows.word(0, 0), 0, ecc_layout::kHeaderSize);
  Vector wrong{};
  for (const std::size_t column : kFirstColumns) {
    const Accumulator sum = sum_columns(rows.word(0, 0) + column, 2 * Rows::kStride);
    wrong |= sum.s0 | sum.s1;
  }
  for (std::size_t block = 0; block + 1 < Rows::kBlocks; ++block) {
    const Accumulator sum = sum_block(rows, block);
    wrong |= sum.s0 | sum.s1;
  }
  // Lanes beyond the last diagonal hold parts of others.
  constexpr std::size_t kInUse = 2 * kRows - (Rows::kBlocks - 1) * kLanes;
  const Accumulator last = sum_block(rows, Rows::kBlocks - 1);
  std::array<Byte, kLanes> seen;
  store(seen.data(), last.s0 | last.s1);
  std::fill(seen.begin() + kInUse, seen.end(), Byte{0});
  wrong |= load(seen.data());
  store(seen.data(), wrong);
  return std::all_of(seen.begin(), seen.end(), [](Byte b) { return b == 0; });
}

}  // namespace binrip::cd
