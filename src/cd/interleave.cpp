// From the wire's order of the subchannel to that of files, and back.
#include <bit>
#include <cstring>

#include "subchannel_paths.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace binrip::cd {
namespace {

constexpr std::size_t kGroups = kSubSize / 8;  // 8 bytes of the wire hold 8 bits of each channel

// As one load: a compiler does not see through eight bytes put together.
std::uint64_t load_be64(Bytes b, std::size_t at) {
  std::uint64_t value = 0;
  std::memcpy(&value, b.subspan(at, sizeof value).data(), sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

void store_be64(MutableBytes b, std::size_t at, std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(b.subspan(at, sizeof value).data(), &value, sizeof value);
}

// An 8x8 matrix of bits, the first row in the highest byte, the first column in each byte's highest bit,
// mirrored on its main diagonal by swapping ever larger blocks.
constexpr std::uint64_t transpose8(std::uint64_t x) {
  const auto swap = [&x](int distance, std::uint64_t mask) {
    const std::uint64_t t = (x ^ (x >> distance)) & mask;
    x ^= t ^ (t << distance);
  };
  swap(7, 0x00AA00AA00AA00AA);
  swap(14, 0x0000CCCC0000CCCC);
  swap(28, 0x00000000F0F0F0F0);
  return x;
}

}  // namespace

void deinterleave_portable(SubBytes wire, MutableSubBytes file) {
  for (std::size_t g = 0; g < kGroups; ++g) {
    const std::uint64_t channels = transpose8(load_be64(wire, g * 8));
    for (std::size_t c = 0; c < 8; ++c) {
      file[c * kSubChannelSize + g] = static_cast<Byte>(channels >> (56 - 8 * c));
    }
  }
}

#if defined(__SSE2__)
// The highest bits of 16 bytes are two bytes of P; doubled, those of Q, and so on.
void deinterleave_sse2(SubBytes wire, MutableSubBytes file) {
  for (std::size_t g = 0; g < kGroups; g += 2) {
    // Turned round, so that the first byte's bit becomes the highest.
    __m128i bits = _mm_set_epi64x(static_cast<long long>(load_be64(wire, (g + 1) * 8)),
                                  static_cast<long long>(load_be64(wire, g * 8)));
    for (std::size_t c = 0; c < 8; ++c) {
      const auto two = static_cast<std::uint16_t>(_mm_movemask_epi8(bits));
      std::memcpy(file.data() + c * kSubChannelSize + g, &two, sizeof two);
      bits = _mm_add_epi8(bits, bits);
    }
  }
}
#endif

void deinterleave(SubBytes wire, MutableSubBytes file) {
#if defined(__SSE2__)
  deinterleave_sse2(wire, file);
#else
  deinterleave_portable(wire, file);
#endif
}

void interleave(SubBytes file, MutableSubBytes wire) {
  for (std::size_t g = 0; g < kGroups; ++g) {
    std::uint64_t channels = 0;
    for (std::size_t c = 0; c < 8; ++c) channels = (channels << 8) | file[c * kSubChannelSize + g];
    store_be64(wire, g * 8, transpose8(channels));
  }
}

QBytes q_of_wire(SubBytes wire) {
  QBytes q;
  for (std::size_t g = 0; g < kGroups; ++g) {
    // Bit 6 of eight bytes, gathered in the highest byte: the products' bits never meet, so nothing carries.
    const std::uint64_t bits = (load_be64(wire, g * 8) >> 6) & 0x0101010101010101;
    q[g] = static_cast<Byte>((bits * 0x0102040810204080) >> 56);
  }
  return q;
}

}  // namespace binrip::cd
