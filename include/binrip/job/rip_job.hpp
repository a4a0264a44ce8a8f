// One disc, from the drive to the published image: describe, read, understand, publish, report.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "binrip/drive/profile.hpp"
#include "binrip/image/cue.hpp"
#include "binrip/image/report.hpp"
#include "binrip/job/fill.hpp"
#include "binrip/rip/engine.hpp"
#include "binrip/rip/events.hpp"
#include "binrip/verify/databases.hpp"

namespace binrip::job {

enum class Existing { keep, overwrite };  // --force
// refine: OUT.cue is there, and only what is not good in it is read; its layout stays.
enum class Task { rip, refine };
enum class OnDamage { publish, withhold };             // --strict
enum class SubFile { write, leave_out };               // --no-sub
enum class Picture { leave_out, write };               // --picture
enum class Names { of_the_disc, and_of_musicbrainz };  // --lookup: fill what CD-TEXT and --set leave empty
enum class AfterRip { keep_closed, eject };            // --eject

struct RipOptions {
  Task task = Task::rip;
  std::filesystem::path cue;  // OUT.cue; the folder must exist
  image::BinLayout layout = image::BinLayout::single;
  SubFile sub = SubFile::write;
  Picture picture = Picture::leave_out;  // OUT.map.svg
  Existing existing = Existing::keep;
  OnDamage on_damage = OnDamage::publish;
  std::optional<Fill> fill;  // nothing: as the image that is gone on with has it, else the pattern
  AfterRip after = AfterRip::keep_closed;
  std::filesystem::path sign;  // the key to sign the log with; empty: none
  std::optional<int> speed;    // ×
  int retries = 5;             // sweeps over what is still bad
  // The same as rip::EngineOptions has.
  std::optional<int> passes;
  std::optional<std::chrono::seconds> max_time;
  double stop_below = 0;
  rip::Paranoia paranoia = rip::Paranoia::automatic;
  // Asked for the disc's audio while it is read: tracks that match are not read again for proof. Null: nobody
  // is asked. Any thread.
  std::shared_ptr<net::Fetcher> network;
  verify::DatabaseServers databases;
  Names names = Names::of_the_disc;
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
  std::optional<Error> not_signed = {};      // why the log was published without the signature asked for
};

// An image that is there, with a map that says that not all of it is good, is gone on with: a disc that
// agrees with it is read where it is not good, and a better image takes its place; where nothing got better
// it stays as it is, and the outcome is what its report says. With Existing::overwrite it counts as not
// there. Errors: what exit code 1 stands for, and cancelled (resumable: the same call goes on). On an Error
// nothing is published, and nothing is left behind that a resume does not need.
Result<RipOutcome> rip_disc(drive::Transport& transport, const RipOptions& options, rip::Listener& listener,
                            std::stop_token stop);

// Checks "FIELD=VALUE" for RipOptions::texts.
Result<std::pair<std::string, std::string>> parse_set_option(std::string_view text);

}  // namespace binrip::job
