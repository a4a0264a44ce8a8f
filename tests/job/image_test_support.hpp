// Images on disk, compared as a whole.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "binrip/base/file.hpp"

namespace binrip::job::test {

using Files = std::map<std::string, std::string>;  // contents by name

inline Files contents(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename().string()] =
        entry.is_regular_file() ? read_text(entry.path()).value() : "(folder)";
  }
  return files;
}

// What does not tell of times and drives.
inline Files image_in(const Files& files) {
  Files image;
  for (const auto& [name, text] : files) {
    const bool tells_of_the_run = name.ends_with(".log") || name.ends_with(".json") ||
                                  name.ends_with(".map") || name.ends_with(".sha256");
    if (!tells_of_the_run) image[name] = text;
  }
  return image;
}

// Empty when they are the same. The bytes themselves would fill the screen.
inline std::string difference(const Files& got, const Files& wanted) {
  std::string text;
  for (const auto& [name, bytes] : wanted) {
    const auto found = got.find(name);
    if (found == got.end()) {
      text += name + " is missing; ";
    } else if (found->second != bytes) {
      const auto at = std::mismatch(bytes.begin(), bytes.end(), found->second.begin(), found->second.end());
      text += name + " differs at " + std::to_string(at.first - bytes.begin()) + "; ";
      if (name.ends_with(".cue")) text += found->second + " instead of " + bytes;
    }
  }
  for (const auto& [name, bytes] : got) {
    if (!wanted.contains(name)) text += name + " is there; ";
  }
  return text;
}

}  // namespace binrip::job::test
