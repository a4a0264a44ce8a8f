#include "binrip/batch/station_json.hpp"

#include <algorithm>

#include "binrip/base/json.hpp"

namespace binrip::batch {
namespace {

// "set aside" as "set_aside".
std::string key_of(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), ' ', '_');
  return key;
}

std::string line_of(const Json& object) { return object.dump(); }

void add_progress(Json& object, const RipProgress& p) {
  object["pass"] = p.pass;
  object["passes"] = p.passes;
  object["pass_name"] = p.pass_name;
  object["track"] = p.track;
  object["last_track"] = p.last_track;
  object["sectors_done"] = p.sectors_done;
  object["sectors_total"] = p.sectors_total;
  object["speed"] = p.speed;
  object["seconds_left"] = nullptr;
  if (p.time_left) object["seconds_left"] = p.time_left->count();
  object["sectors_not_good"] = p.sectors_not_good;
  object["c2_sectors"] = p.c2_sectors;
  object["medium_errors"] = p.medium_errors;
  object["other_errors"] = p.other_errors;
}

void add_drive(Json& object, const DriveView& drive) {
  object["id"] = drive.id;
  object["node"] = drive.node;
  object["name"] = drive.name;
  object["stage"] = key_of(to_string(drive.stage));
  object["disc"] = drive.disc;
  object["reason"] = drive.reason;
  object["discs_published"] = drive.discs_published;
  object["discs_failed"] = drive.discs_failed;
}

void add_finished(Json& object, const FinishedDisc& disc) {
  object["time"] = disc.time;
  object["drive"] = disc.drive_id;
  object["disc"] = disc.disc;
  object["folder"] = disc.folder;
  object["end"] = key_of(to_string(disc.end));
  object["exit_code"] = disc.exit_code;
  object["verdict"] = disc.verdict;
}

Json ends_of(const StationView& view) {
  Json ends = Json::object();
  for (const DiscEnd end : kAllDiscEnds) {
    ends[key_of(to_string(end))] = view.ends[static_cast<std::size_t>(end)];
  }
  return ends;
}

Json drives_of(const StationView& view) {
  Json drives = Json::array();
  for (const DriveView& drive : view.drives) {
    Json object;
    add_drive(object, drive);
    object["progress"] = nullptr;
    if (drive.progress) add_progress(object["progress"] = Json::object(), *drive.progress);
    drives.push_back(std::move(object));
  }
  return drives;
}

Json finished_of(const StationView& view) {
  Json discs = Json::array();
  for (const FinishedDisc& disc : view.finished) {
    Json object;
    add_finished(object, disc);
    discs.push_back(std::move(object));
  }
  return discs;
}

}  // namespace

std::string station_json(const PostedView& posted, ControlAccess control) {
  const StationView& view = *posted.view;
  return line_of({{"version", posted.version},
                  {"archive", view.archive},
                  {"started", view.started},
                  {"stopping", view.stopping},
                  {"control", control == ControlAccess::with_token},
                  {"free_bytes", view.free_bytes},
                  {"ends", ends_of(view)},
                  {"needs_a_hand", view.needs_a_hand},
                  {"drives", drives_of(view)},
                  {"finished", finished_of(view)}});
}

std::vector<std::string> change_events(const StationChanges& changes, const StationView& now,
                                       std::string_view time) {
  std::vector<std::string> lines;
  const auto begin = [&](std::string_view name) { return Json{{"event", name}, {"time", time}}; };
  const auto tell = [&](const Json& event) { lines.push_back(line_of(event)); };
  for (const DriveView& drive : changes.drives) {
    Json event = begin("drive");
    add_drive(event, drive);
    tell(event);
  }
  for (const FinishedDisc& disc : changes.finished) {
    Json event = begin("disc");
    add_finished(event, disc);
    tell(event);
  }
  if (!changes.finished.empty()) {
    Json event = begin("totals");
    event["ends"] = ends_of(now);
    event["free_bytes"] = now.free_bytes;
    tell(event);
  }
  const auto tell_texts = [&](std::string_view name, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      Json event = begin(name);
      event["text"] = text;
      tell(event);
    }
  };
  tell_texts("need", changes.needs);
  tell_texts("settled", changes.settled);
  if (changes.stopping) tell(begin("stopping"));
  return lines;
}

std::string progress_event(const std::string& drive_id, const RipProgress& progress, std::string_view time) {
  Json event = {{"event", "progress"}, {"time", time}, {"drive", drive_id}};
  add_progress(event, progress);
  return line_of(event);
}

}  // namespace binrip::batch
