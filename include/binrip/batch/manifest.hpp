// manifest.csv in the archive: what became of each disc, one line for each, failures too. It is only ever
// added to.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/base/file.hpp"
#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

// Texts are UTF-8 in one line; append() makes them so.
struct ManifestRow {
  std::string time = {};                             // ISO 8601, UTC
  std::string order = {}, barcode = {}, title = {};  // the list's, or else the disc's; empty: not known
  std::string volume = {}, drive = {};               // drive: DriveView::id
  std::string disc_id = {};
  std::string folder = {};  // in the archive; empty: nothing is there
  DiscEnd end = DiscEnd::published;
  int exit_code = 0;
  std::string verdict = {};  // of the rip, or the reason of a failure
  friend bool operator==(const ManifestRow&, const ManifestRow&) = default;
};

inline constexpr std::string_view kManifestName = "manifest.csv";

// Reads it without changing it; a torn last line, as a crash leaves it, is left out. `name`: as messages call
// it. Error invalid, "name:line: expected …, got …".
Result<std::vector<ManifestRow>> parse_manifest(std::string_view text, std::string_view name);

// The manifest opened for adding. One process at a time has it: a second one gets the Error exists.
class Manifest {
 public:
  // Made with its header where it is missing. A torn last line is cut off: its row had not been promised to
  // anybody. A manifest with other mistakes in it is left as it is, and is an Error.
  static Result<Manifest> open(const std::filesystem::path& archive);

  const std::vector<ManifestRow>& rows() const { return rows_; }  // in the order of the file
  // What open() cut off; empty: nothing.
  const std::string& torn() const { return torn_; }

  // On the disk when it returns; after an Error it is not in the file, as far as the file system lets it be
  // taken out again. A row that is there already, just so, is not added again: who is not sure may repeat it.
  Result<void> append(ManifestRow row);

 private:
  explicit Manifest(File file) : file_(std::move(file)) {}
  Result<void> mend(std::string_view text);

  File file_;
  std::int64_t end_ = 0;  // of the last whole line
  std::vector<ManifestRow> rows_;
  std::string torn_;
};

}  // namespace binrip::batch
