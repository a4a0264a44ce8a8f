#include "texts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "binrip/job/rip_job.hpp"

namespace binrip::job {

namespace {

struct Field {
  std::string_view name;
  std::string cd::Text::*member;
};
constexpr std::array<Field, 6> kFields = {{{"title", &cd::Text::title},
                                           {"performer", &cd::Text::performer},
                                           {"songwriter", &cd::Text::songwriter},
                                           {"composer", &cd::Text::composer},
                                           {"arranger", &cd::Text::arranger},
                                           {"message", &cd::Text::message}}};

// "title" is the disc's (track 0), "3.title" track 3's.
struct FieldName {
  int track = 0;
  const Field* field = nullptr;
};

std::optional<FieldName> parse_field(std::string_view name) {
  FieldName parsed;
  if (const std::size_t dot = name.find('.'); dot != name.npos) {
    const auto [end, error] = std::from_chars(name.data(), name.data() + dot, parsed.track);
    if (error != std::errc() || end != name.data() + dot || parsed.track < 1 || parsed.track > 99)
      return std::nullopt;
    name.remove_prefix(dot + 1);
  }
  const auto field =
      std::find_if(kFields.begin(), kFields.end(), [&](const Field& f) { return f.name == name; });
  if (field == kFields.end()) return std::nullopt;
  parsed.field = &*field;
  return parsed;
}

cd::Text& track_text(cd::Disc& disc, Byte number) {
  auto& texts = disc.track_texts;
  const auto at = std::lower_bound(texts.begin(), texts.end(), number,
                                   [](const auto& entry, Byte n) { return entry.first < n; });
  if (at != texts.end() && at->first == number) return at->second;
  return texts.insert(at, {number, {}})->second;
}

bool has_track(const cd::Disc& disc, int number) {
  const auto tracks = cd::track_ranges(disc);
  return std::any_of(tracks.begin(), tracks.end(),
                     [&](const cd::TrackRef& t) { return t.track->number == number; });
}

}  // namespace

Result<std::pair<std::string, std::string>> parse_set_option(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || !parse_field(text.substr(0, equals))) {
    return fail(
        ErrorKind::usage, fmt::format("--set: expected FIELD=VALUE, got \"{}\"", text),
        "FIELD is title, performer, songwriter, composer, arranger or message; 3.title is that of track 3");
  }
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

std::vector<std::string> apply_texts(const std::vector<std::pair<std::string, std::string>>& texts,
                                     cd::Disc& disc) {
  std::vector<std::string> without_track;
  for (const auto& [name, value] : texts) {
    const auto parsed = parse_field(name);
    if (!parsed || (parsed->track != 0 && !has_track(disc, parsed->track))) {
      without_track.push_back(name);
      continue;
    }
    cd::Text& text = parsed->track == 0 ? disc.text : track_text(disc, static_cast<Byte>(parsed->track));
    std::string& member = text.*(parsed->field->member);
    if (member.empty()) member = value;
  }
  return without_track;
}

}  // namespace binrip::job
