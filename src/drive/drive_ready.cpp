// Waiting for a disc.
#include <algorithm>

#include <fmt/format.h>

#include "binrip/drive/drive.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds kPollInterval{250};
// Just after the tray has closed drives say "no medium" until they have looked for one.
constexpr milliseconds kEmptyGrace{2000};
constexpr milliseconds kReadyTimeout{30'000};
// Unit attentions are asked past at once, but not for ever.
constexpr int kQuickPolls = 8;
// 3/xx and 4/xx in answer to TEST UNIT READY: the drive could not make sense of the disc; some find it later.
constexpr int kFailuresBorne = 4;

constexpr Byte kInitializingCommandRequired = 0x02, kManualIntervention = 0x03;

tl::unexpected<Error> no_disc(const Drive& drive) {
  return fail(ErrorKind::no_medium, fmt::format("no disc in {}", drive.name()),
              "put a disc in and close the tray");
}

}  // namespace

// An open tray, and an empty one after a moment's grace, are errors; otherwise there is reason to wait.
Result<void> Drive::no_medium_or_wait(const Sense& sense, nanoseconds& seen_empty_since) {
  constexpr Byte kTrayOpen = 0x02;
  const auto event = media_event();
  const bool event_known = event.has_value() && event->has_value();
  bool open = sense.ascq == kTrayOpen;
  if (event_known) open = open || (*event)->tray_open;
  if (!open && !event_known) {
    const auto mechanism = mechanism_status();
    open = mechanism.has_value() && mechanism->door_open;
  }
  if (open) {
    return fail(ErrorKind::no_medium, fmt::format("the tray of {} is open", name()),
                "put a disc in and close the tray");
  }
  const nanoseconds now = transport_.now();
  if (seen_empty_since == nanoseconds::min()) seen_empty_since = now;
  if (event_known && (*event)->media_present) return {};
  if (now - seen_empty_since < kEmptyGrace) return {};
  return no_disc(*this);
}

Result<void> Drive::wait_ready(milliseconds limit, std::stop_token stop) {
  const nanoseconds deadline = transport_.now() + limit;
  nanoseconds seen_empty_since = nanoseconds::min();
  int quick_polls = kQuickPolls, failures = 0;
  bool started = false;
  // The count ends the loop even over a transport whose clock stands still.
  const std::int64_t most_polls = std::max<std::int64_t>(limit / kPollInterval, 0) + kQuickPolls + 1;
  Sense sense;
  for (std::int64_t poll = 0; poll < most_polls; ++poll) {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "stopped while waiting for the disc");
    TRY(const Completion answer,
        transport_.execute(test_unit_ready_cdb(), Direction::none, {}, kReadyTimeout));
    sense = answer.sense;
    if (answer.good) return {};
    switch (classify(sense)) {
      case SenseClass::recovered:
        return {};
      case SenseClass::reset:
        ++resets_;
        [[fallthrough]];
      case SenseClass::medium_changed:
      case SenseClass::unit_attention:
        if (quick_polls-- > 0) continue;
        break;
      case SenseClass::no_medium:
        TRY_VOID(no_medium_or_wait(sense, seen_empty_since));
        break;
      case SenseClass::becoming_ready:
        if (sense.ascq == kManualIntervention) return fail(sense_error(sense, "use " + name()));
        if (sense.ascq == kInitializingCommandRequired && !started) {
          started = true;
          // Whether it helped is what the next TEST UNIT READY tells.
          static_cast<void>(start_stop(StartStop::start));
        }
        break;
      case SenseClass::not_ready:
        if (sense.asc == 0x30) {
          return fail(ErrorKind::unsupported,
                      fmt::format("{} cannot read this disc: {}", name(), to_string(sense)));
        }
        break;
      default:
        if (++failures >= kFailuresBorne) return fail(sense_error(sense, "use the disc in " + name()));
        break;
    }
    if (transport_.now() >= deadline) break;
    transport_.wait(kPollInterval);
  }
  if (classify(sense) == SenseClass::no_medium) return no_disc(*this);
  return fail(ErrorKind::not_ready, fmt::format("{} did not become ready in {} s: {}", name(),
                                                limit.count() / 1000, to_string(sense)));
}

}  // namespace binrip::drive
