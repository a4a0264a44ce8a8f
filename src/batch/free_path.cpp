#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "fold.hpp"
#include "name_text.hpp"

#include "binrip/base/file.hpp"
#include "binrip/batch/naming.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

struct Entry {
  std::string name, folded;
  bool open = false;  // a folder that other discs may go into
};

std::string folded(const std::string& name) { return image::is_utf8(name) ? fold_case(name) : name; }

tl::unexpected<Error> cannot_read(const fs::path& folder, const std::error_code& code) {
  return fail(errno_error(code.value(), "read", folder));
}

Result<bool> has_sheet(const fs::path& folder) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    if (folded(it->path().extension().string()) == ".cue") return true;
  }
  if (code) return cannot_read(folder, code);
  return false;
}

class Level {
 public:
  // What is in `below` of the archive; empty, or with "/" at its end.
  static Result<Level> read(const fs::path& archive, const std::string& below,
                            std::span<const std::string> promised) {
    Level level(archive / below);
    std::error_code code;
    for (fs::directory_iterator it(level.folder_, code), end; !code && it != end; it.increment(code)) {
      std::error_code ignored;
      level.add(it->path().filename().string(), it->is_directory(ignored));
    }
    if (code && code != std::errc::no_such_file_or_directory) return cannot_read(level.folder_, code);
    for (const std::string& path : promised) {
      if (!path.starts_with(below)) continue;
      const std::size_t end = path.find('/', below.size());
      level.add(path.substr(below.size(), end == std::string::npos ? end : end - below.size()),
                end != std::string::npos);
    }
    if (below.empty()) {
      for (const std::string_view name : kArchiveOwnNames) level.add(std::string(name), false);
    }
    return level;
  }

  // The component as a folder on the way.
  Result<std::string> folder(std::string_view component) const {
    return search(component, [this](const Entry& entry) -> Result<bool> {
      if (!entry.open) return false;
      std::error_code code;
      if (!fs::is_directory(folder_ / entry.name, code)) return true;  // only promised
      TRY(const bool of_a_disc, has_sheet(folder_ / entry.name));
      return !of_a_disc;
    });
  }
  // The component as the folder of a disc.
  Result<std::string> last(std::string_view component) const {
    return search(component, [](const Entry&) -> Result<bool> { return false; });
  }

 private:
  explicit Level(fs::path folder) : folder_(std::move(folder)) {}

  void add(std::string name, bool open) {
    std::string key = folded(name);
    entries_.push_back({.name = std::move(name), .folded = std::move(key), .open = open});
  }

  std::vector<const Entry*> called(const std::string& key) const {
    std::vector<const Entry*> found;
    for (const Entry& entry : entries_) {
      if (entry.folded == key) found.push_back(&entry);
    }
    return found;
  }

  // The first numbered name that nothing has, or an entry of which usable(entry) is true and that nothing
  // else is called like.
  template <class F>
  Result<std::string> search(std::string_view component, F usable) const {
    for (int number = 1;; ++number) {
      const std::string name = number == 1 ? std::string(component) : numbered(component, number);
      const std::vector<const Entry*> found = called(folded(name));
      if (found.empty()) return name;
      bool all_usable = true;
      for (const Entry* entry : found) {
        TRY(const bool good, usable(*entry));
        all_usable = all_usable && good;
      }
      if (!all_usable) continue;
      const auto same =
          std::find_if(found.begin(), found.end(), [&](const Entry* e) { return e->name == name; });
      return (same != found.end() ? *same : found.front())->name;
    }
  }

  fs::path folder_;
  std::vector<Entry> entries_;
};

}  // namespace

Result<std::string> free_path(const fs::path& archive, std::string_view path,
                              std::span<const std::string> promised) {
  std::string found;
  while (true) {
    TRY(const Level level, Level::read(archive, found, promised));
    const std::size_t end = path.find('/');
    if (end == std::string_view::npos) {
      TRY(const std::string last, level.last(path));
      return found + last;
    }
    TRY(const std::string folder, level.folder(path.substr(0, end)));
    found += folder + "/";
    path.remove_prefix(end + 1);
  }
}

}  // namespace binrip::batch
