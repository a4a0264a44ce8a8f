// A disc: known, ripped, verified, published, or put aside with its reason.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "station.hpp"

namespace binrip::batch {
namespace {

constexpr int kIdentifyTries = 3;
constexpr int kCrashes = 2;  // of a worker with the same disc
constexpr int kPlaces = 9;   // in work, for discs of one TOC
constexpr int kSignalled = 128;
constexpr double kBytesASector = 2352 + 96;
constexpr int kUnproven = 2, kDamaged = 3;

bool published_image(int exit_code) {
  return exit_code == 0 || exit_code == kUnproven || exit_code == kDamaged;
}

}  // namespace

void Station::on_identified(Slot& slot, const TaskEnd& end, Time now) {
  const auto disc = parse_disc_info(end.output);
  if (end.exit_code == 0 && disc) {
    slot.disc = *disc;
    return decide(slot, now);
  }
  if (slot.node.empty()) return enter(slot, DriveStage::gone, now);
  const std::string problem = end.exit_code == 0 ? disc.error().message : end.problem;
  if (++slot.identify_failures >= kIdentifyTries) {
    return fail_disc(slot, problem.empty() ? "the disc could not be identified" : problem, now);
  }
  // The tray knows whether there still is a disc.
  enter(slot, DriveStage::loading, now);
}

// Nothing: it can be begun.
std::optional<Station::Wait> Station::reason_to_wait(const Slot& slot) const {
  if (begins_nothing())
    return Wait{line_stopped_.empty() ? "no disc is begun any more" : "the line is stopped"};
  std::uint64_t reserved = options_.margin;
  for (const Slot& other : slots_) {
    if (&other == &slot || !other.disc || other.held) continue;
    if (other.disc->identity == slot.disc->identity) {
      return Wait{fmt::format("a disc with the same TOC is being ripped in {}", other.node)};
    }
    reserved += bytes_needed(other);
  }
  const std::uint64_t needed = bytes_needed(slot);
  if (records_.free_bytes() >= needed + reserved) return std::nullopt;
  // Without figures that change while it waits: that would be news again and again.
  return Wait{
      fmt::format("not enough space: this disc needs {} MiB beside the discs in work", (needed >> 20U) + 1),
      Hand::needed};
}

// Main channel and subchannel, less what the first pass has brought.
std::uint64_t Station::bytes_needed(const Slot& slot) const {
  const auto sectors = static_cast<double>(std::max<std::int64_t>(slot.disc->sectors, 0));
  double missing = 1;
  if (slot.progress && slot.progress->sectors_total > 0) {
    const auto done = static_cast<double>(slot.progress->sectors_done);
    missing = slot.progress->pass > 1 ? 0 : 1 - done / static_cast<double>(slot.progress->sectors_total);
  }
  return static_cast<std::uint64_t>(sectors * kBytesASector * std::clamp(missing, 0.0, 1.0));
}

void Station::hold(Slot& slot, const Wait& wait, Time now) {
  slot.held = wait;
  slot.reason = wait.reason;
  slot.due = now + options_.hold;
}

void Station::decide(Slot& slot, Time now) {
  if (slot.memory.has_ended() && slot.disc->identity == slot.memory.identity) {
    if (feeder_.is_loader()) return take_ended(slot, now);
    // Either the tray closed by itself, or the same disc was put in again: it is where it was.
    forget_disc(slot);
    slot.reason = "the same disc as before: it is not ripped again here";
    return enter(slot, DriveStage::done, now);
  }
  if (const auto wait = reason_to_wait(slot)) return hold(slot, *wait, now);
  slot.held.reset();
  slot.reason.clear();
  slot.place_number = records_.place(*slot.disc, slot.place_number);
  const auto expected = records_.expect(slot.id, *slot.disc, slot.place_number);
  if (!expected) return hold(slot, {expected.error().message, Hand::needed}, now);
  if (!expected->contradiction.empty()) {
    line_stopped_ = fmt::format("{}: the line is stopped: {}", slot.node, expected->contradiction);
    return fail_disc(slot, expected->contradiction, now);
  }
  const auto copies = records_.copies(*slot.disc);
  if (!copies) return hold(slot, {copies.error().message, Hand::needed}, now);
  // A TOC of one or two tracks is shared by discs that have nothing else in common: what they hold tells.
  const bool known = !copies->empty() && slot.disc->tracks >= options_.tracks_that_tell;
  if (!known || options_.on_copy == OnCopy::keep) return begin(slot, now);
  const auto worst = std::max_element(copies->begin(), copies->end(),
                                      [](auto& a, auto& b) { return a.exit_code < b.exit_code; });
  if (options_.on_copy == OnCopy::mend && worst->exit_code != 0) {
    slot.mending = *worst;
    return read_disc(slot, now);
  }
  finish(slot, records_.skipped(slot.id, *slot.disc, copies->front()), now);
}

void Station::begin(Slot& slot, Time now) {
  slot.mending.reset();
  auto place = records_.begin(slot.id, *slot.disc, slot.place_number);
  if (!place) return hold(slot, {place.error().message, Hand::needed}, now);
  slot.place = std::move(*place);
  slot.rip_end = slot.place->ripped;
  read_disc(slot, now);
}

// An image that is there may be one of another disc with the same TOC: refining it compares them.
void Station::read_disc(Slot& slot, Time now) {
  enter(slot, DriveStage::ripping, now);
  if (slot.mending) return start(slot, TaskKind::refine, now, slot.mending->cue);
  const bool has_image = slot.place->holds == Holds::an_image;
  start(slot, has_image ? TaskKind::refine : TaskKind::rip, now, slot.place->cue);
}

// What is in work is of another disc with the same TOC, and waits for that.
void Station::begin_elsewhere(Slot& slot, Time now) {
  records_.note(slot.id,
                fmt::format("{} is another disc than the one in work with the same TOC", slot.disc->label()));
  records_.left(slot.id);
  slot.place.reset();
  slot.rip_end = {};
  ++slot.place_number;
  enter(slot, DriveStage::identifying, now);
  decide(slot, now);
}

void Station::on_rip_end(Slot& slot, const TaskEnd& end, Time now) {
  slot.progress.reset();
  slot.rip_end.exit_code = end.exit_code;
  if (!published_image(end.exit_code)) return on_rip_failed(slot, end, now);
  enter(slot, DriveStage::verifying, now);
  start(slot, TaskKind::verify, now, slot.mending ? slot.mending->cue : slot.place->cue);
}

void Station::on_rip_failed(Slot& slot, const TaskEnd& end, Time now) {
  const std::string& kind = slot.rip_end.kind;
  const std::string reason = slot.rip_end.error.empty() ? end.problem : slot.rip_end.error;
  if (stopping_ || kind == "cancelled") return park(slot, "stopped", now);
  // exists: a worker of a station that was killed hangs, and holds on to what it has ripped.
  if (kind == "no_space" || kind == "exists") {
    enter(slot, DriveStage::identifying, now);
    return hold(slot, {reason, Hand::needed}, now);
  }
  const bool may_be_of_another = slot.place && slot.place->holds != Holds::nothing;
  if (kind == "mismatch" && may_be_of_another && slot.place_number < kPlaces)
    return begin_elsewhere(slot, now);
  if (kind == "no_device" || slot.node.empty()) return park(slot, "the drive went away", now);
  if (kind == "no_medium" || kind == "medium_changed") return park(slot, reason, now);
  if (end.exit_code > kSignalled && ++slot.crashes < kCrashes) {
    records_.note(slot.id,
                  fmt::format("the worker ended by signal {}; once more", end.exit_code - kSignalled));
    return read_disc(slot, now);
  }
  fail_disc(slot, reason.empty() ? fmt::format("the worker ended with exit code {}", end.exit_code) : reason,
            now);
}

void Station::on_verified(Slot& slot, const TaskEnd& end, Time now) {
  if (stopping_ && end.exit_code > kSignalled) return park(slot, "stopped", now);
  // Of an image with damage, which the rip told of, it says so again.
  const bool as_told =
      end.exit_code == 0 || (end.exit_code == kDamaged && slot.rip_end.exit_code == kDamaged);
  if (!as_told) {
    return fail_disc(slot, end.problem.empty() ? "what was written does not verify" : end.problem, now);
  }
  enter(slot, DriveStage::publishing, now);
  publish(slot, now);
}

void Station::publish(Slot& slot, Time now) {
  const EndedRip rip{slot.id, *slot.disc, slot.place.value_or(WorkPlace{}), slot.rip_end.exit_code,
                     slot.rip_end.verdict};
  auto finished = slot.mending ? records_.mended(rip, *slot.mending) : records_.publish(rip);
  if (finished) return finish(slot, std::move(*finished), now);
  slot.reason = finished.error().message;
  slot.due = now + options_.hold;
}

// The image stays as far as it is: the same disc goes on with it, in any drive.
void Station::park(Slot& slot, const std::string& reason, Time now) {
  records_.note(slot.id,
                fmt::format("{} is left unfinished: {}", slot.disc ? slot.disc->label() : "a disc", reason));
  records_.left(slot.id);
  forget_disc(slot);
  slot.reason = stopping_ ? std::string() : reason;
  enter(slot, slot.node.empty() ? DriveStage::gone : DriveStage::empty, now);
}

void Station::fail_disc(Slot& slot, const std::string& reason, Time now) {
  if (feeder_.is_loader() && !slot.disc && slot.memory.has_ended()) return take_ended(slot, now);
  auto finished = records_.failed(slot.id, slot.disc, slot.place, reason);
  if (finished) return finish(slot, std::move(*finished), now);
  enter(slot, DriveStage::publishing, now);
  slot.to_tell = reason;
  slot.reason = finished.error().message;
  slot.due = now + options_.hold;
}

}  // namespace binrip::batch
