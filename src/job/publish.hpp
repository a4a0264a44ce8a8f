// From the capture to the files that stay: everything is made and synced inside OUT.partial, a journal says
// what goes where, then each is renamed, the sheet last. A kill in between is mended by finish_publication().
#pragma once

#include "output_names.hpp"

#include "binrip/job/rip_job.hpp"
#include "binrip/rip/capture.hpp"

namespace binrip::job {

// In the partial folder: the digest of the map of the published image that was taken up there.
inline constexpr std::string_view kTakenUp = "taken-up";
// In the partial folder: what a merge has written so far is begun anew by the next one.
inline constexpr std::string_view kMerging = "merging";
// In the partial folder: a folder for sectors that are only read to compare them.
inline constexpr std::string_view kCheck = "check";

struct PlannedFile {
  std::string from;  // name inside the partial folder
  std::filesystem::path to;
  std::string kind;  // "bin", "sub", "cdt", "json", "log", "map", "picture", "sha256", "cue"
  // replace: what is there is of an image that this one takes the place of.
  Occupied occupied = Occupied::keep;
};

// Splits the captured main channel into one file a track, inside the partial folder. Returns their names.
Result<std::vector<std::string>> split_main(const rip::Capture& capture, const cd::Disc& disc,
                                            std::stop_token stop);

// Writes the journal, renames, removes the partial folder. `stale`: files of an earlier image under this name
// that this one does not replace; they go last, so that a map stays until all that it warns of is replaced. A
// file that has come in the way since the rip began is an Error (exists), and nothing is published.
Result<void> publish(const std::filesystem::path& partial, const std::vector<PlannedFile>& files,
                     const std::vector<std::filesystem::path>& stale);

// Whether a publication was interrupted in this folder, and the rest of it. Existing::overwrite replaces also
// what the journal does not allow to. Returns all files, the sheet last.
bool publication_pending(const std::filesystem::path& partial);
Result<std::vector<std::filesystem::path>> finish_publication(const std::filesystem::path& partial,
                                                              Existing existing);

// What lies in the partial folder is a rip's from now on: no merge begins anew over it.
Result<void> forget_merge(const std::filesystem::path& partial);

// Removes what a rip, or a merge, has put into the partial folder, and the folder unless something else lies
// in it.
Result<void> remove_partial(const std::filesystem::path& partial);

}  // namespace binrip::job
