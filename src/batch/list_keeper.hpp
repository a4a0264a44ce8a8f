// Which entry of the operator's list a disc is, and the line of the manifest that says what became of it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "archive.hpp"
#include "station.hpp"

#include "binrip/batch/job_list.hpp"
#include "binrip/batch/manifest.hpp"

namespace binrip::batch {

// One thread. What drives hold outlasts the program.
class ListKeeper {
 public:
  // What stops the line besides contradictions.
  enum class Repeats { stop, are_wanted };

  // Without a list (an empty path) every disc is welcome. Errors: as read_job_list and Manifest::open.
  static Result<ListKeeper> open(const Archive& archive, const std::filesystem::path& list, Repeats repeats);

  const Manifest& manifest() const { return manifest_; }
  // Of drives that people fill in any order, how many discs may be out of it.
  void set_drives(std::size_t count) { window_ = count; }

  // A loader has put the next disc of its stack into the drive.
  Result<void> brought(const Archive& archive, const std::string& drive);
  // `place`: of the disc among those of its TOC.
  Expectation expect(const Archive& archive, const std::string& drive, const DiscInfo& disc, int place);
  // The disc in the drive came to no end.
  void left(const std::string& drive) { queue_.release(drive); }
  Listed listed(const std::string& drive, const std::optional<DiscInfo>& disc) const;
  // What the list says, and nothing about the disc itself; nothing: there is no entry.
  const ListEntry* entry(const std::string& drive) const { return queue_.entry_of(drive); }

  // On the disk when it returns. The same again changes nothing.
  Result<void> write(const Archive& archive, const FinishedDisc& finished, const Listed& listed);
  // Rows that a kill has cut off from what lies in failed/.
  Result<void> write_missing(const Archive& archive);

 private:
  ListKeeper(bool has_list, JobQueue queue, Manifest manifest, Repeats repeats)
      : has_list_(has_list), queue_(std::move(queue)), manifest_(std::move(manifest)), repeats_(repeats) {}

  bool has_list_;
  JobQueue queue_;
  Manifest manifest_;
  Repeats repeats_;
  std::map<std::string, std::string> brought_;  // drive, order
  std::size_t window_ = 1;
};

}  // namespace binrip::batch
