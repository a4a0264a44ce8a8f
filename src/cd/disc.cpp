#include "binrip/cd/disc.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::cd {
namespace {

// POINT of the entries that are not tracks.
constexpr Byte kPointFirstTrack = 0xA0;
constexpr Byte kPointLastTrack = 0xA1;
constexpr Byte kPointLeadOut = 0xA2;
constexpr Byte kPointNextSession = 0xB0;
constexpr Byte kPointFirstLeadIn = 0xC0;

constexpr SectorCount kFirstGap{11'400};  // lead-out 6,750, lead-in 4,500, pregap 150
constexpr SectorCount kLaterGap{6'900};   // lead-out 2,250, lead-in 4,500, pregap 150
constexpr Msf kLastPossibleLeadOut{79, 59, 74};
constexpr Msf kUsualFirstLeadIn{97, 27, 0};

// PMIN, PSEC, PFRAME of tracks and lead-outs are always in the program area, up to 99:59:74: to_lba() would
// take minutes from 90 on for the lead-in.
std::optional<Lba> program_lba(Msf m) {
  if (!is_valid(m)) return std::nullopt;
  return Lba{to_count(m).value - kPregapSectors};
}

TrackMode mode_from_toc(Byte control, DiscType type) {
  if ((control & kControlData) == 0) return TrackMode::audio;
  if (type == DiscType::cd_i) return TrackMode::cdi;
  return type == DiscType::cd_xa ? TrackMode::mode2 : TrackMode::mode1;
}

DiscType disc_type(int psec) {
  if (psec == static_cast<int>(DiscType::cd_i)) return DiscType::cd_i;
  return psec == static_cast<int>(DiscType::cd_xa) ? DiscType::cd_xa : DiscType::cd_da_or_rom;
}

Byte toc_control(const Track& track) {
  return static_cast<Byte>((track.control & ~kControlData) | (track.is_data() ? kControlData : 0));
}

Track make_track(Byte number, Byte control, DiscType type, Lba start) {
  Track track;
  track.number = number;
  track.control = control;
  track.mode = mode_from_toc(control, type);
  track.indexes = {{1, start}};
  return track;
}

tl::unexpected<Error> bad_toc(std::string what) {
  return fail(ErrorKind::invalid, "table of contents: " + std::move(what));
}

// The rules that every disc keeps; all arithmetic on discs may rely on them.
Result<void> check_order(const Disc& disc) {
  Byte last_number = 0;
  Lba earliest{0};
  for (const Session& session : disc.sessions) {
    for (const Track& track : session.tracks) {
      if (track.number <= last_number)
        return bad_toc(fmt::format("track {} comes twice or out of order", track.number));
      if (track.start() < earliest)
        return bad_toc(fmt::format("track {} starts before what precedes it", track.number));
      last_number = track.number;
      earliest = track.start() + SectorCount{1};
    }
    if (session.lead_out < earliest) {
      return bad_toc(
          fmt::format("track {} is beyond the lead-out of session {}", last_number, session.number));
    }
    if (session.lead_out > kLastLba) return bad_toc("the lead-out lies beyond 99:59:74");
    earliest = session.lead_out;
  }
  if (last_number == 0) return bad_toc("no tracks");
  return {};
}

// Track 1 that starts later than LBA 0 has its pregap in the image: hidden track one.
void add_first_pregap(Disc& disc) {
  Track& first = disc.sessions.front().tracks.front();
  if (first.start() > Lba{0}) first.indexes = {{0, Lba{0}}, {1, first.start()}};
}

const FullTocEntry* find_entry(const FullToc& toc, Byte session, Byte point) {
  const auto it = std::find_if(toc.entries.begin(), toc.entries.end(), [&](const FullTocEntry& e) {
    return e.session == session && e.point == point && e.adr <= 1;
  });
  return it == toc.entries.end() ? nullptr : &*it;
}

Result<Session> session_from_full_toc(const FullToc& toc, Byte number) {
  Session session;
  session.number = number;
  if (const FullTocEntry* a0 = find_entry(toc, number, kPointFirstTrack))
    session.type = disc_type(a0->p_time.second);
  for (Byte point = 1; point <= 99; ++point) {
    const FullTocEntry* entry = find_entry(toc, number, point);
    if (entry == nullptr) continue;
    const auto start = program_lba(entry->p_time);
    if (!start) return bad_toc(fmt::format("track {} has no valid start", point));
    session.tracks.push_back(make_track(point, entry->control, session.type, *start));
  }
  if (session.tracks.empty()) return session;
  const FullTocEntry* a2 = find_entry(toc, number, kPointLeadOut);
  const auto lead_out = a2 != nullptr ? program_lba(a2->p_time) : std::nullopt;
  if (!lead_out) return bad_toc(fmt::format("session {} has no lead-out", number));
  session.lead_out = *lead_out;
  return session;
}

void append_multi_session_entries(const Disc& disc, std::size_t s, FullToc& toc) {
  const Session& session = disc.sessions[s];
  const bool is_first = s == 0;
  const auto later =
      std::find_if(disc.sessions.begin() + static_cast<std::ptrdiff_t>(s) + 1, disc.sessions.end(),
                   [](const Session& other) { return !other.tracks.empty(); });
  FullTocEntry next;
  next.session = session.number;
  next.adr = 5;
  next.control = toc_control(session.tracks.front());
  next.point = kPointNextSession;
  // The last session allows no next one.
  next.time = later == disc.sessions.end()
                  ? Msf{0xFF, 0xFF, 0xFF}
                  : to_msf(later->tracks.front().start() - SectorCount{kPregapSectors});
  next.zero = is_first ? 2 : 1;  // number of ADR 5 entries in this lead-in
  next.p_time = std::max(kLastPossibleLeadOut, to_msf(disc.sessions.back().lead_out));
  toc.entries.push_back(next);
  if (!is_first) return;
  FullTocEntry lead_in = next;
  lead_in.point = kPointFirstLeadIn;
  lead_in.time = {};
  lead_in.zero = 0;
  lead_in.p_time = kUsualFirstLeadIn;
  toc.entries.push_back(lead_in);
}

}  // namespace

Lba Track::start() const {
  for (const Index& index : indexes) {
    if (index.number == 1) return index.lba;
  }
  return indexes.empty() ? Lba{} : indexes.front().lba;
}

Lba Track::begin() const { return indexes.empty() ? Lba{} : indexes.front().lba; }

bool Text::empty() const {
  return title.empty() && performer.empty() && songwriter.empty() && composer.empty() && arranger.empty() &&
         message.empty();
}

Result<Disc> disc_from_full_toc(const FullToc& toc) {
  Disc disc;
  for (Byte number = 1; number <= 99; ++number) {
    TRY(Session session, session_from_full_toc(toc, number));
    if (!session.tracks.empty()) disc.sessions.push_back(std::move(session));
  }
  TRY_VOID(check_order(disc));
  add_first_pregap(disc);
  return disc;
}

Result<Disc> disc_from_formatted_toc(const FormattedToc& toc, const std::optional<SessionInfo>& sessions) {
  std::vector<SessionStart> later;
  if (sessions && sessions->last_session > sessions->first_session) {
    later.push_back({sessions->last_session, sessions->first_track_in_last_session});
  }
  return disc_from_formatted_toc(toc, later, DiscType::cd_da_or_rom);
}

Result<Disc> disc_from_formatted_toc(const FormattedToc& toc, std::span<const SessionStart> later_sessions,
                                     DiscType type) {
  Session session;
  session.type = type;
  std::optional<Lba> lead_out;
  for (const TocTrack& t : toc.tracks) {
    if (t.number == kLeadOutTrack) {
      lead_out = t.start;
    } else if (t.number >= 1 && t.number <= 99) {
      session.tracks.push_back(make_track(t.number, t.control, session.type, t.start));
    }
  }
  if (session.tracks.empty()) return bad_toc("no tracks");
  if (!lead_out) return bad_toc("no lead-out");
  std::stable_sort(session.tracks.begin(), session.tracks.end(),
                   [](const Track& a, const Track& b) { return a.number < b.number; });

  Disc disc;
  for (const SessionStart& later : later_sessions) {
    const auto split = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [&](const Track& t) { return t.number == later.first_track; });
    // Where the gap would swallow the track before it, the drive's word on sessions is not worth having.
    const SectorCount gap = later.session > 2 ? kLaterGap : kFirstGap;
    if (later.session <= session.number || split == session.tracks.begin() || split == session.tracks.end() ||
        std::prev(split)->start() >= split->start() - gap) {
      continue;
    }
    Session before = session;
    before.lead_out = split->start() - gap;
    before.tracks.assign(session.tracks.begin(), split);
    session.tracks.erase(session.tracks.begin(), split);
    session.number = later.session;
    disc.sessions.push_back(std::move(before));
  }
  session.lead_out = *lead_out;
  disc.sessions.push_back(std::move(session));
  TRY_VOID(check_order(disc));
  add_first_pregap(disc);
  return disc;
}

FullToc full_toc_of(const Disc& disc) {
  FullToc toc;
  if (disc.sessions.empty()) return toc;
  toc.first_session = disc.sessions.front().number;
  toc.last_session = disc.sessions.back().number;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    const Session& session = disc.sessions[s];
    if (session.tracks.empty()) continue;
    const Track& first = session.tracks.front();
    const Track& last = session.tracks.back();
    const auto add = [&](Byte point, Byte control, Msf p_time) {
      FullTocEntry entry;
      entry.session = session.number;
      entry.control = control;
      entry.point = point;
      entry.p_time = p_time;
      toc.entries.push_back(entry);
    };
    add(kPointFirstTrack, toc_control(first), {first.number, static_cast<int>(session.type), 0});
    add(kPointLastTrack, toc_control(last), {last.number, 0, 0});
    add(kPointLeadOut, toc_control(last), to_msf(session.lead_out));
    for (const Track& track : session.tracks) add(track.number, toc_control(track), to_msf(track.start()));
    if (disc.sessions.size() > 1) append_multi_session_entries(disc, s, toc);
  }
  return toc;
}

