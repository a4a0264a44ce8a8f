#include "catalog_command.hpp"

#include <csignal>
#include <iterator>

#include <fmt/format.h>

#include "catalog_text.hpp"
#include "print_result.hpp"

#include "binrip/base/clock.hpp"
#include "binrip/batch/catalog_archive.hpp"
#include "binrip/batch/catalog_export.hpp"
#include "binrip/cli/catalog_invocation.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/verify/verify_image.hpp"

namespace binrip::cli {
namespace {

namespace fs = std::filesystem;
using batch::Catalog;
using batch::CatalogAccess;

Result<void> check_archive(const fs::path& archive) {
  std::error_code problem;
  if (fs::is_directory(archive, problem)) return {};
  return fail(ErrorKind::usage, fmt::format("expected the folder of an archive, got {}", archive.string()));
}

// One that is there.
Result<std::unique_ptr<Catalog>> open_catalog(const fs::path& archive, CatalogAccess access) {
  TRY_VOID(check_archive(archive));
  auto catalog = batch::open_sqlite_catalog(archive / batch::kCatalogName, access);
  if (catalog) return catalog;
  Error error = std::move(catalog).error();
  // The hint with the name that was given.
  constexpr std::string_view kPlaceholder = "ARCHIVE";
  for (auto at = error.hint.find(kPlaceholder); at != std::string::npos;
       at = error.hint.find(kPlaceholder, at + archive.string().size())) {
    error.hint.replace(at, kPlaceholder.size(), archive.string());
  }
  return fail(std::move(error));
}

Result<std::string> list(Catalog& catalog, const CatalogInvocation& options) {
  TRY(const std::vector<batch::CatalogDisc> discs,
      options.action == CatalogAction::search ? catalog.search(options.words) : catalog.discs());
  return options.format == OutputFormat::json ? batch::discs_json(discs) : discs_text(discs);
}

Result<std::string> show(Catalog& catalog, const CatalogInvocation& options) {
  TRY(const std::optional<batch::CatalogEntry> entry, catalog.entry(options.disc));
  if (!entry) {
    return fail(ErrorKind::usage, fmt::format("there is no disc {} in the catalogue", options.disc),
                "`binrip catalog list` has the numbers");
  }
  TRY(const std::vector<batch::ContentMatch> alike, catalog.with_content(*entry));
  return options.format == OutputFormat::json ? batch::entry_json(*entry, alike) : entry_text(*entry, alike);
}

Result<std::string> export_all(Catalog& catalog, const CatalogInvocation& options) {
  TRY(const std::vector<batch::CatalogDisc> discs, catalog.discs());
  std::vector<batch::CatalogEntry> entries;
  for (const batch::CatalogDisc& disc : discs) {
    TRY(auto entry, catalog.entry(disc.id));
    if (entry) entries.push_back(std::move(*entry));
  }
  switch (options.export_format) {
    case ExportFormat::csv:
      return batch::catalog_csv(entries);
    case ExportFormat::dat:
      break;
    case ExportFormat::json: {
      TRY(const std::vector<batch::CatalogDrive> drives, catalog.drives());
      return batch::catalog_json(entries, drives);
    }
  }
  const fs::path archive = (options.archive / "x").lexically_normal().parent_path();
  const std::string name = archive.filename().string();
  return batch::catalog_dat(entries, name.empty() || name == ".." ? "archive" : name, BINRIP_VERSION,
                            utc_now().substr(0, 10));
}

// What only reads.
Result<std::string> show_catalog(const CatalogInvocation& options) {
  TRY(const std::unique_ptr<Catalog> catalog, open_catalog(options.archive, CatalogAccess::read));
  switch (options.action) {
    case CatalogAction::show:
      return show(*catalog, options);
    case CatalogAction::export_all:
      return export_all(*catalog, options);
    default:
      return list(*catalog, options);
  }
}

// A share is rounded up, so that the smallest one gets round, too.
std::size_t discs_to_check(const CatalogInvocation& options, std::size_t all) {
  constexpr std::size_t kHundred = 100;
  if (options.discs) return static_cast<std::size_t>(*options.discs);
  if (options.percent) return (all * static_cast<std::size_t>(*options.percent) + kHundred - 1) / kHundred;
  return all;
}

Result<int> verify(const CatalogInvocation& options, Host& host, const std::stop_token& stop) {
  TRY(const std::unique_ptr<Catalog> catalog, open_catalog(options.archive, CatalogAccess::update));
  TRY(const std::vector<batch::CatalogDisc> all, catalog->discs());
  TRY(const std::vector<batch::CatalogDisc> due,
      catalog->least_recently_checked(discs_to_check(options, all.size())));
  const bool json = options.format == OutputFormat::json;
  std::vector<batch::ImageCheck> checks;
  int exit_code = kSuccess;
  for (const batch::CatalogDisc& disc : due) {
    TRY(batch::ImageCheck check,
        batch::check_image(*catalog, options.archive, disc.id, BINRIP_VERSION, stop));
    exit_code = std::max(exit_code, check.disc.check.exit_code);
    if (!check.warning.empty()) {
      host.err << "binrip: warning: the report does not tell of this: " << safe_text(check.warning) << '\n';
    }
    if (!json) host.out << check_text(check) << std::flush;  // it may take hours
    checks.push_back(std::move(check));
  }
  const int printed =
      print_result(host, json ? batch::checks_json(checks, exit_code) : checks_summary(checks, all.size()));
  return printed == kSuccess ? exit_code : printed;
}

Result<int> rebuild(const CatalogInvocation& options, Host& host, const std::stop_token& stop) {
  TRY_VOID(check_archive(options.archive));
  TRY(const batch::ArchiveReports reports, batch::read_reports(options.archive, stop));
  // One that is made anew has them from its first moment on, so that a kill never leaves an empty one.
  TRY(const std::unique_ptr<Catalog> catalog,
      batch::open_sqlite_catalog(options.archive / batch::kCatalogName, CatalogAccess::create,
                                 batch::kCatalogPatience, reports.entries));
  TRY(const std::size_t removed, batch::take_in(*catalog, options.archive, reports));
  for (const std::string& problem : reports.problems) {
    host.err << "binrip: warning: " << safe_text(problem) << '\n';
  }
  std::string text = fmt::format("{} from their reports",
                                 counted(static_cast<std::int64_t>(reports.entries.size()), "disc"));
  if (removed > 0) text += fmt::format(", {} removed that are not there any more", removed);
  const int printed = print_result(host, text + '\n');
  if (printed != kSuccess) return printed;
  return reports.problems.empty() ? kSuccess : verify::Verification::kFaulty;
}

int ended(Host& host, const Result<int>& result, int signal) {
  constexpr int kSignalled = 128;
  if (result) return *result;
  if (result.error().kind != ErrorKind::cancelled) {
    print_error(host.err, result.error());
    return kFailure;
  }
  print_error(host.err, {ErrorKind::cancelled, "interrupted"});
  return kSignalled + (signal != 0 ? signal : SIGINT);
}

}  // namespace

int catalog_command(const CatalogInvocation& options, Host& host) {
  if (options.action == CatalogAction::verify || options.action == CatalogAction::rebuild) {
    const std::unique_ptr<Interruption> interruption = host.watch_signals();
    const auto act = options.action == CatalogAction::verify ? verify : rebuild;
    const Result<int> result = act(options, host, interruption->token());
    return ended(host, result, interruption->signal());
  }
  const Result<std::string> text = show_catalog(options);
  if (text) return print_result(host, *text);
  print_error(host.err, text.error());
  return kFailure;
}

}  // namespace binrip::cli
