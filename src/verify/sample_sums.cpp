#include "sample_sums.hpp"

// Written for the vectoriser of g++ -O3: both factors have 32 bits, so that a product is one instruction for
// two or four of them. Elsewhere than on x86 with an instrumented build or clang one version has to do.
#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define BINRIP_SAMPLE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define BINRIP_SAMPLE_CLONES
#endif

namespace binrip::verify {

BINRIP_SAMPLE_CLONES SampleSums sum_samples(std::span<const std::uint32_t> samples, std::uint32_t first) {
  // The low halves need no cutting off one by one: the low half of the products' sum is theirs.
  std::uint32_t plain = 0;
  std::uint64_t products = 0, high = 0;
  const std::uint32_t* data = samples.data();
  const auto size = static_cast<std::uint32_t>(samples.size());
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint32_t place = first + i;
    const std::uint64_t product = std::uint64_t{data[i]} * place;
    plain += data[i];
    products += product;
    high += product >> 32U;
  }
  return {plain, static_cast<std::uint32_t>(products), static_cast<std::uint32_t>(high)};
}

}  // namespace binrip::verify
