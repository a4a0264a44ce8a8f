// What a drive finds on a disc at any address from LBA -150 on: an image's sectors where it has them, silence
// and synthesised subchannel elsewhere.
#pragma once

#include <memory>

#include "layout.hpp"

#include "binrip/image/disc_image.hpp"
#include "binrip/sim/toc_source.hpp"

namespace binrip::sim {

class Surface {
 public:
  explicit Surface(std::shared_ptr<image::DiscImage> image);

  // False when there is no session, or one without a track; nothing else may be asked then.
  bool has_content() const;
  const cd::Disc& disc() const { return image_->disc(); }
  const cd::Disc& toc() const { return source_ ? source_->toc() : disc(); }
  std::optional<cd::Atip> atip() const { return source_ ? source_->atip() : std::nullopt; }
  const Layout& layout() const { return layout_; }
  cd::Lba last_lead_out() const { return disc().sessions.back().lead_out; }

  // The sector as a data sector is delivered, or audio without any offset. An Error is the image's.
  Result<void> main(cd::Lba lba, cd::MutableSectorBytes out) const;
  // As it passes under the head: data sectors scrambled.
  Result<void> stream(cd::Lba lba, cd::MutableSectorBytes out) const;
  // Deinterleaved.
  Result<void> sub(cd::Lba lba, cd::MutableSubBytes out) const;

 private:
  bool image_holds(cd::Lba lba) const;

  std::shared_ptr<image::DiscImage> image_;
  const TocSource* source_;  // the image, where it is one; such an image holds every sector
  std::vector<cd::LbaRange> ranges_;
  Layout layout_;
};

}  // namespace binrip::sim
