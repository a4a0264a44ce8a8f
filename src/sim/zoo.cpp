// The kinds of discs that there are, one small example of each.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "content.hpp"
#include "disc_builder.hpp"

#include "binrip/cd/cdtext.hpp"
#include "binrip/sim/generated_disc.hpp"

namespace binrip::sim {
namespace {

using enum cd::TrackMode;

constexpr Byte kEnglish = 0x09;
constexpr Byte kJapanese = 0x69;

DiscRecipe recipe_of(cd::Disc disc) {
  DiscRecipe recipe;
  recipe.disc = std::move(disc);
  return recipe;
}

// Packs, and the texts that they hold, as a rip finds them.
void add_cdtext(cd::Disc& disc, const std::vector<cd::CdTextBlock>& blocks) {
  const auto packs = cd::encode_cdtext(blocks);
  if (!packs) throw std::logic_error(packs.error().message);  // our own texts always fit
  disc.cdtext_packs = *packs;
  cd::apply_cdtext(cd::decode_cdtext(*packs), disc);
}

cd::Text text(std::string title, std::string performer) {
  cd::Text t;
  t.title = std::move(title);
  t.performer = std::move(performer);
  return t;
}

cd::CdTextBlock latin_block() {
  cd::CdTextBlock block;
  block.language = kEnglish;
  block.charset = cd::CdTextCharset::latin1;
  block.disc = text("Caf\u00e9 \"M\u00fcnchen\"", "Bj\u00f6rk & the \u00d1and\u00fas");
  block.tracks = {{1, text("Pr\u00e9lude", "Bj\u00f6rk")},
                  {2, text("A title that is long enough to run over several packs of twelve bytes", "")},
                  {3, text("\u00dcber \u00df", "\u00d1and\u00fas")}};
  return block;
}

cd::CdTextBlock japanese_block() {
  cd::CdTextBlock block;
  block.language = kJapanese;
  block.charset = cd::CdTextCharset::ms_jis;
  block.disc = text("\u65e5\u672c\u306e\u97f3\u697d", "\u6771\u4eac\u697d\u56e3");
  block.tracks = {{1, text("\u6625", "\u6771\u4eac\u697d\u56e3")},
                  {2, text("\u590f\u306e\u6d77", "\u6771\u4eac\u697d\u56e3")},
                  {3, text("\u79cb", "\u5927\u962a\u697d\u56e3")}};
  return block;
}

cd::CdTextBlock ascii_block() {
  cd::CdTextBlock block;
  block.language = kEnglish;
  block.charset = cd::CdTextCharset::ascii;
  block.disc = text("Music of Japan", "Tokyo Band");
  block.tracks = {{1, text("Spring", "Tokyo Band")},
                  {2, text("Summer Sea", "Tokyo Band")},
                  {3, text("Autumn", "Osaka Band")}};
  return block;
}

// Such a Q as LibCrypt has: a bit of the minutes changed in both times, and the CRC of the right one with two
// bits inverted.
cd::QBytes libcrypt_q(const cd::Disc& disc, cd::Lba lba) {
  std::array<Byte, cd::kSubSize> sub{};
  fill_sub(disc, lba, sub);
  cd::QBytes q = cd::q_of(sub);
  q[3] ^= 0x04;
  q[7] ^= 0x20;
  q[10] ^= 0x80;
  q[11] ^= 0x01;
  return q;
}
void add_libcrypt(DiscRecipe& recipe, cd::Lba first, int pairs) {
  for (int i = 0; i < pairs; ++i) {
    for (const int second : {0, 5}) {
      const cd::Lba lba = first + cd::SectorCount{i * 61 + second};
      recipe.quirks.wrong_q.emplace_back(lba, libcrypt_q(recipe.disc, lba));
    }
  }
}

// --- audio ---

DiscRecipe audio_simple() {
  return recipe_of(
      DiscBuilder().session().track(audio, 0, 1100).track(audio, 0, 900).track(audio, 0, 1000).finish());
}

DiscRecipe audio_htoa() {
  return recipe_of(
      DiscBuilder().session().track(audio, 500, 800).track(audio, 0, 700).track(audio, 150, 600).finish());
}

// Three sectors are the shortest that are sure to show: MCN or ISRC may take the place of one Q, and two are
// needed.
DiscRecipe audio_indexes() {
  DiscBuilder b;
  b.session().track(audio, 0, 800).index(2, 300).index(3, 303).index(4, 650);
  b.track(audio, 3, 400).track(audio, 37, 500).index(2, 250);
  b.track(audio, 0, 450).track(audio, 225, 600).index(2, 75).index(3, 400);
  return recipe_of(b.finish());
}

DiscRecipe audio_isrc_mcn() {
  DiscBuilder b;
  b.mcn("4006381333931").session();
  b.track(audio, 0, 700).isrc("DEA619600011").track(audio, 150, 650).isrc("DEA619600012");
  b.track(audio, 75, 600).track(audio, 150, 620).isrc("USRC17607839");
  return recipe_of(b.finish());
}

DiscRecipe audio_preemphasis_q() {
  DiscBuilder b;
  b.session().track(audio, 0, 600).control(cd::kControlPreEmphasis);
  b.track(audio, 150, 600).control(cd::kControlCopyPermitted);
  b.track(audio, 150, 600).control(cd::kControlPreEmphasis | cd::kControlCopyPermitted);
  b.track(audio, 0, 600).track(audio, 100, 600).control(cd::kControlPreEmphasis);
  DiscRecipe recipe = recipe_of(b.finish());
  // The TOC knows of the last track's pre-emphasis only.
  recipe.quirks.toc_control = {{1, 0}, {2, 0}, {3, 0}};
  return recipe;
}

DiscRecipe audio_cdtext_latin1() {
  DiscRecipe recipe = audio_simple();
  add_cdtext(recipe.disc, {latin_block()});
  return recipe;
}

DiscRecipe audio_cdtext_msjis() {
  DiscRecipe recipe = audio_simple();
  add_cdtext(recipe.disc, {ascii_block(), japanese_block()});
  return recipe;
}

DiscRecipe audio_99() {
  DiscBuilder b;
  b.session();
  for (int i = 0; i < 99; ++i) b.track(audio, i == 0 ? 0 : i % 4 * 25, 300 + i % 7);
  return recipe_of(b.finish());
}

// --- data and both ---

DiscRecipe data_mode1() { return recipe_of(DiscBuilder().session().track(mode1, 0, 2500).finish()); }

DiscRecipe mixed_mode() {
  DiscBuilder b;
  b.session().track(mode1, 0, 1200).track(audio, 150, 900).isrc("DEA619600021").track(audio, 75, 800);
  return recipe_of(b.finish());
}

DiscRecipe data_xa() {
  DiscRecipe recipe = recipe_of(DiscBuilder().session(cd::DiscType::cd_xa).track(mode2, 0, 2500).finish());
  recipe.form2_every = 8;
  return recipe;
}

DiscRecipe cd_i() {
  DiscRecipe recipe = recipe_of(DiscBuilder().session(cd::DiscType::cd_i).track(cdi, 0, 2000).finish());
  recipe.form2_every = 3;
  return recipe;
}

DiscRecipe cd_extra() {
  DiscBuilder b;
  b.mcn("5099749534728").session().track(audio, 0, 800).track(audio, 150, 700).isrc("GBAYE9600101");
  b.session(cd::DiscType::cd_xa).track(mode2, 0, 1200);
  return recipe_of(b.finish());
}

DiscRecipe three_sessions() {
  DiscBuilder b;
  b.session().track(mode1, 0, 900).session().track(mode1, 0, 800).session().track(mode1, 0, 700);
  return recipe_of(b.finish());
}

DiscRecipe cdg() {
  DiscRecipe recipe = recipe_of(
      DiscBuilder().session().track(audio, 0, 900).track(audio, 150, 900).track(audio, 0, 700).finish());
  recipe.quirks.cdg_tracks = {1, 3};
  return recipe;
}

DiscRecipe libcrypt() {
  DiscRecipe recipe = recipe_of(DiscBuilder().session(cd::DiscType::cd_xa).track(mode2, 0, 3000).finish());
  recipe.form2_every = 8;
  add_libcrypt(recipe, {1000}, 16);
  return recipe;
}

DiscRecipe audio_bare() {
  return recipe_of(DiscBuilder().session().track(audio, 0, 1500).track(audio, 150, 1200).finish());
}

struct Specimen {
  std::string_view name;
  DiscRecipe (*make)();
};
constexpr std::array<Specimen, 18> kZoo = {{
    {"audio-simple", audio_simple},
    {"audio-htoa", audio_htoa},
    {"audio-indexes", audio_indexes},
    {"audio-isrc-mcn", audio_isrc_mcn},
    {"audio-preemphasis-q", audio_preemphasis_q},
    {"audio-cdtext-latin1", audio_cdtext_latin1},
    {"audio-cdtext-msjis", audio_cdtext_msjis},
    {"audio-99", audio_99},
    {"audio-bare", audio_bare},
    {"data-mode1", data_mode1},
    {"mixed-mode", mixed_mode},
    {"data-xa", data_xa},
    {"cdi", cd_i},
    {"cd-extra", cd_extra},
    {"three-sessions", three_sessions},
    {"cdg", cdg},
    {"libcrypt", libcrypt},
    {"demo", demo_recipe},
}};

}  // namespace

std::vector<std::string> zoo_names() {
  std::vector<std::string> names;
  names.reserve(kZoo.size());
  for (const Specimen& specimen : kZoo) names.emplace_back(specimen.name);
  return names;
}

DiscRecipe zoo_recipe(std::string_view name) {
  const auto found =
      std::find_if(kZoo.begin(), kZoo.end(), [&](const Specimen& s) { return s.name == name; });
  if (found == kZoo.end()) throw std::invalid_argument("no disc is called " + std::string(name));
  DiscRecipe recipe = found->make();
  recipe.name = name;
  recipe.seed = static_cast<std::uint64_t>(found - kZoo.begin()) + 1;
  return recipe;
}

DiscRecipe demo_recipe() {
  DiscBuilder b;
  b.mcn("4006381333931").session();
  b.track(audio, 400, 1500).isrc("DEA619600031");  // a hidden track before it
  b.track(audio, 37, 1400).isrc("DEA619600032").index(2, 500).index(3, 900);
  b.track(audio, 150, 1300).control(cd::kControlPreEmphasis | cd::kControlCopyPermitted);  // in Q only
  b.track(audio, 0, 1200);                                                                 // with graphics
  b.track(mode1, 150, 2000);
  b.track(audio, 150, 1100);
  b.session(cd::DiscType::cd_xa).track(mode2, 0, 2500);
  DiscRecipe recipe = recipe_of(b.finish());
  recipe.name = "demo";
  recipe.quirks.toc_control = {{3, 0}};
  recipe.quirks.cdg_tracks = {4};
  recipe.form2_every = 8;
  add_libcrypt(recipe, recipe.disc.sessions[1].tracks[0].start() + cd::SectorCount{1000}, 4);
  add_cdtext(recipe.disc, {latin_block(), japanese_block()});
  return recipe;
}

DiscRecipe plain_recipe(cd::TrackMode mode, int tracks, cd::SectorCount sectors) {
  DiscBuilder b;
  b.session();
  const int count = std::clamp(tracks, 1, 99);
  for (int i = 0; i < count; ++i) {
    const std::int64_t n = sectors.value;
    b.track(mode, 0, static_cast<int>(n * (i + 1) / count - n * i / count));
  }
  DiscRecipe recipe = recipe_of(b.finish());
  recipe.name = "plain";
  return recipe;
}

}  // namespace binrip::sim
