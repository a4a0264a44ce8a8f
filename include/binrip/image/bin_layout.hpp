#pragma once

namespace binrip::image {

// How the BIN files are laid out.
enum class BinLayout { single, split };

}  // namespace binrip::image
