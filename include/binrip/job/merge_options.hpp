// What two images are to become.
#pragma once

#include <filesystem>
#include <optional>

#include "binrip/job/rip_options.hpp"

namespace binrip::job {

struct MergeOptions {
  std::filesystem::path first, second;  // sheets; without a map beside it all of an image is good
  std::filesystem::path cue;            // OUT.cue; the folder must exist
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::write;
  Picture picture = Picture::leave_out;
  Existing existing = Existing::keep;
  OnDamage on_damage = OnDamage::publish;
  std::optional<Fill> fill;    // nothing: the pattern
  std::filesystem::path sign;  // the key to sign the log with; empty: none
};

}  // namespace binrip::job
