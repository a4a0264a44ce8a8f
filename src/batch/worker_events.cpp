#include "worker_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "binrip/base/json.hpp"

namespace binrip::batch {
namespace {

// Null where it is no JSON object.
Json object_of(std::string_view text) {
  auto json = parse_json(text);
  return json && json->is_object() ? std::move(*json) : Json();
}

std::string text_at(const Json& object, const char* key) {
  const std::string* text = object.member(key).as_string();
  return text != nullptr ? *text : std::string();
}

std::int64_t number_at(const Json& object, const char* key) {
  const double value = object.member(key).as_number().value_or(0);
  constexpr double kMost = 1e15;
  return value > -kMost && value < kMost ? static_cast<std::int64_t>(value) : 0;
}

RipProgress progress_of(const Json& event) {
  RipProgress progress;
  progress.pass_name = text_at(event, "pass_name");
  progress.pass = static_cast<int>(number_at(event, "pass"));
  progress.passes = static_cast<int>(number_at(event, "passes"));
  progress.track = static_cast<int>(number_at(event, "track"));
  progress.last_track = static_cast<int>(number_at(event, "last_track"));
  progress.sectors_done = number_at(event, "sectors_done");
  progress.sectors_total = number_at(event, "sectors_total");
  if (const auto speed = event.member("speed").as_number()) progress.speed = *speed;
  if (event.member("seconds_left").as_number()) {
    progress.time_left = std::chrono::seconds(number_at(event, "seconds_left"));
  }
  progress.sectors_not_good = number_at(event, "sectors_not_good");
  progress.c2_sectors = number_at(event, "c2_sectors");
  progress.medium_errors = number_at(event, "medium_errors");
  progress.other_errors = number_at(event, "other_errors");
  return progress;
}

constexpr std::array<std::pair<std::string_view, TrayState>, 5> kTrayStates = {
    {{"open", TrayState::open},
     {"empty", TrayState::empty},
     {"busy", TrayState::busy},
     {"ready", TrayState::ready},
     {"unreadable", TrayState::unreadable}}};

}  // namespace

RipEvent parse_rip_event(std::string_view line) {
  const Json event = object_of(line);
  const std::string kind = text_at(event, "event");
  if (kind == "stage") return StageEvent{text_at(event, "stage")};
  if (kind == "progress") return progress_of(event);
  if (kind == "done") {
    return RipEnd{static_cast<int>(number_at(event, "exit_code")), text_at(event, "verdict"),
                  text_at(event, "error"), text_at(event, "kind")};
  }
  return {};
}

Result<TrayAnswer> parse_tray(std::string_view json) {
  const Json answer = object_of(json);
  const std::string word = text_at(answer, "state");
  const auto state =
      std::find_if(kTrayStates.begin(), kTrayStates.end(), [&](auto& s) { return s.first == word; });
  if (state == kTrayStates.end()) return fail(ErrorKind::invalid, "the state of the tray was not understood");
  return TrayAnswer{state->second, text_at(answer, "problem")};
}

std::string DiscInfo::label() const {
  if (title.empty() && artist.empty()) return volume_label.empty() ? disc_id : volume_label;
  if (title.empty()) return artist;
  return artist.empty() ? title : artist + ": " + title;
}

Result<DiscInfo> parse_disc_info(std::string_view json) {
  const Json info = object_of(json);
  DiscInfo disc;
  const Json& ids = info.member("ids");
  disc.identity = text_at(ids, "toc");
  disc.disc_id = text_at(ids, "musicbrainz");
  constexpr std::size_t kIdentitySize = 64, kShortId = 16;
  if (disc.identity.size() != kIdentitySize) return fail(ErrorKind::invalid, "the disc was not understood");
  if (disc.disc_id.empty()) disc.disc_id = disc.identity.substr(0, kShortId);
  disc.mcn = text_at(info, "mcn");
  disc.volume_label = text_at(info, "volume_label");
  for (const Json& session : info.member("sessions").elements()) {
    disc.tracks += static_cast<int>(session.member("tracks").elements().size());
    disc.sectors = std::max(disc.sectors, number_at(session.member("lead_out"), "lba"));
  }
  for (const Json& block : info.member("cdtext").member("blocks").elements()) {
    const Json& texts = block.member("disc");
    if (disc.title.empty()) disc.title = text_at(texts, "title");
    if (disc.artist.empty()) disc.artist = text_at(texts, "performer");
  }
  return disc;
}

std::string last_error(std::string_view text) {
  constexpr std::string_view kMark = "binrip: error: ";
  std::string last;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.starts_with(kMark)) return std::string(line.substr(kMark.size()));
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace binrip::batch
