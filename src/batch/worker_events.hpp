// What worker processes say, read back: JSON lines of a rip, and the answers of `tray` and `info`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "binrip/base/result.hpp"
#include "binrip/batch/station_view.hpp"

namespace binrip::batch {

struct StageEvent {
  std::string text;
};
struct RipEnd {
  int exit_code = 0;
  std::string verdict;  // of a published image
  std::string error, kind;
};
using RipEvent = std::variant<std::monostate, StageEvent, RipProgress, RipEnd>;

// One line of `--progress json`. What is not understood is std::monostate: a worker of a later version may
// say more.
RipEvent parse_rip_event(std::string_view line);

enum class TrayState { open, empty, busy, ready, unreadable };
struct TrayAnswer {
  TrayState state = TrayState::empty;
  std::string problem;
};
// Errors: invalid.
Result<TrayAnswer> parse_tray(std::string_view json);

// What `binrip info` says of a disc, as far as a station needs it.
struct DiscInfo {
  std::string identity;  // hash of the TOC
  std::string disc_id;   // for people and names: MusicBrainz's, else the beginning of the identity
  std::string title = {}, artist = {}, mcn = {};
  std::string volume_label = {};  // of a data disc
  int tracks = 0;
  std::int64_t sectors = 0;  // to the last lead-out
  // "Artist: Title", or the volume label, or the disc id.
  std::string label() const;
  friend bool operator==(const DiscInfo&, const DiscInfo&) = default;
};
// Errors: invalid.
Result<DiscInfo> parse_disc_info(std::string_view json);

// The message of the last "binrip: error: …" in what a worker wrote to standard error; else its last line.
std::string last_error(std::string_view text);

}  // namespace binrip::batch
