#include "layout.hpp"

#include <algorithm>

namespace binrip::sim {

Layout::Layout(const cd::Disc& disc) {
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    const cd::Session& session = disc.sessions[s];
    if (session.tracks.empty()) continue;
    const cd::TrackMode first_mode = session.tracks.front().mode;
    const cd::Lba start = s == 0 ? cd::Lba{0} : session.tracks.front().start();
    const cd::SectorCount pregap{cd::kPregapSectors};
    if (!areas_.empty()) {
      add({{areas_.back().range.end, start - pregap}, AreaKind::lead_in, first_mode, s, 0});
    }
    add({{start - pregap, start}, AreaKind::pregap, first_mode, s, 0});
    for (std::size_t t = 0; t < session.tracks.size(); ++t) {
      const cd::Lba begin = t == 0 ? start : session.tracks[t].begin();
      const cd::Lba end = t + 1 < session.tracks.size() ? session.tracks[t + 1].begin() : session.lead_out;
      add({{begin, end}, AreaKind::track, session.tracks[t].mode, s, t});
    }
    const bool last = s + 1 == disc.sessions.size();
    cd::Lba end = session.lead_out + (s == 0 || last ? kFirstLeadOut : kLaterLeadOut);
    if (!last && !disc.sessions[s + 1].tracks.empty()) {
      end = std::min(end, disc.sessions[s + 1].tracks.front().start() - pregap);
    }
    add({{session.lead_out, end},
         AreaKind::lead_out,
         session.tracks.back().mode,
         s,
         session.tracks.size() - 1});
  }
}

void Layout::add(Area area) {
  // A disc model from a malformed sheet may go backwards; what has been laid out stays.
  if (!areas_.empty()) area.range.begin = areas_.back().range.end;
  if (!area.range.empty()) areas_.push_back(area);
}

const Area& Layout::at(cd::Lba lba) const {
  const auto after = std::upper_bound(areas_.begin(), areas_.end(), lba,
                                      [](cd::Lba a, const Area& area) { return a < area.range.begin; });
  return after == areas_.begin() ? areas_.front() : *std::prev(after);
}

bool in_session_gap(const Area& area, cd::Lba lba, int overread, std::size_t sessions) {
  switch (area.kind) {
    case AreaKind::track:
      return false;
    case AreaKind::lead_in:
      return true;
    case AreaKind::pregap:
      return area.session > 0;
    case AreaKind::lead_out:
      return area.session + 1 < sessions && lba >= area.range.begin + cd::SectorCount{overread};
  }
  return false;
}

}  // namespace binrip::sim
