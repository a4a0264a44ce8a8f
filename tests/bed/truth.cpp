#include "truth.hpp"

#include <array>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/image/cue.hpp"

namespace binrip::bed {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMainSize = 2352, kSubSize = 96, kUserSize = 2048;

std::string_view word(cd::TrackMode mode) {
  switch (mode) {
    case cd::TrackMode::audio:
      return "audio";
    case cd::TrackMode::mode1:
      return "mode1";
    case cd::TrackMode::mode2:
      return "mode2";
    case cd::TrackMode::cdi:
      return "cdi";
  }
  return "?";
}

std::string describe(const cd::Disc& disc) {
  std::string text;
  for (const cd::Session& session : disc.sessions) {
    text += fmt::format("session {} {}\n", session.number, session.lead_out.value);
  }
  for (const cd::TrackRef& ref : cd::track_ranges(disc)) {
    const auto position = cd::image_position(disc, ref.track->start()).value_or(cd::SectorCount{-1});
    text += fmt::format("track {} {} {} {} {} {} {} {} {}\n", ref.track->number, ref.session->number,
                        word(ref.track->mode), ref.track->control, ref.track->start().value,
                        ref.range.begin.value, ref.range.end.value, position.value,
                        ref.track->isrc.empty() ? "-" : ref.track->isrc);
  }
  if (!disc.mcn.empty()) text += "mcn " + disc.mcn + "\n";
  return text;
}

Result<void> write_sectors(image::DiscImage& disc, const fs::path& folder) {
  TRY(File bin, File::create(folder / "out.bin"));
  TRY(File sub, File::create(folder / "out.sub"));
  bool has_sub = true;
  ByteVector main_run, sub_run;
  for (const cd::LbaRange& range : cd::image_ranges(disc.disc())) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      std::array<Byte, kMainSize> main{};
      std::array<Byte, kSubSize> channels{};
      TRY_VOID(disc.read_main(lba, main));
      TRY(const bool given, disc.read_sub(lba, channels));
      has_sub = has_sub && given;
      main_run.insert(main_run.end(), main.begin(), main.end());
      sub_run.insert(sub_run.end(), channels.begin(), channels.end());
    }
    TRY_VOID(bin.append(main_run));
    TRY_VOID(sub.append(sub_run));
    main_run.clear();
    sub_run.clear();
  }
  TRY_VOID(bin.close());
  TRY_VOID(sub.close());
  if (!has_sub) fs::remove(folder / "out.sub");
  return {};
}

}  // namespace

Result<void> write_truth(image::DiscImage& disc, const fs::path& folder) {
  fs::create_directories(folder);
  TRY_VOID(write_sectors(disc, folder));
  image::CueSheet sheet = image::cue_of(disc.disc(), "out", image::BinLayout::single);
  if (!disc.disc().cdtext_packs.empty()) {
    ByteVector packs = disc.disc().cdtext_packs;
    packs.push_back(0);
    TRY(File cdt, File::create(folder / "out.cdt"));
    TRY_VOID(cdt.append(packs));
    TRY_VOID(cdt.close());
  }
  TRY_VOID(write_atomically(folder / "out.cue", image::write_cue(sheet)));
  return write_atomically(folder / "disc.txt", describe(disc.disc()));
}

Result<void> write_block_contents(image::DiscImage& disc, const fs::path& path) {
  TRY(File file, File::open_update(path));
  for (const cd::TrackRef& ref : cd::track_ranges(disc.disc())) {
    if (!ref.track->is_data()) continue;
    for (cd::Lba lba = ref.track->start(); lba < ref.range.end; ++lba) {
      std::array<Byte, kMainSize> sector{};
      TRY_VOID(disc.read_main(lba, sector));
      const std::size_t user = sector[15] == 1 ? 16 : 24;  // Mode 2 has a subheader
      TRY_VOID(file.write_at(Bytes(sector).subspan(user, kUserSize),
                             std::int64_t{lba.value} * std::int64_t{kUserSize}));
    }
  }
  return file.close();
}

}  // namespace binrip::bed
