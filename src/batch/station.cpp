// Drives: what is seen of them, who waits for what, and the tray.
#include "station.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "binrip/base/clock.hpp"

namespace binrip::batch {
namespace {

constexpr std::size_t kMostFinished = 100;
constexpr int kTrayFailures = 5;     // in a row, until a drive is put aside
constexpr int kUnreadableLooks = 3;  // until a disc is given up
constexpr Time kSoon{1000};

// Whatever the drive does, these commands end.
constexpr bool is_long(TaskKind kind) {
  return kind == TaskKind::rip || kind == TaskKind::refine || kind == TaskKind::verify;
}

}  // namespace

Station::Station(StationOptions options, Workers& workers, Records& records, Feeder& feeder)
    : options_(options), workers_(workers), records_(records), feeder_(feeder), started_(utc_now()) {}

Station::Slot* Station::find(const std::string& drive) {
  const auto slot = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.id == drive; });
  return slot == slots_.end() ? nullptr : &*slot;
}

void Station::enter(Slot& slot, DriveStage stage, Time now) {
  slot.stage = stage;
  slot.since = now;
  slot.due = now + kSoon;
  slot.looked_into = slot.by_hand = false;
  if (stage != DriveStage::publishing && stage != DriveStage::ejecting) slot.to_tell.clear();
}

void Station::forget_disc(Slot& slot) {
  slot.disc.reset();
  slot.place.reset();
  slot.place_number = 1;
  slot.mending.reset();
  slot.progress.reset();
  slot.rip_end = {};
  slot.ready_since.reset();
  slot.busy_since.reset();
  slot.empty_since.reset();
  slot.unreadable = slot.identify_failures = slot.crashes = 0;
  slot.held.reset();
}

void Station::see_drives(const std::vector<SeenDrive>& drives, Time now) {
  for (Slot& slot : slots_) {
    const auto seen =
        std::find_if(drives.begin(), drives.end(), [&](const SeenDrive& d) { return d.id == slot.id; });
    if (seen == drives.end()) {
      // A worker looks for its drive itself for a while; what it ends with is taken then.
      slot.node.clear();
      if (slot.running || slot.stage == DriveStage::gone || slot.stage == DriveStage::set_aside) continue;
      if (slot.disc) park(slot, "the drive went away", now);
      enter(slot, DriveStage::gone, now);
      continue;
    }
    slot.node = seen->node;
    slot.name = seen->name;
    if (slot.stage == DriveStage::gone && !slot.running) {
      slot.reason.clear();
      enter(slot, DriveStage::empty, now);
    }
  }
  for (const SeenDrive& drive : drives) {
    if (find(drive.id) != nullptr) continue;
    Slot slot;
    slot.id = drive.id;
    slot.node = drive.node;
    slot.name = drive.name;
    slot.since = slot.due = now;
    slot.memory = parse_drive_memory(records_.last_disc(drive.id));
    slots_.push_back(std::move(slot));
  }
}

void Station::start(Slot& slot, TaskKind kind, Time now, const std::filesystem::path& cue) {
  const Task task{kind, slot.node, cue};
  slot.running = Running{.task = task, .heard = now};
  if (const auto started = workers_.start(slot.id, task); !started) {
    slot.running.reset();
    put_aside(slot, started.error().message, now);
  }
}

void Station::on_end(const std::string& drive, const TaskEnd& end, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr || !slot->running) return;
  const Running running = *slot->running;
  slot->running.reset();
  if (running.given_up) {
    slot->reason = "the drive did not answer for a long time";
    return;
  }
  if (slot->stage == DriveStage::set_aside) return;
  if (running.asked_to_end && !stopping_) {
    return put_aside(*slot, fmt::format("{} does not answer", running.task.node), now);
  }
  switch (running.task.kind) {
    case TaskKind::tray:
    case TaskKind::close_tray:
      return on_tray(*slot, end, now);
    case TaskKind::open_tray:
      return on_tray_opened(*slot, end, now);
    case TaskKind::identify:
      return on_identified(*slot, end, now);
    case TaskKind::rip:
    case TaskKind::refine:
      return on_rip_end(*slot, end, now);
    case TaskKind::verify:
      return on_verified(*slot, end, now);
  }
}

