#include <algorithm>

#include <fmt/format.h>

#include "csv.hpp"

#include "binrip/batch/job_list.hpp"
#include "binrip/image/text.hpp"

namespace binrip::batch {
namespace {

bool is_row_of(const ManifestRow& row, const ListEntry& entry) {
  return row.order == entry.order && row.barcode == entry.barcode && row.title == entry.title &&
         row.volume == entry.volume;
}

// "order 12 (Title, volume 2)"
std::string name_of(std::string_view order, std::string_view title, std::string_view volume) {
  std::string more(image::cut_utf8(title, 80));
  if (!volume.empty()) more += fmt::format("{}volume {}", more.empty() ? "" : ", ", volume);
  std::string name = order.empty() ? std::string() : fmt::format("order {}", order);
  if (!more.empty()) name += name.empty() ? more : fmt::format(" ({})", more);
  return name;
}
std::string name_of(const ListEntry& entry) { return name_of(entry.order, entry.title, entry.volume); }

}  // namespace

JobQueue::JobQueue(std::vector<ListEntry> entries, std::span<const ManifestRow> manifest)
    : entries_(std::move(entries)), states_(entries_.size(), State::waiting) {
  std::map<std::string_view, std::size_t> by_order;
  for (std::size_t i = 0; i < entries_.size(); ++i) by_order.emplace(entries_[i].order, i);
  for (const ManifestRow& row : manifest) {
    remember(row);
    const auto found = by_order.find(row.order);
    if (found == by_order.end() || !is_row_of(row, entries_[found->second])) continue;
    State& state = states_[found->second];
    if (state != State::done) state = row.end == DiscEnd::failed ? State::failed : State::done;
  }
}

// A disc that failed may come again.
void JobQueue::remember(const ManifestRow& row) {
  if (row.disc_id.empty() || row.end == DiscEnd::failed) return;
  std::string words = name_of(row.order, row.title, row.volume);
  if (!row.folder.empty())
    words += fmt::format("{}in the archive as {}", words.empty() ? "" : ", ", row.folder);
  if (words.empty()) words = fmt::format("the disc of {}", row.time);
  seen_[row.disc_id] = {.drive = {}, .words = std::move(words)};
}

std::optional<std::size_t> JobQueue::first_waiting() const {
  const auto found = std::find(states_.begin(), states_.end(), State::waiting);
  if (found == states_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - states_.begin());
}

const ListEntry* JobQueue::next() const {
  const auto index = first_waiting();
  return index ? &entries_[*index] : nullptr;
}

const ListEntry* JobQueue::entry_of(const std::string& drive) const {
  const auto found = in_drives_.find(drive);
  return found == in_drives_.end() ? nullptr : &entries_[found->second.entry];
}

JobQueue::Counts JobQueue::counts() const {
  const auto count = [&](State state) {
    return static_cast<std::size_t>(std::count(states_.begin(), states_.end(), state));
  };
  return {.waiting = count(State::waiting),
          .in_drives = count(State::in_drive),
          .done = count(State::done),
          .failed = count(State::failed)};
}

std::optional<std::size_t> JobQueue::agreeing(const ObservedDisc& disc, std::size_t window) const {
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < entries_.size() && looked_at < window; ++i) {
    if (states_[i] != State::waiting) continue;
    ++looked_at;
    if (compare(entries_[i], disc).fit == Fit::agrees) return i;
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (states_[i] == State::failed && compare(entries_[i], disc).fit == Fit::agrees) return i;
  }
  return std::nullopt;
}

// Another entry that the disc agrees with; empty: none.
std::string JobQueue::elsewhere(const ObservedDisc& disc, std::size_t expected) const {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i == expected) continue;
    const Comparison comparison = compare(entries_[i], disc);
    if (comparison.fit != Fit::agrees) continue;
    constexpr std::string_view kWhere[] = {"is still to come", "is in another drive", "is done",
                                           "has failed"};
    return fmt::format("it looks like {}, which {}: {}", name_of(entries_[i]),
                       kWhere[static_cast<std::size_t>(states_[i])], comparison.reason);
  }
  return {};
}

std::string JobQueue::repeats(const std::string& drive, const ObservedDisc& disc) const {
  if (disc.disc_id.empty()) return {};
  const auto seen = seen_.find(disc.disc_id);
  if (seen == seen_.end() || seen->second.drive == drive) return {};
  if (seen->second.drive.empty())
    return fmt::format("the same disc was there before: {}", seen->second.words);
  return fmt::format("the same disc is in drive {}", seen->second.drive);
}

