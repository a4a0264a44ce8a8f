#include "binrip/verify/repair.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "image_copy.hpp"

#include "binrip/cd/repair.hpp"

namespace binrip::verify {
namespace {

namespace fs = std::filesystem;
using Sector = std::array<Byte, cd::kSectorSize>;

constexpr std::size_t kModeOffset = cd::kHeaderOffset + 3;

const cd::Track* track_of(const std::vector<cd::TrackRef>& tracks, cd::Lba lba) {
  const auto found =
      std::find_if(tracks.begin(), tracks.end(), [&](const auto& t) { return t.range.contains(lba); });
  return found == tracks.end() ? nullptr : found->track;
}

}  // namespace

std::optional<int> mend_sector(cd::MutableSectorBytes sector, cd::Lba lba, cd::TrackMode mode) {
  Sector mended;
  cd::build_mode0(mended, lba);  // sync and address
  std::copy(sector.begin() + cd::kSubheaderOffset, sector.end(), mended.begin() + cd::kSubheaderOffset);
  const bool is_mode1 = mode == cd::TrackMode::mode1;
  mended[kModeOffset] = is_mode1 ? 1 : 2;
  if (!cd::repair_data_sector(mended, lba, {})) return std::nullopt;
  if (cd::classify(mended) != (is_mode1 ? cd::SectorKind::mode1 : cd::SectorKind::mode2_form1)) {
    return std::nullopt;
  }
  int changed = 0;
  for (std::size_t i = 0; i < mended.size(); ++i) changed += mended[i] != sector[i] ? 1 : 0;
  std::copy(mended.begin(), mended.end(), sector.begin());
  return changed;
}

Result<Repair> write_repaired(image::DiscImage& image, std::span<const FaultRun> faults,
                              const fs::path& sheet, std::stop_token stop) {
  const std::vector<cd::TrackRef> tracks = cd::track_ranges(image.disc());
  const auto is_faulty = [&](cd::Lba lba) {
    const auto after =
        std::upper_bound(faults.begin(), faults.end(), lba,
                         [](cd::Lba value, const FaultRun& f) { return value < f.range.begin; });
    return after != faults.begin() && std::prev(after)->range.contains(lba);
  };
  Repair repair;
  const auto mend = [&](cd::Lba lba, cd::MutableSectorBytes sector) -> Result<void> {
    if (!is_faulty(lba)) return {};
    const cd::Track* track = track_of(tracks, lba);
    const auto changed = track == nullptr ? std::nullopt : mend_sector(sector, lba, track->mode);
    if (changed) repair.mended.push_back({lba, *changed});
    if (!changed) repair.left.push_back(lba);
    return {};
  };
  TRY_VOID(write_copied_files(image, sheet, mend, std::move(stop)));
  TRY_VOID(write_copied_sheet(image.disc(), sheet));
  return repair;
}

}  // namespace binrip::verify
