#include "mender.hpp"

#include <algorithm>
#include <vector>

namespace binrip::rip {

using cd::SectorState;

namespace {

// Bounds what a disc that is damaged all over makes us remember: 8192 sectors are some 30 MB.
constexpr std::size_t kMaxMended = 8192;

bool is_absent(const Composed& sector, std::size_t at) {
  return sector.absent_from <= at && at < sector.absent_from + sector.absent_bytes;
}

std::vector<std::uint16_t> positions(const std::bitset<cd::kSectorSize>& bits) {
  std::vector<std::uint16_t> found;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) found.push_back(static_cast<std::uint16_t>(i));
  }
  return found;
}

}  // namespace

void Mender::merge(const Composed& sector, Reads& reads) {
  for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
    if (is_absent(sector, i)) continue;
    reads.came.set(i);
    const bool bad = (sector.c2_bits[i / 8] & (0x80U >> (i % 8))) != 0;
    if (bad) {
      if (!reads.clean[i]) reads.main[i] = sector.main[i];
      continue;
    }
    if (reads.clean[i] && reads.main[i] != sector.main[i]) reads.contested.set(i);
    reads.main[i] = sector.main[i];
    reads.clean.set(i);
  }
}

void Mender::forget(cd::Lba lba) {
  reads_.erase(lba.value);
  ballots_.erase(lba.value);
}

bool Mender::disputed(cd::Lba lba) const {
  const auto known = ballots_.find(lba.value);
  return known != ballots_.end() && known->second.contested.any();
}

// Boyer and Moore's majority vote, for each byte.
void Mender::count(const Composed& sector, Ballot& ballot) {
  for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
    if (sector.main[i] == ballot.main[i]) {
      if (ballot.support[i] < 0xFF) ++ballot.support[i];
      continue;
    }
    ballot.contested.set(i);
    if (ballot.support[i] == 0) {
      ballot.main[i] = sector.main[i];
      ballot.support[i] = 1;
    } else {
      --ballot.support[i];
    }
  }
}

Mended Mender::vote(const Composed& sector) {
  Mended mended;
  mended.main = sector.main;
  Ballot alone;
  const bool known = ballots_.contains(sector.lba.value);
  const bool remembered = known || ballots_.size() < kMaxMended;
  Ballot& ballot = remembered ? ballots_[sector.lba.value] : alone;
  if (!known) {
    ballot.main = sector.main;
    ballot.support.fill(0);
  }
  count(sector, ballot);
  const std::vector<std::uint16_t> contested = positions(ballot.contested);
  for (const auto& attempt : {ballot.main, sector.main}) {
    mended.main = attempt;
    if (!cd::repair_data_sector(mended.main, sector.lba, contested)) continue;
    mended.state = SectorState::proven;
    mended.how = Mending::repaired;
    return mended;
  }
  mended.main = sector.main;
  return mended;
}

ChangedBytes Mender::compare(const Composed& sector) const {
  ChangedBytes changed;
  const auto known = reads_.find(sector.lba.value);
  if (known == reads_.end() || sector.c2 == C2Verdict::unknown || sector.absent_bytes > 0) return changed;
  const Reads& reads = known->second;
  if (reads.is_data != sector.is_data) return changed;
  for (std::size_t i = 0; i < cd::kSectorSize; ++i) {
    if (!reads.came[i] || reads.main[i] == sector.main[i]) continue;
    const bool flagged = sector.c2 == C2Verdict::set && (sector.c2_bits[i / 8] & (0x80U >> (i % 8))) != 0;
    ++(flagged || !reads.clean[i] ? changed.flagged : changed.unflagged);
  }
  return changed;
}

Mended Mender::add(const Composed& sector) {
  // What the drive gave as audio and what was descrambled have no bytes in common.
  const auto before = reads_.find(sector.lba.value);
  if (before != reads_.end() && before->second.is_data != sector.is_data) reads_.erase(before);
  const bool known = reads_.contains(sector.lba.value);
  Mended mended;
  Reads alone;
  const bool remembered = known || reads_.size() < kMaxMended;
  Reads& reads = remembered ? reads_[sector.lba.value] : alone;
  if (!known) reads.main = sector.main;
  reads.is_data = sector.is_data;
  merge(sector, reads);
  mended.main = reads.main;

  const std::bitset<cd::kSectorSize> doubtful = ~reads.clean | reads.contested;
  if (sector.is_data) {
    if (cd::is_right_with_ecc(mended.main, sector.lba)) {
      mended.state = SectorState::proven;
      mended.how = Mending::merged;
    } else if (cd::repair_data_sector(mended.main, sector.lba, positions(doubtful))) {
      mended.state = SectorState::proven;
      mended.how = Mending::repaired;
    }
  } else if (doubtful.none()) {
    mended.state = SectorState::consistent;
    mended.how = Mending::merged;
  }
  return mended;
}

}  // namespace binrip::rip
