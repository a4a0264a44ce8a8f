// What one disc is asked to become.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binrip/drive/profile.hpp"
#include "binrip/image/bin_layout.hpp"
#include "binrip/job/fill.hpp"
#include "binrip/rip/paranoia_choice.hpp"
#include "binrip/verify/database_servers.hpp"

namespace binrip::net {
class Fetcher;
}

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

}  // namespace binrip::job