FormattedToc formatted_toc_of(const Disc& disc) {
  FormattedToc toc;
  for (const Session& session : disc.sessions) {
    for (const Track& track : session.tracks) {
      toc.tracks.push_back({1, toc_control(track), track.number, track.start()});
    }
  }
  if (toc.tracks.empty()) return toc;
  toc.first_track = toc.tracks.front().number;
  toc.last_track = toc.tracks.back().number;
  toc.tracks.push_back({1, toc.tracks.back().control, kLeadOutTrack, disc.sessions.back().lead_out});
  return toc;
}

SessionInfo session_info_of(const Disc& disc) {
  SessionInfo info;
  if (disc.sessions.empty() || disc.sessions.back().tracks.empty()) return info;
  const Track& first = disc.sessions.back().tracks.front();
  info.first_session = disc.sessions.front().number;
  info.last_session = disc.sessions.back().number;
  info.first_track_in_last_session = first.number;
  info.start_of_last_session = first.start();
  info.control = toc_control(first);
  return info;
}

LbaRange session_range(const Disc& disc, std::size_t session) {
  if (session >= disc.sessions.size() || disc.sessions[session].tracks.empty()) return {};
  const Session& s = disc.sessions[session];
  return {session == 0 ? Lba{0} : s.tracks.front().start(), s.lead_out};
}

