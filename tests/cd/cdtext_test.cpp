#include "binrip/cd/cdtext.hpp"

#include <random>

#include <cdio/cdtext.h>
#include <gtest/gtest.h>

namespace binrip::cd {
namespace {

// The CRC by long division, bit by bit, stored inverted.
void seal(MutableBytes pack) {
  unsigned crc = 0;
  for (std::size_t bit = 0; bit < 16 * 8; ++bit) {
    const unsigned in = (pack[bit / 8] >> (7 - bit % 8)) & 1U;
    const bool divide = (((crc >> 15) & 1U) ^ in) != 0;
    crc = ((crc << 1) & 0xFFFFU) ^ (divide ? 0x1021U : 0U);
  }
  pack[16] = static_cast<Byte>(~crc >> 8);
  pack[17] = static_cast<Byte>(~crc);
}

void add_pack(ByteVector& packs, Byte type, Byte track, Byte sequence, Byte flags, std::string_view text) {
  ByteVector pack = {type, track, sequence, flags};
  pack.insert(pack.end(), text.begin(), text.end());
  pack.resize(kCdTextPackSize);
  seal(pack);
  packs.insert(packs.end(), pack.begin(), pack.end());
}

using namespace std::string_view_literals;

// Written by hand: "Album", "One" and "Zwölfte", performer "The Band" for all (TAB repeats), genre Jazz.
ByteVector golden() {
  ByteVector packs;
  add_pack(packs, 0x80, 0, 0, 0x00, "Album\0One\0Zw"sv);
  add_pack(packs, 0x80, 2, 1, 0x02, "\xF6lfte\0"sv);
  add_pack(packs, 0x81, 0, 2, 0x00, "The Band\0\t\0\t"sv);
  add_pack(packs, 0x81, 2, 3, 0x01, "\0"sv);
  add_pack(packs, 0x87, 0, 4, 0x00, "\x00\x0E"sv);
  add_pack(packs, 0x8F, 0, 5, 0x00, "\x00\x01\x02\x00\x02\x02\x00\x00\x00\x00\x00\x01"sv);
  add_pack(packs, 0x8F, 1, 6, 0x00, "\x00\x00\x00\x00\x00\x00\x00\x03\x07\x00\x00\x00"sv);
  add_pack(packs, 0x8F, 2, 7, 0x00, "\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00"sv);
  return packs;
}

Text title_and_performer(std::string title, std::string performer) {
  Text text;
  text.title = std::move(title);
  text.performer = std::move(performer);
  return text;
}

CdTextBlock western() {
  CdTextBlock block;
  block.language = 0x09;
  block.disc = {"Ünïted", "Été", "A",
                "B",      "C",   "A message that runs on over several packs, and then some more"};
  block.tracks = {{1, title_and_performer("X", "")},
                  {2, title_and_performer("Twelve chars", "Y")},
                  {4, title_and_performer("", "Someone whose name is long enough")}};
  block.genre = "Rock Music";
  block.disc_id = "ABC-123";
  return block;
}

CdTextBlock japanese() {
  CdTextBlock block;
  block.language = 0x69;
  block.charset = CdTextCharset::ms_jis;
  block.disc = title_and_performer("日本語のアルバム", "歌手 and バンド");
  block.tracks = {{1, title_and_performer("さくら", "ﾊﾝｶｸ")}, {2, title_and_performer("夜", "")}};
  block.genre = "Something of its own";
  return block;
}

TEST(CdText, DecodesHandMadePacks) {
  CdTextBlock expected;
  expected.language = 0x08;
  expected.disc = title_and_performer("Album", "The Band");
  expected.tracks = {{1, title_and_performer("One", "The Band")},
                     {2, title_and_performer("Zwölfte", "The Band")}};
  expected.genre = "Jazz";
  EXPECT_EQ(decode_cdtext(golden()).blocks, std::vector<CdTextBlock>{expected});
}

TEST(CdText, EncodesAsTheHandMadePacks) {
  CdTextBlock block;
  block.language = 0x08;
  block.disc = title_and_performer("Album", "");
  block.tracks = {{1, title_and_performer("One", "")}, {2, title_and_performer("Zwölfte", "")}};
  ByteVector expected;
  add_pack(expected, 0x80, 0, 0, 0x00, "Album\0One\0Zw"sv);
  add_pack(expected, 0x80, 2, 1, 0x02, "\xF6lfte\0"sv);
  add_pack(expected, 0x8F, 0, 2, 0x00, "\x00\x01\x02\x00\x02\x00\x00\x00\x00\x00\x00\x00"sv);
  add_pack(expected, 0x8F, 1, 3, 0x00, "\x00\x00\x00\x00\x00\x00\x00\x03\x04\x00\x00\x00"sv);
  add_pack(expected, 0x8F, 2, 4, 0x00, "\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00"sv);
  EXPECT_EQ(*encode_cdtext({block}), expected);
}

// A genre without a code has the code 1, "not defined", and its name behind it.
TEST(CdText, EncodesGenresByCodeAndOthersByName) {
  CdTextBlock block;
  block.genre = "Jazz";
  const std::string_view jazz = "\x00\x0E"sv;
  const std::string_view other = "\x00\x01Skiffle"sv;
  for (const auto& [genre, expected] : {std::pair{"Jazz", jazz}, std::pair{"Skiffle", other}}) {
    block.genre = genre;
    const ByteVector packs = *encode_cdtext({block});
    ASSERT_EQ(packs[0], 0x87) << genre;
    EXPECT_EQ(
        std::string(packs.begin() + 4, packs.begin() + 4 + static_cast<std::ptrdiff_t>(expected.size())),
        expected)
        << genre;
  }
}

TEST(CdText, TakesTracksInOrderUpTo99) {
  CdTextBlock block;
  const auto encodes = [&](std::initializer_list<Byte> tracks) {
    block.tracks.clear();
    for (const Byte track : tracks) block.tracks.emplace_back(track, title_and_performer("T", ""));
    return encode_cdtext({block}).has_value();
  };
  EXPECT_TRUE(encodes({1, 99}));
  EXPECT_FALSE(encodes({0}));
  EXPECT_FALSE(encodes({100}));
  EXPECT_FALSE(encodes({2, 2}));
  EXPECT_FALSE(encodes({2, 1}));
}

TEST(CdText, RoundTripsSeveralBlocksWithTheirOwnCharacterSets) {
  for (const auto& blocks : std::vector<std::vector<CdTextBlock>>{
           {western()}, {japanese()}, {western(), japanese()}, {japanese(), western(), japanese()}}) {
    const auto packs = encode_cdtext(blocks);
    ASSERT_TRUE(packs);
    const CdText text = decode_cdtext(*packs);
    EXPECT_EQ(text.blocks, blocks);
    EXPECT_EQ(text.bad_packs, 0);
  }
}

TEST(CdText, MarksDoubleBytePacks) {
  const ByteVector packs = *encode_cdtext({japanese()});
  EXPECT_EQ(packs[3] & 0x80, 0x80);  // titles
  std::size_t at = 0;
  while (packs[at] != 0x81) at += kCdTextPackSize;
  EXPECT_EQ(packs[at + 3] & 0x80, 0);  // performers have ASCII among them
}

// libcdio's own decoder on what we encode, one block at a time, as other programs do. It takes the text after
// an empty one for the empty one's, so there are none here.
TEST(CdText, LibcdioUnderstandsWhatIsEncoded) {
  for (CdTextBlock block : {western(), japanese()}) {
    block.tracks = {{1, title_and_performer(block.disc.title, "X")}, {2, title_and_performer("Y", "Z")}};
    ByteVector packs = *encode_cdtext({block});
    const std::unique_ptr<cdtext_t, void (*)(cdtext_t*)> theirs(cdtext_init(), cdtext_destroy);
    ASSERT_EQ(cdtext_data_init(theirs.get(), packs.data(), packs.size()), 0);
    const auto get = [&](cdtext_field_t field, Byte track) {
      const char* text = cdtext_get_const(theirs.get(), field, track);
      return std::string(text == nullptr ? "" : text);
    };
    EXPECT_EQ(get(CDTEXT_FIELD_TITLE, 0), block.disc.title);
    EXPECT_EQ(get(CDTEXT_FIELD_PERFORMER, 0), block.disc.performer);
    EXPECT_EQ(get(CDTEXT_FIELD_MESSAGE, 0), block.disc.message);
    EXPECT_EQ(get(CDTEXT_FIELD_DISCID, 0), block.disc_id);
    for (const auto& [number, text] : block.tracks) {
      EXPECT_EQ(get(CDTEXT_FIELD_TITLE, number), text.title) << int{number};
      EXPECT_EQ(get(CDTEXT_FIELD_PERFORMER, number), text.performer) << int{number};
    }
  }
}

TEST(CdText, TextThatDoesNotFitIsAnError) {
  CdTextBlock block;
  block.disc.title = "日本";
  EXPECT_FALSE(encode_cdtext({block}));
  block.charset = CdTextCharset::ascii;
  block.disc.title = "é";
  EXPECT_FALSE(encode_cdtext({block}));
  block.disc.title = std::string(256 * 12, 'x');
  EXPECT_FALSE(encode_cdtext({block}));
  EXPECT_FALSE(encode_cdtext(std::vector<CdTextBlock>(9)));
  block.disc.title = "x";
  block.tracks = {{2, {}}, {1, {}}};
  EXPECT_EQ(encode_cdtext({block}).error().kind, ErrorKind::invalid);
}

// Strings after the disc's are those of the first track and on; a number that no track has is as none.
TEST(CdText, TheFirstTrackIsThatOfTheSizeInformation) {
  struct Case {
    Byte first, last, expected;
  };
  for (const Case& c : {Case{2, 3, 2}, {2, 255, 2}, {99, 99, 99}, {0, 3, 1}, {100, 3, 1}}) {
    ByteVector packs;
    add_pack(packs, 0x80, 0, 0, 0, "Album\0Song\0"sv);
    add_pack(packs, 0x8F, 0, 1, 0,
             std::string{'\0', static_cast<char>(c.first), static_cast<char>(c.last), '\0', '\1'});
    const std::vector<CdTextBlock> blocks = decode_cdtext(packs).blocks;
    ASSERT_EQ(blocks.size(), 1U);
    ASSERT_EQ(blocks[0].tracks.size(), 1U) << int{c.first};
    EXPECT_EQ(blocks[0].tracks[0].first, c.expected) << int{c.first} << ", " << int{c.last};
    EXPECT_EQ(blocks[0].tracks[0].second.title, "Song");
  }
}

TEST(CdText, LongStringsAreNotCut) {
  CdTextBlock block;
  block.disc.title = std::string(1'000, 'x');
  EXPECT_EQ(decode_cdtext(*encode_cdtext({block})).blocks.at(0).disc.title, block.disc.title);
}

// A lost pack loses the strings that run through it, and never makes another one wrong.
TEST(CdText, ABadPackLosesOnlyItsOwnStrings) {
  const std::vector<CdTextBlock> blocks = {western(), japanese()};
  const ByteVector packs = *encode_cdtext(blocks);
  for (std::size_t at = 0; at < packs.size(); at += kCdTextPackSize) {
    if (packs[at] == 0x8F) continue;
    ByteVector damaged = packs;
    damaged[at + 7] ^= 0x10;
    const CdText text = decode_cdtext(damaged);
    EXPECT_EQ(text.bad_packs, 1);
    ASSERT_EQ(text.blocks.size(), 2U);
    int lost = 0;
    for (std::size_t b = 0; b < 2; ++b) {
      std::array<Text, 100> expected;
      std::array<Text, 100> found;
      expected[0] = blocks[b].disc;
      found[0] = text.blocks[b].disc;
      for (const auto& [number, t] : blocks[b].tracks) expected[number] = t;
      for (const auto& [number, t] : text.blocks[b].tracks) found[number] = t;
      for (std::size_t n = 0; n < 100; ++n) {
        for (const auto field : {&Text::title, &Text::performer, &Text::songwriter, &Text::composer,
                                 &Text::arranger, &Text::message}) {
          if (!(found[n].*field).empty()) {
            EXPECT_EQ(found[n].*field, expected[n].*field) << at << ' ' << n;
          }
          lost += (found[n].*field).empty() && !(expected[n].*field).empty();
        }
      }
    }
    EXPECT_LE(lost, 12);
  }
}

TEST(CdText, PacksWithTheExtensionFlagAreLeftOut) {
  ByteVector packs = golden();
  ByteVector extra;
  add_pack(extra, 0x80, 0x80, 0, 0x00, "extended");
  packs.insert(packs.begin(), extra.begin(), extra.end());
  EXPECT_EQ(decode_cdtext(packs), decode_cdtext(golden()));
}

TEST(CdText, AsciiBlocksWithHighBytesAreReadAsLatin1) {
  ByteVector packs;
  add_pack(packs, 0x80, 0, 0, 0, "Caf\xE9\0"sv);
  add_pack(packs, 0x8F, 0, 1, 0, "\x01\x01\x01\x00"sv);
  EXPECT_EQ(decode_cdtext(packs).blocks.at(0).disc.title, "Café");
}

// NEC's circled 1 is not in JIS, and 0xFF starts nothing.
TEST(CdText, ShiftJisBeyondTheStandardIsRead) {
  ByteVector packs;
  add_pack(packs, 0x80, 0, 0, 0, "\x87\x40\x82\xA0\0\xFF\x82\xA0\0"sv);
  add_pack(packs, 0x8F, 0, 1, 0, "\x80\x01\x01\x00"sv);
  const CdText text = decode_cdtext(packs);
  EXPECT_EQ(text.blocks.at(0).disc.title, "①あ");
  EXPECT_EQ(text.blocks.at(0).tracks.at(0).second.title, "?あ");
}

TEST(CdText, UnknownCharacterSetsGiveTheirAscii) {
  ByteVector packs;
  add_pack(packs, 0x80, 0, 0, 0, "Plain\0\xB0\xA1\0"sv);
  add_pack(packs, 0x8F, 0, 1, 0, "\x81\x01\x01\x00"sv);
  const CdText text = decode_cdtext(packs);
  EXPECT_EQ(text.blocks.at(0).disc.title, "Plain");
  EXPECT_TRUE(text.blocks.at(0).tracks.empty());
}

bool is_utf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    const auto b = static_cast<unsigned char>(s[i]);
    const std::size_t n = b < 0x80 ? 1 : b < 0xC2 ? 0 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 0;
    if (n == 0 || i + n > s.size()) return false;
    for (std::size_t k = 1; k < n; ++k) {
      if ((static_cast<unsigned char>(s[i + k]) & 0xC0) != 0x80) return false;
    }
    i += n;
  }
  return true;
}

TEST(CdText, AnyPacksWithRightCrcsGiveUtf8) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    ByteVector packs(kCdTextPackSize * (random() % 40));
    for (Byte& b : packs) b = static_cast<Byte>(random());
    for (std::size_t at = 0; at < packs.size(); at += kCdTextPackSize) {
      packs[at] = static_cast<Byte>(random() % 4 == 0 ? 0x8F : 0x80 + random() % 8);
      packs[at + 1] &= 0x03;
      packs[at + 2] = static_cast<Byte>(at / kCdTextPackSize);
      packs[at + 3] &= 0x9F;
      if (packs[at] == 0x8F && packs[at + 1] == 0) packs[at + 4] = static_cast<Byte>(random() % 2 * 0x80);
      seal(MutableBytes(packs).subspan(at, kCdTextPackSize));
    }
    for (const CdTextBlock& block : decode_cdtext(packs).blocks) {
      EXPECT_TRUE(is_utf8(block.disc.title) && is_utf8(block.genre) && is_utf8(block.disc_id));
      for (const auto& [number, text] : block.tracks)
        EXPECT_TRUE(is_utf8(text.title) && is_utf8(text.message));
    }
  }
}

