#include "catalog_options.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "option_parser.hpp"
#include "option_values.hpp"

namespace binrip::cli {
namespace {

constexpr int kMostDiscs = 1'000'000'000;

struct RawCatalogOptions {
  std::string archive, disc, share, discs;
  std::vector<std::string> words;
  bool csv = false, json = false, dat = false;
};

tl::unexpected<Error> catalog_usage(std::string message) {
  return fail(ErrorKind::usage, std::move(message), "`binrip catalog --help` lists what it can do");
}

// The arguments and options of an action.
void define(CatalogAction action, OptionParser& parser, RawCatalogOptions& raw) {
  constexpr std::string_view kGroup = "Options";
  parser.positional("ARCHIVE", raw.archive);
  switch (action) {
    case CatalogAction::show:
      parser.positional("ID", raw.disc);
      break;
    case CatalogAction::search:
      parser.positional("WORD", raw.words);
      break;
    case CatalogAction::export_all:
      parser.flag(kGroup, "--csv", raw.csv, "A line a disc, as RFC 4180 has it");
      parser.flag(kGroup, "--json", raw.json, "Everything, drives too");
      parser.flag(kGroup, "--dat", raw.dat, "The tracks' checksums, as redump has them (Logiqx XML)");
      return;
    case CatalogAction::verify:
      parser.value(kGroup, "--share", "PERCENT", raw.share, "Check so much of the archive [100]");
      parser.value(kGroup, "--discs", "N", raw.discs, "Check so many discs");
      break;
    case CatalogAction::list:
      break;
    case CatalogAction::rebuild:
      return;
  }
  parser.flag(kGroup, "--json", raw.json, "JSON for programs");
}

Result<Invocation> catalog_invocation(CatalogAction action, const RawCatalogOptions& raw) {
  if (raw.archive.empty()) return catalog_usage("expected ARCHIVE, the folder of an archive");
  CatalogInvocation result{.action = action,
                           .archive = raw.archive,
                           .words = raw.words,
                           .percent = std::nullopt,
                           .discs = std::nullopt,
                           .format = raw.json ? OutputFormat::json : OutputFormat::text};
  if (action == CatalogAction::show) {
    if (raw.disc.empty()) return catalog_usage("expected the ID of a disc, as `binrip catalog list` has it");
    TRY(result.disc, number("ID", raw.disc, "a number", 1, std::numeric_limits<int>::max()));
  }
  if (action == CatalogAction::search && raw.words.empty()) {
    return catalog_usage("expected words to search for");
  }
  if (action == CatalogAction::export_all) {
    if (int{raw.csv} + int{raw.json} + int{raw.dat} != 1) {
      return catalog_usage("expected one of --csv, --json, --dat");
    }
    result.export_format = raw.csv ? ExportFormat::csv : raw.json ? ExportFormat::json : ExportFormat::dat;
  }
  if (!raw.share.empty() && !raw.discs.empty())
    return catalog_usage("--share and --discs exclude each other");
  if (!raw.share.empty()) {
    const std::string_view share = raw.share;
    const std::string_view digits = share.ends_with('%') ? share.substr(0, share.size() - 1) : share;
    TRY(result.percent, number("--share", digits, "a percentage", 1, 100));
  }
  if (!raw.discs.empty()) {
    TRY(result.discs, number("--discs", raw.discs, "a number", 1, kMostDiscs));
  }
  return result;
}

}  // namespace

Result<Invocation> parse_catalog(std::vector<std::string> arguments) {
  constexpr std::array<std::pair<std::string_view, CatalogAction>, 6> kActions = {
      {{"list", CatalogAction::list},
       {"show", CatalogAction::show},
       {"search", CatalogAction::search},
       {"export", CatalogAction::export_all},
       {"verify", CatalogAction::verify},
       {"rebuild", CatalogAction::rebuild}}};
  RawCatalogOptions raw;
  OptionParser parser;
  const auto action = std::find_if(kActions.begin(), kActions.end(), [&](const auto& known) {
    return !arguments.empty() && known.first == arguments.front();
  });
  if (action == kActions.end()) {
    const std::string got = arguments.empty() ? "" : fmt::format(", got \"{}\"", arguments.front());
    if (!arguments.empty() && arguments.front().starts_with('-')) {
      TRY(auto text, parser.parse(kCatalogCommand, std::move(arguments)));
      if (text) return TextInvocation{std::move(*text)};
    }
    return catalog_usage("catalog: expected one of list, show, search, export, verify, rebuild" + got);
  }
  arguments.erase(arguments.begin());
  define(action->second, parser, raw);
  TRY(auto text, parser.parse(kCatalogCommand, std::move(arguments)));
  if (text) return TextInvocation{std::move(*text)};
  return catalog_invocation(action->second, raw);
}

}  // namespace binrip::cli
