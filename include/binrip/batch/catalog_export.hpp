// The catalogue for other programs. Texts from discs hold anything; each form keeps them plain data.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "binrip/batch/catalog_archive.hpp"

namespace binrip::batch {

inline constexpr int kCatalogJsonVersion = 1;

// One field of a CSV file (RFC 4180), in quotes where it needs them. Control characters stand as \x1b; a text
// that a spreadsheet would take for a formula gets an apostrophe before it.
std::string csv_field(std::string_view text);
// A line of names, then a line a disc, with CR LF.
std::string catalog_csv(std::span<const CatalogEntry> entries);

// UTF-8; bytes in names of files that are none become U+FFFD. A list of discs without what is in them; one
// disc; everything; and what `binrip catalog verify` found.
std::string discs_json(std::span<const CatalogDisc> discs);
std::string entry_json(const CatalogEntry& entry, std::span<const ContentMatch> alike);
std::string catalog_json(std::span<const CatalogEntry> entries, std::span<const CatalogDrive> drives);
std::string checks_json(std::span<const ImageCheck> checks, int exit_code);

// Logiqx XML, a game a disc, with its tracks as files of their own. `date`: ISO 8601.
std::string catalog_dat(std::span<const CatalogEntry> entries, std::string_view name,
                        std::string_view program_version, std::string_view date);

}  // namespace binrip::batch
