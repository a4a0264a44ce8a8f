#include "binrip/verify/musicbrainz.hpp"

#include <fmt/format.h>

#include "binrip/base/json.hpp"
#include "binrip/image/text.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kMaxNameBytes = 250;  // bytes
constexpr int kMaxMbTracks = 99;

// As a name in one line; empty where there is none.
std::string name(const Json& object, const char* key) {
  const std::string* text = object.member(key).as_string();
  if (text == nullptr) return {};
  std::string clean;
  image::for_each_char(image::as_utf8(*text), [&](char32_t code, std::string_view bytes) {
    clean += image::is_control(code) ? std::string_view(" ") : bytes;
  });
  return std::string(image::cut_utf8(clean, kMaxNameBytes));
}

// "A feat. B" from [{"name": "A", "joinphrase": " feat. "}, {"name": "B"}].
std::string credit(const Json& object) {
  std::string text;
  for (const Json& part : object.member("artist-credit").elements()) {
    text += name(part, "name") + name(part, "joinphrase");
    if (text.size() > kMaxNameBytes) break;
  }
  return std::string(image::cut_utf8(text, kMaxNameBytes));
}

bool is_disc(const Json& medium, std::string_view disc_id) {
  for (const Json& disc : medium.member("discs").elements()) {
    if (const std::string* id = disc.member("id").as_string(); id != nullptr && *id == disc_id) return true;
  }
  return false;
}

const Json* medium_of(const Json& release, std::string_view disc_id) {
  for (const Json& medium : release.member("media").elements()) {
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
  for (const Json& track : medium.member("tracks").elements()) {
    const auto number = track.member("position").as_integer();
    if (!number || *number < 1 || *number > kMaxMbTracks) continue;
    add(fmt::format("{}.title", *number), name(track, "title"), names);
    add(fmt::format("{}.performer", *number), credit(track), names);
  }
}

}  // namespace

Result<std::optional<MusicBrainzNames>> parse_musicbrainz(std::string_view text, std::string_view disc_id) {
  const auto json = parse_json(text);
  if (!json || !json->member("releases").is_array()) {
    return fail(ErrorKind::invalid, "MusicBrainz's answer: expected JSON with releases");
  }
  MusicBrainzNames names;
  for (const Json& release : json->member("releases").elements()) {
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
