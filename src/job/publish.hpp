// From the capture to the files that stay: everything is made and synced inside OUT.partial, a journal says
// what goes where, then each is renamed, the sheet last. A kill in between is mended by finish_publication().
#pragma once

#include "output_names.hpp"

#include "binrip/job/rip_job.hpp"
#include "binrip/rip/capture.hpp"

namespace binrip::job {

struct PlannedFile {
  std::string from;  // name inside the partial folder
  std::filesystem::path to;
  std::string kind;  // "bin", "sub", "cdt", "json", "log", "map", "picture", "cue"
};

// Splits the captured main channel into one file a track, inside the partial folder. Returns their names.
Result<std::vector<std::string>> split_main(const rip::Capture& capture, const cd::Disc& disc,
                                            std::stop_token stop);

// Writes the journal, renames, removes the partial folder. `stale`: files of an earlier image under this name
// that this one does not replace; removed when --force was given. Existing::keep: a file that has come in the
// way since the rip began is an Error (exists), and nothing is published.
Result<void> publish(const std::filesystem::path& partial, const std::vector<PlannedFile>& files,
                     const std::vector<std::filesystem::path>& stale, Existing existing);

// Whether a publication was interrupted in this folder, and the rest of it. Returns all files, the sheet
// last.
bool publication_pending(const std::filesystem::path& partial);
Result<std::vector<std::filesystem::path>> finish_publication(const std::filesystem::path& partial,
                                                              Existing existing);

// Removes what a rip has put into the partial folder, and the folder unless something else lies in it.
Result<void> remove_partial(const std::filesystem::path& partial);

}  // namespace binrip::job
