#include "databases.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace binrip::job {
namespace {

bool has_audio_to_prove(const cd::Disc& disc, const rip::SectorMap& map) {
  for (const cd::TrackRef& track : cd::track_ranges(disc)) {
    if (track.track->is_data()) continue;
    for (const auto& [range, state] : map.runs()) {
      const bool meets = range.begin < track.range.end && track.range.begin < range.end;
      if (meets && state < cd::SectorState::consistent) return true;
    }
  }
  return false;
}

void vouch(const verify::DatabaseCheck& check, rip::Capture& capture) {
  for (const image::StateRun& run : check.vouched) capture.vouch(run.range, run.state);
}

}  // namespace

Databases::Databases(cd::Disc disc, std::shared_ptr<net::Fetcher> network, verify::DatabaseServers servers,
                     rip::Listener& listener, std::stop_token stop)
    : disc_(std::move(disc)),
      listener_(listener),
      stop_(stop),
      forward_(stop, [this] { asking_.request_stop(); }) {
  if (!network) return;
  asked_ = std::async(std::launch::async, [this, network = std::move(network), servers = std::move(servers)] {
    return verify::ask_databases(disc_, *network, servers, asking_.get_token());
  });
}

Databases::~Databases() { asking_.request_stop(); }

const verify::DatabaseReplies& Databases::replies() {
  if (!asked_.valid()) return replies_;
  if (asked_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    listener_.on_stage("waiting for AccurateRip and CTDB");
  }
  replies_ = asked_.get();
  return replies_;
}

Result<verify::DatabaseCheck> Databases::check(rip::Capture& capture) {
  const verify::SectorSource source = [&](cd::LbaRange range, MutableBytes out) -> Result<void> {
    for (cd::Lba lba = range.begin; lba < range.end; ++lba) {
      TRY_VOID(capture.read_main(lba, out.first<cd::kSectorSize>()));
      out = out.subspan(cd::kSectorSize);
    }
    return {};
  };
  const verify::DatabaseReplies& known = replies();
  if (stop_.stop_requested()) return fail(ErrorKind::cancelled, "interrupted");
  return verify::check_databases(disc_, known, source, stop_);
}

Result<void> Databases::after_pass(rip::Capture& capture) {
  if (!has_audio_to_prove(disc_, capture.map()) || !replies().known()) return {};
  TRY(const verify::DatabaseCheck found, check(capture));
  vouch(found, capture);
  return {};
}

Result<std::vector<image::ReportDatabase>> Databases::conclude(rip::Capture& capture) {
  TRY(verify::DatabaseCheck found, check(capture));
  vouch(found, capture);
  return std::move(found.databases);
}

std::string shifted_note(const std::vector<image::ReportDatabase>& databases) {
  std::optional<int> offset;
  for (const image::ReportDatabase& database : databases) {
    if (database.name != "AccurateRip") continue;
    for (const image::ReportDatabaseTrack& track : database.tracks) {
      if (track.match == "none" || track.offset == offset.value_or(track.offset)) {
        if (track.match != "none") offset = track.offset;
        continue;
      }
      return {};
    }
  }
  if (offset.value_or(0) == 0) return {};
  return fmt::format(
      "AccurateRip knows this audio shifted by {:+} samples: the disc is another pressing, or the read "
      "offset "
      "of the drive is wrong by that",
      *offset);
}

}  // namespace binrip::job
