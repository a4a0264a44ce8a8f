// The catalogue for people.
#pragma once

#include <span>
#include <string>

#include "binrip/batch/catalog_archive.hpp"

namespace binrip::cli {

std::string discs_text(std::span<const batch::CatalogDisc> discs);
std::string entry_text(const batch::CatalogEntry& entry, std::span<const batch::ContentMatch> alike);
// "disc 12  right  …" with its problems, and a line about all of them.
std::string check_text(const batch::ImageCheck& check);
std::string checks_summary(std::span<const batch::ImageCheck> checks, std::size_t all);

}  // namespace binrip::cli