void Station::on_line(const std::string& drive, std::string_view line, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr || !slot->running) return;
  slot->running->heard = now;
  const RipEvent event = parse_rip_event(line);
  if (const auto* progress = std::get_if<RipProgress>(&event)) slot->progress = *progress;
  if (const auto* end = std::get_if<RipEnd>(&event)) slot->rip_end = *end;
}

void Station::tick(Time now) {
  for (Slot& slot : slots_) {
    if (slot.running) {
      watch_running(slot, now);
    } else if (now >= slot.due) {
      next_step(slot, now);
    }
  }
}

// A worker that says nothing is asked to end, then killed, then given up: in the kernel it can be beyond
// both.
void Station::watch_running(Slot& slot, Time now) {
  Running& running = *slot.running;
  if (running.given_up) return;
  if (running.killed) {
    if (now - *running.killed < options_.grace) return;
    running.given_up = true;
    return put_aside(slot, fmt::format("{} hangs, and so does what waits for it", running.task.node), now);
  }
  if (running.asked_to_end) {
    if (now - *running.asked_to_end < options_.grace) return;
    running.killed = now;
    return workers_.stop(slot.id, StopHow::kill);
  }
  if (now - running.heard < (is_long(running.task.kind) ? options_.silence : options_.answer_wait)) return;
  running.asked_to_end = now;
  workers_.stop(slot.id, StopHow::ask);
}

void Station::next_step(Slot& slot, Time now) {
  if (stopping_ || slot.node.empty() || slot.feeding) return;
  switch (slot.stage) {
    case DriveStage::empty:
      // A loader would put a disc upon one that lies there.
      if (!feeder_.is_loader() || slot.by_hand || !slot.looked_into) return ask_tray(slot, now);
      return feed(slot, now);
    case DriveStage::loading:
    case DriveStage::done:
      return ask_tray(slot, now);
    case DriveStage::identifying:
      return slot.held ? decide(slot, now) : start(slot, TaskKind::identify, now);
    case DriveStage::publishing:
      return slot.to_tell.empty() ? publish(slot, now) : fail_disc(slot, slot.to_tell, now);
    case DriveStage::ejecting:
      return start(slot, TaskKind::open_tray, now);
    default:
      return;
  }
}

// The tray is open, or closed and nothing is seen in it. What lies on an open tray nobody can see, and after
// a kill the robot may or may not have laid a disc there.
void Station::feed(Slot& slot, Time now) {
  if (!is_free(slot)) return look_into(slot, now);
  if (begins_nothing() || no_more_discs_) return;
  start(slot, TaskKind::open_tray, now);
}

bool Station::is_free(const Slot& slot) {
  return slot.memory.lies == Lies::nothing || (slot.memory.lies == Lies::unknown && !slot.is_open);
}

void Station::look_into(Slot& slot, Time now) {
  enter(slot, DriveStage::loading, now);
  start(slot, TaskKind::close_tray, now);
}

// A disc that came to its end before is only to be taken.
void Station::take_ended(Slot& slot, Time now) {
  slot.taken = slot.memory.lies == Lies::good ? Taken::good : Taken::rejected;
  slot.reason = slot.taken == Taken::good ? "" : "it failed before";
  forget_disc(slot);
  enter(slot, DriveStage::ejecting, now);
  slot.due = now;
}

void Station::remember(Slot& slot, DriveMemory memory) {
  if (slot.memory != memory) records_.remember(slot.id, to_string(memory));
  slot.memory = std::move(memory);
}

void Station::ask_tray(Slot& slot, Time now) {
  slot.due = now + options_.poll;
  start(slot, TaskKind::tray, now);
}

void Station::on_tray(Slot& slot, const TaskEnd& end, Time now) {
  const auto answer = parse_tray(end.output);
  if (end.exit_code == 0 && answer) {
    slot.tray_failures = 0;
    return on_tray_state(slot, *answer, now);
  }
  if (slot.node.empty()) return enter(slot, DriveStage::gone, now);
  slot.due = now + options_.poll;
  if (++slot.tray_failures < kTrayFailures) return;
  put_aside(slot, end.problem.empty() ? "it does not say what is in its tray" : end.problem, now);
}

