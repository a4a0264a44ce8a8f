#include "binrip/verify/ctdb.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/verify/disc_ids.hpp"

namespace binrip::verify {
namespace {

struct PlacedTrack {
  const cd::Track* track;
  const cd::Session* session;
};

std::vector<PlacedTrack> placed_tracks(const cd::Disc& disc) {
  std::vector<PlacedTrack> result;
  for (const cd::Session& session : disc.sessions) {
    for (const cd::Track& track : session.tracks) result.push_back({&track, &session});
  }
  return result;
}

}  // namespace

std::int64_t CtdbLayout::start(std::size_t track) const {
  const cd::Lba lba = track < tracks.size() ? tracks[track] : audio.end;
  return std::int64_t{(lba - audio.begin).value} * cd::kSamplesPerSector;
}

std::optional<CtdbLayout> ctdb_layout(const cd::Disc& disc) {
  const std::vector<PlacedTrack> all = placed_tracks(disc);
  const auto is_audio = [](const PlacedTrack& t) { return !t.track->is_data(); };
  const auto first = std::find_if(all.begin(), all.end(), is_audio);
  if (first == all.end()) return std::nullopt;
  const auto behind = std::find_if_not(first, all.end(), is_audio);
  if (std::any_of(behind, all.end(), is_audio)) return std::nullopt;
  CtdbLayout layout;
  for (auto t = first; t != behind; ++t) {
    if (t->session != first->session) return std::nullopt;
    layout.tracks.push_back(t->track->start());
  }
  layout.audio = {first->track->start(), first->session->lead_out};
  if (behind != all.end()) {
    if (behind->session == first->session) return std::nullopt;
    layout.audio.end = std::min(layout.audio.end, behind->track->start() - kDatabaseSessionGap);
  }
  if (layout.audio.end <= layout.tracks.back() || layout.samples() < 3 * kCtdbStride) return std::nullopt;
  return layout;
}

std::string ctdb_toc(const cd::Disc& disc) {
  std::string toc;
  for (const PlacedTrack& t : placed_tracks(disc)) {
    toc += fmt::format("{}{}:", t.track->is_data() ? "-" : "", t.track->start().value);
  }
  return disc.sessions.empty() ? toc : toc + fmt::format("{}", disc.sessions.back().lead_out.value);
}

std::string ctdb_query(const cd::Disc& disc) {
  return "/lookup2.php?version=3&ctdb=1&fuzzy=1&metadata=none&toc=" + ctdb_toc(disc);
}

bool fits(const CtdbEntry& entry, const CtdbLayout& layout) {
  return entry.stride == kCtdbStride && entry.audio == layout.audio.size();
}

Result<std::vector<CtdbEntry>> look_up_ctdb(const cd::Disc& disc, net::Fetcher& fetcher,
                                            std::string_view server) {
  if (!ctdb_layout(disc)) {
    return fail(ErrorKind::unsupported,
                "CTDB knows only discs whose audio is in one piece, of half a second or more");
  }
  net::Request request;
  request.url = std::string(server) + ctdb_query(disc);
  TRY(const net::Response response, fetcher.get(request));
  if (!response.found) return std::vector<CtdbEntry>{};
  return parse_ctdb({reinterpret_cast<const char*>(response.body.data()), response.body.size()}, server);
}

}  // namespace binrip::verify
