#include "placement.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "binrip/cd/address.hpp"

namespace binrip::rip {

namespace {

constexpr std::int64_t kSector = cd::kSamplesPerSector;
// So many samples in a row that are equal, and not all alike, are no coincidence.
constexpr std::int64_t kAnchor = 32;
// How far a transfer may be shifted, in samples.
constexpr std::int64_t kReach = 4 * kSector;
// Readings that must agree.
constexpr int kAgreeing = 2;
constexpr std::size_t kFewestReadings = 3;

// What was matched, and where its first sample would lie if it were not shifted.
struct Matched {
  std::int64_t begin = 0;
  std::vector<Sample> samples;
  std::int64_t size() const { return static_cast<std::int64_t>(samples.size()); }
};

// A part of a transfer that equals what was matched: sample x of the reading is sample x - begin + shift of
// it.
struct SampleRun {
  std::size_t reading = 0, transfer = 0, matched = 0, group = 0;
  std::int64_t from = 0, to = 0;
  int shift = 0;
  bool first = false;  // of its transfer: a later one may come after lost streaming
};

// A part of what was matched that hangs together, so that it has one place.
struct Group {
  std::size_t matched = 0;
  std::int64_t from = 0, to = 0;  // in the matched samples
  int place = 0;                  // the shift of a transfer that is where it should be
  bool settled = false;
};

// Different in every reading and at every sample: it matches nothing.
Sample noise(std::size_t reading, std::int64_t at) {
  std::uint64_t x = (static_cast<std::uint64_t>(reading) << 40) + static_cast<std::uint64_t>(at);
  x = (x + 0x9E3779B97F4A7C15U) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return static_cast<Sample>(x >> 32);
}

std::size_t index(std::int64_t at) { return static_cast<std::size_t>(at); }

// Ones where the bytes of a sample are usable.
Sample mask_of(Byte usable) {
  static constexpr auto kMasks = [] {
    std::array<Sample, 16> masks{};
    for (unsigned bits = 0; bits < masks.size(); ++bits) {
      std::array<Byte, cd::kBytesPerSample> bytes{};
      for (unsigned b = 0; b < bytes.size(); ++b) bytes[b] = (bits & (8U >> b)) != 0 ? 0xFF : 0;
      masks[bits] = std::bit_cast<Sample>(bytes);
    }
    return masks;
  }();
  return kMasks[usable & kAllUsable];
}

// In a byte that is usable.
bool differ(const AudioReading& reading, std::int64_t at, Sample value) {
  return ((reading.samples[index(at)] ^ value) & mask_of(reading.usable[index(at)])) != 0;
}

// The shift that most votes are for.
struct Lead {
  int shift = 0;
  std::size_t votes = 0;
};

// After each of the votes from `first` on.
template <class Iterator>
std::vector<Lead> leads(Iterator first, Iterator last) {
  std::map<int, std::size_t> votes;
  std::vector<Lead> leads;
  Lead lead;
  for (; first != last; ++first) {
    const std::size_t count = ++votes[first->second];
    if (count > lead.votes) lead = {first->second, count};
    leads.push_back(lead);
  }
  return leads;
}

class Placer {
 public:
  explicit Placer(std::span<const AudioReading> readings)
      : readings_(readings), size_(static_cast<std::int64_t>(readings.front().samples.size())) {}

  PlacedAudio place() {
    match();
    for (std::size_t m = 0; m < matched_.size(); ++m) {
      const std::size_t first_run = runs_.size();
      find_runs(m);
      form_groups(m, first_run);
    }
    sort_runs();
    for (std::size_t g = 0; g < groups_.size(); ++g) vote(g);
    while (settle_by_neighbours()) {
    }
    return paint();
  }

