#include "fold.hpp"

#include <array>

#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

constexpr bool within(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

// Latin Extended-A has capital and small letters side by side; which of them is even changes in between.
char32_t small_of_pair(char32_t code) {
  const bool capital_is_odd = within(code, 0x139, 0x148) || within(code, 0x179, 0x17E);
  return (code % 2 == 1) == capital_is_odd ? code + 1 : code;
}

char32_t small(char32_t code) {
  if (within(code, U'A', U'Z')) return code + 32;
  if (code < 0xC0) return code;
  if (within(code, 0xC0, 0xDE) && code != 0xD7) return code + 32;
  if (code == 0x178) return 0xFF;  // Ÿ, whose small letter is in Latin-1
  if (within(code, 0x100, 0x17E) && code != 0x130 && code != 0x131 && code != 0x138 && code != 0x149) {
    return small_of_pair(code);
  }
  if (within(code, 0x391, 0x3AB) && code != 0x3A2) return code + 32;  // Greek
  if (within(code, 0x400, 0x40F)) return code + 80;                   // Cyrillic
  if (within(code, 0x410, 0x42F)) return code + 32;
  if (within(code, 0x531, 0x556)) return code + 48;    // Armenian
  if (within(code, 0xFF21, 0xFF3A)) return code + 32;  // full-width
  return code;
}

void append_utf8(std::string& out, char32_t code) {
  const auto byte = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// Small letters from U+00DF to U+00FF and from U+0100 to U+017F, without their accents; "." where it is none.
constexpr std::array<std::string_view, 33> kPlainLatin1 = {
    "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i",  "i", "i",
    "d",  "n", "o", "o", "o", "o", "o", ".",  "o", "u", "u", "u", "u", "y", "th", "y"};
constexpr std::string_view kPlainExtended =
    "aaaaaaccccccccdddd"      // U+0100 to U+0111
    "eeeeeeeeeegggggggghhhh"  // to U+0127
    "iiiiiiiiii"              // to U+0131
    "??jjkkkllllllllll"       // to U+0142; U+0132 and U+0133 are ij
    "nnnnnnnnnoooooo??"       // to U+0153; the last two are oe
    "rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kPlainExtended.size() == 0x80);

// Whether it is part of a word; that then has the letter without its accents.
bool append_plain(std::string& word, char32_t code, std::string_view bytes) {
  if (within(code, U'0', U'9') || within(code, U'a', U'z')) {
    word += static_cast<char>(code);
    return true;
  }
  if (code < 0xDF || code == 0xF7 || within(code, 0x2000, 0x206F) || within(code, 0x3000, 0x303F))
    return false;
  if (code <= 0xFF) {
    word += kPlainLatin1[code - 0xDF];
  } else if (code == 0x133) {
    word += "ij";
  } else if (code == 0x153) {
    word += "oe";
  } else if (code <= 0x17F) {
    word += kPlainExtended[code - 0x100];
  } else if (within(code, 0x300, 0x36F)) {
    return !word.empty();  // an accent on its own belongs to the letter before it
  } else {
    word += bytes;
  }
  return true;
}

}  // namespace

std::string fold_case(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  image::for_each_char(utf8, [&](char32_t code, std::string_view) { append_utf8(out, small(code)); });
  return out;
}

std::vector<std::string> words_of(std::string_view utf8) {
  std::vector<std::string> words;
  std::string word;
  const std::string folded = fold_case(utf8);
  image::for_each_char(folded, [&](char32_t code, std::string_view bytes) {
    if (append_plain(word, code, bytes) || word.empty()) return;
    words.push_back(std::move(word));
    word.clear();
  });
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace binrip::batch
