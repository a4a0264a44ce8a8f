#include "drive_names.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace binrip::batch {
namespace {

std::string one_word(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7F || c == '/' || c == ',' || c == '"' || c == '\\';
      },
      '_');
  return text;
}

// Empty: it has none.
std::string by_serial(const drive::FoundDrive& drive) {
  if (drive.serial.empty()) return {};
  return one_word(drive.vendor + '_' + drive.model + '_' + drive.serial);
}

std::string by_place(const drive::FoundDrive& drive) {
  const std::string& path = drive.by_path.empty() ? drive.node : drive.by_path.front();
  return one_word(std::filesystem::path(path).filename().string());
}

}  // namespace

std::vector<SeenDrive> DriveNames::name(const std::vector<drive::FoundDrive>& drives) {
  std::map<std::string, int> count;
  for (const drive::FoundDrive& drive : drives) ++count[by_serial(drive)];
  for (const auto& [name, times] : count) {
    if (times > 1) shared_.insert(name);
  }
  std::vector<SeenDrive> seen;
  seen.reserve(drives.size());
  for (const drive::FoundDrive& drive : drives) {
    const std::string name = by_serial(drive);
    const auto before = last_.find(drive.node);
    // udev is writing it down anew; unless the drive has another node now.
    if (name.empty() && before != last_.end() && count.count(before->second.id) == 0) {
      seen.push_back(before->second);
      continue;
    }
    const bool unique = !name.empty() && shared_.count(name) == 0;
    std::string words = drive.vendor;
    if (!words.empty() && !drive.model.empty()) words += ' ';
    seen.push_back({unique ? name : by_place(drive), drive.node, words + drive.model});
  }
  last_.clear();
  for (const SeenDrive& drive : seen) last_[drive.node] = drive;
  return seen;
}

bool means(const std::string& word, const SeenDrive& seen, const drive::FoundDrive& found) {
  const auto is_link = [&](const std::vector<std::string>& links) {
    return std::any_of(links.begin(), links.end(), [&](const std::string& link) {
      return link == word || std::filesystem::path(link).filename() == word;
    });
  };
  return word == kAllDrives || word == seen.id || word == seen.node || is_link(found.by_id) ||
         is_link(found.by_path);
}

}  // namespace binrip::batch
