#pragma once

namespace binrip::rip {

// Overlapping reads of audio, matched by libcdio-paranoia.
enum class Paranoia {
  automatic,  // where the drive is seen not to keep its place
  always,     // over all audio; a single read of it proves nothing
  never,
};

}  // namespace binrip::rip
