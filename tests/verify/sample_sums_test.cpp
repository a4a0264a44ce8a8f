#include "verify/sample_sums.hpp"

#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace binrip::verify {
namespace {

constexpr std::uint64_t kModulus = std::uint64_t{1} << 32;

// One sample after the other, by multiplying as at school: bit by bit, the product kept in two halves.
SampleSums by_bits(std::span<const std::uint32_t> samples, std::uint32_t first) {
  std::uint64_t plain = 0, weighted = 0, high = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::uint64_t place = (first + i) % kModulus;
    std::uint64_t low_half = 0, high_half = 0;
    for (unsigned bit = 0; bit < 32; ++bit) {
      if ((samples[i] >> bit) % 2 == 0) continue;
      low_half += (place << bit) % kModulus;
      high_half += bit == 0 ? 0 : place >> (32 - bit);
    }
    high_half += low_half / kModulus;
    plain = (plain + samples[i]) % kModulus;
    weighted = (weighted + low_half) % kModulus;
    high = (high + high_half) % kModulus;
  }
  return {static_cast<std::uint32_t>(plain), static_cast<std::uint32_t>(weighted),
          static_cast<std::uint32_t>(high)};
}

void expect_same(std::span<const std::uint32_t> samples, std::uint32_t first) {
  const SampleSums sums = sum_samples(samples, first), expected = by_bits(samples, first);
  EXPECT_EQ(sums.plain, expected.plain) << samples.size() << " from " << first;
  EXPECT_EQ(sums.weighted, expected.weighted) << samples.size() << " from " << first;
  EXPECT_EQ(sums.high, expected.high) << samples.size() << " from " << first;
}

TEST(SampleSums, OfAnyLengthAreThoseOfTheBits) {
  std::mt19937 random(7);
  std::vector<std::uint32_t> samples(2000);
  for (std::uint32_t& sample : samples) sample = static_cast<std::uint32_t>(random());
  // Every remainder of a vector's width, at every alignment.
  for (std::size_t begin = 0; begin < 8; ++begin) {
    for (std::size_t size = 0; size < 70; ++size) expect_same(std::span(samples).subspan(begin, size), 1);
  }
  expect_same(samples, 1);
  expect_same(samples, 5880 * 588);
}

TEST(SampleSums, OfTheLargestSamplesAtTheLastPlaces) {
  const std::vector<std::uint32_t> samples(1000, std::numeric_limits<std::uint32_t>::max());
  expect_same(samples, std::numeric_limits<std::uint32_t>::max() - 1000);
}

TEST(SampleSums, OfNothingAreZero) { expect_same({}, 1); }

}  // namespace
}  // namespace binrip::verify