// A disc that is done lies there until somebody has taken it out; that the tray closes by itself brings no
// new disc. A robot that leaves taking to a person cannot see whether the open tray is free: what is there
// when it closes tells.
bool Station::has_left(Slot& slot, TrayState state) {
  if (state == TrayState::empty) {
    if (feeder_.is_loader()) remember(slot, {Lies::nothing});
    return true;
  }
  return slot.by_hand ? slot.is_open && state != TrayState::open : state == TrayState::open;
}

void Station::on_tray_state(Slot& slot, const TrayAnswer& answer, Time now) {
  if (answer.state != TrayState::ready) slot.ready_since.reset();
  if (answer.state != TrayState::busy) slot.busy_since.reset();
  if (answer.state != TrayState::empty) slot.empty_since.reset();
  if (slot.stage == DriveStage::done) {
    if (!has_left(slot, answer.state)) {
      slot.is_open = answer.state == TrayState::open;
      return;
    }
    const bool by_hand = slot.by_hand && answer.state != TrayState::empty;
    slot.reason.clear();
    enter(slot, DriveStage::empty, now);
    slot.by_hand = by_hand;
  }
  slot.is_open = answer.state == TrayState::open;
  slot.looked_into = slot.is_open || answer.state == TrayState::empty;
  switch (answer.state) {
    case TrayState::open:
      slot.was_open = true;
      slot.unreadable = 0;
      return;
    case TrayState::empty:
      return on_unseen(slot, now);
    case TrayState::busy:
      if (!slot.busy_since) slot.busy_since = now;
      slot.due = now + kSoon;
      if (now - *slot.busy_since >= options_.busy_wait) fail_disc(slot, answer.problem, now);
      return;
    case TrayState::unreadable:
      slot.due = now + kSoon;
      if (++slot.unreadable >= kUnreadableLooks) fail_disc(slot, answer.problem, now);
      return;
    case TrayState::ready:
      if (!slot.ready_since) slot.ready_since = now;
      slot.due = now + options_.settle;
      if (now - *slot.ready_since >= options_.settle) enter(slot, DriveStage::identifying, now);
      return;
  }
}

// The tray is closed and nothing is seen in it: no disc, or one upside down.
void Station::on_unseen(Slot& slot, Time now) {
  if (!slot.empty_since) slot.empty_since = now;
  if (now - *slot.empty_since < options_.medium_wait) return;
  if (slot.stage == DriveStage::loading) {
    if (slot.memory.lies == Lies::unknown) {
      remember(slot, {Lies::nothing});
      return enter(slot, DriveStage::empty, now);
    }
    const char* const reason =
        "no disc is seen in the drive: it may lie upside down, or be none that the drive knows";
    if (slot.memory.lies != Lies::loading) return fail_disc(slot, reason, now);
    // Whether there is one, the loader finds out.
    slot.to_tell = slot.reason = reason;
    slot.taken = Taken::rejected;
    enter(slot, DriveStage::ejecting, now);
    slot.due = now;
    return;
  }
  if (slot.was_open) slot.reason = "the tray is closed, and no disc is seen in it: it may lie upside down";
}

void Station::on_loaded(const std::string& drive, const FedAnswer& answer, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr) return;
  slot->feeding = false;
  if (answer.fed == Fed::done) {
    remember(*slot, {Lies::a_disc});
    records_.brought(drive);
  } else if (answer.fed != Fed::failed && answer.fed != Fed::stop) {
    remember(*slot, {Lies::nothing});
  }
  if (answer.fed == Fed::no_more) no_more_discs_ = true;
  if (answer.fed == Fed::stop) line_stopped_ = answer.reason;
  if (slot->stage != DriveStage::empty) return;  // gone meanwhile, or set aside
  switch (answer.fed) {
    case Fed::done:
      if (slot->node.empty()) return enter(*slot, DriveStage::gone, now);
      return look_into(*slot, now);
    case Fed::by_hand:
      slot->by_hand = true;
      return;
    case Fed::no_more:
    case Fed::nothing:
    case Fed::stop:
      return;
    case Fed::later:
      slot->due = now + options_.hold;
      return;
    case Fed::failed:
      return put_aside(*slot, answer.reason, now);
  }
}

