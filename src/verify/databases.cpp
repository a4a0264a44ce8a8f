#include "binrip/verify/databases.hpp"

#include <map>

#include "binrip/verify/ctdb_sums.hpp"

namespace binrip::verify {
namespace {

using cd::SectorState;

// One rip could be of the same drive with the same error.
constexpr std::int64_t kRipsThatProve = 2;

class StoppableFetcher : public net::Fetcher {
 public:
  StoppableFetcher(net::Fetcher& inner, std::stop_token stop) : inner_(inner), stop_(std::move(stop)) {}
  Result<net::Response> get(const net::Request& request) override {
    net::Request stoppable = request;
    stoppable.stop = stop_;
    return inner_.get(stoppable);
  }

 private:
  net::Fetcher& inner_;
  std::stop_token stop_;
};

SectorState worth(std::int64_t confidence) {
  return confidence >= kRipsThatProve ? SectorState::proven : SectorState::consistent;
}

template <class T>
image::ReportDatabase row(const std::string& name, const DatabaseReply<T>& reply) {
  image::ReportDatabase database{.name = name, .answer = "known", .problem = reply.problem};
  if (reply.kind == ReplyKind::no_answer) database.answer = "no answer";
  if (reply.kind == ReplyKind::unknown_disc) database.answer = "unknown disc";
  return database;
}

// `error`: null where the server does not know the disc.
template <class T>
void no_answer(const Error* error, DatabaseReply<T>& reply) {
  if (error == nullptr) {
    reply.kind = ReplyKind::unknown_disc;
  } else if (error->kind != ErrorKind::offline) {
    reply.kind = ReplyKind::no_answer;
    reply.problem = error->message;
  }
}

image::ReportDatabaseTrack row(const AccurateRipTrackMatches& track) {
  image::ReportDatabaseTrack result{.number = track.track.number, .match = "none", .known = track.known};
  if (track.matches.empty()) return result;
  const AccurateRipMatch& best = track.matches.front();
  result.match = best.version == AccurateRipVersion::v2 ? "v2" : "v1";
  result.offset = best.offset;
  result.confidence = best.confidence;
  return result;
}

void add_vouched(const AccurateRipTrackMatches& track, std::vector<image::StateRun>& vouched) {
  if (track.matches.empty()) return;
  const AccurateRipMatch& best = track.matches.front();
  const SectorState state =
      best.version == AccurateRipVersion::v2 ? worth(best.confidence) : SectorState::consistent;
  if (const cd::LbaRange range = vouched_for(track.track, best.offset); !range.empty()) {
    vouched.push_back({range, state});
  }
}

Result<void> compare_accuraterip(const cd::Disc& disc, const DatabaseReply<AccurateRipAnswer>& reply,
                                 const SectorSource& source, const std::stop_token& stop,
                                 DatabaseCheck& result) {
  if (reply.kind == ReplyKind::not_asked) return {};
  image::ReportDatabase database = row("AccurateRip", reply);
  if (reply.kind == ReplyKind::known) {
    TRY(const AccurateRipVerdict verdict, check_accuraterip(disc, reply.value, source, stop));
    for (const AccurateRipTrackMatches& track : verdict.tracks) {
      database.tracks.push_back(row(track));
      add_vouched(track, result.vouched);
    }
  }
  result.databases.push_back(std::move(database));
  return {};
}

// The numbers of the tracks that a layout has, in its order.
std::vector<int> track_numbers(const cd::Disc& disc, const CtdbLayout& layout) {
  std::vector<int> numbers;
  for (const cd::Lba start : layout.tracks) {
    for (const cd::TrackRef& track : cd::track_ranges(disc)) {
      if (!track.track->is_data() && track.track->start() == start) numbers.push_back(track.track->number);
    }
  }
  return numbers;
}

// A track's row: by the entries in which it is right, at the offset of the one with most confidence.
image::ReportDatabaseTrack row(std::size_t index, int number, const CtdbVerdict& verdict,
                               std::span<const CtdbEntry> entries) {
  image::ReportDatabaseTrack result{.number = number, .match = "none", .known = verdict.total};
  std::int64_t most = -1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const CtdbMatch& match = verdict.matches[i];
    if (!match.offset || !match.tracks[index] || entries[i].confidence <= most) continue;
    most = entries[i].confidence;
    result.match = "crc32";
    result.offset = *match.offset;
  }
  if (most >= 0) result.confidence = verdict.tracks[index];
  return result;
}

Result<void> compare_ctdb(const cd::Disc& disc, const DatabaseReply<std::vector<CtdbEntry>>& reply,
                          const SectorSource& source, const std::stop_token& stop, DatabaseCheck& result) {
  if (reply.kind == ReplyKind::not_asked) return {};
  image::ReportDatabase database = row("CTDB", reply);
  const auto layout = ctdb_layout(disc);
  if (reply.kind == ReplyKind::known && layout) {
    TRY(const CtdbSums sums, ctdb_sums(*layout, source, CtdbScope::checksums, stop));
    const CtdbVerdict verdict = compare(*layout, sums, reply.value);
    const std::vector<int> numbers = track_numbers(disc, *layout);
    for (std::size_t i = 0; i < numbers.size() && i < verdict.tracks.size(); ++i) {
      database.tracks.push_back(row(i, numbers[i], verdict, reply.value));
    }
    database.disc_confidence = verdict.disc;
    for (std::size_t i = 0; i < reply.value.size(); ++i) {
      const CtdbMatch& match = verdict.matches[i];
      if (!match.offset) continue;
      for (const cd::LbaRange& range : vouched(*layout, match)) {
        result.vouched.push_back({range, worth(reply.value[i].confidence)});
      }
    }
  }
  result.databases.push_back(std::move(database));
  return {};
}

}  // namespace

