// From packs to text. Packs are put together here and not by libcdio's cdtext_data_init(): version 2.1.0
// takes the last block's character set for all blocks, gives up a whole disc for one long string, and knows
// nothing of bad packs. libcdio decodes the strings, a block at a time.
#include <algorithm>
#include <map>
#include <memory>

#include <cdio/cdtext.h>

#include "cdtext_packs.hpp"
#include "charset.hpp"

namespace binrip::cd {
namespace {

constexpr Byte kExtensionFlag = 0x80;   // in the track number
constexpr Byte kDoubleByteFlag = 0x80;  // in the fourth byte; block number and character position follow

struct Pack {
  std::span<const Byte, kCdTextPackSize> bytes;

  Byte type() const { return bytes[0]; }
  Byte track() const { return bytes[1]; }
  Byte sequence() const { return bytes[2]; }
  bool double_byte() const { return (bytes[3] & kDoubleByteFlag) != 0; }
  std::size_t block() const { return (bytes[3] >> 4) & 0x07; }
  bool starts_a_string() const { return (bytes[3] & 0x0F) == 0; }
  std::span<const Byte, kPackText> text() const { return bytes.subspan<kPackHeader, kPackText>(); }
};

using StringKey = std::pair<Byte, Byte>;  // pack type, track

// One block's strings, still in its character set.
struct RawBlock {
  CdTextSizeInfo info;
  bool has_info = false;
  bool double_byte = false;
  std::uint16_t genre = 0;
  std::map<StringKey, std::string> strings;
};

// Puts the strings of one block together, which run on from pack to pack. A string is lost when a pack with a
// part of it is.
class Assembler {
 public:
  explicit Assembler(RawBlock& block) : block_(block) {}

  void add(const Pack& pack) {
    const bool nothing_missing = pack.sequence() == next_sequence_;
    next_sequence_ = static_cast<Byte>(pack.sequence() + 1);
    const bool same_string = nothing_missing && pack.type() == type_ && pack.track() == track_;
    if (!same_string) {
      // What is unfinished though nothing is missing lacks its terminator only.
      if (nothing_missing && (pack.type() != type_ || pack.starts_a_string())) finish_string();
      if (!nothing_missing || pack.type() != type_) previous_.clear();
      type_ = pack.type();
      track_ = pack.track();
      string_.clear();
      discard_ = !nothing_missing && !pack.starts_a_string();
    }
    std::size_t at = 0;
    if (type_ == kPackGenre && !seen_genre_ && pack.text()[0] < 0x20) {
      block_.genre = load_be16(pack.text());
      at = 2;
    }
    seen_genre_ = seen_genre_ || type_ == kPackGenre;
    const bool double_byte = pack.double_byte() && type_ < kPackDiscId;
    block_.double_byte = block_.double_byte || double_byte;
    if (double_byte) {
      add_pairs(pack.text());
    } else {
      for (; at < kPackText; ++at) add_unit({pack.text().data() + at, 1});
    }
  }

 private:
  void add_pairs(std::span<const Byte, kPackText> text) {
    for (std::size_t at = 0; at < kPackText; at += 2) add_unit(text.subspan(at, 2));
  }

  // A character, or half of one. All zero ends the string; a single zero in a pair is padding.
  void add_unit(Bytes unit) {
    const bool end = std::all_of(unit.begin(), unit.end(), [](Byte b) { return b == 0; });
    if (end) {
      finish_string();
      const Byte first = block_.info.first_track;
      track_ = track_ == 0 && first >= 1 ? first : static_cast<Byte>(track_ + 1);
      return;
    }
    for (const Byte b : unit) {
      if (b != 0) string_ += static_cast<char>(b);
    }
  }

  // A TAB alone means the same as the track before.
  void finish_string() {
    const bool repeat = string_ == "\t" || string_ == "\t\t";
    if (!discard_ && type_ != 0) {
      if (!repeat) previous_ = string_;
      const std::string& text = repeat ? previous_ : string_;
      if (!text.empty() && track_ <= last_track()) block_.strings[{type_, track_}] = text;
    }
    if (discard_) previous_.clear();
    string_.clear();
    discard_ = false;
  }

  Byte last_track() const {
    const Byte last = block_.info.last_track;
    return block_.has_info && last >= 1 && last <= 99 ? last : Byte{99};
  }