 private:
  void match();
  void match(std::int64_t begin, std::int64_t end);
  std::int64_t match_once(std::int64_t begin, std::int64_t end);
  bool clean_twice(std::int64_t sector) const;
  void find_runs(std::size_t matched);
  void find_runs(std::size_t matched, std::size_t reading, std::size_t transfer);
  std::optional<std::int64_t> anchor_from(const AudioReading& reading, std::int64_t at,
                                          std::int64_t end) const;
  struct Found {
    SampleRun run;
    bool alone = true;  // no other shift does as well
  };
  std::optional<Found> run_at(const AudioReading& reading, const Matched& matched, std::int64_t at,
                              std::int64_t end) const;
  void form_groups(std::size_t matched, std::size_t first_run);
  std::vector<Byte> count_links(std::size_t matched, std::size_t first_run) const;
  bool split_where_votes_change(std::size_t matched, std::size_t first_run, std::size_t first_group);
  void sort_runs();
  void vote(std::size_t group);
  bool settle_by_neighbours();
  bool settle_by_neighbours(std::size_t group);
  bool is_outvoted(std::size_t group, int place) const;
  struct Voter {
    std::int64_t from, to;  // of what was matched
    int shift;
    bool after_loss;  // its transfer has lost streaming before
  };
  struct Part {
    std::int64_t from, to;
    bool in_doubt;
  };
  void doubt_contradicted(std::size_t group);
  bool has_lost_streaming(std::size_t run) const;
  static void silence_doubtful(const Group& group, const std::vector<Voter>& voters,
                               std::vector<Part>& parts);
  static std::vector<Part> hear(const Group& group, const std::vector<Voter>& voters);
  PlacedAudio paint();
  void paint_runs(std::size_t reading);
  void paint_gaps(std::size_t reading);
  void paint_gap(const SampleRun& run, std::int64_t from, std::int64_t to);
  void paint_silence(std::size_t reading);
  enum class Origin { run, gap };
  void add(std::size_t reading, std::int64_t x, std::int64_t at, Origin origin);
  bool is_settled(std::int64_t at) const;
  bool is_read_otherwise(std::int64_t at) const;
  void mark_shifted();
  void paint_guesses();
  void count_shifted();

  int offset_of(const SampleRun& run) const { return run.shift - groups_[run.group].place; }
  bool is_settled(const SampleRun& run) const { return groups_[run.group].settled; }

