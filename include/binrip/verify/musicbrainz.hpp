// Names of a disc and its tracks from MusicBrainz, by its disc id. Only for those who ask for them.
//
// The address and the form of the answer are as MusicBrainz documents its web service (version 2, JSON); this
// code has not asked the server itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binrip/base/result.hpp"
#include "binrip/net/fetcher.hpp"
#include "binrip/verify/database_servers.hpp"

namespace binrip::verify {

struct MusicBrainzNames {
  std::string release;  // MusicBrainz' id of the release that they are from
  int releases = 0;     // that have this disc; the first one is taken
  // By field: "title", "performer", "3.title", "3.performer". UTF-8 without control characters, at most 250
  // bytes each; none is empty.
  std::vector<std::pair<std::string, std::string>> fields;
  friend bool operator==(const MusicBrainzNames&, const MusicBrainzNames&) = default;
};

// Nothing: the answer has no release with that disc. Errors (invalid): no JSON object of that form.
Result<std::optional<MusicBrainzNames>> parse_musicbrainz(std::string_view json, std::string_view disc_id);

// Nothing: the disc is not known. Errors: the fetcher's and the parser's.
Result<std::optional<MusicBrainzNames>> look_up_musicbrainz(net::Fetcher& fetcher, std::string_view server,
                                                            const std::string& disc_id,
                                                            std::stop_token stop = {});

}  // namespace binrip::verify