bool DatabaseReplies::known() const {
  return accuraterip.kind == ReplyKind::known || ctdb.kind == ReplyKind::known;
}

DatabaseReplies ask_databases(const cd::Disc& disc, net::Fetcher& network, const DatabaseServers& servers,
                              std::stop_token stop) {
  StoppableFetcher fetcher(network, std::move(stop));
  DatabaseReplies replies;
  const auto ids = accuraterip_ids(disc);
  if (!ids) return replies;
  if (!servers.accuraterip.empty()) {
    auto answer = look_up_accuraterip(fetcher, servers.accuraterip, *ids);
    if (answer && *answer) {
      replies.accuraterip = {ReplyKind::known, {}, std::move(**answer)};
    } else {
      no_answer(answer ? nullptr : &answer.error(), replies.accuraterip);
    }
  }
  if (!servers.ctdb.empty() && ctdb_layout(disc)) {
    auto entries = look_up_ctdb(disc, fetcher, servers.ctdb);
    if (entries && !entries->empty()) {
      replies.ctdb = {ReplyKind::known, {}, std::move(*entries)};
    } else {
      no_answer(entries ? nullptr : &entries.error(), replies.ctdb);
    }
  }
  return replies;
}

Result<DatabaseCheck> check_databases(const cd::Disc& disc, const DatabaseReplies& replies,
                                      const SectorSource& source, std::stop_token stop) {
  DatabaseCheck result;
  TRY_VOID(compare_accuraterip(disc, replies.accuraterip, source, stop, result));
  TRY_VOID(compare_ctdb(disc, replies.ctdb, source, stop, result));
  return result;
}

std::vector<int> tracks_like_nobodys(const std::vector<image::ReportDatabase>& databases) {
  std::map<int, bool> matched;  // by track
  bool disc_is_known = false;
  for (const image::ReportDatabase& database : databases) {
    for (const image::ReportDatabaseTrack& track : database.tracks) {
      if (track.known == 0) continue;
      const bool matches = track.match != "none";
      matched[track.number] = matched[track.number] || matches;
      disc_is_known = disc_is_known || (matches && track.confidence >= kRipsThatProve);
    }
  }
  std::vector<int> tracks;
  for (const auto& [track, matches] : matched) {
    if (disc_is_known && !matches) tracks.push_back(track);
  }
  return tracks;
}

const CtdbEntry* best_parity(const cd::Disc& disc, const DatabaseReplies& replies) {
  const auto layout = ctdb_layout(disc);
  const CtdbEntry* best = nullptr;
  if (!layout) return best;
  for (const CtdbEntry& entry : replies.ctdb.value) {
    if (!fits(entry, *layout) || entry.parity_url.empty()) continue;
    if (best == nullptr || entry.confidence > best->confidence) best = &entry;
  }
  return best;
}

}  // namespace binrip::verify
