#include "binrip/cd/q_synthesis.hpp"

namespace binrip::cd {
namespace {

constexpr SectorCount kLeadIn{4'500};
constexpr SectorCount kPregap{kPregapSectors};
constexpr int kTocRepeats = 3;
constexpr int kCodePeriod = 97;  // MCN and ISRC come once in at most 100 sectors
constexpr int kMcnPhase = 40;
constexpr int kIsrcPhase = 60;

struct Place {
  enum class Kind { lead_in, track, lead_out } kind = Kind::lead_in;
  const Session* session = nullptr;
  const Track* track = nullptr;  // in a lead-out the last one of its session
  Byte index = 0;
  SectorCount into_lead_in;  // from its start; negative before
};

// Where the program area of a session begins: with the pregap of its first track.
Lba program_begin(const Disc& disc, const Session& session) {
  if (&session == &disc.sessions.front()) return kFirstPregapLba;
  return session.tracks.front().start() - kPregap;
}

Place place_in_tracks(const Session& session, Lba lba) {
  const Track* track = &session.tracks.front();
  for (const Track& t : session.tracks) {
    if (t.begin() <= lba) track = &t;
  }
  Byte index = 0;
  for (const Index& i : track->indexes) {
    if (i.lba <= lba) index = i.number;
  }
  return {Place::Kind::track, &session, track, index, {}};
}

std::optional<Place> find_place(const Disc& disc, Lba lba) {
  const Session* previous = nullptr;
  for (const Session& session : disc.sessions) {
    if (session.tracks.empty()) continue;
    const Lba begin = program_begin(disc, session);
    if (lba < begin) {
      const Lba lead_in = begin - kLeadIn;
      if (previous == nullptr || lba >= lead_in) {
        return Place{Place::Kind::lead_in, &session, nullptr, 0, lba - lead_in};
      }
      break;
    }
    if (lba < session.lead_out) return place_in_tracks(session, lba);
    previous = &session;
  }
  if (previous == nullptr) return std::nullopt;
  return Place{Place::Kind::lead_out, previous, &previous->tracks.back(), 1, {}};
}

// A lead-in repeats its table of contents. MIN, SEC, FRAME run up to 99:59:74 at its end, but for ADR 5,
// which has its own use for them.
QBytes lead_in_q(const Disc& disc, const Place& place) {
  std::vector<FullTocEntry> entries;
  for (const FullTocEntry& e : full_toc_of(disc).entries) {
    if (e.session == place.session->number) entries.push_back(e);
  }
  const int turn = static_cast<int>(entries.size()) * kTocRepeats;
  const int n = (place.into_lead_in.value % turn + turn) % turn;
  const FullTocEntry& entry = entries[static_cast<std::size_t>(n / kTocRepeats)];
  const Msf running = to_msf(kFirstPregapLba - kLeadIn + place.into_lead_in);
  const Msf time = entry.adr == 1 ? running : entry.time;

  const auto bcd = [](int value) { return value <= 99 ? to_bcd(value) : static_cast<Byte>(value); };
  QBytes q{};
  q[0] = static_cast<Byte>((entry.control << 4) | entry.adr);
  q[2] = bcd(entry.point);
  q[3] = bcd(time.minute);
  q[4] = bcd(time.second);
  q[5] = bcd(time.frame);
  q[6] = entry.zero;
  q[7] = bcd(entry.p_time.minute);
  q[8] = bcd(entry.p_time.second);
  q[9] = bcd(entry.p_time.frame);
  // PSEC of POINT A0 is the disc type, a code and not a number.
  if (entry.point == 0xA0) q[8] = static_cast<Byte>(entry.p_time.second);
  set_q_crc(q);
  return q;
}

QBytes position_q(const Place& place, Lba lba) {
  QPosition q;
  q.control = place.track->control;
  q.index = place.index;
  q.absolute = to_msf(lba);
  if (place.kind == Place::Kind::lead_out) {
    q.track = kLeadOutTrack;
    q.relative = to_msf(lba - place.session->lead_out);
  } else {
    const Lba start = place.track->start();
    q.track = place.track->number;
    q.relative = to_msf(lba < start ? start - lba - SectorCount{1} : lba - start);
  }
  return encode_q(q);
}

bool same_track_and_index(const Disc& disc, Lba lba, const Place& place) {
  const auto other = find_place(disc, lba);
  return other && other->kind == place.kind && other->track == place.track && other->index == place.index;
}

}  // namespace

QBytes synthesize_q(const Disc& disc, Lba lba) {
  const auto place = find_place(disc, lba);
  if (!place) return {};
  return place->kind == Place::Kind::lead_in ? lead_in_q(disc, *place) : position_q(*place, lba);
}

QBytes synthesize_q_with_codes(const Disc& disc, Lba lba) {
  const auto place = find_place(disc, lba);
  if (!place) return {};
  if (place->kind == Place::Kind::lead_in) return lead_in_q(disc, *place);
  const int phase = (lba.value + kPregapSectors) % kCodePeriod;
  const bool mcn = phase == kMcnPhase && !disc.mcn.empty();
  const bool isrc = phase == kIsrcPhase && place->kind == Place::Kind::track && !place->track->isrc.empty();
  if ((!mcn && !isrc) || !same_track_and_index(disc, lba - SectorCount{1}, *place) ||
      !same_track_and_index(disc, lba + SectorCount{1}, *place)) {
    return position_q(*place, lba);
  }
  const auto frame = static_cast<Byte>(to_msf(lba).frame);
  const Byte control = place->track->control;
  return mcn ? encode_q(QMcn{control, disc.mcn, frame}) : encode_q(QIsrc{control, place->track->isrc, frame});
}

bool synthesize_p(const Disc& disc, Lba lba) {
  const auto place = find_place(disc, lba);
  if (!place || place->kind == Place::Kind::lead_in) return false;
  if (place->kind == Place::Kind::lead_out) {
    return (lba - place->session->lead_out).value * 4 / kSectorsPerSecond % 2 == 1;
  }
  if (place->index == 0) return true;
  for (const Track& t : place->session->tracks) {
    if (lba < t.start() && t.start() - lba <= kPregap) return true;
  }
  return false;
}

}  // namespace binrip::cd
