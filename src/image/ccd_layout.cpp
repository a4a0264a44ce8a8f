#include <algorithm>

#include <fmt/format.h>

#include "layout.hpp"

namespace binrip::image {
namespace {

const CcdTrack* find_track(const CcdSheet& sheet, int number) {
  const auto found = std::find_if(sheet.tracks.begin(), sheet.tracks.end(),
                                  [&](const CcdTrack& track) { return track.number == number; });
  return found == sheet.tracks.end() ? nullptr : &*found;
}

// The indexes that fit between the track before and the end; the TOC owns INDEX 01.
void add_indexes(const CcdTrack& from, cd::LbaRange room, cd::Track& track) {
  const cd::Lba start = track.start();
  std::vector<cd::Index> indexes;
  for (const auto& [number, lba] : from.indexes) {
    if (number == 0 && lba >= room.begin.value && lba < start.value) indexes.push_back({0, cd::Lba{lba}});
  }
  if (indexes.empty() && track.begin() < start) indexes.push_back({0, track.begin()});
  indexes.push_back({1, start});
  for (const auto& [number, lba] : from.indexes) {
    if (number > 1 && cd::Lba{lba} > indexes.back().lba && lba < room.end.value) {
      indexes.push_back({static_cast<Byte>(number), cd::Lba{lba}});
    }
  }
  track.indexes = std::move(indexes);
}

void add_track_details(const CcdSheet& sheet, cd::Session& session) {
  for (std::size_t t = 0; t < session.tracks.size(); ++t) {
    cd::Track& track = session.tracks[t];
    const CcdTrack* from = find_track(sheet, track.number);
    if (!from) continue;
    if (track.is_data() && track.mode != cd::TrackMode::cdi && from->mode > 0) {
      track.mode = from->mode == 1 ? cd::TrackMode::mode1 : cd::TrackMode::mode2;
    }
    if (cd::is_valid_isrc(from->isrc)) track.isrc = from->isrc;
    // INDEX 00 must leave the track before its start and further indexes.
    const cd::Lba earliest = t == 0 ? std::min(track.begin(), cd::Lba{0})
                                    : session.tracks[t - 1].indexes.back().lba + cd::SectorCount{1};
    const cd::Lba end = t + 1 < session.tracks.size() ? session.tracks[t + 1].start() : session.lead_out;
    if (t > 0 || session.number == 1) add_indexes(*from, {t == 0 ? cd::Lba{0} : earliest, end}, track);
  }
}

std::int64_t sectors_of(const cd::Disc& disc) { return cd::image_size(disc).value; }

}  // namespace

Result<cd::Disc> disc_of(const CcdSheet& sheet, std::string_view name) {
  auto disc = cd::disc_from_full_toc(sheet.toc);
  if (!disc) {
    std::string_view what = disc.error().message;
    constexpr std::string_view kTopic = "table of contents: ";
    if (what.starts_with(kTopic)) what.remove_prefix(kTopic.size());
    return fail(disc.error().kind,
                fmt::format("{}:{}: expected entries that make a table of contents, got: {}", name,
                            sheet.toc_line, what));
  }
  for (cd::Session& session : disc->sessions) add_track_details(sheet, session);
  if (cd::is_valid_mcn(sheet.catalog)) disc->mcn = sheet.catalog;
  disc->cdtext_packs = sheet.cdtext_packs;
  return disc;
}

Result<Layout> lay_out_ccd(const CcdSheet& sheet, std::uint64_t size, std::string_view name) {
  Layout layout;
  TRY(layout.disc, disc_of(sheet, name));
  const std::vector<cd::LbaRange> ranges = cd::image_ranges(layout.disc);
  const auto expected = static_cast<std::uint64_t>(sectors_of(layout.disc));
  const auto with_gaps = static_cast<std::uint64_t>(layout.disc.sessions.back().lead_out.value);
  if (size != expected * cd::kSectorSize && size != with_gaps * cd::kSectorSize) {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: expected {} bytes in the IMG, got {}", name,
                                                sheet.toc_line, expected * cd::kSectorSize, size));
  }
  const bool has_gaps = size != expected * cd::kSectorSize;
  std::uint64_t position = 0;  // in sectors
  for (const cd::LbaRange& range : ranges) {
    if (has_gaps) position = static_cast<std::uint64_t>(range.begin.value);
    const SectorForm form = sheet.scrambled ? SectorForm::scrambled : SectorForm::whole;
    layout.extents.push_back({range, form, 0, position * cd::kSectorSize});
    position += static_cast<std::uint64_t>(range.size().value);
  }
  return layout;
}

}  // namespace binrip::image
