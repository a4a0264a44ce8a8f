// What a station of drives looks like at one moment: plain data that displays are made of, on a terminal, as
// a web page, or as metrics. Whoever has a copy may read it from any thread; nothing here changes by itself.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "binrip/cd/sector_state.hpp"

namespace binrip::batch {

// What a drive is doing, in the order in which a disc goes through.
enum class DriveStage {
  gone,         // unplugged; it is known by its serial number or its place, and awaited
  empty,        // no disc, or the tray is open
  loading,      // a loader brings a disc, or the drive spins one up
  identifying,  // reading the TOC
  ripping,
  verifying,
  publishing,
  ejecting,
  done,       // the disc is to be taken out; it is not ripped again
  set_aside,  // the drive takes no more work until somebody has looked at it
};
inline constexpr std::array kAllDriveStages = {
    DriveStage::gone,    DriveStage::empty,     DriveStage::loading,    DriveStage::identifying,
    DriveStage::ripping, DriveStage::verifying, DriveStage::publishing, DriveStage::ejecting,
    DriveStage::done,    DriveStage::set_aside};
std::string_view to_string(DriveStage stage);  // "set aside"

// What a worker process last told of its rip.
struct RipProgress {
  std::string pass_name;  // "read", "trim", …
  int pass = 0, passes = 0;
  int track = 0, last_track = 0;
  std::int64_t sectors_done = 0, sectors_total = 0;
  double speed = 0;                               // ×
  std::optional<std::chrono::seconds> time_left;  // nothing: not known yet
  std::int64_t sectors_not_good = 0;              // below consistent
  std::int64_t c2_sectors = 0, medium_errors = 0, other_errors = 0;
  friend bool operator==(const RipProgress&, const RipProgress&) = default;
};

struct DriveView {
  std::string id;    // stable: by serial number, or by the place on the bus
  std::string node;  // "/dev/sr0"; empty when it is gone
  std::string name;  // vendor and product
  DriveStage stage = DriveStage::empty;
  std::string disc;    // title and artist, or the disc id; empty: none, or not known
  std::string reason;  // why it was set aside, why the last disc failed; empty: nothing to say
  std::optional<RipProgress> progress;  // while it rips
  std::int64_t discs_published = 0, discs_failed = 0;
  friend bool operator==(const DriveView&, const DriveView&) = default;
};

// How a disc ended.
enum class DiscEnd {
  published,    // in the archive
  second_copy,  // in the archive beside another copy of the same disc
  mended,       // raised a damaged image that was in the archive
  skipped,      // in the archive already
  failed,       // put aside, with its reason
};
inline constexpr std::array kAllDiscEnds = {DiscEnd::published, DiscEnd::second_copy, DiscEnd::mended,
                                            DiscEnd::skipped, DiscEnd::failed};
std::string_view to_string(DiscEnd end);  // "second copy"

struct FinishedDisc {
  std::string time;      // ISO 8601, UTC
  std::string drive_id;  // DriveView::id
  std::string disc;      // title and artist, or the disc id; empty: could not be identified
  std::string folder;    // where it lies within the archive, put aside in failed/; empty: nowhere
  DiscEnd end = DiscEnd::published;
  int exit_code = 0;    // the rip's: 0, 2 and 3 published an image
  std::string verdict;  // one sentence of the rip, or the reason of a failure
  friend bool operator==(const FinishedDisc&, const FinishedDisc&) = default;
};

struct StationView {
  std::string archive;                                   // its folder
  std::string started;                                   // ISO 8601, UTC
  std::vector<DriveView> drives;                         // as /dev numbers them; those that are gone last
  std::vector<FinishedDisc> finished;                    // latest first, at most 100
  std::array<std::int64_t, kAllDiscEnds.size()> ends{};  // of all discs since the start, by DiscEnd
  std::vector<std::string> needs_a_hand;  // what a person has to do, a line each; empty: nothing
  std::uint64_t free_bytes = 0;           // of the archive's file system
  bool stopping = false;                  // no disc is begun any more
  friend bool operator==(const StationView&, const StationView&) = default;
};

}  // namespace binrip::batch
