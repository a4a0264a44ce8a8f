// Who is asked about a disc, and whether at all.
#pragma once

#include "binrip/drive/profile.hpp"
#include "binrip/net/fetcher.hpp"
#include "binrip/verify/databases.hpp"

namespace binrip::cli {

// Offline when the command or the configuration wants it.
net::Access access_of(net::Access asked_for, const drive::ConfigFile& config);

// As the configuration says, else the databases' own servers.
verify::DatabaseServers database_servers(const drive::ConfigFile& config);
// For a disc in `device`: nobody has to answer for discs that no drive has seen, unless the configuration
// names servers.
verify::DatabaseServers database_servers(const drive::ConfigFile& config, std::string_view device);

}  // namespace binrip::cli