  std::span<const AudioReading> readings_;
  std::int64_t size_;
  std::vector<Matched> matched_;
  std::vector<SampleRun> runs_;
  std::vector<Group> groups_;
  PlacedAudio placed_;
  std::vector<std::vector<bool>> shifted_;  // of each reading, its samples
  std::vector<bool> contradicted_;          // samples: transfers say with one voice that they lie elsewhere
  // Of each byte:
  std::vector<Byte> agreeing_;      // readings that gave it
  std::vector<Byte> last_reading_;  // the last of them, from 1 on
  std::vector<bool> contested_;     // two came for it that differ
  std::vector<bool> matched_here_;  // two readings have it in common in what was matched
};

// --- matching ---

bool Placer::clean_twice(std::int64_t sector) const {
  int clean = 0;
  for (const AudioReading& reading : readings_) {
    const auto begin = reading.usable.begin() + sector * kSector;
    const auto spoilt = [](Byte usable) { return usable != kAllUsable; };
    clean += std::none_of(begin, begin + kSector, spoilt) ? 1 : 0;
  }
  return clean >= kAgreeing;
}

// Where fewer than two readings are clean nothing can be matched: the parts between such places are matched
// one by one.
void Placer::match() {
  const std::int64_t sectors = size_ / kSector;
  std::int64_t begin = 0;
  for (std::int64_t sector = 0; sector <= sectors; ++sector) {
    const bool good = sector < sectors && clean_twice(sector);
    if (good && sector - begin < kMostMatched) continue;
    if (sector > begin) match(begin, sector);
    begin = good ? sector : sector + 1;
  }
}

// The library wants to see so many sectors beyond one before it gives that one; where nothing is to be had at
// some place, it stops so far before it. Up to there the rest is matched by itself, and then what follows.
void Placer::match(std::int64_t begin, std::int64_t end) {
  constexpr std::int64_t kSeenAhead = 32;
  constexpr int kMostStops = 12;
  for (int stops = 0; begin < end && stops < kMostStops; ++stops) {
    begin += match_once(begin, end);
    if (begin >= end) return;
    const std::int64_t stopped_at = std::min(begin + kSeenAhead, end);
    match_once(begin, stopped_at);
    begin = stopped_at + 1;
  }
}

std::int64_t Placer::match_once(std::int64_t begin, std::int64_t end) {
  std::vector<std::vector<Sample>> stretches;
  for (std::size_t r = 0; r < readings_.size(); ++r) {
    const AudioReading& reading = readings_[r];
    auto& stretch = stretches.emplace_back(reading.samples.begin() + begin * kSector,
                                           reading.samples.begin() + end * kSector);
    for (std::int64_t i = begin * kSector; i < end * kSector; ++i) {
      if (reading.usable[index(i)] != kAllUsable) stretch[index(i - begin * kSector)] = noise(r, i);
    }
  }
  std::vector<Sample> samples = match_readings(stretches);
  const auto sectors = static_cast<std::int64_t>(samples.size()) / kSector;
  if (!samples.empty()) matched_.push_back({begin * kSector, std::move(samples)});
  return sectors;
}

// --- where the transfers lie against it ---

void Placer::find_runs(std::size_t matched) {
  for (std::size_t r = 0; r < readings_.size(); ++r) {
    for (std::size_t t = 0; t < readings_[r].transfers.size(); ++t) find_runs(matched, r, t);
  }
}

void Placer::find_runs(std::size_t matched, std::size_t reading, std::size_t transfer) {
  const Matched& stream = matched_[matched];
  const AudioReading::Piece& piece = readings_[reading].transfers[transfer];
  const std::int64_t end = std::min(piece.end, stream.begin + stream.size() + kReach);
  std::int64_t done = std::max(piece.begin, stream.begin - kReach);
  std::int64_t at = done;
  bool first = piece.begin >= stream.begin - kReach;
  while (const auto anchor = anchor_from(readings_[reading], at, end)) {
    const auto found = run_at(readings_[reading], stream, *anchor, end);
    if (!found || !found->alone) {  // the music repeats, or nothing is the same
      at = found ? found->run.to : *anchor + kAnchor;
      continue;
    }
    SampleRun run = found->run;
    // What comes before the anchor, as far as it is the same.
    const std::int64_t to_matched = run.shift - stream.begin;
    while (run.from > done && run.from + to_matched > 0) {
      if (differ(readings_[reading], run.from - 1, stream.samples[index(run.from - 1 + to_matched)])) break;
      --run.from;
    }
    run.reading = reading;
    run.transfer = transfer;
    run.matched = matched;
    run.first = std::exchange(first, false);
    at = done = run.to;
    runs_.push_back(run);
  }
}

// The first place from `at` on where usable samples follow each other that are not all alike.
std::optional<std::int64_t> Placer::anchor_from(const AudioReading& reading, std::int64_t at,
                                                std::int64_t end) const {
  std::int64_t from = at;
  bool varied = false;
  for (std::int64_t i = at; i < end; ++i) {
    if (reading.usable[index(i)] != kAllUsable) {
      from = i + 1;
      varied = false;
      continue;
    }
    varied = varied || (i > from && reading.samples[index(i)] != reading.samples[index(i - 1)]);
    if (i + 1 - from < kAnchor) continue;
    if (varied) return i + 1 - kAnchor;
  }
  return std::nullopt;
}

// The shift at which most of what follows is the same.
std::optional<Placer::Found> Placer::run_at(const AudioReading& reading, const Matched& matched,
                                            std::int64_t at, std::int64_t end) const {
  std::optional<Found> best;
  for (std::int64_t shift = -kReach; shift <= kReach; ++shift) {
    std::int64_t s = at - matched.begin + shift;
    if (s < 0 || s + kAnchor > matched.size()) continue;
    std::int64_t x = at, last = at;
    for (; x < end && s < matched.size(); ++x, ++s) {
      if (differ(reading, x, matched.samples[index(s)])) break;
      if (reading.usable[index(x)] != 0) last = x + 1;
    }
    if (last - at < kAnchor || (best && best->run.to > last)) continue;
    const bool alone = !best || best->run.to < last;
    best = Found{SampleRun{.from = at, .to = last, .shift = static_cast<int>(shift)}, alone};
  }
  return best;
}

// --- what hangs together ---

// In how many readings each sample is in one transfer with the one before it, nothing lost in between: parts
// of a transfer with the same shift vouch for what lies between them.
std::vector<Byte> Placer::count_links(std::size_t matched, std::size_t first_run) const {
  const Matched& stream = matched_[matched];
  std::vector<Byte> links(stream.samples.size() + 1), seen(links.size());
  for (std::size_t r = first_run; r < runs_.size();) {
    std::size_t last = r;
    const auto follows = [&](const SampleRun& next) {
      return next.reading == runs_[r].reading && next.transfer == runs_[r].transfer &&
             next.shift == runs_[r].shift;
    };
    while (last + 1 < runs_.size() && follows(runs_[last + 1])) ++last;
    const Byte mark = static_cast<Byte>(runs_[r].reading + 1);
    const std::int64_t to_matched = runs_[r].shift - stream.begin;
    for (std::int64_t s = runs_[r].from + to_matched + 1; s < runs_[last].to + to_matched; ++s) {
      if (std::exchange(seen[index(s)], mark) != mark) ++links[index(s)];
    }
    r = last + 1;
  }
  return links;
}

void Placer::form_groups(std::size_t matched, std::size_t first_run) {
  const std::vector<Byte> links = count_links(matched, first_run);
  const std::size_t first_group = groups_.size();
  const std::int64_t size = matched_[matched].size();
  std::int64_t from = 0;
  for (std::int64_t s = 1; s <= size; ++s) {
    if (s < size && links[index(s)] >= kAgreeing) continue;
    if (s - from >= kAnchor) groups_.push_back({.matched = matched, .from = from, .to = s});
    from = s;
  }
  while (split_where_votes_change(matched, first_run, first_group)) {
  }
  // A run over several groups is cut; it begins in the first.
  std::vector<SampleRun> cut;
  for (std::size_t r = first_run; r < runs_.size(); ++r) {
    const std::int64_t to_matched = runs_[r].shift - matched_[matched].begin;
    for (std::size_t g = first_group; g < groups_.size(); ++g) {
      SampleRun part = runs_[r];
      part.group = g;
      part.from = std::max(part.from, groups_[g].from - to_matched);
      part.to = std::min(part.to, groups_[g].to - to_matched);
      part.first = part.first && part.from == runs_[r].from;
      if (part.from < part.to) cut.push_back(part);
    }
  }
  runs_.resize(first_run);
  runs_.insert(runs_.end(), cut.begin(), cut.end());
}

// Where streaming was lost alike in two readings, what was matched goes on as they did, and all that begins
// later has another shift: from there on it is a group of its own.
bool Placer::split_where_votes_change(std::size_t matched, std::size_t first_run, std::size_t first_group) {
  constexpr std::size_t kFewestVotes = 6;  // on either side, and gained by the split
  for (std::size_t g = first_group; g < groups_.size(); ++g) {
    std::vector<std::pair<std::int64_t, int>> votes;  // where a transfer begins, and its shift
    for (std::size_t r = first_run; r < runs_.size(); ++r) {
      const std::int64_t from = runs_[r].from - matched_[matched].begin + runs_[r].shift;
      const bool here = groups_[g].from <= from && from < groups_[g].to;
      if (here && runs_[r].first) votes.emplace_back(from, runs_[r].shift);
    }
    std::sort(votes.begin(), votes.end());
    const std::vector<Lead> before = leads(votes.begin(), votes.end());
    std::vector<Lead> after = leads(votes.rbegin(), votes.rend());
    std::reverse(after.begin(), after.end());
    std::size_t best = 0, most = 0;
    for (std::size_t i = kFewestVotes; i + kFewestVotes <= votes.size(); ++i) {
      const std::size_t sum = before[i - 1].votes + after[i].votes;
      if (before[i - 1].shift != after[i].shift && sum > most) most = sum, best = i;
    }
    if (best == 0 || most < before.back().votes + kFewestVotes) continue;
    Group later = groups_[g];
    groups_[g].to = later.from = votes[best].first;
    groups_.push_back(later);
    return true;
  }
  return false;
}

void Placer::sort_runs() {
  std::stable_sort(runs_.begin(), runs_.end(), [](const SampleRun& a, const SampleRun& b) {
    return std::tie(a.reading, a.transfer, a.from) < std::tie(b.reading, b.transfer, b.from);
  });
}

// --- where it lies ---

void Placer::vote(std::size_t group) {
  std::map<int, int> votes;
  std::vector<int> all;
  for (const SampleRun& run : runs_) {
    if (run.group != group || !run.first || run.to - run.from < kAnchor) continue;
    ++votes[run.shift];
    all.push_back(run.shift);
  }
  if (all.empty()) return;
  int most = 0, next = 0;
  for (const auto& [shift, count] : votes) {
    if (count > most) {
      next = std::exchange(most, count);
      groups_[group].place = shift;
    } else {
      next = std::max(next, count);
    }
  }
  groups_[group].settled = most - next >= 4 * std::sqrt(static_cast<double>(all.size()));
  if (most >= 2 * next) return;
  // No shift stands out: half of them lie on either side of the best guess.
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  groups_[group].place = *middle;
}

bool Placer::settle_by_neighbours() {
  bool any = false;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g].settled) any = settle_by_neighbours(g) || any;
  }
  return any;
}

