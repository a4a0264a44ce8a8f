#include "changer_marks.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "binrip/base/file.hpp"

namespace binrip::batch {
namespace {

constexpr std::string_view kMarksHeader =
    "# binrip: slots of the changer whose discs are done; remove this file to begin anew\n";
constexpr int kMaxElementNumber = 100'000;
constexpr std::size_t kLargestFile = 8U << 20;

bool is_number(int value) { return value >= 0 && value <= kMaxElementNumber; }

bool add_mark(const std::string& line, ChangerMarks& marks) {
  std::istringstream words(line);
  std::string kind, from;
  int number = -1, slot = -1;
  if (!(words >> kind >> number) || !is_number(number)) return false;
  if (kind == "done") {
    std::string tag;
    std::getline(words >> std::ws, tag);
    return marks.done.emplace(number, tag).second;
  }
  if (kind != "drive" || !(words >> from >> slot) || from != "from" || !is_number(slot)) return false;
  return !(words >> from) && marks.taken.emplace(number, slot).second;
}

}  // namespace

void ChangerMarks::compare_with(const ChangerStatus& status) {
  std::erase_if(taken, [&](const auto& entry) {
    const auto element = static_cast<std::size_t>(entry.first);
    return element >= status.elements.size() || !status.elements[element].full;
  });
  std::set<int> in_drives;
  for (const ChangerElement& element : status.elements) {
    if (const auto home = element.full ? home_of(element) : std::nullopt) in_drives.insert(*home);
  }
  std::erase_if(done, [&](const auto& entry) {
    const auto& [number, tag] = entry;
    if (number < 1 || number > static_cast<int>(status.slots.size())) return true;
    const ChangerSlot& slot = status.slots[static_cast<std::size_t>(number) - 1];
    if (!slot.full) return !in_drives.contains(number);
    return !tag.empty() && !slot.tag.empty() && tag != slot.tag;
  });
}

std::optional<int> ChangerMarks::home_of(const ChangerElement& element) const {
  if (element.source) return element.source;
  const auto found = taken.find(element.number);
  return found == taken.end() ? std::nullopt : std::optional(found->second);
}

std::string format_marks(const ChangerMarks& marks) {
  std::string text(kMarksHeader);
  for (const auto& [slot, tag] : marks.done)
    text += fmt::format("done {}{}{}\n", slot, tag.empty() ? "" : " ", tag);
  for (const auto& [element, slot] : marks.taken) text += fmt::format("drive {} from {}\n", element, slot);
  return text;
}

Result<ChangerMarks> parse_marks(std::string_view text, const std::string& name) {
  ChangerMarks marks;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line.front() == '#' || add_mark(line, marks)) continue;
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: expected \"done SLOT\" or \"drive NUMBER from SLOT\"", name, number),
                fmt::format("remove {}: all discs in the changer count as new then", name));
  }
  return marks;
}

Result<ChangerMarks> read_marks(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return ChangerMarks{};
  TRY(const std::string text, read_text(path, kLargestFile));
  return parse_marks(text, path.string());
}

}  // namespace binrip::batch
