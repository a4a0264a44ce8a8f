#include "binrip/cd/q_analysis.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "q_boundary.hpp"
#include "q_segments.hpp"

namespace binrip::cd {
namespace {

constexpr std::size_t kMaxFirstWrong = 100;
constexpr std::size_t kControls = 16;
constexpr std::int64_t kCdgShare = 100;  // one sector in so many

// MCN and ISRC are counted as the bytes that hold them.
using CodeKey = std::array<Byte, 8>;
using CodeVotes = std::map<CodeKey, int>;

CodeKey key_of(const QBytes& q) {
  CodeKey key;
  std::copy_n(q.begin() + 1, key.size(), key.begin());
  return key;
}

QBytes q_of_key(Byte adr, const CodeKey& key) {
  QBytes q{};
  q[0] = adr;
  std::copy(key.begin(), key.end(), q.begin() + 1);
  return q;
}

std::string valid_mcn(const CodeKey& key) {
  const auto mcn = decode_q_mcn(q_of_key(2, key));
  return mcn && is_valid_mcn(mcn->digits) ? mcn->digits : std::string{};
}

std::string valid_isrc(const CodeKey& key) {
  const auto isrc = decode_q_isrc(q_of_key(3, key));
  return isrc && is_valid_isrc(isrc->code) ? isrc->code : std::string{};
}

// What most Qs say, among the valid codes; empty when nothing can be trusted. `name` leads the notes.
template <class Valid>
std::string elect(const CodeVotes& votes, Valid valid, const std::string& name,
                  std::vector<std::string>& notes) {
  std::string winner;
  int most = 0;
  int valid_codes = 0;
  bool tie = false;
  for (const auto& [key, count] : votes) {
    const std::string code = valid(key);
    if (code.empty()) continue;
    ++valid_codes;
    tie = count == most || (tie && count < most);
    if (count <= most) continue;
    most = count;
    winner = code;
  }
  if (valid_codes == 0) {
    if (!votes.empty()) notes.push_back(fmt::format("{}: not valid in Q, left out", name));
    return {};
  }
  if (tie) {
    notes.push_back(fmt::format("{}: {} different ones in Q, none more often, left out", name, valid_codes));
    return {};
  }
  if (most == 1) notes.push_back(fmt::format("{}: {} seen only once", name, winner));
  return winner;
}

// A track's sectors in the image by the TOC: [begin, end), INDEX 01 at bounds.start.
struct TrackVotes {
  std::size_t session = 0;
  std::size_t track = 0;
  Lba begin;
  QTrackBounds bounds;
  QRuns runs;
  std::array<std::int32_t, kControls> controls{};  // of index 1 and up
  std::vector<std::pair<Lba, CodeKey>> isrcs;
  DoubtfulQs doubtful;  // with a wrong CRC
  std::int64_t rw_asked = 0;
  std::int64_t rw_found = 0;
};

std::vector<TrackVotes> votes_for(const Disc& disc) {
  std::vector<TrackVotes> votes;
  for (std::size_t s = 0; s < disc.sessions.size(); ++s) {
    const Session& session = disc.sessions[s];
    for (std::size_t t = 0; t < session.tracks.size(); ++t) {
      const bool last = t + 1 == session.tracks.size();
      const Track& track = session.tracks[t];
      QTrackBounds bounds;
      bounds.number = track.number;
      bounds.next = last ? Byte{0} : session.tracks[t + 1].number;
      bounds.start = track.start();
      bounds.end = last ? session.lead_out : session.tracks[t + 1].start();
      const Lba begin = t == 0 ? session_range(disc, s).begin : bounds.start;
      votes.push_back({s, t, begin, bounds, QRuns(bounds), {}, {}, {}, 0, 0});
    }
  }
  return votes;
}

// The votes of the track that `lba` lies in; `cursor` remembers the place for the next question.
TrackVotes* find_votes(std::vector<TrackVotes>& votes, std::size_t& cursor, Lba lba) {
  if (cursor < votes.size() && lba < votes[cursor].begin) cursor = 0;
  while (cursor < votes.size() && lba >= votes[cursor].bounds.end) ++cursor;
  if (cursor == votes.size()) {
    cursor = 0;
    return nullptr;
  }
  return lba >= votes[cursor].begin ? &votes[cursor] : nullptr;
}

std::string absolute(Lba lba) { return to_string(to_msf(lba)); }

// Takes what the Qs of one track say into the disc.
class TrackUnderstanding {
 public:
  TrackUnderstanding(const TrackVotes& votes, Disc& disc, std::vector<std::string>& notes)
      : votes_(votes),
        session_(disc.sessions[votes.session]),
        track_(session_.tracks[votes.track]),
        notes_(notes) {}

