#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/clock.hpp"
#include "binrip/batch/catalog_archive.hpp"
#include "binrip/verify/image_hashes.hpp"
#include "binrip/verify/verify_image.hpp"

namespace binrip::batch {
namespace {

namespace fs = std::filesystem;

// Digests that one of them lacks say nothing; the size, which both have, does not stand for the bytes.
bool differ(const image::Digests& a, const image::Digests& b) {
  const auto unlike = [](const std::string& x, const std::string& y) {
    return !x.empty() && !y.empty() && x != y;
  };
  return a.size != b.size || unlike(a.crc32, b.crc32) || unlike(a.md5, b.md5) || unlike(a.sha1, b.sha1) ||
         unlike(a.sha256, b.sha256);
}

bool stays_inside(const fs::path& sheet) {
  return !sheet.empty() && !sheet.is_absolute() && std::find(sheet.begin(), sheet.end(), "..") == sheet.end();
}

// What differs between the image as it was found and as the catalogue has it.
class ArchiveComparison {
 public:
  ArchiveComparison(const CatalogEntry& known, const verify::Verification& found, std::stop_token stop)
      : known_(known), found_(found), stop_(std::move(stop)) {}

  Result<std::vector<std::string>> run() {
    if (!found_.report) problems_.emplace_back("there is no report beside the image that can be read");
    compare_tracks();
    if (differ(known_.disc.whole, found_.audit.whole)) not_as_known("whole image");
    for (const image::ReportFile& file : known_.files) TRY_VOID(compare_file(file));
    return std::move(problems_);
  }

 private:
  void not_as_known(std::string_view what) {
    problems_.push_back(fmt::format("{}: not as the catalogue has it", what));
  }

  void compare_tracks() {
    const auto& tracks = found_.audit.tracks;
    if (tracks.size() != known_.tracks.size()) {
      problems_.push_back(
          fmt::format("the catalogue has {} tracks, the image {}", known_.tracks.size(), tracks.size()));
      return;
    }
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const CatalogTrack& known = known_.tracks[i];
      if (known.number != tracks[i].number || known.range != tracks[i].range ||
          differ(known.digests, tracks[i].digests)) {
        not_as_known(fmt::format("track {}", tracks[i].number));
      }
    }
  }

  // Files were held against the report already; where it says the same as the catalogue, that is enough.
  Result<void> compare_file(const image::ReportFile& file) {
    if (found_.report) {
      const auto& files = found_.report->files;
      if (std::find(files.begin(), files.end(), file) != files.end()) return {};
    }
    const fs::path name(file.name);
    std::error_code none;
    const fs::path path = found_.sheet.parent_path() / name;
    if (name != name.filename() || !fs::is_regular_file(path, none)) {
      problems_.push_back(fmt::format("{}: the catalogue has such a file, the image has not", file.name));
      return {};
    }
    const auto digests = verify::hash_file(path, stop_);
    if (digests) {
      if (differ(file.digests, *digests)) not_as_known(file.name);
    } else if (digests.error().kind == ErrorKind::cancelled) {
      return fail(digests.error());
    } else {
      problems_.push_back(digests.error().message);
    }
    return {};
  }

  const CatalogEntry& known_;
  const verify::Verification& found_;
  std::stop_token stop_;
  std::vector<std::string> problems_;
};

// An image that cannot be read gives its reason as the only problem.
Result<verify::Verification> look_at(const CatalogEntry& known, const fs::path& archive,
                                     const std::stop_token& stop) {
  if (!stays_inside(known.disc.sheet)) {
    return fail(ErrorKind::invalid, fmt::format("{}: not a place in the archive", known.disc.sheet));
  }
  TRY(verify::Verification found, verify::verify_image(archive / known.disc.sheet, stop));
  TRY(const std::vector<std::string> differences, ArchiveComparison(known, found, stop).run());
  if (differences.empty()) return found;
  found.problems.insert(found.problems.end(), differences.begin(), differences.end());
  found.exit_code = verify::Verification::kFaulty;
  found.verdict =
      fmt::format("{} problem{} found", found.problems.size(), found.problems.size() == 1 ? "" : "s");
  return found;
}

}  // namespace

Result<ImageCheck> check_image(Catalog& catalog, const fs::path& archive, std::int64_t disc,
                               const std::string& program_version, std::stop_token stop) {
  TRY(const std::optional<CatalogEntry> known, catalog.entry(disc));
  if (!known) return fail(ErrorKind::mismatch, fmt::format("there is no disc {} in the catalogue", disc));
  const auto found = look_at(*known, archive, stop);
  if (!found && found.error().kind == ErrorKind::cancelled) return fail(found.error());

  ImageCheck result{.disc = known->disc, .problems = {}};
  if (found) {
    result.problems = found->problems;
    result.disc.check = {utc_now(), found->exit_code, found->verdict};
    const image::ReportVerification entry{
        result.disc.check.date, program_version, found->exit_code, found->verdict, {}};
    const auto recorded = verify::record_verification(*found, entry);
    if (!recorded) result.warning = recorded.error().message;
  } else {
    result.problems = {found.error().message};
    result.disc.check = {utc_now(), verify::Verification::kFaulty, "the image cannot be read"};
  }
  TRY_VOID(catalog.set_check(disc, result.disc.check));
  return result;
}

}  // namespace binrip::batch
