// From text to packs.
#include <algorithm>

#include <fmt/format.h>

#include "cdtext_packs.hpp"
#include "charset.hpp"

#include "binrip/base/crc.hpp"

namespace binrip::cd {
namespace {

constexpr std::size_t kMaxCharPosition = 15;

const char* iconv_name(CdTextCharset charset) {
  switch (charset) {
    case CdTextCharset::ms_jis:
      return "SHIFT_JIS";
    case CdTextCharset::ascii:
      return "ASCII";
    case CdTextCharset::latin1:
      break;
  }
  return "ISO-8859-1";
}

enum class Width { single_byte, double_byte };

// The packs of one block as they grow.
class BlockWriter {
 public:
  explicit BlockWriter(std::size_t number) : number_(number) {}

  void start_type(Byte type, Width width) {
    type_ = type;
    width_ = width;
    at_ = kPackText;
  }

  // A pack names the track of the string that its first byte belongs to.
  void add_string(Byte track, const std::string& text) {
    const std::size_t unit = width_ == Width::double_byte ? 2 : 1;
    const std::string terminated = text + std::string(unit, '\0');
    for (std::size_t i = 0; i < terminated.size(); ++i) {
      if (at_ == kPackText) start_pack(track, i / unit);
      packs_[packs_.size() - kCdTextPackSize + kPackHeader + at_++] = static_cast<Byte>(terminated[i]);
    }
  }

  void add_info(Byte track, std::span<const Byte, kPackText> text) {
    start_type(kPackSizeInfo, Width::single_byte);
    start_pack(track, 0);
    std::copy(text.begin(), text.end(), packs_.end() - kCdTextPackSize + kPackHeader);
  }

  std::size_t count() const { return packs_.size() / kCdTextPackSize; }
  const std::array<Byte, kPackTypes>& counts() const { return counts_; }
  ByteVector& packs() { return packs_; }

 private:
  void start_pack(Byte track, std::size_t position) {
    const Byte flags = static_cast<Byte>((width_ == Width::double_byte ? 0x80 : 0) | (number_ << 4) |
                                         std::min(position, kMaxCharPosition));
    const auto sequence = static_cast<Byte>(count());
    ++counts_[type_ & 0x0F];
    packs_.resize(packs_.size() + kCdTextPackSize);
    const auto pack = packs_.end() - kCdTextPackSize;
    pack[0] = type_;
    pack[1] = track;
    pack[2] = sequence;
    pack[3] = flags;
    at_ = 0;
  }

