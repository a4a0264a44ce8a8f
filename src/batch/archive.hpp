// The folders of an archive, and how an image comes into it: whole, once, and in one step.
//
//   ARCHIVE/<by the name template>/   an image with its report; nobody changes it but a rip that mends it
//   ARCHIVE/failed/<when> <disc>/     what could not be finished, with reason.json
//   ARCHIVE/.binrip/lock              held while a station works here
//   ARCHIVE/.binrip/work/<disc>[-N]/  one disc that is being ripped: target (its name), order (in the
//                                     operator's list), image/, and for the moment between the archive and
//                                     its lists publish.json
//   ARCHIVE/.binrip/drives/<drive>    what lies in a drive, as far as it is known (drive_memory.hpp)
//   ARCHIVE/.binrip/brought.json      the orders of the discs that a loader has put into drives
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "station.hpp"

#include "binrip/base/file.hpp"

namespace binrip::batch {

// Discs of one TOC need not be one disc: each that is worked on has a place of its own, by its number.
struct WorkName {
  std::string identity;  // DiscInfo::identity
  int number = 1;
};

// A disc in work.
struct Work {
  std::filesystem::path folder;  // ARCHIVE/.binrip/work/<disc>[-N]
  std::filesystem::path cue;     // in its image/
  std::filesystem::path target;  // wanted within the archive, "Band/Title [id]"
};

// What the lists say of a disc beside how it ended; empty: not known.
struct Listed {
  std::string order, barcode, title, volume;  // the operator's list's, or else the disc's
  std::string disc_id;                        // DiscInfo::disc_id
  friend bool operator==(const Listed&, const Listed&) = default;
};

// What was done to the files, and is still to be written into the lists. Kept until that is done.
struct Publication {
  std::filesystem::path work;  // its folder
  FinishedDisc finished;       // folder: where the image lies now
  std::string identity;        // DiscInfo::identity
  Listed listed;
};
// A disc in failed/.
struct PutAside {
  FinishedDisc finished;
  Listed listed;
};

// One thread; one process at a time, which the lock sees to.
class Archive {
 public:
  // Makes what is missing. Errors: exists when another station works there; permission, no_space, io.
  static Result<Archive> open(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }

  // The place where this disc is worked on. `target` and `order` count for a new one only: one that is there
  // keeps its own.
  Result<Work> work(const WorkName& name, const std::filesystem::path& target, const std::string& order = {});
  // The numbers of the places that there are for discs of this TOC.
  std::set<int> works(const std::string& identity) const;
  // The order of a disc that is worked on; empty: it has none.
  std::string order_of_work(const WorkName& name) const;
  // Only its place, whether or not there is one.
  std::filesystem::path work_folder(const WorkName& name) const;
  // Moves the image to `target`, which nothing may stand at, and tells where it is. After a kill at any
  // instant unfinished() has what began, if it came to the move.
  Result<Publication> publish(const Work& work, const std::string& identity, FinishedDisc finished,
                              Listed listed, const std::filesystem::path& target);
  // The lists have it: forgets the work.
  Result<void> done(const Publication& publication);
  // Publications whose image lies in the archive, but done() was not reached.
  Result<std::vector<Publication>> unfinished() const;
  // Drops an image that is not wanted.
  Result<void> drop(const WorkName& name);
  // Moves what was begun of a disc to failed/, beside its reason; where nothing was the reason alone.
  // `identity`: empty where it is not known. Tells the folder within the archive.
  Result<std::filesystem::path> put_aside(const std::string& identity, const std::optional<WorkName>& begun,
                                          const FinishedDisc& finished, const Listed& listed);
  // All that lie in failed/ with a reason of ours.
  Result<std::vector<PutAside>> all_put_aside() const;

  std::string last_disc(const std::string& drive) const;
  Result<void> remember(const std::string& drive, const std::string& identity) const;
  // Drive and order in the operator's list.
  std::map<std::string, std::string> brought() const;
  Result<void> remember_brought(const std::map<std::string, std::string>& orders) const;
  std::uint64_t free_bytes() const;

 private:
  Archive(std::filesystem::path folder, File lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  std::filesystem::path own() const { return folder_ / ".binrip"; }

  std::filesystem::path folder_;
  File lock_;
};

}  // namespace binrip::batch