// More of the transfers that begin in this group say another place.
bool Placer::is_outvoted(std::size_t group, int place) const {
  std::map<int, int> votes;
  for (const SampleRun& run : runs_) {
    if (run.group == group && run.first) ++votes[run.shift];
  }
  const int for_it = votes[place];
  return std::any_of(votes.begin(), votes.end(), [&](const auto& vote) { return vote.second > for_it; });
}

// Transfers that lie across this group and one that is settled say where this one lies.
bool Placer::settle_by_neighbours(std::size_t group) {
  std::map<int, std::vector<std::size_t>> places;  // and the readings that say so
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    if (runs_[r].group != group) continue;
    for (const std::size_t other : {r - 1, r + 1}) {
      if (other >= runs_.size() || runs_[other].reading != runs_[r].reading ||
          runs_[other].transfer != runs_[r].transfer || !is_settled(runs_[other])) {
        continue;
      }
      auto& readings = places[runs_[r].shift - offset_of(runs_[other])];
      if (readings.empty() || readings.back() != runs_[r].reading) readings.push_back(runs_[r].reading);
    }
  }
  if (places.size() != 1 || static_cast<int>(places.begin()->second.size()) < kAgreeing) return false;
  // Those that cross may have lost streaming alike at the border: what begins inside knows better.
  const int place = places.begin()->first;
  if (is_outvoted(group, place)) return false;
  groups_[group].place = place;
  groups_[group].settled = true;
  return true;
}

