// What is known of the disc in a drive over the end of the program: a line of text in the archive.
#pragma once

#include <string>
#include <string_view>

namespace binrip::batch {

enum class Lies {
  unknown,  // nobody has written anything
  nothing,  // a loader has taken away what there was
  loading,  // a loader was asked to lay a disc there; whether it did is not known
  a_disc,   // a loader has laid one there, which has come to no end yet
  good,     // one that came to its end, and belongs to those that are done
  rejected  // the same, of one that failed
};

struct DriveMemory {
  Lies lies = Lies::unknown;
  std::string identity = {};  // of good and rejected: DiscInfo::identity, empty where it is not known
  bool has_ended() const { return lies == Lies::good || lies == Lies::rejected; }
  friend bool operator==(const DriveMemory&, const DriveMemory&) = default;
};

std::string to_string(const DriveMemory& memory);
// What is not understood is unknown.
DriveMemory parse_drive_memory(std::string_view text);

}  // namespace binrip::batch