  RawBlock& block_;
  Byte type_ = 0;
  Byte track_ = 0;
  Byte next_sequence_ = 0;
  bool discard_ = false;
  bool seen_genre_ = false;
  std::string string_;
  std::string previous_;
};

void read_size_info(const Pack& pack, RawBlock& block) {
  const auto text = pack.text();
  CdTextSizeInfo& info = block.info;
  switch (pack.track()) {
    case 0:
      block.has_info = true;
      info.charset = text[0];
      info.first_track = text[1] <= 99 ? text[1] : Byte{0};
      info.last_track = text[2];
      break;
    case 2:
      std::copy_n(text.begin() + 4, kMaxBlocks, info.language.begin());
      break;
    default:  // counts of packs: what is there is there
      break;
  }
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Turns the strings of one block into UTF-8.
class TextDecoder {
 public:
  explicit TextDecoder(CdTextCharset charset)
      : name_(charset == CdTextCharset::ms_jis ? "SHIFT_JIS" : "ISO-8859-1"),
        // What glibc's SHIFT_JIS leaves out and discs have: the characters of NEC and IBM.
        wider_name_(charset == CdTextCharset::ms_jis ? "CP932" : name_),
        converter_("UTF-8", name_),
        wider_("UTF-8", wider_name_),
        cdtext_(cdtext_init(), cdtext_destroy) {}

  // libcdio gives up a string, and prints a warning, for one byte that it cannot convert, so it gets none.
  // The C library knows ASCII by itself, even where its tables of other sets are not installed; Shift-JIS has
  // other characters in the place of two.
  std::string decode(const std::string& raw) {
    if (is_ascii(raw) && raw.find_first_of("\\~") == std::string::npos) return through_libcdio(raw, "ASCII");
    if (converter_.convert(raw)) return through_libcdio(raw, name_);
    return through_libcdio(wider_.made_convertible(raw), wider_name_);
  }

 private:
  std::string through_libcdio(const std::string& text, const char* charset) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.c_str());
    cdtext_set(cdtext_.get(), CDTEXT_FIELD_TITLE, bytes, 0, charset);
    const char* utf8 = cdtext_get_const(cdtext_.get(), CDTEXT_FIELD_TITLE, 0);
    return utf8 == nullptr ? std::string{} : utf8;
  }

  const char* name_;
  const char* wider_name_;
  Converter converter_;
  Converter wider_;
  std::unique_ptr<cdtext_t, void (*)(cdtext_t*)> cdtext_;
};

// A character set that nobody here knows (Korean and Chinese have codes, too): its ASCII can still be read.
bool is_known(Byte charset) {
  return charset == static_cast<Byte>(CdTextCharset::latin1) ||
         charset == static_cast<Byte>(CdTextCharset::ascii) ||
         charset == static_cast<Byte>(CdTextCharset::ms_jis);
}

CdTextCharset charset_of(const RawBlock& raw) {
  if (!raw.has_info) return raw.double_byte ? CdTextCharset::ms_jis : CdTextCharset::latin1;
  return is_known(raw.info.charset) ? static_cast<CdTextCharset>(raw.info.charset) : CdTextCharset::ascii;
}

CdTextBlock decode_block(const RawBlock& raw, std::size_t number) {
  CdTextBlock block;
  block.language = raw.info.language[number];
  block.charset = charset_of(raw);
  const bool ascii_only = raw.has_info && !is_known(raw.info.charset);
  TextDecoder decoder(block.charset);
  TextDecoder ascii(CdTextCharset::ascii);  // disc id and genre, whatever the block has
  std::map<Byte, Text> tracks;
  for (const auto& [key, string] : raw.strings) {
    const auto [type, track] = key;
    if (ascii_only && !is_ascii(string)) continue;
    if (type == kPackDiscId || type == kPackGenre) {
      if (track == 0) (type == kPackDiscId ? block.disc_id : block.genre) = ascii.decode(string);
      continue;
    }
    const auto field = kTextFields[static_cast<std::size_t>(type - kPackFirstText)];
    (track == 0 ? block.disc : tracks[track]).*field = decoder.decode(string);
  }
  if (block.genre.empty()) block.genre = genre_name(raw.genre);
  block.tracks.assign(tracks.begin(), tracks.end());
  return block;
}

bool is_empty(const CdTextBlock& block) {
  return block.disc.empty() && block.tracks.empty() && block.genre.empty() && block.disc_id.empty();
}

}  // namespace

CdText decode_cdtext(Bytes packs) {
  CdText result;
  std::vector<Pack> good;
  for (std::size_t at = 0; at + kCdTextPackSize <= packs.size(); at += kCdTextPackSize) {
    const Pack pack{packs.subspan(at).first<kCdTextPackSize>()};
    if (!cdtext_crc_right(pack.bytes)) {
      ++result.bad_packs;
    } else if (pack.type() >= kPackFirstText && pack.type() <= kPackSizeInfo &&
               (pack.track() & kExtensionFlag) == 0) {
      good.push_back(pack);
    }
  }

  std::array<RawBlock, kMaxBlocks> blocks;
  for (const Pack& pack : good) {
    if (pack.type() == kPackSizeInfo) read_size_info(pack, blocks[pack.block()]);
  }
  for (std::size_t number = 0; number < kMaxBlocks; ++number) {
    Assembler assembler(blocks[number]);
    for (const Pack& pack : good) {
      // Of the types from 0x88 on none holds text for people.
      if (pack.block() == number && pack.type() <= kPackGenre) assembler.add(pack);
    }
    if (blocks[number].strings.empty() && blocks[number].genre == 0) continue;
    CdTextBlock block = decode_block(blocks[number], number);
    if (!is_empty(block)) result.blocks.push_back(std::move(block));
  }
  return result;
}

}  // namespace binrip::cd
