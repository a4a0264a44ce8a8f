#include "tray_command.hpp"

#include <fmt/format.h>

#include "print_result.hpp"

#include "binrip/base/json.hpp"
#include "binrip/cli/drive_invocations.hpp"
#include "binrip/cli/host.hpp"
#include "binrip/cli/text.hpp"
#include "binrip/drive/drive.hpp"

namespace binrip::cli {
namespace {

// What the slot of a drive holds, at this moment.
struct TrayState {
  std::string_view word;  // "open", "empty", "busy", "ready", "unreadable"
  std::string problem = {};
};

// Asked once: whoever wants to wait asks again.
Result<TrayState> state_of(drive::Drive& drive) {
  const auto ready = drive.wait_ready(std::chrono::milliseconds(0));
  if (ready) return TrayState{"ready"};
  const Error& error = ready.error();
  switch (error.kind) {
    case ErrorKind::no_medium: {
      const auto event = drive.media_event();
      const bool open = event && *event && (*event)->tray_open;
      return TrayState{open ? "open" : "empty"};
    }
    case ErrorKind::not_ready:
    case ErrorKind::medium_changed:
      return TrayState{"busy", error.message};
    case ErrorKind::unsupported:
    case ErrorKind::medium:
    case ErrorKind::hardware:
      return TrayState{"unreadable", error.message};
    default:
      return fail(error);
  }
}

Result<TrayState> move_and_ask(const TrayInvocation& options, Host& host) {
  TRY(const drive::ConfigFile config, host.load_config());
  TRY(const OpenDevice device, host.open_device(with_config(options.device, config)));
  drive::Drive drive(*device.transport);
  if (options.move == TrayMove::none) return state_of(drive);
  // Whether the drive is ready does not matter for its tray; this takes what it has to tell first.
  static_cast<void>(drive.wait_ready(std::chrono::milliseconds(0)));
  if (options.move == TrayMove::close) {
    TRY_VOID(drive.start_stop(drive::StartStop::load));
    return state_of(drive);
  }
  // A program that was killed in the middle of a rip leaves the tray locked.
  static_cast<void>(drive.lock_tray(drive::TrayLock::unlocked));
  TRY_VOID(drive.start_stop(drive::StartStop::eject));
  return state_of(drive);
}

}  // namespace

int tray_command(const TrayInvocation& options, Host& host) {
  const auto state = move_and_ask(options, host);
  if (!state) {
    print_error(host.err, state.error());
    return kFailure;
  }
  if (options.format == OutputFormat::text) return print_result(host, fmt::format("{}\n", state->word));
  const Json json = {{"device", options.device.name},
                     {"state", state->word},
                     {"problem", state->problem.empty() ? Json(nullptr) : Json(state->problem)}};
  return print_result(host, json.dump() + '\n');
}

}  // namespace binrip::cli
