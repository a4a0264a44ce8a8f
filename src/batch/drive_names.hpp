// Names of drives that outlast re-plugging and renumbering.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "station.hpp"

#include "binrip/drive/discovery.hpp"

namespace binrip::batch {

// By vendor, model and serial number; where drives have the same, as some makers gave them, or none, by the
// place on the bus; without one, by the node. A serial number that two drives were ever seen with at once
// names none of them. A drive that loses its serial number for a moment, as when udev's data of it are
// written anew, keeps its name. One thread.
class DriveNames {
 public:
  // In the order given.
  std::vector<SeenDrive> name(const std::vector<drive::FoundDrive>& drives);

 private:
  std::set<std::string> shared_;
  std::map<std::string, SeenDrive> last_;  // by node
};

inline constexpr std::string_view kAllDrives = "all";

// Whether a word of --drives means this drive: its name, its node, or one of its links.
bool means(const std::string& word, const SeenDrive& seen, const drive::FoundDrive& found);

}  // namespace binrip::batch