std::vector<LbaRange> image_ranges(const Disc& disc) {
  std::vector<LbaRange> ranges;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) ranges.push_back(session_range(disc, s));
  return ranges;
}

SectorCount image_size(const Disc& disc) {
  SectorCount size;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) size += session_range(disc, s).size();
  return size;
}

std::optional<SectorCount> image_position(const Disc& disc, Lba lba) {
  SectorCount before;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    const LbaRange range = session_range(disc, s);
    if (range.contains(lba)) return before + (lba - range.begin);
    before += range.size();
  }
  return std::nullopt;
}

std::vector<TrackRef> track_ranges(const Disc& disc) {
  std::vector<TrackRef> refs;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    const Session& session = disc.sessions[s];
    for (std::size_t t = 0; t < session.tracks.size(); ++t) {
      const Lba begin = t == 0 ? session_range(disc, s).begin : session.tracks[t].begin();
      const Lba end = t + 1 < session.tracks.size() ? session.tracks[t + 1].begin() : session.lead_out;
      refs.push_back({&session, &session.tracks[t], {begin, end}});
    }
  }
  return refs;
}

std::string toc_identity(const Disc& disc) {
  std::string id;
  const auto append_time = [&id](Lba lba) {
    const Msf m = to_msf(lba);
    id += fmt::format("{:02}:{:02}:{:02}", m.minute, m.second, m.frame);
  };
  for (const Session& session : disc.sessions) {
    if (!id.empty()) id += ';';
    id += fmt::format("{}:", session.number);
    for (const Track& track : session.tracks) {
      append_time(track.start());
      id += fmt::format("/{},", toc_control(track) & kControlData);
    }
    append_time(session.lead_out);
  }
  return id;
}

}  // namespace binrip::cd
