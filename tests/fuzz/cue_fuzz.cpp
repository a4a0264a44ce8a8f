// parse_cue takes any bytes, and what it takes it can write and read again. What can be laid out covers the
// disc without a hole.
#include <cstdlib>

#include "../../src/image/layout.hpp"

namespace {

using namespace binrip;

void check_layout(const image::CueSheet& sheet, std::uint64_t sectors) {
  std::vector<std::uint64_t> sizes;
  for (const image::CueTrack& track : sheet.tracks) {
    sizes.resize(sheet.files.size());
    sizes[track.file] = sectors * (track.type.ends_with("2048")   ? 2048
                                   : track.type.ends_with("2336") ? 2336
                                                                  : 2352);
  }
  const auto layout = image::lay_out_cue(sheet, sizes, "fuzz.cue");
  if (!layout) return;
  for (std::size_t i = 0; i < layout->extents.size(); ++i) {
    const image::Extent& extent = layout->extents[i];
    if (extent.range.empty()) std::abort();
    if (i > 0 && extent.range.begin < layout->extents[i - 1].range.end) std::abort();
    const auto end =
        extent.offset + static_cast<std::uint64_t>(extent.range.size().value) * stored_size(extent.form);
    if (stored_size(extent.form) > 0 && end > sizes.at(extent.file)) std::abort();
  }
  for (const cd::LbaRange& range : cd::image_ranges(layout->disc)) {
    cd::Lba covered = range.begin;
    for (const image::Extent& extent : layout->extents) {
      if (extent.range.contains(covered)) covered = extent.range.end;
    }
    if (covered < range.end) std::abort();
  }
  const auto cue = image::write_cue(image::cue_of(layout->disc, "x", image::BinLayout::split));
  if (!image::parse_cue(cue, "fuzz.cue")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sheet = image::parse_cue(text, "fuzz.cue");
  if (!sheet) return 0;
  // Written once, texts are safe; from then on nothing may change.
  const std::string written = image::write_cue(*sheet);
  const auto again = image::parse_cue(written, "fuzz.cue");
  if (!again || image::write_cue(*again) != written) std::abort();
  check_layout(*sheet, 6000);
  check_layout(*sheet, 449'850);
  return 0;
}