JobQueue::Answer JobQueue::refuse(const ObservedDisc& disc, std::size_t expected,
                                  const Comparison& comparison) const {
  std::string reason = fmt::format("expected {}", name_of(entries_[expected]));
  if (comparison.fit == Fit::contradicts) reason += fmt::format(", but {}", comparison.reason);
  if (const std::string other = elsewhere(disc, expected); !other.empty()) reason += "; " + other;
  return {.fit = Fit::contradicts, .reason = std::move(reason), .repeats = {}};
}

JobQueue::Answer JobQueue::give(const std::string& drive, const ObservedDisc& disc, std::size_t entry,
                                Answer answer) {
  if (!in_drives_.contains(drive)) hold(drive, entry, Came::by_hand);
  if (!disc.disc_id.empty() && !seen_.contains(disc.disc_id)) {
    seen_[disc.disc_id] = {.drive = drive, .words = name_of(entries_[entry])};
  }
  return answer;
}

void JobQueue::hold(const std::string& drive, std::size_t entry, Came came) {
  free(drive);
  states_[entry] = State::in_drive;
  in_drives_[drive] = {.entry = entry, .came = came};
}

const ListEntry* JobQueue::bring(const std::string& drive) {
  free(drive);
  const auto next = first_waiting();
  if (!next) return nullptr;
  hold(drive, *next, Came::by_loader);
  return &entries_[*next];
}

bool JobQueue::take(const std::string& drive, std::string_view order, Came came) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].order != order || states_[i] != State::waiting) continue;
    hold(drive, i, came);
    return true;
  }
  return false;
}

JobQueue::Answer JobQueue::expect(const std::string& drive, const ObservedDisc& disc, std::size_t window) {
  release(drive);
  const std::string repeated = repeats(drive, disc);
  if (entries_.empty()) {
    if (!disc.disc_id.empty() && repeated.empty()) seen_[disc.disc_id] = {.drive = drive, .words = {}};
    return {.fit = Fit::cannot_be_told, .reason = {}, .repeats = repeated};
  }
  const auto held = in_drives_.find(drive);
  const auto brought = held == in_drives_.end() ? std::nullopt : std::optional(held->second.entry);
  const auto index = brought && compare(entries_[*brought], disc).fit == Fit::agrees ? brought
                     : brought                                                       ? std::nullopt
                               : agreeing(disc, std::max<std::size_t>(window, 1));
  if (index) {
    return give(drive, disc, *index,
                {.fit = Fit::agrees, .reason = compare(entries_[*index], disc).reason, .repeats = repeated});
  }
  const auto expected = brought ? brought : first_waiting();
  Answer answer;
  if (!expected) {
    answer = {.fit = Fit::contradicts, .reason = "the list has no further disc", .repeats = {}};
    const std::string other = elsewhere(disc, entries_.size());
    if (!other.empty()) answer.reason += "; " + other;
  } else {
    const Comparison comparison = compare(entries_[*expected], disc);
    if (comparison.fit == Fit::contradicts || !elsewhere(disc, *expected).empty()) {
      answer = refuse(disc, *expected, comparison);
    } else {
      answer = {.fit = comparison.fit, .reason = comparison.reason, .repeats = {}};
    }
  }
  answer.repeats = repeated;
  if (answer.fit == Fit::contradicts || !repeated.empty()) {
    free(drive);
    return answer;
  }
  return give(drive, disc, *expected, std::move(answer));
}

void JobQueue::finish(const std::string& drive, const ManifestRow& row) {
  const auto found = in_drives_.find(drive);
  const std::optional<std::size_t> entry =
      found == in_drives_.end() ? std::nullopt : std::optional(found->second.entry);
  free(drive);
  if (entry) states_[*entry] = row.end == DiscEnd::failed ? State::failed : State::done;
  remember(row);
}

void JobQueue::release(const std::string& drive) {
  const auto found = in_drives_.find(drive);
  if (found == in_drives_.end() || found->second.came == Came::by_hand) return free(drive);
  std::erase_if(seen_, [&](const auto& seen) { return seen.second.drive == drive; });
}

void JobQueue::free(const std::string& drive) {
  std::erase_if(seen_, [&](const auto& seen) { return seen.second.drive == drive; });
  const auto found = in_drives_.find(drive);
  if (found == in_drives_.end()) return;
  states_[found->second.entry] = State::waiting;
  in_drives_.erase(found);
}

}  // namespace binrip::batch
