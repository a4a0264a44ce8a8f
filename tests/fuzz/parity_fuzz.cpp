// Syndromes of any kind are explained or refused, and files of parity of any size are taken only when they
// have the right one. Input: the number of syndromes, the number of words (16 bits), syndromes.
#include <algorithm>
#include <cstdlib>

#include "binrip/verify/ctdb_repair.hpp"
#include "binrip/verify/gf16.hpp"

namespace {

using namespace binrip::verify;

void check_errors(std::span<const std::uint16_t> syndromes, std::size_t words) {
  const auto errors = locate_errors(syndromes, words);
  if (!errors) return;
  if (errors->size() > syndromes.size() / 2) std::abort();
  std::vector<std::uint16_t> left(syndromes.begin(), syndromes.end());
  std::size_t next = 0;
  for (const WordError& e : *errors) {
    if (e.position < next || e.position >= words || e.difference == 0) std::abort();
    next = e.position + 1;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::uint16_t weight = gf16::power(i * (words - 1 - e.position));
      left[i] = static_cast<std::uint16_t>(left[i] ^ gf16::multiply(e.difference, weight));
    }
  }
  if (std::any_of(left.begin(), left.end(), [](std::uint16_t l) { return l != 0; })) std::abort();
}

void check_file(std::span<const std::uint16_t> syndromes, std::size_t words) {
  CtdbEntry entry;
  entry.npar = static_cast<int>(syndromes.size());
  entry.syndrome.assign(syndromes.begin(), syndromes.end());
  binrip::ByteVector file(2 * kCtdbColumns * syndromes.size() + words % 3 - 1);
  for (std::size_t i = 0; i < syndromes.size(); ++i) {
    if (2 * i * kCtdbColumns + 1 < file.size()) binrip::store_le16(file, 2 * i * kCtdbColumns, syndromes[i]);
  }
  if (CtdbSyndromes::from_file(entry, file).has_value() != (words % 3 == 1)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 5) return 0;
  const binrip::Bytes input(data, size);
  const std::size_t count = 1 + input[0] % kMaxParity, words = binrip::load_le16(input, 1);
  std::vector<std::uint16_t> syndromes(count, 0);
  for (std::size_t i = 0; i < count && 2 * i + 4 < size; ++i)
    syndromes[i] = binrip::load_le16(input, 2 * i + 3);
  check_errors(syndromes, words);
  check_file(syndromes, words);
  return 0;
}