TEST(CdText, EveryTruncationIsTaken) {
  const ByteVector packs = *encode_cdtext({western(), japanese()});
  for (std::size_t size = 0; size <= packs.size(); size += 7) decode_cdtext(Bytes(packs).first(size));
  EXPECT_TRUE(decode_cdtext({}).blocks.empty());
}

TEST(CdText, FillsTheDiscFromTheFirstBlockAndGapsFromLaterOnes) {
  Disc disc;
  Track one;
  one.indexes = {{1, Lba{0}}};
  disc.sessions = {{1, DiscType::cd_da_or_rom, {one}, Lba{1'000}}};
  disc.text.composer = "From elsewhere";
  CdTextBlock first;
  first.disc.title = "First";
  first.tracks = {{1, title_and_performer("", "Singer")}, {7, title_and_performer("Not on the disc", "")}};
  CdTextBlock second;
  second.disc = title_and_performer("Second", "Other");
  second.disc.composer = "Second's";
  second.tracks = {{1, title_and_performer("Song", "Other")}};
  apply_cdtext({{first, second}, 0}, disc);
  EXPECT_EQ(disc.text.title, "First");
  EXPECT_EQ(disc.text.performer, "Other");
  EXPECT_EQ(disc.text.composer, "From elsewhere");
  ASSERT_EQ(disc.track_texts.size(), 1U);
  EXPECT_EQ(disc.track_texts[0], (std::pair<Byte, Text>{Byte{1}, title_and_performer("Song", "Singer")}));
}

}  // namespace
}  // namespace binrip::cd
