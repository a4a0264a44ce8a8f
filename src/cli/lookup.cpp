#include "lookup.hpp"

#include "drive_list.hpp"

namespace binrip::cli {

net::Access access_of(net::Access asked_for, const drive::ConfigFile& config) {
  return config.offline ? net::Access::offline : asked_for;
}

verify::DatabaseServers database_servers(const drive::ConfigFile& config) {
  return {accuraterip_url(config), config.ctdb_url.value_or(std::string(verify::kCtdbServer)),
          config.musicbrainz_url.value_or(std::string(verify::kMusicBrainzServer))};
}

verify::DatabaseServers database_servers(const drive::ConfigFile& config, std::string_view device) {
  if (!device.starts_with("sim:") && !device.starts_with("replay:")) return database_servers(config);
  return {config.accuraterip_url.value_or(""), config.ctdb_url.value_or(""),
          config.musicbrainz_url.value_or("")};
}

}  // namespace binrip::cli
