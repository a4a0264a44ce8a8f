// CD-TEXT: packs of 18 bytes (MMC-3 Annex J), raw packs kept, text decoded.
#pragma once

#include "binrip/cd/disc.hpp"

namespace binrip::cd {

inline constexpr std::size_t kCdTextPackSize = 18;

enum class CdTextCharset : Byte { latin1 = 0x00, ascii = 0x01, ms_jis = 0x80 };

// One language block, decoded to UTF-8.
struct CdTextBlock {
  Byte language = 0;  // EBU language code, 0x09 English, 0x69 Japanese
  CdTextCharset charset = CdTextCharset::latin1;
  Text disc;
  std::vector<std::pair<Byte, Text>> tracks;  // ascending
  std::string genre, disc_id;
  friend bool operator==(const CdTextBlock&, const CdTextBlock&) = default;
};

struct CdText {
  std::vector<CdTextBlock> blocks;
  int bad_packs = 0;  // packs with a wrong CRC, left out of the text (they stay in the raw packs)
  friend bool operator==(const CdText&, const CdText&) = default;
};

bool cdtext_crc_right(std::span<const Byte, kCdTextPackSize> pack);

// Any bytes are taken: what cannot be understood is left out. Works block by block.
CdText decode_cdtext(Bytes packs);

// Packs for up to 8 blocks, sequence numbers and CRCs set, with size-information packs (0x8F). Text that does
// not fit the block's character set is an Error.
Result<ByteVector> encode_cdtext(const std::vector<CdTextBlock>& blocks);

// What the CUE sheet shows: the first block, gaps filled from later ones.
void apply_cdtext(const CdText& text, Disc& disc);

}  // namespace binrip::cd
