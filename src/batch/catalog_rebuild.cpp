#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/batch/catalog_archive.hpp"
#include "binrip/verify/seal.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReportLimit = 64U << 20;
constexpr std::string_view kFailed = "failed";  // what could not be finished is put there

// All reports below a folder, by path.
class Walk {
 public:
  Walk(const fs::path& archive, const std::stop_token& stop) : archive_(archive), stop_(stop) {}

  Result<void> run() {
    std::error_code problem;
    std::vector<fs::path> folders = {archive_};
    while (!folders.empty()) {
      const fs::path folder = std::move(folders.back());
      folders.pop_back();
      fs::directory_iterator entries(folder, problem);
      while (!problem && entries != fs::directory_iterator()) {
        if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
        look_at(*entries, folders);
        entries.increment(problem);
      }
      if (!problem) continue;
      const Error error = errno_error(problem.value(), "read", folder);
      if (folder == archive_) return fail(error);
      problems.push_back(error.message);
    }
    std::sort(reports.begin(), reports.end());
    return {};
  }

  std::vector<fs::path> reports;
  std::vector<std::string> problems;

 private:
  void look_at(const fs::directory_entry& entry, std::vector<fs::path>& folders) {
    const fs::path& path = entry.path();
    const std::string name = path.filename().string();
    std::error_code problem;
    const fs::file_type type = entry.symlink_status(problem).type();
    if (type == fs::file_type::directory) {
      const bool at_top = path.parent_path() == archive_;
      if (name.starts_with('.') || path.extension() == ".partial" || (at_top && name == kFailed)) return;
      folders.push_back(path);
    } else if (path.extension() == ".json" && entry.is_regular_file(problem)) {
      reports.push_back(path);
    }
  }

  fs::path archive_;
  std::stop_token stop_;
};

// "artist/title/title.cue" for …/archive/artist/title/title.json.
std::string sheet_of(const fs::path& report, const fs::path& archive) {
  return fs::path(report).replace_extension(".cue").lexically_relative(archive).generic_string();
}

Result<image::Report> read_report(const fs::path& path, std::vector<std::string>& problems) {
  TRY(const std::string text, read_text(path, kReportLimit));
  TRY(image::Report report, image::report_from_json(text, path.string()));
  if (!verify::json_seal_right(text)) {
    problems.push_back(fmt::format("{}: its checksum of itself does not fit", path.string()));
  }
  std::error_code none;
  if (const fs::path sheet = fs::path(path).replace_extension(".cue"); !fs::exists(sheet, none)) {
    problems.push_back(fmt::format("{}: the image of this report is not there", sheet.string()));
  }
  return report;
}

// So that the parent of what lies in it is the same path.
fs::path without_slash(const fs::path& folder) {
  const fs::path plain = (folder / "x").lexically_normal().parent_path();
  return plain.empty() ? fs::path(".") : plain;
}

}  // namespace

Result<ArchiveReports> read_reports(const fs::path& folder, const std::stop_token& stop) {
  const fs::path archive = without_slash(folder);
  Walk walk(archive, stop);
  TRY_VOID(walk.run());
  ArchiveReports result;
  result.problems = std::move(walk.problems);
  for (const fs::path& path : walk.reports) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
    std::string sheet = sheet_of(path, archive);
    result.sheets.insert(sheet);
    const auto report = read_report(path, result.problems);
    if (report) {
      result.entries.push_back(catalog_entry(*report, std::move(sheet)));
    } else {
      result.problems.push_back(report.error().message);
    }
  }
  return result;
}

Result<std::size_t> take_in(Catalog& catalog, const fs::path& archive, const ArchiveReports& reports) {
  TRY(const std::vector<CatalogDisc> known, catalog.discs());
  std::vector<std::string> gone;
  for (const CatalogDisc& disc : known) {
    std::error_code problem;
    // Somebody may have put it there since; and a folder that could not be read may hold it still.
    const fs::path report = (archive / disc.sheet).replace_extension(".json");
    const bool missing = fs::status(report, problem).type() == fs::file_type::not_found;
    if (reports.sheets.count(disc.sheet) == 0 && missing) gone.push_back(disc.sheet);
  }
  TRY_VOID(catalog.reconcile(reports.entries, gone));
  return gone.size();
}

}  // namespace binrip::batch
