#include <algorithm>
#include <array>
#include <cstdlib>

#include "drive/prober.hpp"

#include "binrip/cd/subchannel.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::drive {
namespace {

constexpr std::size_t kMain = 2352;
constexpr std::size_t kC2Bits = 294;  // bytes
constexpr std::int32_t kSpotSectors = 4;
// Some drives give the Q of a sector nearby. At the disc's ends that is held against them: one that gives the
// nearest sector instead of the one asked for does not over-read.
constexpr int kQTolerance = 8;
constexpr int kOverreadTolerance = 1;

bool settled(ProfileSource source) { return source > ProfileSource::probed; }

C2Mode mode_of(C2Support support) {
  if (support == C2Support::none) return C2Mode::none;
  return support == C2Support::bits ? C2Mode::bits : C2Mode::bits_and_block;
}
SubMode mode_of(SubSupport support) {
  if (support == SubSupport::none) return SubMode::none;
  return support == SubSupport::raw ? SubMode::raw : SubMode::q;
}

enum class QVerdict { fits, elsewhere, unreadable };

QVerdict judge_q(const cd::QBytes& q, cd::Lba lba, int tolerance) {
  if (!cd::q_crc_right(q)) return QVerdict::unreadable;
  if (cd::q_adr(q) != 1) return QVerdict::fits;  // MCN, ISRC: the CRC is the proof
  const auto position = cd::decode_q_position(q);
  if (!position) return QVerdict::unreadable;
  const int distance = std::abs((cd::to_lba(position->absolute) - lba).value);
  return distance <= tolerance ? QVerdict::fits : QVerdict::elsewhere;
}

QVerdict judge_sub(Bytes field, SubMode sub, cd::Lba lba, int tolerance) {
  if (sub == SubMode::raw) return judge_q(cd::q_of_wire(field.first<cd::kSubSize>()), lba, tolerance);
  // Formatted Q (MMC-6 table for sub-channel 010b): the CRC is optional there, zero when it is not given.
  cd::QBytes q{};
  std::copy_n(field.begin(), q.size(), q.begin());
  const bool without_crc = q[10] == 0 && q[11] == 0;
  if (without_crc) cd::set_q_crc(q);
  const QVerdict verdict = judge_q(q, lba, tolerance);
  return without_crc && cd::q_adr(q) != 1 ? QVerdict::unreadable : verdict;
}

bool all_ones(Bytes field) {
  return std::all_of(field.begin(), field.end(), [](Byte b) { return b == 0xFF; });
}

// What reads with some C2 and subchannel fields showed.
struct Evidence {
  bool delivered = false;
  int q_after_c2 = 0, q_after_main = 0;              // sectors whose Q fits at this place
  bool c2_after_main = false, c2_after_sub = false;  // C2 at this place is not stuck
  int q() const { return std::max(q_after_c2, q_after_main); }
};

class Probe {
 public:
  Probe(Drive& drive, cd::LbaRange readable, Profile& profile, std::stop_token stop)
      : prober_(drive, std::move(stop)), readable_(readable), profile_(profile) {}

  Result<void> fields();
  Result<void> transfer();
  Result<void> lead_in();
  Result<void> lead_out(cd::Lba start);
  Result<void> audio_over_data();

 private:
  struct Spot {
    cd::Lba start;
    std::uint32_t count = 0;
    ByteVector plain;  // the main channel alone
  };

  Result<void> find_spots();
  Result<Evidence> examine(C2Mode c2, SubMode sub);
  void gather(const Spot& spot, const ReadCd& request, Bytes data, Evidence& evidence) const;
  Result<bool> together();
  Result<void> apart();
  std::vector<C2Support> c2_candidates() const;
  std::vector<SubSupport> sub_candidates() const;
  ReadCd largest_request() const;
  Result<Outcome> overread(cd::Lba lba);