  void apply() {
    apply_indexes();
    apply_control();
    apply_isrc();
  }

 private:
  void note(Byte track, const std::string& what) {
    notes_.push_back(fmt::format("track {}: {}", track, what));
  }

  void apply_indexes() {
    const QTrackBounds& bounds = votes_.bounds;
    bool known_before = false;
    QLabel before = 1;
    for (const QRun& run : votes_.runs.segments()) {
      const bool is_index = run.label > 1 && run.label < kQNextPregap;
      const Byte number = is_index ? run.label : Byte{0};
      if (run.label == 1 && known_before) {
        note(bounds.number,
             fmt::format("Q has INDEX 01 {} sectors after the TOC", (run.first - bounds.start).value));
      } else if (run.label == kQAfter && bounds.next != 0) {
        note(bounds.next,
             fmt::format("Q has INDEX 01 {} sectors before the TOC", (bounds.end - run.first).value));
      } else if (is_index || run.label == kQNextPregap) {
        const QRun begins = narrowed(bounds, before, run, votes_.doubtful);
        if (run.earliest < run.first && begins.earliest == begins.first) {
          note(
              is_index ? bounds.number : bounds.next,
              fmt::format("INDEX {:02} begins at {} by Qs with a wrong CRC", number, absolute(begins.first)));
        }
        const Lba lba = boundary(begins, known_before, is_index ? bounds.number : bounds.next, number);
        if (lba <= track_.indexes.back().lba) continue;  // leaves no room for what comes before
        if (is_index) track_.indexes.push_back({number, lba});
        if (!is_index) set_next_pregap(lba);
      }
      known_before = true;
      if (is_index) before = run.label;
    }
  }

  // Where a run begins: at its first Q, if the Q before it says something else. If none tells a pregap of
  // two seconds is likelier than any other; else the earliest sector that no Q contradicts is taken, or the
  // first sure one when nothing is known of the track before it.
  Lba boundary(const QRun& run, bool known_before, Byte track, Byte index) {
    if (run.earliest == run.first) return run.first;
    const Lba two_seconds = votes_.bounds.end - SectorCount{kPregapSectors};
    const bool usual = index == 0 && run.earliest <= two_seconds && two_seconds <= run.first;
    const Lba taken = usual ? two_seconds : known_before ? run.earliest : run.first;
    note(track, fmt::format("no Q says where INDEX {:02} begins between {} and {}, {} taken", index,
                            absolute(run.earliest), absolute(run.first), absolute(taken)));
    return taken;
  }

  void set_next_pregap(Lba lba) {
    Track& next = session_.tracks[votes_.track + 1];
    next.indexes = {{0, lba}, {1, votes_.bounds.end}};
  }

  // Those in the pregap of the next track, which is known by now, are none of this track's.
  void apply_isrc() {
    const bool last = votes_.bounds.next == 0;
    const Lba end = last ? votes_.bounds.end : session_.tracks[votes_.track + 1].begin();
    CodeVotes codes;
    for (const auto& [lba, key] : votes_.isrcs) {
      if (lba < end) ++codes[key];
    }
    std::string isrc = elect(codes, valid_isrc, fmt::format("track {}: ISRC", track_.number), notes_);
    if (!isrc.empty()) track_.isrc = std::move(isrc);
  }

  void apply_control() {
    const auto most = std::max_element(votes_.controls.begin(), votes_.controls.end());
    if (*most < 2) return;  // a single Q proves nothing
    const auto in_q = static_cast<Byte>(most - votes_.controls.begin());
    const Byte in_toc = track_.control;
    const bool data = (in_toc & kControlData) != 0;
    if (((in_q ^ in_toc) & kControlData) != 0) {
      note(track_.number, data ? "data in the TOC, audio in Q" : "audio in the TOC, data in Q");
    }
    note_flag(in_q, kControlPreEmphasis, data ? "incremental recording" : "pre-emphasis");
    note_flag(in_q, kControlCopyPermitted, "digital copy permitted");
    note_flag(in_q, kControlFourChannel, "four channels");
    track_.control = static_cast<Byte>((in_q & ~kControlData) | (in_toc & kControlData));
  }

