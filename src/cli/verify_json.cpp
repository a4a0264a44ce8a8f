
#include "verify_result.hpp"
#include "words.hpp"

#include "binrip/base/json.hpp"

namespace binrip::cli {
namespace {

constexpr int kVerifySchema = 1;

// An empty digest could not be computed here.
Json digests_json(const image::Digests& d) {
  return {{"size", d.size}, {"crc32", d.crc32}, {"md5", d.md5}, {"sha1", d.sha1}, {"sha256", d.sha256}};
}

Json track_json(const verify::TrackAudit& track) {
  return {{"session", track.session},     {"number", track.number},
          {"mode", word(track.mode)},     {"begin", track.range.begin.value},
          {"end", track.range.end.value}, {"checked", track.checked},
          {"faulty", track.faulty},       {"digests", digests_json(track.digests)}};
}

Json repair_json(const verify::Repair& repair) {
  Json mended = Json::array();
  for (const verify::RepairedSector& sector : repair.mended) {
    mended.push_back({{"lba", sector.lba.value}, {"bytes_changed", sector.bytes_changed}});
  }
  Json left = Json::array();
  for (const cd::Lba lba : repair.left) left.push_back(lba.value);
  return {{"mended", std::move(mended)}, {"left", std::move(left)}};
}

std::string_view sheet_word(verify::DatMatch::Sheet sheet) {
  switch (sheet) {
    case verify::DatMatch::Sheet::same:
      return "same";
    case verify::DatMatch::Sheet::different:
      return "different";
    case verify::DatMatch::Sheet::not_given:
      break;
  }
  return "not given";
}

Json dat_json(const verify::DatLookup& dat) {
  Json matches = Json::array();
  for (const verify::DatMatch& match : dat.matches) {
    matches.push_back({{"name", match.game},
                       {"whole", match.whole},
                       {"tracks", match.tracks},
                       {"of", match.game_tracks},
                       {"sheet", sheet_word(match.sheet)}});
  }
  return {{"name", dat.header.name},
          {"version", dat.header.version},
          {"games", dat.games},
          {"matches", std::move(matches)},
          {"more_matches", dat.more_matches}};
}

Json databases_json(const std::vector<image::ReportDatabase>& databases) {
  Json out = Json::array();
  for (const image::ReportDatabase& database : databases) {
    Json tracks = Json::array();
    for (const image::ReportDatabaseTrack& track : database.tracks) {
      tracks.push_back({{"number", track.number},
                        {"match", track.match},
                        {"offset", track.offset},
                        {"confidence", track.confidence},
                        {"known", track.known}});
    }
    out.push_back({{"name", database.name},
                   {"answer", database.answer},
                   {"problem", database.problem},
                   {"disc_confidence", database.disc_confidence},
                   {"tracks", std::move(tracks)}});
  }
  return out;
}

Json audio_repair_json(const VerifyResult& result) {
  if (!result.audio_not_repaired.empty()) return {{"problem", result.audio_not_repaired}};
  if (!result.audio_repair) return nullptr;
  return {{"offset", result.audio_repair->offset},
          {"samples", result.audio_repair->patches.size()},
          {"record", result.audio_repair->record.string()}};
}

}  // namespace

std::string verify_json(const VerifyResult& result) {
  const verify::Verification& v = result.verification;
  Json tracks = Json::array();
  for (const verify::TrackAudit& track : v.audit.tracks) tracks.push_back(track_json(track));
  Json faults = Json::array();
  for (const verify::FaultRun& run : v.audit.faults) {
    faults.push_back({{"begin", run.range.begin.value},
                      {"end", run.range.end.value},
                      {"fault", verify::to_string(run.fault)}});
  }
  const Json json = {
      {"schema_version", kVerifySchema},
      {"sheet", v.sheet.string()},
      {"exit_code", v.exit_code},
      {"verdict", v.verdict},
      {"problems", v.problems},
      {"report", v.report.has_value()},
      {"signature",
       {{"file", v.signature.name}, {"checked", v.signature.checked}, {"right", v.signature.right}}},
      {"checksums_compared", v.checksums_compared},
      {"tracks", std::move(tracks)},
      {"whole_disc", digests_json(v.audit.whole)},
      {"wrong_sectors", std::move(faults)},
      {"subchannel",
       {{"records", v.audit.records},
        {"q_right", v.audit.q_right},
        {"q_wrong_crc", v.audit.q_wrong_crc},
        {"q_wrong_address", v.audit.q_wrong_address}}},
      {"dat", result.dat ? dat_json(*result.dat) : Json(nullptr)},
      {"databases", databases_json(v.databases)},
      {"audio_repair", audio_repair_json(result)},
      {"repair", result.repair ? repair_json(*result.repair) : Json(nullptr)}};
  // File names may be no UTF-8.
  return json.dump(kJsonIndent) + '\n';
}

}  // namespace binrip::cli
