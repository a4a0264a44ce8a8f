// What can stand between a user and a drive, each looked at on its own. What is read of /proc, /sys and /dev
// is read below `root`, so that each check can be tried on a tree of files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "binrip/drive/sysfs.hpp"

namespace binrip::cli {

enum class Grade {
  ok,
  note,     // works, but not as well as it could, or could be disturbed
  problem,  // the drive cannot be used like this
};

struct Finding {
  Grade grade = Grade::ok;
  std::string topic;      // "node", "sg", …
  std::string text;       // one line
  std::string hint = {};  // what to do, or empty
  friend bool operator==(const Finding&, const Finding&) = default;
};

// A node as the file system and this user's rights have it.
struct NodeState {
  std::string path;
  bool present = false;
  unsigned mode = 0;         // permission bits
  std::string owner, group;  // names, or numbers where there are none
  bool readable = false, writable = false;
};
NodeState node_state(const std::string& path);

Finding check_node(const NodeState& node);
// `generic`: the sg node, or nothing where the kernel has none for this drive.
Finding check_generic(const std::optional<NodeState>& generic, const std::filesystem::path& root);
Finding check_state(const drive::KernelFacts& facts);
Finding check_limits(const drive::KernelFacts& facts);
Finding check_autoclose(const std::filesystem::path& root);

// Programs that have one of the nodes open, other than this one, and where it is mounted.
enum class Sight { all_programs, own_programs };  // root sees the descriptors of all, others their own
std::vector<Finding> check_holders(const std::vector<std::string>& nodes, const std::filesystem::path& root,
                                   int own_process, Sight sight);
// Programs that look at drives on their own account: the desktop's and automounters.
Finding check_pollers(const std::filesystem::path& root);
// Why there may be no drive at all.
Finding check_modules(const std::filesystem::path& root);
Finding check_versions(const std::filesystem::path& root);

}  // namespace binrip::cli
