#include "take_up.hpp"

#include <fmt/format.h>

#include "publish.hpp"

namespace binrip::job {

namespace fs = std::filesystem;

namespace {

Result<void> copy_sectors(const PublishedImage& published, rip::Capture& capture,
                          const std::stop_token& stop) {
  std::array<Byte, cd::kSectorSize> main;
  std::array<Byte, cd::kSubSize> sub;
  for (const auto& [range, state] : published.map.runs()) {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      if (stop.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
      TRY_VOID(published.image->read_main(lba, main));
      TRY_VOID(capture.put_main(lba, main, state));
      if (published.sub == SubFile::leave_out) continue;
      TRY(const bool has_sub, published.image->read_sub(lba, sub));
      if (has_sub) TRY_VOID(capture.put_sub(lba, sub, published.map.sub_state(lba)));
    }
  }
  return {};
}

// States only rise: what was taken up and read on knows no less of any sector. Only a drive that turned out
// not to keep its place has put what it had read before in doubt.
bool knows_all_of(const rip::SectorMap& now, const rip::SectorMap& before) {
  const bool doubted = now.jitter().places > 0;
  for (const auto& [range, state] : before.runs()) {
    const cd::StateCounts counts = now.counts(range);
    const cd::SectorState least =
        doubted && state == cd::SectorState::consistent ? cd::SectorState::unproven : state;
    for (std::size_t lower = 0; lower < static_cast<std::size_t>(least); ++lower) {
      if (counts[lower] > 0) return false;
    }
  }
  return true;
}

Result<rip::Capture> go_on(const PublishedImage& published, const fs::path& folder) {
  const auto taken = read_text(folder / kTakenUp);
  const auto another = [&] {
    return fail(
        ErrorKind::exists,
        fmt::format("{} holds another rip than {}", folder.string(), published.names.with(".cue").string()),
        "--force goes on with it and overwrites the image; without the folder the image is gone on with");
  };
  if (!taken || *taken != published.map_digest) return another();
  TRY(rip::Capture capture,
      rip::Capture::open(folder, published.map.disc_identity(), published.map.ranges()));
  if (!knows_all_of(capture.map(), published.map)) return another();
  return capture;
}

}  // namespace

Result<rip::Capture> take_up(const PublishedImage& published, std::stop_token stop) {
  const fs::path folder = published.names.partial();
  if (fs::exists(rip::Capture::map_path(folder))) return go_on(published, folder);
  TRY(rip::Capture capture,
      rip::Capture::open(folder, published.map.disc_identity(), published.map.ranges()));
  TRY_VOID(forget_merge(folder));
  const auto fill = [&]() -> Result<void> {
    TRY_VOID(copy_sectors(published, capture, stop));
    TRY_VOID(write_atomically(folder / kTakenUp, published.map_digest));
    rip::SectorMap map = published.map;
    if (published.sub == SubFile::leave_out) map.forget_subs();
    TRY_VOID(capture.restore(std::move(map)));
    return capture.checkpoint();
  };
  if (auto filled = fill(); !filled) {
    static_cast<void>(remove_partial(folder));
    return fail(filled.error());
  }
  return capture;
}

SubPlan plan_for_sub(const PublishedImage& published, drive::SubSupport drive_gives, SubFile wanted) {
  using drive::SubSupport;
  const bool raw = drive_gives == SubSupport::raw;
  if (published.sub == SubFile::write) {
    if (raw) return {SubSupport::raw, rip::SubGoal::complete, SubPlan::Taken::as_it_comes};
    // One channel would stand where eight belong.
    return {SubSupport::raw, rip::SubGoal::by_the_way, SubPlan::Taken::not_at_all};
  }
  if (raw && wanted == SubFile::write) {
    return {SubSupport::raw, rip::SubGoal::of_all, SubPlan::Taken::as_it_comes};
  }
  // What Q told is in the sheet already.
  return {SubSupport::none, rip::SubGoal::by_the_way, SubPlan::Taken::as_it_comes};
}

}  // namespace binrip::job
