#include "mtx_status.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace binrip::batch {
namespace {

constexpr int kMostElements = 100'000;

// Takes words off the front of a line.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::optional<int> take_number() {
    int number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc{} || number < 0 || number > kMostElements) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return number;
  }
  // All up to `end`, or the rest.
  std::string_view take_until(std::string_view end) {
    const std::string_view taken = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Barcodes are padded with spaces by some changers.
std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
}

// ":VolumeTag=…:AlternateVolumeTag=…", each where there is one; of drives with spaces round the sign.
std::string take_tag(Words& words, std::string_view equals) {
  const std::string alternate = fmt::format(":AlternateVolumeTag{}", equals);
  std::string tag;
  words.skip_spaces();
  if (words.take(fmt::format(":VolumeTag{}", equals))) tag = trimmed(words.take_until(alternate));
  if (tag.empty() && words.take(alternate)) tag = trimmed(words.rest());
  return tag;
}

struct Counts {
  int elements = 0, slots = 0, import_export = 0;
};

// After "Storage Changer ". A device's name may have colons.
std::optional<Counts> parse_counts(std::string_view line) {
  Words words(line.substr(std::min(line.rfind(':'), line.size())));
  if (!words.take(":")) return std::nullopt;
  const auto elements = words.take_number();
  if (!elements || !words.take(" Drives, ")) return std::nullopt;
  const auto slots = words.take_number();
  if (!slots || !words.take(" Slots ( ")) return std::nullopt;
  const auto import_export = words.take_number();
  if (!import_export || !words.take(" Import/Export )")) return std::nullopt;
  return Counts{*elements, *slots, *import_export};
}

// After "Data Transfer Element ".
std::optional<ChangerElement> parse_element(std::string_view line) {
  Words words(line);
  const auto number = words.take_number();
  if (!number || !words.take(":")) return std::nullopt;
  ChangerElement element{.number = *number};
  if (words.take("Empty")) return element;
  if (!words.take("Full (")) return std::nullopt;
  element.full = true;
  if (words.take("Storage Element ")) {
    element.source = words.take_number();
    if (!element.source || !words.take(" Loaded)")) return std::nullopt;
  } else if (!words.take("Unknown Storage Element Loaded)")) {
    return std::nullopt;
  }
  element.tag = take_tag(words, " = ");
  return element;
}

// After "Storage Element ".
std::optional<ChangerSlot> parse_slot(std::string_view line) {
  Words words(line);
  const auto number = words.take_number();
  if (!number) return std::nullopt;
  ChangerSlot slot{.number = *number};
  if (words.take(" IMPORT/EXPORT")) slot.kind = SlotKind::import_export;
  if (!words.take(":")) return std::nullopt;
  if (words.take("Empty")) {
    slot.tag = take_tag(words, "=");
    return slot;
  }
  if (!words.take("Full")) return std::nullopt;
  slot.full = true;
  slot.tag = take_tag(words, "=");
  return slot;
}

// Adds what a line tells, if anything. False: it is of a known kind, and not understood.
bool add_element(std::string_view line, ChangerStatus& status, std::optional<Counts>& counts) {
  Words words(line);
  words.skip_spaces();
  if (words.take("Storage Changer ")) {
    if (counts) return false;
    counts = parse_counts(words.rest());
    return counts.has_value();
  }
  if (words.take("Data Transfer Element ")) {
    auto element = parse_element(words.rest());
    if (!element || element->number != static_cast<int>(status.elements.size())) return false;
    status.elements.push_back(std::move(*element));
  } else if (words.take("Storage Element ")) {
    auto slot = parse_slot(words.rest());
    if (!slot || slot->number != static_cast<int>(status.slots.size()) + 1) return false;
    status.slots.push_back(std::move(*slot));
  }
  return true;
}

}  // namespace

Result<ChangerStatus> parse_mtx_status(std::string_view text) {
  ChangerStatus status;
  std::optional<Counts> counts;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (add_element(line, status, counts)) continue;
    return fail(ErrorKind::invalid, fmt::format("mtx status: line {} is not understood", number));
  }
  if (!counts) return fail(ErrorKind::invalid, "mtx status: it does not say what the changer has");
  int import_export = 0;
  for (const ChangerSlot& slot : status.slots) import_export += slot.kind == SlotKind::import_export ? 1 : 0;
  if (counts->elements != static_cast<int>(status.elements.size()) ||
      counts->slots != static_cast<int>(status.slots.size()) || counts->import_export != import_export) {
    return fail(ErrorKind::invalid, "mtx status: not as many drives and slots as its first line says");
  }
  return status;
}

}  // namespace binrip::batch
