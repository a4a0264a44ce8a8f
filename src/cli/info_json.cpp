#include "info_text.hpp"
#include "words.hpp"

#include "binrip/base/json.hpp"
#include "binrip/cli/description.hpp"
#include "binrip/job/disc_identity.hpp"

namespace binrip::cli {
namespace {

constexpr int kInfoSchema = 1;

// What is not known is null, not an empty string.
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <class T>
Json known_json(const T& value, drive::ProfileSource source) {
  return {{"value", value}, {"source", drive::to_string(source)}};
}

Json profile_json(const drive::Profile& p) {
  return {{"read_offset", known_json(p.read_offset.value, p.read_offset.source)},
          {"c2", known_json(word(p.c2.value), p.c2.source)},
          {"subchannel", known_json(word(p.sub.value), p.sub.source)},
          {"c2_and_subchannel", known_json(word(p.combination.value), p.combination.source)},
          {"field_order", known_json(word(p.order.value), p.order.source)},
          {"largest_transfer", known_json(p.max_transfer.value, p.max_transfer.source)},
          {"overread_lead_in", known_json(p.overread_lead_in.value, p.overread_lead_in.source)},
          {"overread_lead_out", known_json(p.overread_lead_out.value, p.overread_lead_out.source)},
          {"data_as_audio", known_json(p.audio_over_data.value, p.audio_over_data.source)},
          {"accurate_stream", known_json(p.accurate_stream.value, p.accurate_stream.source)},
          {"cache_kib", known_json(p.cache_kib.value, p.cache_kib.source)},
          {"vendor_d8", known_json(p.vendor_d8.value, p.vendor_d8.source)}};
}

Json position(cd::Lba lba) { return {{"lba", lba.value}, {"msf", cd::to_string(cd::to_msf(lba))}}; }

Json length(cd::SectorCount n) { return {{"sectors", n.value}, {"msf", cd::to_string(cd::to_msf(n))}}; }

void add_texts(Json& object, const cd::Text& text) {
  object["title"] = text_or_null(text.title);
  object["performer"] = text_or_null(text.performer);
  object["songwriter"] = text_or_null(text.songwriter);
  object["composer"] = text_or_null(text.composer);
  object["arranger"] = text_or_null(text.arranger);
  object["message"] = text_or_null(text.message);
}

Json session_json(const cd::Session& session) {
  Json tracks = Json::array();
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const cd::Track& track = session.tracks[i];
    const cd::Lba end = i + 1 < session.tracks.size() ? session.tracks[i + 1].start() : session.lead_out;
    tracks.push_back({{"number", track.number},
                      {"mode", word(track.mode)},
                      {"control", track.control},
                      {"flags", control_flags(track.control)},
                      {"start", position(track.start())},
                      {"length", length(end - track.start())},
                      {"isrc", text_or_null(track.isrc)}});
  }
  return {{"number", session.number},
          {"type", word(session.type)},
          {"lead_out", position(session.lead_out)},
          {"tracks", tracks}};
}

Json cdtext_json(const cd::CdText& cdtext) {
  Json blocks = Json::array();
  for (const cd::CdTextBlock& block : cdtext.blocks) {
    Json tracks = Json::array();
    for (const auto& [number, text] : block.tracks) {
      Json track = {{"number", number}};
      add_texts(track, text);
      tracks.push_back(track);
    }
    Json disc;
    add_texts(disc, block.disc);
    blocks.push_back({{"language", language_name(block.language)},
                      {"language_code", block.language},
                      {"charset", word(block.charset)},
                      {"disc", disc},
                      {"tracks", tracks},
                      {"genre", text_or_null(block.genre)},
                      {"disc_id", text_or_null(block.disc_id)}});
  }
  return {{"blocks", blocks}, {"bad_packs", cdtext.bad_packs}};
}

Json medium_json(const Description& d) {
  Json atip = nullptr;
  if (d.disc.atip) {
    atip = {{"rewritable", d.disc.atip->rewritable},
            {"lead_in_start", cd::to_string(d.disc.atip->lead_in_start)},
            {"last_lead_out", cd::to_string(d.disc.atip->last_lead_out)}};
  }
  return {{"profile", d.drive.current_profile},
          {"name", drive::profile_name(d.drive.current_profile)},
          {"atip", atip}};
}

}  // namespace

std::string info_json(const std::string& device, const Description& d) {
  Json sessions = Json::array();
  for (const cd::Session& session : d.disc.disc.sessions) sessions.push_back(session_json(session));
  const Json info = {{"schema_version", kInfoSchema},
                     {"device", device},
                     {"transport", d.transport.empty() ? Json(nullptr) : Json(d.transport)},
                     {"drive",
                      {{"vendor", d.drive.inquiry.vendor},
                       {"product", d.drive.inquiry.product},
                       {"revision", d.drive.inquiry.revision},
                       {"serial", text_or_null(d.drive.serial)}}},
                     {"profile", profile_json(d.drive.profile)},
                     {"medium", medium_json(d)},
                     {"mcn", text_or_null(d.disc.disc.mcn)},
                     {"volume_label", text_or_null(d.disc.volume_label)},
                     {"sessions", sessions},
                     {"cdtext", cdtext_json(d.disc.cdtext)},
                     {"ids",
                      {{"toc", job::disc_identity(d.disc.disc)},
                       {"musicbrainz", text_or_null(d.disc.ids.musicbrainz)},
                       {"cddb", text_or_null(d.disc.ids.cddb)},
                       {"accuraterip", text_or_null(d.disc.ids.accuraterip)},
                       {"ctdb", text_or_null(d.disc.ids.ctdb)}}},
                     {"notes", d.disc.notes}};
  return info.dump(kJsonIndent) + '\n';
}

}  // namespace binrip::cli
