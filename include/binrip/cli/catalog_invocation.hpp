// The command lines of `binrip catalog`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "binrip/cli/output_options.hpp"

namespace binrip::cli {

enum class CatalogAction { list, show, search, export_all, verify, rebuild };
enum class ExportFormat { csv, json, dat };

struct CatalogInvocation {
  CatalogAction action = CatalogAction::list;
  std::filesystem::path archive;
  std::int64_t disc = 0;           // to show
  std::vector<std::string> words;  // to search for
  ExportFormat export_format = ExportFormat::csv;
  // Of the discs, how many to verify: so many of a hundred, or so many; neither: all.
  std::optional<int> percent, discs;
  OutputFormat format = OutputFormat::text;
};

}  // namespace binrip::cli
