// A disc whose table of contents differs from the truth: what the lead-in says, for a SimDrive to answer
// READ TOC with. DiscImage::disc() stays what a perfect rip finds.
#pragma once

#include <optional>

#include "binrip/cd/disc.hpp"

namespace binrip::sim {

class TocSource {
 public:
  virtual ~TocSource() = default;
  // The disc as its lead-in tells it: controls may differ from disc()'s.
  virtual const cd::Disc& toc() const = 0;
  // Of a CD-R or CD-RW; nothing for a pressed disc.
  virtual std::optional<cd::Atip> atip() const { return std::nullopt; }
};

}  // namespace binrip::sim