void Station::on_tray_opened(Slot& slot, const TaskEnd& end, Time now) {
  if (end.exit_code != 0) {
    if (slot.node.empty()) return enter(slot, DriveStage::gone, now);
    return put_aside(slot, fmt::format("the tray does not open: {}", end.problem), now);
  }
  if (slot.node.empty()) return enter(slot, DriveStage::gone, now);
  slot.was_open = true;
  if (feeder_.is_loader()) {
    slot.feeding = true;
    if (slot.stage == DriveStage::ejecting) return feeder_.take(slot.id, slot.node, slot.taken, slot.reason);
    remember(slot, {Lies::loading});
    return feeder_.load(slot.id, slot.node);
  }
  if (slot.stage == DriveStage::ejecting) return given_back(slot, DriveStage::done, now);
  enter(slot, slot.stage, now);
}

// It may be the drive, and the next discs would fail for nothing; nor is a disc that cannot be known again to
// fail for ever, because the tray closes by itself.
void Station::given_back(Slot& slot, DriveStage next, Time now) {
  if (slot.failed_in_a_row < options_.failures_in_a_row) return enter(slot, next, now);
  put_aside(slot,
            fmt::format("{} discs in a row failed, the last one: {}", slot.failed_in_a_row, slot.reason),
            now);
}

void Station::on_taken(const std::string& drive, const FedAnswer& answer, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr) return;
  slot->feeding = false;
  if (answer.fed == Fed::later) {
    slot->due = now + options_.hold;
    return;
  }
  if (answer.fed == Fed::stop) line_stopped_ = answer.reason;
  if (answer.fed == Fed::nothing) slot->to_tell.clear();
  if (answer.fed == Fed::done || answer.fed == Fed::nothing) remember(*slot, {Lies::nothing});
  if (slot->stage != DriveStage::ejecting) return;  // gone meanwhile, or set aside
  if (answer.fed == Fed::done && !slot->to_tell.empty()) {
    fail_disc(*slot, slot->to_tell, now);
    if (slot->stage != DriveStage::ejecting) return;  // to be told later
    remember(*slot, {Lies::nothing});
  }
  if (answer.fed == Fed::failed || answer.fed == Fed::stop) return put_aside(*slot, answer.reason, now);
  given_back(*slot, answer.fed == Fed::by_hand ? DriveStage::done : DriveStage::empty, now);
  slot->by_hand = answer.fed == Fed::by_hand;
}

void Station::put_aside(Slot& slot, const std::string& reason, Time now) {
  // What was ripped stays where it is: the disc goes on in any drive.
  if (slot.disc) records_.note(slot.id, fmt::format("{} is left unfinished", slot.disc->label()));
  records_.note(slot.id, "set aside: " + reason);
  records_.left(slot.id);
  forget_disc(slot);
  slot.reason = reason;
  enter(slot, DriveStage::set_aside, now);
}

void Station::nudge(const std::string& node, Time now) {
  for (Slot& slot : slots_) {
    if (slot.node == node && slot.stage <= DriveStage::loading) slot.due = now;
  }
}

Result<void> Station::set_aside(const std::string& drive, const std::string& reason, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr) return fail(ErrorKind::no_device, fmt::format("there is no drive {}", drive));
  if (slot->running) {
    slot->running->asked_to_end = now;
    workers_.stop(drive, StopHow::ask);
  }
  put_aside(*slot, reason, now);
  return {};
}

Result<void> Station::take_back(const std::string& drive, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr) return fail(ErrorKind::no_device, fmt::format("there is no drive {}", drive));
  if (slot->running) return fail(ErrorKind::not_ready, fmt::format("{} still does not answer", drive));
  if (slot->stage != DriveStage::set_aside && slot->stage != DriveStage::done) {
    return fail(ErrorKind::usage, fmt::format("{} is not set aside", drive));
  }
  remember(*slot, {});
  slot->reason.clear();
  slot->tray_failures = slot->failed_in_a_row = 0;
  forget_disc(*slot);
  enter(*slot, slot->node.empty() ? DriveStage::gone : DriveStage::empty, now);
  return {};
}