// Streaming may be lost alike in two readings: what follows then hangs together with what comes before, and
// the vote goes over both. But the transfers that begin later say the same other shift. Where such voices
// prevail nothing is settled, up to where two say again that they are in their place; and who reaches into
// that has no voice elsewhere, for nobody knows where in it the streaming was lost.
void Placer::doubt_contradicted(std::size_t group) {
  std::vector<Voter> voters;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    const SampleRun& run = runs_[r];
    if (run.group != group) continue;
    const std::int64_t from = run.from - matched_[run.matched].begin + run.shift;
    voters.push_back({from, from + run.to - run.from, run.shift, has_lost_streaming(r)});
  }
  std::vector<Part> parts = hear(groups_[group], voters);
  silence_doubtful(groups_[group], voters, parts);
  const std::int64_t to_stretch = matched_[groups_[group].matched].begin - groups_[group].place;
  for (const Part& part : parts) {
    if (!part.in_doubt) continue;
    const std::int64_t end = std::min(part.to + to_stretch, size_);
    for (std::int64_t i = std::max<std::int64_t>(part.from + to_stretch, 0); i < end; ++i) {
      contradicted_[index(i)] = true;
    }
  }
}

// An earlier part of its transfer lies elsewhere against the same, or against what else is settled.
bool Placer::has_lost_streaming(std::size_t run) const {
  const SampleRun& here = runs_[run];
  for (std::size_t r = run; r > 0; --r) {
    const SampleRun& before = runs_[r - 1];
    if (before.reading != here.reading || before.transfer != here.transfer) return false;
    const bool comparable = is_settled(before) && is_settled(here);
    if (before.group == here.group ? before.shift != here.shift
                                   : comparable && offset_of(before) != offset_of(here)) {
      return true;
    }
  }
  return false;
}