  void note_flag(Byte in_q, Byte flag, const char* name) {
    if (((in_q ^ track_.control) & flag) == 0) return;
    const bool in_toc = (in_q & flag) == 0;
    note(track_.number,
         fmt::format("{} in {}, not in {}", name, in_toc ? "the TOC" : "Q", in_toc ? "Q" : "the TOC"));
  }

  const TrackVotes& votes_;
  Session& session_;
  Track& track_;
  std::vector<std::string>& notes_;
};

}  // namespace

struct QAnalysis::State {
  Disc disc;
  std::vector<TrackVotes> tracks;
  CodeVotes mcns;
  std::size_t q_cursor = 0;
  std::size_t rw_cursor = 0;
  std::optional<Lba> last;
  std::int64_t right = 0;
  std::int64_t wrong_crc = 0;
  std::int64_t wrong_address = 0;
  std::vector<Lba> first_wrong;

  void count_wrong(std::int64_t& counter, Lba lba) {
    ++counter;
    if (first_wrong.size() < kMaxFirstWrong) first_wrong.push_back(lba);
  }
};

QAnalysis::QAnalysis(const Disc& toc_disc) : state_(std::make_unique<State>()) {
  state_->disc = toc_disc;
  state_->tracks = votes_for(toc_disc);
}
QAnalysis::~QAnalysis() = default;
QAnalysis::QAnalysis(QAnalysis&&) noexcept = default;
QAnalysis& QAnalysis::operator=(QAnalysis&&) noexcept = default;

void QAnalysis::add(Lba lba, const QBytes& q) {
  State& s = *state_;
  TrackVotes* votes = find_votes(s.tracks, s.q_cursor, lba);
  if (votes == nullptr || (s.last && lba <= *s.last)) return;
  s.last = lba;
  if (!q_crc_right(q)) {
    if (lba >= votes->bounds.start) votes->doubtful.emplace_back(lba, q);
    return s.count_wrong(s.wrong_crc, lba);
  }
  if (!q_fits(q, lba)) return s.count_wrong(s.wrong_address, lba);
  ++s.right;
  if (q_adr(q) == 2) {
    ++s.mcns[key_of(q)];
  } else if (lba < votes->bounds.start) {
    return;  // the first track's pregap is where the TOC leaves room for it
  } else if (q_adr(q) == 3) {
    votes->isrcs.emplace_back(lba, key_of(q));
  } else if (const auto position = decode_q_position(q)) {
    votes->runs.add(lba, *position);
    if (position->track == votes->bounds.number && position->index >= 1) ++votes->controls[position->control];
  }
}

void QAnalysis::add_rw(Lba lba, bool has_rw) {
  if (TrackVotes* votes = find_votes(state_->tracks, state_->rw_cursor, lba)) {
    ++votes->rw_asked;
    votes->rw_found += has_rw ? 1 : 0;
  }
}

QAnalysis::Findings QAnalysis::finish() const {
  const State& s = *state_;
  Findings findings;
  findings.disc = s.disc;
  findings.q_right = s.right;
  findings.q_wrong_crc = s.wrong_crc;
  findings.q_wrong_address = s.wrong_address;
  findings.first_wrong = s.first_wrong;
  for (const TrackVotes& votes : s.tracks) {
    const bool audio = !s.disc.sessions[votes.session].tracks[votes.track].is_data();
    if (audio && votes.rw_found > 0 && votes.rw_found * kCdgShare >= votes.rw_asked) findings.has_cdg = true;
  }
  if (s.right == 0) {
    if (s.wrong_crc + s.wrong_address > 0) {
      findings.notes.push_back("no right Q on the disc: pregaps, indexes, ISRC and MCN are not known");
    }
    return findings;
  }
  std::string mcn = elect(s.mcns, valid_mcn, "MCN", findings.notes);
  if (!mcn.empty()) findings.disc.mcn = std::move(mcn);
  for (const TrackVotes& votes : s.tracks) TrackUnderstanding(votes, findings.disc, findings.notes).apply();
  return findings;
}

}  // namespace binrip::cd
