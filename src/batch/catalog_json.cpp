
#include "binrip/base/json.hpp"
#include "binrip/batch/catalog_export.hpp"

namespace binrip::batch {
namespace {

std::string text_of(const Json& json) { return json.dump(kJsonIndent) + '\n'; }

// What is not known is null, not an empty string.
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const image::Digests& d) {
  return {{"size", d.size},
          {"crc32", text_or_null(d.crc32)},
          {"md5", text_or_null(d.md5)},
          {"sha1", text_or_null(d.sha1)},
          {"sha256", text_or_null(d.sha256)}};
}

Json json_of(const cd::StateCounts& counts) {
  Json out = Json::object();
  for (const cd::SectorState state : cd::kAllSectorStates) {
    out[std::string(cd::to_string(state))] = counts[static_cast<std::size_t>(state)];
  }
  return out;
}

Json json_of(const CatalogCheck& check) {
  if (check.date.empty()) return nullptr;
  return {{"date", check.date}, {"exit_code", check.exit_code}, {"verdict", check.verdict}};
}

Json json_of(const CatalogDisc& d) {
  return {{"id", d.id},
          {"sheet", d.sheet},
          {"identity", d.identity},
          {"title", text_or_null(d.title)},
          {"performer", text_or_null(d.performer)},
          {"mcn", text_or_null(d.mcn)},
          {"ids",
           {{"musicbrainz", text_or_null(d.musicbrainz)},
            {"cddb", text_or_null(d.cddb)},
            {"accuraterip", text_or_null(d.accuraterip)},
            {"ctdb", text_or_null(d.ctdb)}}},
          {"program_version", d.program_version},
          {"started", d.started},
          {"finished", d.finished},
          {"exit_code", d.exit_code},
          {"verdict", d.verdict},
          {"tracks", d.tracks},
          {"states", json_of(d.states)},
          {"digests", json_of(d.whole)},
          {"check", json_of(d.check)}};
}

Json json_of(const CatalogTrack& t) {
  return {{"session", t.session},
          {"number", t.number},
          {"mode", t.mode},
          {"begin", t.range.begin.value},
          {"end", t.range.end.value},
          {"isrc", text_or_null(t.isrc)},
          {"title", text_or_null(t.title)},
          {"performer", text_or_null(t.performer)},
          {"digests", json_of(t.digests)}};
}

Json json_of(const image::ReportFile& file) {
  return {{"name", file.name}, {"kind", file.kind}, {"digests", json_of(file.digests)}};
}

Json json_of(const DriveFigures& f) {
  return {{"seconds", f.seconds},
          {"sectors_read", f.sectors_read},
          {"sectors_retried", f.sectors_retried},
          {"c2_sectors", f.c2_sectors},
          {"medium_errors", f.medium_errors},
          {"other_errors", f.other_errors}};
}

Json json_of(const CatalogRip& rip) {
  return {{"started", rip.run.started},
          {"finished", rip.run.finished},
          {"device", text_or_null(rip.run.device)},
          {"drive", text_or_null(rip.run.drive)},
          {"verdict", rip.run.verdict},
          {"in_image", rip.in_image},
          {"figures", rip.figures ? json_of(*rip.figures) : Json(nullptr)}};
}

Json json_of(const CatalogDrive& drive) {
  return {{"name", drive.name},
          {"discs", drive.discs},
          {"rips", drive.rips},
          {"figures", json_of(drive.figures)}};
}

Json json_of(const ContentMatch& match) {
  return {
      {"id", match.disc.id}, {"sheet", match.disc.sheet}, {"whole", match.whole}, {"tracks", match.tracks}};
}

Json json_of(const ImageCheck& check) {
  Json json = json_of(check.disc);
  json["problems"] = check.problems;
  json["warning"] = text_or_null(check.warning);
  return json;
}

Json json_of(const CatalogEntry& entry);

template <class Values>
Json array_of(const Values& values) {
  Json out = Json::array();
  for (const auto& value : values) out.push_back(json_of(value));
  return out;
}

Json json_of(const CatalogEntry& entry) {
  Json json = json_of(entry.disc);
  json["tracks"] = array_of(entry.tracks);
  json["files"] = array_of(entry.files);
  json["rips"] = array_of(entry.rips);
  return json;
}

}  // namespace

std::string discs_json(std::span<const CatalogDisc> discs) {
  return text_of({{"schema_version", kCatalogJsonVersion}, {"discs", array_of(discs)}});
}

std::string entry_json(const CatalogEntry& entry, std::span<const ContentMatch> alike) {
  return text_of(
      {{"schema_version", kCatalogJsonVersion}, {"disc", json_of(entry)}, {"same_content", array_of(alike)}});
}

std::string catalog_json(std::span<const CatalogEntry> entries, std::span<const CatalogDrive> drives) {
  return text_of(
      {{"schema_version", kCatalogJsonVersion}, {"discs", array_of(entries)}, {"drives", array_of(drives)}});
}

std::string checks_json(std::span<const ImageCheck> checks, int exit_code) {
  return text_of(
      {{"schema_version", kCatalogJsonVersion}, {"exit_code", exit_code}, {"discs", array_of(checks)}});
}

}  // namespace binrip::batch
