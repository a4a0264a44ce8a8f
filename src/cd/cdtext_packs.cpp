#include "cdtext_packs.hpp"

#include <algorithm>

#include "binrip/base/crc.hpp"

namespace binrip::cd {
namespace {

// Codes 0 (not used) and 1 (not defined) are no genres.
constexpr std::uint16_t kFirstGenre = 2;
constexpr std::array<std::string_view, 27> kGenres = {"Adult Contemporary",
                                                      "Alternative Rock",
                                                      "Childrens Music",
                                                      "Classical",
                                                      "Contemporary Christian",
                                                      "Country",
                                                      "Dance",
                                                      "Easy Listening",
                                                      "Erotic",
                                                      "Folk",
                                                      "Gospel",
                                                      "Hip Hop",
                                                      "Jazz",
                                                      "Latin",
                                                      "Musical",
                                                      "New Age",
                                                      "Opera",
                                                      "Operetta",
                                                      "Pop Music",
                                                      "Rap",
                                                      "Reggae",
                                                      "Rock Music",
                                                      "Rhythm & Blues",
                                                      "Sound Effects",
                                                      "Soundtrack",
                                                      "Spoken Word",
                                                      "World Music"};

void fill(std::string& to, const std::string& from) {
  if (to.empty()) to = from;
}

void fill(Text& to, const Text& from) {
  for (const auto field : kTextFields) fill(to.*field, from.*field);
}

Text& text_of_track(Disc& disc, Byte number) {
  auto& texts = disc.track_texts;
  const auto at =
      std::find_if(texts.begin(), texts.end(), [number](const auto& t) { return t.first >= number; });
  if (at != texts.end() && at->first == number) return at->second;
  return texts.emplace(at, number, Text{})->second;
}

}  // namespace

std::uint16_t genre_code(std::string_view name) {
  const auto it = std::find(kGenres.begin(), kGenres.end(), name);
  return it == kGenres.end() ? std::uint16_t{0}
                             : static_cast<std::uint16_t>(it - kGenres.begin() + kFirstGenre);
}

std::string_view genre_name(std::uint16_t code) {
  const std::size_t at = static_cast<std::size_t>(code) - kFirstGenre;
  return code >= kFirstGenre && at < kGenres.size() ? kGenres[at] : std::string_view{};
}

bool cdtext_crc_right(std::span<const Byte, kCdTextPackSize> pack) {
  return static_cast<std::uint16_t>(~crc16(pack.first<16>())) == load_be16(pack, 16);
}

void apply_cdtext(const CdText& text, Disc& disc) {
  const auto on_disc = [&disc](Byte number) {
    return std::any_of(disc.sessions.begin(), disc.sessions.end(), [number](const Session& s) {
      return std::any_of(s.tracks.begin(), s.tracks.end(),
                         [number](const Track& t) { return t.number == number; });
    });
  };
  for (const CdTextBlock& block : text.blocks) {
    fill(disc.text, block.disc);
    for (const auto& [number, track_text] : block.tracks) {
      if (on_disc(number)) fill(text_of_track(disc, number), track_text);
    }
  }
}

}  // namespace binrip::cd