// Parts that fewer than two others confirm besides those who reach into what is in doubt.
void Placer::silence_doubtful(const Group& group, const std::vector<Voter>& voters,
                              std::vector<Part>& parts) {
  std::vector<bool> doubtful;
  doubtful.reserve(voters.size());
  for (const Voter& voter : voters) {
    doubtful.push_back(std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
      return part.in_doubt && voter.from <= part.to && part.from <= voter.to;
    }));
  }
  for (Part& part : parts) {
    int sure = 0;
    bool any_doubtful = false;
    for (std::size_t v = 0; v < voters.size(); ++v) {
      const bool covers = voters[v].from <= part.from && part.to <= voters[v].to;
      if (!covers || voters[v].shift != group.place) continue;
      any_doubtful = any_doubtful || doubtful[v];
      sure += doubtful[v] ? 0 : 1;
    }
    part.in_doubt = part.in_doubt || (any_doubtful && sure < kAgreeing);
  }
}

// What the transfers say of each part of a group.
std::vector<Placer::Part> Placer::hear(const Group& group, const std::vector<Voter>& voters) {
  enum class Voice { confirms, contradicts, neither };
  std::vector<std::int64_t> edges = {group.from, group.to};
  for (const Voter& voter : voters) edges.insert(edges.end(), {voter.from, voter.to});
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  std::vector<Part> parts;
  std::vector<Voice> voices;
  for (std::size_t e = 0; e + 1 < edges.size(); ++e) {
    std::map<int, int> shifts;
    bool after_loss = false;
    for (const Voter& voter : voters) {
      if (edges[e] < voter.from || voter.to < edges[e + 1]) continue;
      ++shifts[voter.shift];
      after_loss = after_loss || voter.after_loss;
    }
    const int here = std::exchange(shifts[group.place], 0);
    int elsewhere = 0;
    for (const auto& [shift, count] : shifts) elsewhere = std::max(elsewhere, count);
    // Where one has lost streaming another may have: it takes two that say where this lies.
    parts.push_back({edges[e], edges[e + 1], after_loss && here < kAgreeing});
    voices.push_back(elsewhere >= kAgreeing && elsewhere >= here ? Voice::contradicts
                     : here >= kAgreeing                         ? Voice::confirms
                                                                 : Voice::neither);
  }
  bool in_doubt = false;
  const auto spread = [&](std::size_t p) {
    if (voices[p] != Voice::neither) in_doubt = voices[p] == Voice::contradicts;
    parts[p].in_doubt = parts[p].in_doubt || in_doubt;
  };
  for (std::size_t p = 0; p < parts.size(); ++p) spread(p);
  in_doubt = false;
  for (std::size_t p = parts.size(); p > 0; --p) spread(p - 1);
  return parts;
}

// --- the result ---

