#include "surface.hpp"

#include <algorithm>

#include "content.hpp"

namespace binrip::sim {

Surface::Surface(std::shared_ptr<image::DiscImage> image)
    : image_(std::move(image)),
      source_(dynamic_cast<const TocSource*>(image_.get())),
      ranges_(cd::image_ranges(image_->disc())),
      layout_(image_->disc()) {}

bool Surface::has_content() const {
  const auto& sessions = disc().sessions;
  return !layout_.areas().empty() && std::all_of(sessions.begin(), sessions.end(),
                                                 [](const cd::Session& s) { return !s.tracks.empty(); });
}

bool Surface::image_holds(cd::Lba lba) const {
  if (source_ != nullptr) {
    return lba >= layout_.areas().front().range.begin && lba < layout_.areas().back().range.end;
  }
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const cd::LbaRange& range) { return range.contains(lba); });
}

Result<void> Surface::main(cd::Lba lba, cd::MutableSectorBytes out) const {
  if (image_holds(lba)) return image_->read_main(lba, out);
  fill_blank(layout_.at(lba).mode, lba, out);
  return {};
}

Result<void> Surface::stream(cd::Lba lba, cd::MutableSectorBytes out) const {
  TRY_VOID(main(lba, out));
  if (layout_.at(lba).is_data()) cd::scramble(out);
  return {};
}

Result<void> Surface::sub(cd::Lba lba, cd::MutableSubBytes out) const {
  if (image_holds(lba)) {
    TRY(const bool held, image_->read_sub(lba, out));
    if (held) return {};
  }
  fill_sub(disc(), lba, out);
  return {};
}

}  // namespace binrip::sim
