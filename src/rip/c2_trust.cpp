#include "c2_trust.hpp"

#include <algorithm>

namespace binrip::rip {

namespace {

// What it takes for a verdict: changed bytes, and sectors with those that speak for it.
constexpr std::int64_t kEnoughBytes = 8;
constexpr int kEnoughSectors = 3;
// One unflagged byte among so many is what good drives are known to miss.
constexpr std::int64_t kUsualMisses = 20;
// One sector that is wrong all over counts no more than that.
constexpr int kMostOfASector = 64;

}  // namespace

void C2Trust::note(const ChangedBytes& changed) {
  flagged_ += std::min(changed.flagged, kMostOfASector);
  unflagged_ += std::min(changed.unflagged, kMostOfASector);
  if (changed.unflagged > 0) ++sectors_unflagged_;
  if (changed.flagged > 0) ++sectors_flagged_;
  if (verdict_ == Verdict::elsewhere || flagged_ + unflagged_ < kEnoughBytes) return;
  if (unflagged_ > flagged_ && sectors_unflagged_ >= kEnoughSectors) {
    verdict_ = Verdict::elsewhere;
  } else if (unflagged_ * kUsualMisses <= flagged_ && sectors_flagged_ >= kEnoughSectors) {
    verdict_ = Verdict::in_place;
  }
}

void C2Trust::doubt(cd::Lba lba, Otherwise otherwise) {
  const auto [known, is_new] = doubted_.emplace(lba, otherwise);
  if (!is_new && otherwise == Otherwise::good) known->second = otherwise;
}

void C2Trust::spoil(cd::Lba lba) {
  const auto known = doubted_.find(lba);
  if (known != doubted_.end()) known->second = Otherwise::unproven;
}

std::vector<cd::Lba> C2Trust::take_good() {
  std::vector<cd::Lba> good;
  for (const auto& [lba, otherwise] : doubted_) {
    if (otherwise == Otherwise::good) good.push_back(lba);
  }
  doubted_.clear();
  return good;
}

}  // namespace binrip::rip
