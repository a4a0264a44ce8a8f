#include "judge.hpp"

#include <algorithm>

namespace binrip::rip {

using cd::SectorState;

namespace {

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](Byte b) { return b == 0; });
}

// No checksum speaks for the content: C2 says whether the drive saw an error, the arrival whether it is this
// sector.
SectorState by_c2(C2Verdict c2, Arrival arrival) {
  if (c2 == C2Verdict::set) return SectorState::damaged;
  return c2 == C2Verdict::clean && arrival == Arrival::proven ? SectorState::consistent
                                                              : SectorState::unproven;
}

Judgement judge_data(const Composed& sector) {
  const cd::SectorCheck check = cd::check_sector(sector.main);
  const bool addressed = check.address == sector.lba;
  if (sector.arrival != Arrival::proven && !addressed) return {SectorState::failed};
  const Arrival arrival = addressed ? Arrival::proven : sector.arrival;
  // No sync pattern: perhaps not data at all, and then it would not lie where it stands.
  if (check.kind == cd::SectorKind::audio) return {SectorState::unproven};
  if (check.edc == cd::EdcState::none) return {by_c2(sector.c2, arrival)};
  const bool right = check.edc == cd::EdcState::right && check.ecc != cd::EccState::wrong && addressed;
  if (right) return {SectorState::proven};
  // Some protections master a wrong EDC on purpose. A drive that saw no error may well be right; a second
  // read that gives the same is needed to believe it.
  if (sector.c2 == C2Verdict::clean && sector.arrival == Arrival::proven)
    return {SectorState::unproven, true};
  return {SectorState::damaged};
}

}  // namespace

Judgement judge(const Composed& sector) {
  if (sector.arrival == Arrival::missing) return {SectorState::failed};
  if (sector.is_data) return judge_data(sector);
  if (sector.edge_samples > 0 && !sector.silent_at_edge) return {SectorState::unproven};
  if (sector.edge_samples == cd::kSamplesPerSector) return {SectorState::consistent};
  return {by_c2(sector.c2, sector.arrival)};
}

Judge::Judge(Capture& capture, drive::C2Mode drive_c2, drive::SubMode drive_sub, UnderC2 under_c2)
    : capture_(capture), drive_c2_(drive_c2), drive_sub_(drive_sub), under_c2_(under_c2) {}

void Judge::begin_pass(const Pass& pass, Freshness freshness) {
  confirms_only_ = pass.c2 == drive::C2Mode::none && drive_c2_ != drive::C2Mode::none;
  freshness_ = freshness;
}

// A drive without any subchannel cannot say where its bytes come from. Bytes that are there twice and are not
// zero are taken as read; zeros might be a lost transfer.
Independence Judge::independence(const Composed& sector) const {
  if (freshness_ != Freshness::fresh) return Independence::none;
  if (sector.edge_samples > 0 && !sector.silent_at_edge) return Independence::none;
  if (sector.is_data && !cd::has_sync(sector.main)) return Independence::none;
  const bool arrived =
      sector.arrival == Arrival::proven || (drive_sub_ == drive::SubMode::none && !all_zero(sector.main));
  return arrived ? Independence::independent : Independence::none;
}

Result<void> Judge::on_main(const Composed& sector) {
  if (sector.c2 == C2Verdict::set) ++c2_sectors_;
  if (sector.lba < cd::Lba{0}) {
    if (sector.arrival != Arrival::missing && sector.edge_samples == 0) {
      ++first_pregap_.read;
      if (!sector.is_data && !all_zero(sector.main)) ++first_pregap_.not_silent;
      capture_.note_first_pregap(first_pregap_);
    }
    return {};
  }
  Judgement judgement = judge(sector);
  if (under_c2_ == UnderC2::two_that_agree && judgement.state == SectorState::consistent) {
    judgement.state = SectorState::unproven;
  }
  if (capture_.wants(sector.lba)) {
    capture_.note_edge(sector.lba, sector.edge_samples);
    if (judgement.wrong_edc) capture_.note_wrong_edc(sector.lba);
  }
  return put(sector, judgement);
}

Result<void> Judge::put(const Composed& sector, const Judgement& judgement) {
  // Bytes that came from this place, some of them flagged: they may complete what other reads gave.
  const bool mendable = judgement.state == SectorState::damaged && sector.c2 == C2Verdict::set &&
                        sector.arrival == Arrival::proven && sector.edge_samples == 0 &&
                        capture_.wants(sector.lba);
  if (mendable) {
    const Mended mended = mender_.add(sector);
    TRY_VOID(capture_.put_main(sector.lba, mended.main, mended.state, independence(sector)));
    if (mended.how) {
      capture_.note_mending(sector.lba, *mended.how);
      mender_.forget(sector.lba);
    }
    return {};
  }
  const bool own_evidence = judgement.state == SectorState::proven || judgement.state == SectorState::failed;
  if (confirms_only_ && !own_evidence) {
    return capture_.confirm_main(sector.lba, sector.main, independence(sector));
  }
  if (judgement.state >= SectorState::consistent) mender_.forget(sector.lba);
  return capture_.put_main(sector.lba, sector.main, judgement.state, independence(sector));
}

Result<void> Judge::on_sub(const Delivered& sector) {
  const SubTrust trust = sector.arrival == Arrival::proven ? SubTrust::arrived : SubTrust::unproven;
  return capture_.put_sub(sector.lba, sector.sub, trust);
}

void Judge::add_to(ReadStatistics& statistics) const {
  statistics.c2_sectors = c2_sectors_;
  const SectorMap& map = capture_.map();
  statistics.edge_samples = map.edge_samples();
  statistics.wrong_edc = map.wrong_edc();
  if (const auto& pregap = map.first_pregap()) {
    statistics.pregap_sectors_read = pregap->read;
    statistics.pregap_sectors_not_silent = pregap->not_silent;
  }
}

}  // namespace binrip::rip
