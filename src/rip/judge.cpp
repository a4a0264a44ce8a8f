#include "judge.hpp"

#include <algorithm>

namespace binrip::rip {

using cd::SectorState;

namespace {

// A sector that came in two versions, both with clean C2: how many bytes differ is not asked.
constexpr int kChangedUnderCleanC2 = 8;

// No checksum speaks for the content: C2 says whether the drive saw an error, the arrival whether it is this
// sector.
SectorState by_c2(C2Verdict c2, Arrival arrival) {
  if (c2 == C2Verdict::set) return SectorState::damaged;
  return c2 == C2Verdict::clean && arrival == Arrival::proven ? SectorState::consistent
                                                              : SectorState::unproven;
}

Judgement judge_data(const Composed& sector) {
  using Needs = Judgement::Needs;
  const cd::SectorCheck check = cd::check_sector(sector.main);
  const bool addressed = check.address == sector.lba;
  if (sector.arrival != Arrival::proven && !addressed) return {SectorState::failed};
  const Arrival arrival = addressed ? Arrival::proven : sector.arrival;
  // No sync pattern: perhaps not data at all, and then it would not lie where it stands.
  if (check.kind == cd::SectorKind::audio) {
    const bool flagged = sector.c2 == C2Verdict::set;
    return {flagged ? SectorState::damaged : SectorState::unproven, false, Needs::what_cannot_be_had};
  }
  // Its own header says that it is another sector, whatever Q says.
  const bool elsewhere = check.address && !addressed;
  if (elsewhere && check.edc != cd::EdcState::wrong) {
    return {SectorState::unproven, false, Needs::what_cannot_be_had};
  }
  if (check.kind == cd::SectorKind::unknown_mode) {
    // The mode byte may be what is wrong.
    const SectorState state = std::min(by_c2(sector.c2, arrival), SectorState::unproven);
    return {state, false, Needs::reads_that_agree};
  }
  if (check.edc == cd::EdcState::none) return {by_c2(sector.c2, arrival)};
  const bool right = check.edc == cd::EdcState::right && check.ecc != cd::EccState::wrong && addressed;
  if (right && !cd::has_unproven_mode_byte(sector.main)) return {SectorState::proven};
  if (right)
    return {std::min(by_c2(sector.c2, arrival), SectorState::unproven), false, Needs::reads_that_agree};
  // Some protections master a wrong EDC on purpose. A drive that saw no error may well be right; a second
  // read that gives the same is needed to believe it.
  if (sector.c2 == C2Verdict::clean && sector.arrival == Arrival::proven && !elsewhere)
    return {SectorState::unproven, true, Needs::reads_that_agree};
  return {SectorState::damaged, false, Needs::what_cannot_be_had};
}

}  // namespace

Judgement judge(const Composed& sector) {
  using Needs = Judgement::Needs;
  if (sector.arrival == Arrival::missing) return {SectorState::failed};
  if (sector.is_data) return judge_data(sector);
  if (sector.edge_samples == cd::kSamplesPerSector && sector.silent_at_edge) return {SectorState::consistent};
  Judgement judgement{by_c2(sector.c2, sector.arrival)};
  if (!sector.kind_told) {
    judgement.state = std::min(judgement.state, SectorState::unproven);
    judgement.needs = Needs::reads_that_agree;
  }
  if (sector.edge_samples > 0 && !sector.silent_at_edge) {
    judgement.state = std::min(judgement.state, SectorState::unproven);
    judgement.needs = Needs::what_cannot_be_had;
  }
  return judgement;
}

Judge::Judge(Capture& capture, drive::SubMode drive_sub, UnderC2 under_c2)
    : capture_(capture),
      drive_sub_(drive_sub),
      under_c2_(under_c2),
      versions_(capture.map().ranges()),
      jitter_before_(capture.map().jitter()) {}

void Judge::begin_pass(const Pass& pass, Freshness freshness) {
  freshness_ = freshness;
  matched_ = false;
  ++pass_;
  doubts_subs_ = pass.source == Source::vendor_d8;
  sub_independent_ = freshness == Freshness::fresh && reads_again(pass.purpose);
}

Result<void> Judge::on_main(const Composed& sector) {
  if (!sector.asked_for && !is_of_use(sector)) return {};
  if (sector.asked_for && sector.c2 == C2Verdict::set && sector.absent_bytes == 0) ++c2_sectors_;
  if (sector.lba < cd::Lba{0}) {
    note_first_pregap(sector);
    return {};
  }
  if (trust_.verdict() != C2Trust::Verdict::elsewhere || sector.c2 == C2Verdict::unknown) return take(sector);
  Composed without_c2 = sector;
  without_c2.c2 = C2Verdict::unknown;
  if (sector.absent_bytes > 0) without_c2.arrival = Arrival::missing;
  return take(without_c2);
}

// Of what came along a whole sector, or a part of one that has been tried: the passes go by what has not.
bool Judge::is_of_use(const Composed& sector) const {
  return capture_.wants(sector.lba) &&
         (sector.absent_bytes == 0 || capture_.map().state(sector.lba) > SectorState::untried);
}

void Judge::note_first_pregap(const Composed& sector) {
  if (sector.arrival == Arrival::missing || sector.edge_samples > 0) return;
  ++first_pregap_.read;
  if (!sector.is_data && !all_zero(sector.main)) ++first_pregap_.not_silent;
  capture_.note_first_pregap(first_pregap_);
}

Result<void> Judge::take(const Composed& sector) {
  TRY(shifted_, came_shifted(sector));
  if (says_of_c2(sector)) TRY_VOID(note_changes(sector, mender_.compare(sector)));
  Judgement judgement = judge(sector);
  const bool by_c2_alone = judgement.state == SectorState::consistent && sector.c2 == C2Verdict::clean;
  const bool not_alone = under_c2_ == UnderC2::two_that_agree || needs_matching(sector);
  if (!matched_ && (is_doubtful(sector, judgement) || (by_c2_alone && not_alone))) {
    judgement.state = SectorState::unproven;
    judgement.needs = std::max(judgement.needs, Judgement::Needs::reads_that_agree);
  }
  if (needs_matching(sector)) judgement.needs = Judgement::Needs::what_cannot_be_had;
  if (capture_.wants(sector.lba)) {
    capture_.note_edge(sector.lba, sector.edge_samples);
    if (judgement.wrong_edc) capture_.note_wrong_edc(sector.lba);
  }
  return put(sector, judgement);
}

// Nothing but clean C2 would speak for it, and the flags close to it may be its own.
bool Judge::is_doubtful(const Composed& sector, const Judgement& judgement) {
  const bool unproven_by_itself =
      judgement.state == SectorState::consistent || judgement.state == SectorState::unproven;
  if (trust_.verdict() == C2Trust::Verdict::in_place || !unproven_by_itself) return false;
  if (trust_.verdict() == C2Trust::Verdict::elsewhere) return true;
  if (sector.c2 == C2Verdict::clean && sector.flags_close && capture_.wants(sector.lba)) {
    using Otherwise = C2Trust::Otherwise;
    trust_.doubt(sector.lba,
                 judgement.state == SectorState::consistent ? Otherwise::good : Otherwise::unproven);
  }
  return trust_.doubts(sector.lba);
}

// Reads of it may be shifted against each other.
bool Judge::needs_matching(const Composed& sector) const {
  return !matched_ && !sector.is_data && audio_proof_ == AudioProof::by_matching;
}

// Whether bytes that changed should have been flagged: shifted audio differs without any flag.
bool Judge::says_of_c2(const Composed& sector) const {
  return !matched_ && !shifted_ && !needs_matching(sector);
}

// What a second read shows of the flags of all.
Result<void> Judge::note_changes(const Composed& sector, const ChangedBytes& changed) {
  if (changed.flagged + changed.unflagged == 0 || trust_.verdict() == C2Trust::Verdict::elsewhere) return {};
  if (changed.unflagged > 0) trust_.spoil(sector.lba);
  trust_.note(changed);
  if (trust_.verdict() == C2Trust::Verdict::elsewhere) mender_.forget_flags();
  if (trust_.verdict() != C2Trust::Verdict::in_place) return {};
  for (const cd::Lba lba : trust_.take_good()) {
    const bool in_doubt = audio_proof_ == AudioProof::by_matching;  // for another reason
    if (in_doubt || capture_.map().state(lba) != SectorState::unproven) continue;
    capture_.raise(lba, SectorState::consistent);
    settle(lba, std::nullopt);
  }
  return {};
}

// A read of a sector that was read before. What matching brings is shifted by design.
Result<bool> Judge::came_shifted(const Composed& sector) {
  const bool comparable = !matched_ && !sector.is_data && sector.arrival != Arrival::missing &&
                          sector.c2 != C2Verdict::set && sector.edge_samples == 0 &&
                          capture_.map().contains(sector.lba) &&
                          capture_.map().state(sector.lba) == SectorState::unproven;
  if (!comparable) return false;
  std::array<Byte, cd::kSectorSize> before;
  TRY_VOID(capture_.read_main(sector.lba, before));
  const bool shifted = jitter_watch_.compare(sector.lba, before, sector.main);
  capture_.note_jitter(jitter());
  return shifted;
}

// What the flags seemed to be worth before may have been said of shifted audio.
void Judge::set_audio_proof(AudioProof proof) {
  if (proof == AudioProof::by_matching && audio_proof_ != proof) trust_ = {};
  audio_proof_ = proof;
}

void Judge::note_shifts(std::int64_t transfers, int furthest) {
  jitter_by_matching_.places = std::max(jitter_by_matching_.places, transfers);
  jitter_by_matching_.furthest = std::max(jitter_by_matching_.furthest, furthest);
  capture_.note_jitter(jitter());
}

Jitter Judge::jitter() const {
  return {std::max({jitter_watch_.places(), jitter_by_matching_.places, jitter_before_.places}),
          std::max({jitter_watch_.furthest(), jitter_by_matching_.furthest, jitter_before_.furthest})};
}

// The sector is good: what was kept of its reads is dropped.
void Judge::settle(cd::Lba lba, std::optional<Mending> how) {
  mender_.forget(lba);
  versions_.forget(lba);
  if (how) capture_.note_mending(lba, *how);
}

Result<void> Judge::put(const Composed& sector, const Judgement& judgement) {
  const bool own_evidence = judgement.state >= SectorState::consistent;
  if (own_evidence && capture_.wants(sector.lba)) {
    settle(sector.lba, std::nullopt);
    if (matched_) ++sectors_matched_;
  }
  // What was matched hangs together: that is worth more than what other passes brought, even unplaced.
  if (matched_ || own_evidence || judgement.state == SectorState::failed || !capture_.wants(sector.lba)) {
    return capture_.put_main(sector.lba, sector.main, judgement.state);
  }
  // Clean bytes of reads that may be shifted against each other make no sector.
  if (sector.c2 == C2Verdict::set && needs_matching(sector)) {
    return capture_.put_main(sector.lba, sector.main, SectorState::damaged);
  }
  if (sector.c2 == C2Verdict::set) return put_merged(sector);
  TRY(const bool repaired, put_repaired(sector));
  return repaired ? Result<void>() : put_version(sector, judgement);
}

// Bytes that came from this place, some of them flagged: they may complete what other reads gave.
Result<void> Judge::put_merged(const Composed& sector) {
  if (sector.arrival != Arrival::proven || sector.edge_samples > 0) {
    const bool from_anywhere = drive_sub_ == drive::SubMode::none && sector.arrival == Arrival::unproven;
    if (from_anywhere && sector.edge_samples == 0 && sector.absent_bytes == 0) {
      // Proves nothing by itself, but later reads show by it whether the flags stand in their place.
      mender_.add(sector);
      versions_.add(sector.lba, sector.main, testimony(sector));
    } else if (mender_.knows(sector.lba)) {
      return {};  // what is kept is better
    }
    return capture_.put_main(sector.lba, sector.main, SectorState::damaged);
  }
  // Its flags may be those of another sector; then what came unflagged later may be the same.
  if (sector.absent_bytes == 0) versions_.add(sector.lba, sector.main, testimony(sector));
  const Mended mended = mender_.add(sector);
  TRY_VOID(capture_.put_main(sector.lba, mended.main, mended.state));
  if (mended.how) settle(sector.lba, mended.how);
  return {};
}

// Data with a wrong EDC: from a drive that cannot say where its errors are, by its own ECC. Where C2 is clear
// only once another read has shown that C2 lies: until then the disc may have been mastered so.
Result<bool> Judge::put_repaired(const Composed& sector) {
  if (!sector.is_data) return false;
  const bool disputed_before = mender_.disputed(sector.lba);
  const Mended mended = mender_.vote(sector);
  const bool c2_may_be_right = sector.c2 == C2Verdict::clean && cd::has_sync(sector.main);
  const bool disputed = disputed_before || mender_.disputed(sector.lba);
  if (!mended.how || (c2_may_be_right && !disputed)) return false;
  TRY_VOID(capture_.put_main(sector.lba, mended.main, mended.state));
  settle(sector.lba, mended.how);
  return true;
}

Testimony Judge::testimony(const Composed& sector) const {
  return {.pass = pass_,
          .fresh = freshness_ != Freshness::may_be_cached,
          .clean = sector.c2 == C2Verdict::clean,
          .placed = sector.arrival == Arrival::proven};
}

// What a run of the program before this one left of the sector is one voice.
Result<void> Judge::recall(cd::Lba lba) {
  if (versions_.knows(lba) || capture_.map().state(lba) != SectorState::unproven) return {};
  std::array<Byte, cd::kSectorSize> before;
  TRY_VOID(capture_.read_main(lba, before));
  versions_.add(lba, before, {});
  return {};
}

Result<void> Judge::put_version(const Composed& sector, const Judgement& judgement) {
  TRY_VOID(recall(sector.lba));
  // Zeros that may be a lost transfer say nothing against another version.
  const bool may_be_nothing = sector.arrival != Arrival::proven && all_zero(sector.main);
  if (may_be_nothing && versions_.knows(sector.lba)) return {};
  const Standing standing = versions_.add(sector.lba, sector.main, testimony(sector));
  if (standing.versions > 1) trust_.spoil(sector.lba);
  const bool c2_lied = sector.c2 == C2Verdict::clean && sector.arrival == Arrival::proven;
  if (c2_lied && says_of_c2(sector) && standing.another_was_as_good) {
    TRY_VOID(note_changes(sector, {.unflagged = kChangedUnderCleanC2}));
  }
  const Grounds enough = grounds(sector, judgement, standing);
  if (enough != Grounds::not_enough) {
    TRY_VOID(capture_.put_main(sector.lba, sector.main, SectorState::consistent));
    const bool elected = enough == Grounds::election && standing.versions > 1;
    settle(sector.lba, elected ? std::optional(Mending::elected) : std::nullopt);
    return {};
  }
  if (standing.votes < standing.most_against) return {};
  return capture_.put_main(sector.lba, sector.main, judgement.state);
}

// A drive without any subchannel cannot say where its bytes come from. Bytes that are there twice and are not
// zero are taken as read; zeros might be a lost transfer.
Judge::Grounds Judge::grounds(const Composed& sector, const Judgement& judgement,
                              const Standing& standing) const {
  using Needs = Judgement::Needs;
  if (judgement.needs == Needs::what_cannot_be_had) return Grounds::not_enough;
  const bool clean_is_enough =
      judgement.needs == Needs::a_clean_read && under_c2_ == UnderC2::one_read && standing.placed;
  if (standing.clean && clean_is_enough) return Grounds::clean_c2;
  const bool placed = standing.placed || (drive_sub_ == drive::SubMode::none && !all_zero(sector.main));
  return placed && standing.elected() ? Grounds::election : Grounds::not_enough;
}

Result<void> Judge::on_sub(const Delivered& sector) {
  if (!capture_.map().contains(sector.lba)) return {};
  if (sector.arrival != Arrival::proven || doubts_subs_)
    return capture_.put_sub(sector.lba, sector.sub, SubState::untried);
  if (cd::has_right_q(sector.sub, sector.lba)) {
    sub_merger_.forget(sector.lba);
    return capture_.put_sub(sector.lba, sector.sub, SubState::right);
  }
  const bool again = capture_.map().sub_state(sector.lba) == SubState::read && sub_independent_;
  if (!again) return capture_.put_sub(sector.lba, sector.sub, SubState::read);
  SubRecord first;
  TRY_VOID(capture_.read_sub(sector.lba, first));
  const MergedSub merged = sub_merger_.add(sector.lba, first, sector.sub);
  if (merged.state > SubState::read) sub_merger_.forget(sector.lba);
  return capture_.put_sub(sector.lba, merged.record, merged.state);
}

void Judge::add_to(ReadStatistics& statistics) const {
  statistics.c2_sectors = c2_sectors_;
  statistics.sectors_matched = sectors_matched_;
  const SectorMap& map = capture_.map();
  statistics.edge_samples = map.edge_samples();
  statistics.wrong_edc = map.wrong_edc();
  if (const auto& pregap = map.first_pregap()) {
    statistics.pregap_sectors_read = pregap->read;
    statistics.pregap_sectors_not_silent = pregap->not_silent;
  }
}

}  // namespace binrip::rip
