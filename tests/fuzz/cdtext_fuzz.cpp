// CD-TEXT packs. Right CRCs are put in where the first byte is odd, or nearly nothing would be decoded.
#include "binrip/base/crc.hpp"
#include "binrip/cd/cdtext.hpp"

using namespace binrip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  ByteVector packs(data + 1, data + size);
  if (data[0] % 2 == 1) {
    for (std::size_t at = 0; at + cd::kCdTextPackSize <= packs.size(); at += cd::kCdTextPackSize) {
      const MutableBytes pack = MutableBytes(packs).subspan(at, cd::kCdTextPackSize);
      store_be16(pack, 16, static_cast<std::uint16_t>(~crc16(pack.first(16))));
    }
  }
  const cd::CdText text = cd::decode_cdtext(packs);
  const auto again = cd::encode_cdtext(text.blocks);
  if (again && cd::decode_cdtext(*again).blocks.size() > text.blocks.size()) __builtin_trap();
  return 0;
}
