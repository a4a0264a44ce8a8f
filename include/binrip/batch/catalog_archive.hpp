// The catalogue and the files of its archive: made from the reports, and held against the images.
#pragma once

#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "binrip/batch/catalog.hpp"

namespace binrip::batch {

// What the reports of an archive tell.
struct ArchiveReports {
  std::vector<CatalogEntry> entries;  // by sheet
  std::set<std::string> sheets;       // of these, and of reports that are damaged
  std::vector<std::string> problems;  // a line each: reports that were passed over, and why; what is missing
};

// Reads all reports below the folder: each *.json that is one, but those in hidden folders, in *.partial, and
// in `failed` at the top. Links to folders are not followed. Errors: the folder cannot be read; cancelled.
Result<ArchiveReports> read_reports(const std::filesystem::path& archive, const std::stop_token& stop = {});

// Brings the catalogue in line with them, at once: discs whose report is not there any more are removed;
// those whose report is damaged stay as they are known. Gives how many were removed.
Result<std::size_t> take_in(Catalog& catalog, const std::filesystem::path& archive,
                            const ArchiveReports& reports);

struct ImageCheck {
  CatalogDisc disc;                   // with this check
  std::vector<std::string> problems;  // a line each; empty: all is well
  std::string warning = {};           // why the report does not tell of the check; empty: it does
};

// Verifies the image of a disc as `binrip verify` does, with nobody asked, and holds it against the
// catalogue too. The result goes into the report and the catalogue. An image that is missing or cannot be
// read is a problem, not an Error. Errors: cancelled; what Catalog gives.
Result<ImageCheck> check_image(Catalog& catalog, const std::filesystem::path& archive, std::int64_t disc,
                               const std::string& program_version, std::stop_token stop = {});

}  // namespace binrip::batch
