// AccurateRip's list of read offsets, as this program keeps it.
#pragma once

#include <filesystem>

#include "binrip/drive/profile.hpp"
#include "binrip/net/fetcher.hpp"

namespace binrip::cli {

// In the cache folder; empty where there is none.
std::filesystem::path drive_list_file();

// Where AccurateRip's files lie: as the configuration says, else its own server.
std::string accuraterip_url(const drive::ConfigFile& config);

// Fetches the list and puts it in place of the old one, if it is one. Gives how many entries it has.
Result<std::size_t> update_drive_list(net::Fetcher& fetcher, const drive::ConfigFile& config);

}  // namespace binrip::cli