PlacedAudio Placer::paint() {
  placed_.samples.resize(index(size_));
  placed_.sure.assign(index(size_), Sureness::nothing);
  agreeing_.resize(index(size_) * cd::kBytesPerSample);
  last_reading_.resize(agreeing_.size());
  contested_.resize(agreeing_.size());
  contradicted_.resize(index(size_));
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].settled) doubt_contradicted(g);
  }
  for (std::size_t r = 0; r < readings_.size(); ++r) paint_runs(r);
  for (const Byte n : agreeing_) matched_here_.push_back(n >= kAgreeing);
  for (std::size_t r = 0; r < readings_.size(); ++r) {
    paint_gaps(r);
    paint_silence(r);
  }
  mark_shifted();
  for (std::int64_t i = 0; i < size_; ++i) {
    if (is_settled(i)) placed_.sure[index(i)] = Sureness::settled;
  }
  paint_guesses();
  count_shifted();
  return std::move(placed_);
}

bool Placer::is_settled(std::int64_t at) const {
  if (contradicted_[index(at)]) return false;
  bool all_matched = true;
  for (std::size_t i = index(at) * cd::kBytesPerSample; i < (index(at) + 1) * cd::kBytesPerSample; ++i) {
    if (agreeing_[i] < kAgreeing || contested_[i]) return false;
    all_matched = all_matched && matched_here_[i];
  }
  return all_matched || !is_read_otherwise(at);
}

// Two readings have another sample in common where they stand, and of one of them nothing says that it is
// shifted. Beyond the last part of a transfer that was matched streaming may have been lost, alike in two.
bool Placer::is_read_otherwise(std::int64_t at) const {
  const Sample here = placed_.samples[index(at)];
  for (std::size_t a = 0; a < readings_.size(); ++a) {
    const Sample read = readings_[a].samples[index(at)];
    if (readings_[a].usable[index(at)] != kAllUsable || read == here || shifted_[a][index(at)]) continue;
    for (std::size_t b = 0; b < readings_.size(); ++b) {
      const bool same =
          readings_[b].samples[index(at)] == read && readings_[b].usable[index(at)] == kAllUsable;
      if (a != b && same) return true;
    }
  }
  return false;
}

// The samples of transfers of which a part is known to lie elsewhere.
void Placer::mark_shifted() {
  shifted_.assign(readings_.size(), std::vector<bool>(index(size_)));
  for (const SampleRun& run : runs_) {
    if (!is_settled(run) || offset_of(run) == 0) continue;
    const AudioReading::Piece& piece = readings_[run.reading].transfers[run.transfer];
    std::vector<bool>& marks = shifted_[run.reading];
    std::fill(marks.begin() + piece.begin, marks.begin() + piece.end, true);
  }
}

// Sample `x` of a reading belongs at `at`. What comes from gaps never outvotes what was matched.
void Placer::add(std::size_t reading, std::int64_t x, std::int64_t at, Origin origin) {
  if (at < 0 || at >= size_) return;
  using Parts = std::array<Byte, cd::kBytesPerSample>;
  const auto parts = std::bit_cast<Parts>(readings_[reading].samples[index(x)]);
  auto known = std::bit_cast<Parts>(placed_.samples[index(at)]);
  for (std::size_t b = 0; b < parts.size(); ++b) {
    const std::size_t i = index(at) * cd::kBytesPerSample + b;
    if ((readings_[reading].usable[index(x)] & (8U >> b)) == 0) continue;
    if (origin == Origin::gap && matched_here_[i]) continue;
    if (agreeing_[i] == 0) {
      known[b] = parts[b];
    } else if (known[b] != parts[b]) {
      contested_[i] = true;
      continue;
    } else if (last_reading_[i] == reading + 1) {
      continue;
    }
    ++agreeing_[i];
    last_reading_[i] = static_cast<Byte>(reading + 1);
  }
  placed_.samples[index(at)] = std::bit_cast<Sample>(known);
}

void Placer::paint_runs(std::size_t reading) {
  for (const SampleRun& run : runs_) {
    if (run.reading != reading || !is_settled(run)) continue;
    for (std::int64_t x = run.from; x < run.to; ++x) {
      add(reading, x, x + offset_of(run), Origin::run);
    }
  }
}

