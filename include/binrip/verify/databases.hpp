// What the world's databases say of a disc's audio: AccurateRip and CTDB, asked and compared as one.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "binrip/image/report.hpp"
#include "binrip/verify/accuraterip.hpp"
#include "binrip/verify/ctdb.hpp"
#include "binrip/verify/database_servers.hpp"
#include "binrip/verify/musicbrainz.hpp"
#include "binrip/verify/sector_source.hpp"

namespace binrip::verify {

// What a server said, before anything is compared.
enum class ReplyKind { not_asked, no_answer, unknown_disc, known };
template <class T>
struct DatabaseReply {
  ReplyKind kind = ReplyKind::not_asked;
  std::string problem = {};  // why there is no answer
  T value = {};
};
struct DatabaseReplies {
  DatabaseReply<AccurateRipAnswer> accuraterip;
  DatabaseReply<std::vector<CtdbEntry>> ctdb;
  bool known() const;  // at least one of them knows the disc
};
// Asks both. What goes wrong stands in the replies; offline, what the cache does not have counts as not
// asked. A disc without audio is not asked for.
DatabaseReplies ask_databases(const cd::Disc& disc, net::Fetcher& fetcher, const DatabaseServers& servers,
                              std::stop_token stop = {});

struct DatabaseCheck {
  std::vector<image::ReportDatabase> databases;  // AccurateRip and CTDB, unless they were not asked
  // Sectors that a database speaks for, and what that is worth: proven where at least two rips of others gave
  // the same by a checksum that sees every bit (AccurateRip's v2, CTDB's CRC-32), else consistent. They may
  // overlap.
  std::vector<image::StateRun> vouched;
};
// Compares the audio with the replies, in one pass or two. Errors: the source's; cancelled.
Result<DatabaseCheck> check_databases(const cd::Disc& disc, const DatabaseReplies& replies,
                                      const SectorSource& source, std::stop_token stop = {});

// Tracks that no database has as they are here, although at least two rips of others agree about some other
// track of the disc. Ascending.
std::vector<int> tracks_like_nobodys(const std::vector<image::ReportDatabase>& databases);

// The entry whose parity should be tried first on audio that does not match: of those that fit and have one,
// that with the highest confidence. Null: none.
const CtdbEntry* best_parity(const cd::Disc& disc, const DatabaseReplies& replies);

}  // namespace binrip::verify
