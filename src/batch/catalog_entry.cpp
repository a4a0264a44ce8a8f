#include <algorithm>

#include "binrip/batch/catalog.hpp"
#include "binrip/image/text.hpp"
#include "binrip/job/disc_identity.hpp"

namespace binrip::batch {

using image::as_utf8;

namespace {

// As the JSON report has them, so that a report in memory and the same read back give the same.
image::Digests clean(const image::Digests& d) {
  return {d.size, as_utf8(d.crc32), as_utf8(d.md5), as_utf8(d.sha1), as_utf8(d.sha256)};
}

std::string id_of(const image::Report& report, std::string_view name) {
  for (const image::ReportValue& id : report.ids) {
    if (id.name == name) return as_utf8(id.value);
  }
  return {};
}

CatalogDisc disc_of(const image::Report& report, std::string sheet) {
  CatalogDisc disc;
  disc.sheet = std::move(sheet);
  disc.identity = job::disc_identity(report.disc);
  disc.title = as_utf8(report.disc.text.title);
  disc.performer = as_utf8(report.disc.text.performer);
  disc.mcn = as_utf8(report.disc.mcn);
  disc.musicbrainz = id_of(report, "musicbrainz");
  disc.cddb = id_of(report, "cddb");
  disc.accuraterip = id_of(report, "accuraterip");
  disc.ctdb = id_of(report, "ctdb");
  disc.program_version = as_utf8(report.program_version);
  disc.started = as_utf8(report.started);
  disc.finished = as_utf8(report.finished);
  disc.exit_code = report.exit_code;
  disc.verdict = as_utf8(report.verdict);
  disc.tracks = static_cast<std::int64_t>(report.tracks.size());
  disc.states = report.states;
  disc.whole = clean(report.whole_disc);
  if (!report.verifications.empty()) {
    const image::ReportVerification& last = report.verifications.back();
    disc.check = {as_utf8(last.date), last.exit_code, as_utf8(last.verdict)};
  }
  return disc;
}

const cd::Track* track_of(const cd::Disc& disc, int session, int number) {
  for (const cd::Session& s : disc.sessions) {
    if (s.number != session) continue;
    for (const cd::Track& track : s.tracks) {
      if (track.number == number) return &track;
    }
  }
  return nullptr;
}

CatalogTrack track_of(const image::Report& report, const image::ReportTrack& track) {
  CatalogTrack result{.session = track.session,
                      .number = track.number,
                      .mode = as_utf8(track.mode),
                      .range = track.range,
                      .digests = clean(track.digests)};
  if (const cd::Track* on_disc = track_of(report.disc, track.session, track.number)) {
    result.isrc = as_utf8(on_disc->isrc);
  }
  const auto& texts = report.disc.track_texts;
  const auto text = std::find_if(texts.begin(), texts.end(),
                                 [&](const auto& entry) { return entry.first == track.number; });
  if (text != texts.end()) {
    result.title = as_utf8(text->second.title);
    result.performer = as_utf8(text->second.performer);
  }
  return result;
}

// A merge has no drive, and so no figures.
std::optional<DriveFigures> figures_of(const image::Report& report) {
  const image::Report::Reading& reading = report.reading;
  if (reading.commands == 0 && reading.sectors_read == 0) return std::nullopt;
  return DriveFigures{.seconds = reading.seconds,
                      .sectors_read = reading.sectors_read,
                      .sectors_retried = reading.sectors_retried,
                      .c2_sectors = reading.c2_sectors,
                      .medium_errors = reading.medium_errors,
                      .other_errors = reading.other_errors};
}

}  // namespace

CatalogEntry catalog_entry(const image::Report& report, std::string sheet) {
  CatalogEntry entry{.disc = disc_of(report, std::move(sheet)), .tracks = {}, .files = {}, .rips = {}};
  for (const image::ReportTrack& track : report.tracks) entry.tracks.push_back(track_of(report, track));
  for (const image::ReportFile& file : report.files) {
    entry.files.push_back({as_utf8(file.name), as_utf8(file.kind), clean(file.digests)});
  }
  for (const image::ReportRun& run : report.runs) {
    entry.rips.push_back({.run = {as_utf8(run.started), as_utf8(run.finished), as_utf8(run.device),
                                  as_utf8(run.drive), as_utf8(run.verdict)},
                          .in_image = true,
                          .figures = std::nullopt});
  }
  if (!entry.rips.empty()) entry.rips.back().figures = figures_of(report);
  return entry;
}

}  // namespace binrip::batch