// What nobody could match: damage. It lies between two parts of a transfer with the same, known place, or
// before the first or after the last.
void Placer::paint_gaps(std::size_t reading) {
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    const SampleRun& run = runs_[r];
    if (run.reading != reading || !is_settled(run)) continue;
    const auto in_the_same = [&](std::size_t other) {
      return other < runs_.size() && runs_[other].reading == reading && runs_[other].transfer == run.transfer;
    };
    const AudioReading::Piece& piece = readings_[reading].transfers[run.transfer];
    if (!in_the_same(r - 1)) paint_gap(run, piece.begin, run.from);
    if (!in_the_same(r + 1)) {
      paint_gap(run, run.to, piece.end);
    } else if (is_settled(runs_[r + 1]) && offset_of(run) == offset_of(runs_[r + 1])) {
      paint_gap(run, run.to, runs_[r + 1].from);
    }
  }
}

void Placer::paint_gap(const SampleRun& run, std::int64_t from, std::int64_t to) {
  for (std::int64_t x = from; x < to; ++x) add(run.reading, x, x + offset_of(run), Origin::gap);
}

// Silence has no place of its own: the inside of a silent transfer is silent wherever it lies.
void Placer::paint_silence(std::size_t reading) {
  int furthest = static_cast<int>(kSector / 2);
  for (const SampleRun& run : runs_) {
    if (is_settled(run)) furthest = std::max(furthest, std::abs(offset_of(run)));
  }
  const AudioReading& source = readings_[reading];
  for (std::size_t t = 0; t < source.transfers.size(); ++t) {
    const AudioReading::Piece& piece = source.transfers[t];
    bool silent = true;
    for (std::int64_t x = piece.begin; x < piece.end && silent; ++x) {
      silent = source.usable[index(x)] == kAllUsable && source.samples[index(x)] == 0;
    }
    if (!silent) continue;
    const std::int64_t margin = std::min<std::int64_t>(2 * furthest, kReach);
    for (std::int64_t x = piece.begin + margin; x < piece.end - margin; ++x) {
      add(reading, x, x, Origin::gap);
    }
  }
}

// What hangs together is worth more than what does not, even where its place is not known.
void Placer::paint_guesses() {
  for (const Group& group : groups_) {
    const Matched& stream = matched_[group.matched];
    for (std::int64_t s = group.from; s < group.to; ++s) {
      const std::int64_t at = stream.begin + s - group.place;
      if (at < 0 || at >= size_ || placed_.sure[index(at)] != Sureness::nothing) continue;
      placed_.samples[index(at)] = stream.samples[index(s)];
      placed_.sure[index(at)] = Sureness::guessed;
    }
  }
}

void Placer::count_shifted() {
  for (const SampleRun& run : runs_) {
    if (!run.first || !is_settled(run) || offset_of(run) == 0) continue;
    ++placed_.shifted_transfers;
    placed_.furthest = std::max(placed_.furthest, std::abs(offset_of(run)));
  }
}

}  // namespace

PlacedAudio place_audio(std::span<const AudioReading> readings) {
  if (readings.size() >= kFewestReadings && !readings.front().samples.empty())
    return Placer(readings).place();
  PlacedAudio nothing;
  if (readings.empty()) return nothing;
  nothing.samples.resize(readings.front().samples.size());
  nothing.sure.assign(nothing.samples.size(), Sureness::nothing);
  return nothing;
}

int shift_between(std::span<const Sample> before, std::span<const Sample> now) {
  if (before.size() != now.size()) return 0;
  const auto size = static_cast<std::int64_t>(now.size());
  int found = 0;
  int candidates = 0;
  // Half of them must overlap: less may be music that repeats.
  for (std::int64_t shift = -size / 2; shift <= size / 2; ++shift) {
    const std::int64_t from = std::max<std::int64_t>(0, -shift), to = std::min(size, size - shift);
    const auto first = now.begin() + from, last = now.begin() + to;
    if (!std::equal(first, last, before.begin() + from + shift)) continue;
    if (std::adjacent_find(first, last, std::not_equal_to<>()) == last) continue;  // all alike
    ++candidates;
    found = static_cast<int>(shift);
  }
  return candidates == 1 ? found : 0;
}

}  // namespace binrip::rip
