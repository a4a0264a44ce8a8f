#include "worker_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace binrip::batch {
namespace {

using Json = nlohmann::json;

// Null where it is no JSON object.
Json object_of(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json();
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return 0;
  const double value = found->get<double>();
  constexpr double kMost = 1e15;
  return value > -kMost && value < kMost ? static_cast<std::int64_t>(value) : 0;
}

// An object or an array, empty where there is none.
const Json& part_at(const Json& object, const char* key) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found != object.end() ? *found : kNone;
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
  if (const auto& speed = part_at(event, "speed"); speed.is_number()) progress.speed = speed.get<double>();
  if (part_at(event, "seconds_left").is_number()) {
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
  const std::string kind = event.is_null() ? std::string() : text_at(event, "event");
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
  const std::string word = answer.is_null() ? std::string() : text_at(answer, "state");
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
  const Json& ids = part_at(info, "ids");
  if (ids.is_object()) {
    disc.identity = text_at(ids, "toc");
    disc.disc_id = text_at(ids, "musicbrainz");
  }
  constexpr std::size_t kIdentitySize = 64, kShortId = 16;
  if (disc.identity.size() != kIdentitySize) return fail(ErrorKind::invalid, "the disc was not understood");
  if (disc.disc_id.empty()) disc.disc_id = disc.identity.substr(0, kShortId);
  disc.mcn = text_at(info, "mcn");
  disc.volume_label = text_at(info, "volume_label");
  for (const Json& session : part_at(info, "sessions")) {
    disc.tracks += static_cast<int>(part_at(session, "tracks").size());
    const Json& lead_out = part_at(session, "lead_out");
    if (lead_out.is_object()) disc.sectors = std::max(disc.sectors, number_at(lead_out, "lba"));
  }
  for (const Json& block : part_at(part_at(info, "cdtext"), "blocks")) {
    const Json& texts = part_at(block, "disc");
    if (!texts.is_object()) continue;
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
