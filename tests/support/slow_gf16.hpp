// GF(2^16) and CTDB's code once more, slow and by definition: bit by bit, word by word, without tables or
// logarithms. And the random numbers of .NET's System.Random, from which CUETools' own tests make their data.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace binrip::slow {

inline std::uint16_t multiply(std::uint16_t a, std::uint16_t b) {
  std::uint32_t product = 0, shifted = a;
  for (int bit = 0; bit < 16; ++bit, shifted <<= 1) {
    if (((b >> bit) & 1) != 0) product ^= shifted;
  }
  for (int bit = 31; bit >= 16; --bit) {
    if (((product >> bit) & 1U) != 0) product ^= std::uint32_t{0x1100B} << (bit - 16);
  }
  return static_cast<std::uint16_t>(product);
}

inline std::uint16_t alpha_to(std::uint64_t exponent) {
  std::uint16_t result = 1, square = 2;
  for (; exponent != 0; exponent >>= 1, square = multiply(square, square)) {
    if ((exponent & 1) != 0) result = multiply(result, square);
  }
  return result;
}

// The sum of w[k] * alpha^(i * (n-1-k)), for i = 0 … count-1.
inline std::vector<std::uint16_t> syndromes(std::span<const std::uint16_t> words, std::size_t count) {
  std::vector<std::uint16_t> result(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t root = alpha_to(i);
    for (const std::uint16_t word : words) {
      result[i] = static_cast<std::uint16_t>(multiply(result[i], root) ^ word);
    }
  }
  return result;
}

// What is left of D(x) * x^count divided by the product of (x - alpha^i): school division.
inline std::vector<std::uint16_t> parity(std::span<const std::uint16_t> words, std::size_t count) {
  std::vector<std::uint16_t> divisor{1};
  for (std::size_t i = 0; i < count; ++i) {
    divisor.push_back(0);
    for (std::size_t k = divisor.size() - 1; k > 0; --k) {
      divisor[k] = static_cast<std::uint16_t>(divisor[k] ^ multiply(divisor[k - 1], alpha_to(i)));
    }
  }
  std::vector<std::uint16_t> rest(words.begin(), words.end());
  rest.resize(words.size() + count, 0);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::uint16_t factor = rest[at];
    for (std::size_t k = 0; k < divisor.size(); ++k) {
      rest[at + k] = static_cast<std::uint16_t>(rest[at + k] ^ multiply(divisor[k], factor));
    }
  }
  return {rest.end() - static_cast<std::ptrdiff_t>(count), rest.end()};
}

// Knuth's subtractive generator with .NET's constants.
class DotNetRandom {
 public:
  explicit DotNetRandom(int seed) {
    int value = 161'803'398 - std::abs(seed), next = 1;
    state_[55] = value;
    for (int i = 1; i < 55; ++i) {
      const int at = 21 * i % 55;
      state_[at] = next;
      next = value - next;
      if (next < 0) next += kBig;
      value = state_[at];
    }
    for (int round = 0; round < 4; ++round) {
      for (int i = 1; i < 56; ++i) {
        const auto difference =
            static_cast<std::uint32_t>(state_[i]) - static_cast<std::uint32_t>(state_[1 + (i + 30) % 55]);
        state_[i] = static_cast<int>(difference);
        if (state_[i] < 0) state_[i] += kBig;
      }
    }
  }
  std::uint8_t next_byte() {
    at_ = at_ == 55 ? 1 : at_ + 1;
    behind_ = behind_ == 55 ? 1 : behind_ + 1;
    int value = state_[at_] - state_[behind_];
    if (value == kBig) --value;
    if (value < 0) value += kBig;
    state_[at_] = value;
    return static_cast<std::uint8_t>(value % 256);
  }

 private:
  static constexpr int kBig = 2'147'483'647;
  int state_[56] = {};
  int at_ = 0, behind_ = 21;
};

}  // namespace binrip::slow