  std::size_t number_;
  Byte type_ = 0;
  Width width_ = Width::single_byte;
  std::size_t at_ = kPackText;
  std::array<Byte, kPackTypes> counts_{};
  ByteVector packs_;
};

std::pair<Byte, Byte> track_span(const CdTextBlock& block) {
  if (block.tracks.empty()) return {Byte{1}, Byte{1}};
  return {block.tracks.front().first, block.tracks.back().first};
}

Result<std::string> encode_text(const std::string& text, CdTextCharset charset) {
  const Converter converter(iconv_name(charset), "UTF-8");
  const auto encoded = converter.convert(text);
  if (!encoded || encoded->find('\0') != std::string::npos) {
    return fail(ErrorKind::invalid,
                fmt::format("CD-TEXT: \"{}\" does not fit the character set {}", text, iconv_name(charset)));
  }
  return *encoded;
}

// MS-JIS marks packs in which every character takes two bytes.
bool is_double_byte(const std::string& text) {
  const auto is_lead = [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return (b >= 0x81 && b <= 0x9F) || b >= 0xE0;
  };
  for (std::size_t i = 0; i < text.size(); i += 2) {
    if (!is_lead(text[i])) return false;
  }
  return text.size() % 2 == 0;
}

// One type of text: the disc's, then every track's, empty ones too, so that the count fits.
Result<void> write_field(const CdTextBlock& block, std::size_t field, BlockWriter& writer) {
  const auto member = kTextFields[field];
  const auto [first, last] = track_span(block);
  std::vector<std::pair<Byte, std::string>> strings;
  TRY(std::string disc, encode_text(block.disc.*member, block.charset));
  bool any = !disc.empty();
  bool double_byte = block.charset == CdTextCharset::ms_jis && is_double_byte(disc);
  strings.emplace_back(Byte{0}, std::move(disc));
  auto next = block.tracks.begin();
  for (Byte number = first; number <= last; ++number) {
    std::string encoded;
    if (next != block.tracks.end() && next->first == number) {
      TRY(encoded, encode_text(next->second.*member, block.charset));
      ++next;
    }
    any = any || !encoded.empty();
    double_byte = double_byte && is_double_byte(encoded);
    strings.emplace_back(number, std::move(encoded));
  }
  if (!any) return {};
  writer.start_type(static_cast<Byte>(kPackFirstText + field),
                    double_byte ? Width::double_byte : Width::single_byte);
  for (const auto& [track, text] : strings) writer.add_string(track, text);
  return {};
}

Result<void> write_disc_id_and_genre(const CdTextBlock& block, BlockWriter& writer) {
  if (!block.disc_id.empty()) {
    TRY(const std::string id, encode_text(block.disc_id, CdTextCharset::ascii));
    writer.start_type(kPackDiscId, Width::single_byte);
    writer.add_string(0, id);
  }
  if (!block.genre.empty()) {
    TRY(std::string name, encode_text(block.genre, CdTextCharset::ascii));
    constexpr std::uint16_t kNotDefined = 1;
    const std::uint16_t known = genre_code(block.genre);
    const std::uint16_t code = known != 0 ? known : kNotDefined;
    const std::string code_bytes = {static_cast<char>(code >> 8), static_cast<char>(code)};
    writer.start_type(kPackGenre, Width::single_byte);
    writer.add_string(0, known != 0 ? code_bytes : code_bytes + name);
  }
  return {};
}

Result<BlockWriter> write_block(const CdTextBlock& block, std::size_t number) {
  BlockWriter writer(number);
  for (std::size_t i = 0; i < block.tracks.size(); ++i) {
    const Byte track = block.tracks[i].first;
    if (track < 1 || track > 99 || (i > 0 && track <= block.tracks[i - 1].first)) {
      return fail(ErrorKind::invalid, "CD-TEXT: tracks are not ascending from 1 to 99");
    }
  }
  for (std::size_t field = 0; field < kTextTypes; ++field) TRY_VOID(write_field(block, field, writer));
  TRY_VOID(write_disc_id_and_genre(block, writer));
  if (writer.count() + kSizeInfoPacks > kMaxBlockPacks) {
    return fail(ErrorKind::invalid,
                fmt::format("CD-TEXT: block {} needs more than {} packs", number, kMaxBlockPacks));
  }
  return writer;
}

void write_size_info(const CdTextBlock& block, const CdTextSizeInfo& common, BlockWriter& writer) {
  CdTextSizeInfo info = common;
  info.packs = writer.counts();
  info.packs[kPackSizeInfo & 0x0F] = kSizeInfoPacks;
  const auto [first, last] = track_span(block);

  std::array<Byte, kSizeInfoPacks * kPackText> text{};
  text[0] = static_cast<Byte>(block.charset);
  text[1] = first;
  text[2] = last;
  auto at = std::copy(info.packs.begin(), info.packs.end(), text.begin() + 4);
  at = std::copy(info.last_sequence.begin(), info.last_sequence.end(), at);
  std::copy(info.language.begin(), info.language.end(), at);
  for (std::size_t i = 0; i < kSizeInfoPacks; ++i) {
    writer.add_info(static_cast<Byte>(i),
                    std::span<const Byte, kPackText>(text.data() + i * kPackText, kPackText));
  }
}

void set_crcs(ByteVector& packs) {
  for (std::size_t at = 0; at < packs.size(); at += kCdTextPackSize) {
    const MutableBytes pack = MutableBytes(packs).subspan(at, kCdTextPackSize);
    store_be16(pack, 16, static_cast<std::uint16_t>(~crc16(pack.first(16))));
  }
}

}  // namespace

Result<ByteVector> encode_cdtext(const std::vector<CdTextBlock>& blocks) {
  if (blocks.size() > kMaxBlocks) return fail(ErrorKind::invalid, "CD-TEXT: more than 8 blocks");
  std::vector<BlockWriter> writers;
  CdTextSizeInfo common;
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    TRY(BlockWriter writer, write_block(blocks[n], n));
    common.last_sequence[n] = static_cast<Byte>(writer.count() + kSizeInfoPacks - 1);
    common.language[n] = blocks[n].language;
    writers.push_back(std::move(writer));
  }
  ByteVector packs;
  for (std::size_t n = 0; n < blocks.size(); ++n) {
    write_size_info(blocks[n], common, writers[n]);
    packs.insert(packs.end(), writers[n].packs().begin(), writers[n].packs().end());
  }
  set_crcs(packs);
  return packs;
}

}  // namespace binrip::cd
