#include "binrip/base/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace binrip {

bool all_zero(Bytes bytes) {
  std::array<std::uint64_t, 4> words;
  for (; bytes.size() >= sizeof words; bytes = bytes.subspan(sizeof words)) {
    std::memcpy(words.data(), bytes.data(), sizeof words);
    if ((words[0] | words[1] | words[2] | words[3]) != 0) return false;
  }
  return std::all_of(bytes.begin(), bytes.end(), [](Byte b) { return b == 0; });
}

}  // namespace binrip