Result<void> Station::eject(const std::string& drive, Time now) {
  Slot* slot = find(drive);
  if (slot == nullptr) return fail(ErrorKind::no_device, fmt::format("there is no drive {}", drive));
  if (slot->running || slot->feeding) return fail(ErrorKind::not_ready, fmt::format("{} is at work", drive));
  if (slot->disc) park(*slot, "ejected by hand", now);
  enter(*slot, DriveStage::ejecting, now);
  return {};
}

void Station::stop(Time now) {
  stopping_ = true;
  for (Slot& slot : slots_) {
    if (!slot.running || slot.running->given_up || slot.running->asked_to_end) continue;
    slot.running->asked_to_end = now;
    workers_.stop(slot.id, StopHow::ask);
  }
}

bool Station::idle() const {
  return std::none_of(slots_.begin(), slots_.end(),
                      [](const Slot& s) { return s.feeding || (s.running && !s.running->given_up); });
}

bool Station::complete() const {
  if (!finishing_ && !no_more_discs_) return false;
  const bool waits_for_ever = begins_nothing();
  return std::all_of(slots_.begin(), slots_.end(), [&](const Slot& s) {
    if (s.held) return waits_for_ever;
    return is_quiet(s) && !s.feeding && !s.disc && (!s.running || !is_long(s.running->task.kind));
  });
}

bool Station::is_quiet(const Slot& slot) const {
  // Where no more discs come, there may still be one in a drive that has not been looked into.
  if (slot.stage == DriveStage::empty) {
    return begins_nothing() || slot.by_hand || (slot.looked_into && is_free(slot));
  }
  return slot.stage == DriveStage::gone || slot.stage == DriveStage::done ||
         slot.stage == DriveStage::set_aside;
}

StationView Station::view() const {
  StationView view;
  view.started = started_;
  view.finished = finished_;
  view.ends = ends_;
  view.stopping = begins_nothing();
  if (!line_stopped_.empty()) view.needs_a_hand.push_back(line_stopped_);
  for (const Slot& slot : slots_) {
    view.drives.push_back({.id = slot.id,
                           .node = slot.node,
                           .name = slot.name,
                           .stage = slot.stage,
                           .disc = slot.disc ? slot.disc->label() : std::string(),
                           .reason = slot.reason,
                           .progress = slot.progress,
                           .discs_published = slot.published,
                           .discs_failed = slot.failed});
    const bool waits = slot.held && slot.held->hand == Hand::needed;
    const bool needed = slot.stage == DriveStage::set_aside || waits || slot.stage == DriveStage::empty ||
                        slot.stage == DriveStage::publishing;
    if (needed && !slot.reason.empty()) {
      view.needs_a_hand.push_back(
          fmt::format("{}: {}", slot.node.empty() ? slot.id : slot.node, slot.reason));
    }
  }
  std::stable_partition(view.drives.begin(), view.drives.end(),
                        [](const DriveView& d) { return !d.node.empty(); });
  return view;
}

void Station::finish(Slot& slot, FinishedDisc finished, Time now) {
  const bool failed = finished.end == DiscEnd::failed;
  (failed ? slot.failed : slot.published) += finished.end == DiscEnd::skipped ? 0 : 1;
  slot.taken = failed ? Taken::rejected : Taken::good;
  slot.reason = failed ? finished.verdict : std::string();
  slot.failed_in_a_row = failed ? slot.failed_in_a_row + 1 : 0;
  ++ends_[static_cast<std::size_t>(finished.end)];
  const DriveMemory ended{failed ? Lies::rejected : Lies::good,
                          slot.disc ? slot.disc->identity : std::string()};
  // A disc of which nothing is known cannot be known again: without a loader, the last that was known is of
  // more use.
  if (slot.disc || feeder_.is_loader()) remember(slot, ended);
  slot.to_tell.clear();
  finished_.insert(finished_.begin(), std::move(finished));
  if (finished_.size() > kMostFinished) finished_.resize(kMostFinished);
  forget_disc(slot);
  enter(slot, DriveStage::ejecting, now);
  slot.due = now;
  on_finished(finished_.front());
}

}  // namespace binrip::batch
