// One disc, from the drive to the published image: describe, read, understand, publish, report.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "binrip/drive/profile.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/image/report.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/rip/events.hpp"

namespace binrip::job {

enum class Existing { keep, overwrite };     // --force
enum class OnDamage { publish, withhold };   // --strict
enum class SubFile { write, leave_out };     // --no-sub
enum class Picture { leave_out, write };     // --picture
enum class AfterRip { keep_closed, eject };  // --eject

struct RipOptions {
  std::filesystem::path cue;  // OUT.cue; the folder must exist
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::write;
  Picture picture = Picture::leave_out;  // OUT.map.svg
  Existing existing = Existing::keep;
  OnDamage on_damage = OnDamage::publish;
  AfterRip after = AfterRip::keep_closed;
  std::optional<int> speed;  // ×
  int retries = 5;           // sweeps over what is still bad
  // The same as rip::EngineOptions has.
  std::optional<int> passes;
  std::optional<std::chrono::seconds> max_time;
  double stop_below = 0;
  rip::Paranoia paranoia = rip::Paranoia::automatic;
  drive::ProfileOverrides overrides;  // from the command line
  drive::ConfigFile config;
  // --set FIELD=VALUE, by field: "title", "performer", "songwriter", "composer", "arranger", "message", also
  // "N.title" for track N. They fill what CD-TEXT leaves empty.
  std::vector<std::pair<std::string, std::string>> texts;
  std::chrono::milliseconds ready_limit = std::chrono::seconds(60);
};

struct RipOutcome {
  image::Report report;                      // has the verdict and the exit code 0, 2 or 3
  std::vector<std::filesystem::path> files;  // published, the sheet last
};

// Errors: what exit code 1 stands for, and cancelled (resumable: the same call goes on). On an Error nothing
// is published, and nothing is left behind that a resume does not need.
Result<RipOutcome> rip_disc(drive::Transport& transport, const RipOptions& options, rip::Listener& listener,
                            std::stop_token stop);

// Checks "FIELD=VALUE" for RipOptions::texts.
Result<std::pair<std::string, std::string>> parse_set_option(std::string_view text);

}  // namespace binrip::job