  Prober prober_;
  cd::LbaRange readable_;
  Profile& profile_;
  std::vector<Spot> spots_;
};

// Three places in the run, so that one bad spot does not decide: of four sectors each where the transfer can
// be so large, else of one.
Result<void> Probe::find_spots() {
  for (const std::int32_t count : {kSpotSectors, 1}) {
    // A sector more than the spot has, so that there is room for the other fields too.
    const std::int32_t asked = count == 1 ? 1 : count + 1;
    const std::int32_t room = readable_.size().value - asked;
    for (const int quarter : {1, 2, 3}) {
      if (room < 0) break;
      Spot spot{.start = readable_.begin + cd::SectorCount{room / 4 * quarter},
                .count = static_cast<std::uint32_t>(count),
                .plain = {}};
      TRY(Reading reading, prober_.read({.start = spot.start, .count = static_cast<std::uint32_t>(asked)}));
      if (reading.outcome != Outcome::delivered) continue;
      reading.data.resize(spot.count * kMain);
      spot.plain = std::move(reading.data);
      spots_.push_back(std::move(spot));
    }
    if (!spots_.empty()) break;
  }
  return {};
}

void Probe::gather(const Spot& spot, const ReadCd& request, Bytes data, Evidence& evidence) const {
  const std::size_t record = record_size(request), c2 = c2_size(request.c2), sub = sub_size(request.sub);
  // A drive that ignores the fields packs the sectors closer: then the second sector is not in its place.
  bool in_place = spot.count == 1;
  for (std::size_t i = 1; i < spot.count; ++i) {
    const Bytes main = data.subspan(i * record, kMain);
    in_place =
        in_place || std::equal(main.begin(), main.end(), spot.plain.begin() + static_cast<int>(i * kMain));
  }
  if (!in_place) return;
  evidence.delivered = true;
  for (std::size_t i = 0; i < spot.count; ++i) {
    const std::size_t at = i * record + kMain;
    const cd::Lba lba = spot.start + cd::SectorCount{static_cast<std::int32_t>(i)};
    const auto q_at = [&](std::size_t place) {
      return judge_sub(data.subspan(place, sub), request.sub, lba, kQTolerance) == QVerdict::fits ? 1 : 0;
    };
    // The bits alone: the block error byte and the padding behind them are no ones on a drive that is stuck.
    const auto alive = [&](std::size_t place) {
      const Bytes field = data.subspan(place, std::min(c2, kC2Bits));
      return !all_ones(field) && !Prober::untouched(field, place);
    };
    if (sub != 0) evidence.q_after_c2 += q_at(at + c2);
    if (sub != 0) evidence.q_after_main += q_at(at);
    if (c2 != 0) evidence.c2_after_main = evidence.c2_after_main || alive(at);
    if (c2 != 0) evidence.c2_after_sub = evidence.c2_after_sub || alive(at + sub);
  }
}

Result<Evidence> Probe::examine(C2Mode c2, SubMode sub) {
  Evidence evidence;
  for (const Spot& spot : spots_) {
    const ReadCd request{.start = spot.start, .count = spot.count, .c2 = c2, .sub = sub};
    TRY(const Reading reading, prober_.read(request));
    if (reading.outcome == Outcome::refused) break;
    if (reading.outcome == Outcome::delivered) gather(spot, request, reading.data, evidence);
    const bool q_seen = sub == SubMode::none || evidence.q() >= 2;
    const bool c2_seen = c2 == C2Mode::none || evidence.c2_after_main || evidence.c2_after_sub;
    if (evidence.delivered && q_seen && c2_seen) break;
  }
  return evidence;
}

std::vector<C2Support> Probe::c2_candidates() const {
  if (!settled(profile_.c2.source)) return {C2Support::bits, C2Support::bits_and_block};
  if (profile_.c2.value == C2Support::none) return {};
  return {profile_.c2.value};
}
std::vector<SubSupport> Probe::sub_candidates() const {
  if (!settled(profile_.sub.source)) return {SubSupport::raw, SubSupport::formatted_q};
  if (profile_.sub.value == SubSupport::none) return {};
  return {profile_.sub.value};
}

// C2 and subchannel in one command: the subchannel is where a Q fits, C2 is the other field.
Result<bool> Probe::together() {
  for (const SubSupport sub : sub_candidates()) {
    for (const C2Support c2 : c2_candidates()) {
      TRY(const Evidence evidence, examine(mode_of(c2), mode_of(sub)));
      if (evidence.q() == 0) continue;
      const bool sub_first = evidence.q_after_main > evidence.q_after_c2;
      const bool c2_alive = sub_first ? evidence.c2_after_sub : evidence.c2_after_main;
      profile_.sub.set(sub, ProfileSource::probed);
      profile_.c2.set(c2_alive ? c2 : C2Support::none, ProfileSource::probed);
      profile_.order.set(sub_first ? FieldOrder::main_sub_c2 : FieldOrder::main_c2_sub,
                         ProfileSource::probed);
      profile_.combination.set(Combination::together, ProfileSource::probed);
      return true;
    }
  }
  return false;
}

Result<void> Probe::apart() {
  C2Support c2_found = C2Support::none;
  for (const C2Support c2 : c2_candidates()) {
    TRY(const Evidence evidence, examine(mode_of(c2), SubMode::none));
    if (!evidence.delivered || !evidence.c2_after_main) continue;
    c2_found = c2;
    break;
  }
  SubSupport sub_found = SubSupport::none;
  for (const SubSupport sub : sub_candidates()) {
    TRY(const Evidence evidence, examine(C2Mode::none, mode_of(sub)));
    if (evidence.q() == 0) continue;
    sub_found = sub;
    break;
  }
  profile_.c2.set(c2_found, ProfileSource::probed);
  profile_.sub.set(sub_found, ProfileSource::probed);
  if (c2_found != C2Support::none && sub_found != SubSupport::none) {
    profile_.combination.set(Combination::separate, ProfileSource::probed);
  }
  return {};
}

Result<void> Probe::fields() {
  TRY_VOID(find_spots());
  const bool known = settled(profile_.c2.source) && settled(profile_.sub.source) &&
                     settled(profile_.order.source) && settled(profile_.combination.source);
  if (known || spots_.empty()) return {};
  TRY(const bool done, together());
  return done ? Result<void>() : apart();
}

// The fields that the rip will ask for in one command.
ReadCd Probe::largest_request() const {
  ReadCd request{.start = readable_.begin};
  request.c2 = mode_of(profile_.c2.value);
  request.sub = mode_of(profile_.sub.value);
  const bool both = request.c2 != C2Mode::none && request.sub != SubMode::none;
  if (both && profile_.combination.value == Combination::separate) request.sub = SubMode::none;
  return request;
}

Result<void> Probe::transfer() {
  if (settled(profile_.max_transfer.source) || spots_.empty()) return {};
  ReadCd request = largest_request();
  const auto record = static_cast<std::uint32_t>(record_size(request));
  const std::uint32_t wanted = std::max(profile_.max_transfer.value / record, 1U);
  const auto room = static_cast<std::uint32_t>(readable_.size().value);
  request.count = std::min(wanted, room);
  while (true) {
    TRY(const Reading reading, prober_.read(request));
    if (reading.outcome == Outcome::delivered) break;
    if (request.count == 1) return {};  // not the size is at fault
    request.count /= 2;
  }
  if (request.count == wanted) {
    profile_.max_transfer.set(std::max(profile_.max_transfer.value, record), ProfileSource::probed);
  } else if (request.count < std::min(wanted, room)) {
    profile_.max_transfer.set(request.count * record, ProfileSource::probed);
  }
  return {};
}

// One sector there. A drive that gives another place's data, as its Q shows, does not over-read.
Result<Outcome> Probe::overread(cd::Lba lba) {
  ReadCd request{.start = lba};
  if (profile_.sub.value == SubSupport::raw) request.sub = SubMode::raw;
  TRY(const Reading reading, prober_.read(request));
  if (reading.outcome != Outcome::delivered || request.sub == SubMode::none) return reading.outcome;
  const QVerdict verdict =
      judge_sub(Bytes(reading.data).subspan(kMain), request.sub, lba, kOverreadTolerance);
  return verdict == QVerdict::elsewhere ? Outcome::refused : Outcome::delivered;
}

Result<void> Probe::lead_in() {
  if (settled(profile_.overread_lead_in.source)) return {};
  // Drives are known to stop at 75, at 135 and at 150 sectors.
  int good = 0, bad = 0;
  Outcome outcome = Outcome::delivered;
  for (const int distance : {1, 4, 75, 135, 150}) {
    TRY(outcome, overread({-distance}));
    if (outcome != Outcome::delivered) {
      bad = distance;
      break;
    }
    good = distance;
  }
  // A refusal is quick, so the limit can be found; a failure may take seconds each.
  while (outcome == Outcome::refused && bad - good > 1 && good > 0) {
    const int middle = (good + bad) / 2;
    TRY(const Outcome there, overread({-middle}));
    if (there == Outcome::failed) break;
    (there == Outcome::delivered ? good : bad) = middle;
  }
  profile_.overread_lead_in.set(good, ProfileSource::probed);
  return {};
}

Result<void> Probe::lead_out(cd::Lba start) {
  if (settled(profile_.overread_lead_out.source)) return {};
  constexpr int kMost = 4;  // the largest read offset known is a little over 3 sectors
  int good = 0;
  for (; good < kMost; ++good) {
    TRY(const Outcome outcome, overread(start + cd::SectorCount{good}));
    if (outcome != Outcome::delivered) break;
  }
  profile_.overread_lead_out.set(good, ProfileSource::probed);
  return {};
}

// Data read as audio comes scrambled: the sync stands in it, at any byte, but what follows differs.
Result<void> Probe::audio_over_data() {
  constexpr std::array<Byte, 12> kSync = {0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0};
  const auto holds_sync = [&](Bytes data) {
    return std::search(data.begin(), data.end(), kSync.begin(), kSync.end()) != data.end();
  };
  if (settled(profile_.audio_over_data.source) || spots_.empty()) return {};
  const Spot& spot = spots_.front();
  if (!std::equal(kSync.begin(), kSync.end(), spot.plain.begin())) return {};  // audio: nothing to learn
  const ReadCd request{.start = spot.start, .count = spot.count, .expected = ExpectedSector::cd_da};
  TRY(const Reading reading, prober_.read(request));
  const bool scrambled =
      reading.outcome == Outcome::delivered && reading.data != spot.plain && holds_sync(reading.data);
  profile_.audio_over_data.set(scrambled, ProfileSource::probed);
  return {};
}

}  // namespace

Result<void> probe_profile(Drive& drive, cd::LbaRange readable, cd::Lba lead_out, Profile& profile,
                           std::stop_token stop) {
  Probe probe(drive, readable, profile, std::move(stop));
  TRY_VOID(probe.fields());
  TRY_VOID(probe.transfer());
  TRY_VOID(probe.lead_in());
  TRY_VOID(probe.lead_out(lead_out));
  return probe.audio_over_data();
}

}  // namespace binrip::drive
