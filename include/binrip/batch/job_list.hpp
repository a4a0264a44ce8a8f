// The operator's list: which discs are expected, in which order, and whether what is in a drive is one of
// them. A list that drifts from the stack of discs beside it would give every later disc another one's name.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/batch/manifest.hpp"

namespace binrip::batch {

// Texts are UTF-8 in one line.
struct ListEntry {
  int line = 0;  // of the file
  std::string order = {}, barcode = {}, title = {}, volume = {}, artist = {};
  friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

// CSV (RFC 4180, UTF-8): a header with the columns order, barcode, title, volume, and perhaps artist, in any
// order and case; others are passed over. No two entries have the same order. `name`: as messages call it.
// Errors: what read_text gives; invalid, "name:line: …".
Result<std::vector<ListEntry>> parse_job_list(std::string_view text, std::string_view name);
Result<std::vector<ListEntry>> read_job_list(const std::filesystem::path& path);

// What is known of a disc in a drive; empty: the disc does not say.
struct ObservedDisc {
  std::string mcn = {};
  std::string title = {}, artist = {};  // CD-TEXT
  std::string label = {};               // of the volume of a data disc
  std::string disc_id = {};             // the same for the same disc
};

enum class Fit { agrees, cannot_be_told, contradicts };
struct Comparison {
  Fit fit = Fit::cannot_be_told;
  std::string reason;  // "the barcode is …"; a part of a sentence
};
// Only what both sides have counts. A barcode counts when it is an EAN or UPC with the right check digit: it
// decides, unless the disc says by its title that it is another one of its set. Titles agree when one has
// most of the other's words, and contradict when they share none. A label is often a number or the name of a
// program, so it may agree, but contradicts nothing. An artist who differs only takes away what the title
// says.
Comparison compare(const ListEntry& entry, const ObservedDisc& disc);

// Which entries wait, are in a drive, are done. Plain data; one thread.
class JobQueue {
 public:
  // An entry is done, or has failed, when the manifest has a row with its order, barcode, title and volume.
  // So it is the same after a restart. No list: only repeats are told.
  JobQueue(std::vector<ListEntry> entries, std::span<const ManifestRow> manifest);

  struct Answer {
    Fit fit = Fit::cannot_be_told;
    std::string reason;   // a sentence; empty: nothing to say
    std::string repeats;  // a sentence, when the batch has or had the same disc; else empty
  };
  // A loader has put the next disc of its stack into this drive: the first entry that waits is the drive's
  // from now on, whichever drive knows its disc first. Null: none waits.
  const ListEntry* bring(const std::string& drive);
  // Before a restart the drive had the entry of this order. False: it does not wait.
  enum class Came { by_loader, by_hand };
  bool take(const std::string& drive, std::string_view order, Came came);

  // Which entry the disc in this drive is. After bring(): that entry, unless the disc contradicts it or
  // agrees with another one. Else one of the first `window` that wait and that it agrees with, one that
  // failed before and that it agrees with, or else the first that waits, unless it contradicts. The drive
  // then has that entry, until finish() or release(). With discs from one stack the window is 1; with people
  // who fill N drives in any order it is N. A disc that contradicts gets no entry, nor does one that repeats
  // another without agreeing; what was brought then waits again.
  Answer expect(const std::string& drive, const ObservedDisc& disc, std::size_t window = 1);

  // What the drive has; null: nothing.
  const ListEntry* entry_of(const std::string& drive) const;
  // The first that waits; null: none.
  const ListEntry* next() const;

  // The row that went into the manifest for the disc in this drive.
  void finish(const std::string& drive, const ManifestRow& row);
  // The disc came to no end: its entry waits again, but for what was brought, which is in the drive still.
  void release(const std::string& drive);

  struct Counts {
    std::size_t waiting = 0, in_drives = 0, done = 0, failed = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  Counts counts() const;

 private:
  enum class State { waiting, in_drive, done, failed };
  struct Seen {
    std::string drive;  // that has it now; empty: it came to its end
    std::string words;  // "order 12, in the archive as Band/Title"
  };

  std::optional<std::size_t> first_waiting() const;
  std::optional<std::size_t> agreeing(const ObservedDisc& disc, std::size_t window) const;
  std::string elsewhere(const ObservedDisc& disc, std::size_t expected) const;
  std::string repeats(const std::string& drive, const ObservedDisc& disc) const;
  void free(const std::string& drive);
  void hold(const std::string& drive, std::size_t entry, Came came);
  Answer refuse(const ObservedDisc& disc, std::size_t expected, const Comparison& comparison) const;
  Answer give(const std::string& drive, const ObservedDisc& disc, std::size_t entry, Answer answer);
  void remember(const ManifestRow& row);

  std::vector<ListEntry> entries_;
  std::vector<State> states_;
  struct Held {
    std::size_t entry = 0;
    Came came = Came::by_hand;
  };
  std::map<std::string, Held> in_drives_;
  std::map<std::string, Seen> seen_;  // disc id
};

}  // namespace binrip::batch
