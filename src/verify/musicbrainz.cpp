#include "binrip/verify/musicbrainz.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "binrip/image/text.hpp"

namespace binrip::verify {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestName = 250;  // bytes
constexpr int kMostTracks = 99;

// The member, or null where there is no object or no such member.
const Json& member(const Json& object, const char* name) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

// Whatever is no array counts as an empty one.
const Json& array(const Json& object, const char* name) {
  static const Json kNone = Json::array();
  const Json& value = member(object, name);
  return value.is_array() ? value : kNone;
}

// As a name in one line; empty where there is none.
std::string name(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string()) return {};
  std::string clean;
  image::for_each_char(image::as_utf8(value.get_ref<const std::string&>()),
                       [&](char32_t code, std::string_view bytes) {
                         clean += image::is_control(code) ? std::string_view(" ") : bytes;
                       });
  return std::string(image::cut_utf8(clean, kLongestName));
}

// "A feat. B" from [{"name": "A", "joinphrase": " feat. "}, {"name": "B"}].
std::string credit(const Json& object) {
  std::string text;
  for (const Json& part : array(object, "artist-credit")) {
    text += name(part, "name") + name(part, "joinphrase");
    if (text.size() > kLongestName) break;
  }
  return std::string(image::cut_utf8(text, kLongestName));
}

bool is_disc(const Json& medium, std::string_view disc_id) {
  for (const Json& disc : array(medium, "discs")) {
    if (const Json& id = member(disc, "id"); id.is_string() && id.get_ref<const std::string&>() == disc_id) {
      return true;
    }
  }
  return false;
}

const Json* medium_of(const Json& release, std::string_view disc_id) {
  for (const Json& medium : array(release, "media")) {
    if (is_disc(medium, disc_id)) return &medium;
  }
  return nullptr;
}

void add(std::string field, std::string value, MusicBrainzNames& names) {
  if (!value.empty()) names.fields.emplace_back(std::move(field), std::move(value));
}

void add_names(const Json& release, const Json& medium, MusicBrainzNames& names) {
  names.release = name(release, "id");
  add("title", name(release, "title"), names);
  add("performer", credit(release), names);
  for (const Json& track : array(medium, "tracks")) {
    const Json& position = member(track, "position");
    if (!position.is_number_unsigned()) continue;
    const auto number = position.get<std::uint64_t>();
    if (number < 1 || number > kMostTracks) continue;
    add(fmt::format("{}.title", number), name(track, "title"), names);
    add(fmt::format("{}.performer", number), credit(track), names);
  }
}

}  // namespace

Result<std::optional<MusicBrainzNames>> parse_musicbrainz(std::string_view text, std::string_view disc_id) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !member(json, "releases").is_array()) {
    return fail(ErrorKind::invalid, "MusicBrainz's answer: expected JSON with releases");
  }
  MusicBrainzNames names;
  for (const Json& release : array(json, "releases")) {
    const Json* medium = medium_of(release, disc_id);
    if (medium == nullptr) continue;
    if (++names.releases == 1) add_names(release, *medium, names);
  }
  if (names.releases == 0) return std::nullopt;
  return names;
}

Result<std::optional<MusicBrainzNames>> look_up_musicbrainz(net::Fetcher& fetcher, std::string_view server,
                                                            const std::string& disc_id,
                                                            std::stop_token stop) {
  net::Request request;
  request.url =
      fmt::format("{}/ws/2/discid/{}?inc=recordings+artist-credits&cdstubs=no&fmt=json", server, disc_id);
  request.stop = std::move(stop);
  TRY(const net::Response response, fetcher.get(request));
  if (!response.found) return std::nullopt;
  return parse_musicbrainz({reinterpret_cast<const char*>(response.body.data()), response.body.size()},
                           disc_id);
}

}  // namespace binrip::verify
