#include "binrip/job/describe.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "binrip/image/text.hpp"

namespace binrip::job {

namespace {

Result<void> check_medium(drive::Drive& drive, std::uint16_t current_profile) {
  if (current_profile != drive::kProfileNone && !drive::is_cd_profile(current_profile)) {
    return fail(
        ErrorKind::unsupported,
        fmt::format("the disc in {} is a {}, not a CD", drive.name(), drive::profile_name(current_profile)),
        "binrip rips CDs; for other discs a sector image by another program serves");
  }
  const auto information = drive.disc_information();
  if (information && information->status == drive::DiscInformation::Status::empty) {
    return fail(ErrorKind::unsupported, fmt::format("the disc in {} is blank", drive.name()));
  }
  return {};
}

// Sessions without the full TOC: the session info knows only the last one, READ TRACK INFORMATION each
// track's. Nothing when a track's session is not told, or they do not rise.
std::optional<std::vector<cd::SessionStart>> sessions_by_track(drive::Drive& drive,
                                                               const cd::FormattedToc& toc) {
  std::vector<cd::SessionStart> later;
  int session = 1;
  for (const cd::TocTrack& track : toc.tracks) {
    if (track.number < 1 || track.number > 99) continue;
    const auto information = drive.track_information(track.number);
    const bool fits = information && information->start == track.start && information->session >= session &&
                      information->session <= 99;
    if (!fits) return std::nullopt;
    if (information->session == session) continue;
    session = information->session;
    later.push_back({static_cast<Byte>(session), track.number});
  }
  return later;
}

Result<cd::Disc> disc_without_full_toc(drive::Drive& drive, const DiscDescription& description) {
  const auto& sessions = description.sessions;
  const int count = sessions ? sessions->last_session - sessions->first_session + 1 : 1;
  if (count > 2) {
    if (const auto later = sessions_by_track(drive, description.formatted_toc)) {
      return cd::disc_from_formatted_toc(description.formatted_toc, *later, cd::DiscType::cd_da_or_rom);
    }
  }
  const auto information = drive.disc_information();
  if (count == 1 && information) {
    for (const cd::DiscType type : {cd::DiscType::cd_i, cd::DiscType::cd_xa}) {
      if (information->disc_type == static_cast<Byte>(type)) {
        return cd::disc_from_formatted_toc(description.formatted_toc, {}, type);
      }
    }
  }
  return cd::disc_from_formatted_toc(description.formatted_toc, sessions);
}

Result<void> read_tocs(drive::Drive& drive, DiscDescription& description) {
  TRY(description.formatted_toc, drive.formatted_toc());
  if (auto full = drive.full_toc()) {
    if (auto disc = cd::disc_from_full_toc(*full)) {
      description.full_toc = std::move(*full);
      description.disc = std::move(*disc);
      return {};
    } else {
      description.notes.push_back(
          fmt::format("the full TOC makes no sense ({}); the formatted one is used", disc.error().message));
    }
  } else {
    description.notes.push_back(fmt::format("no full TOC: {}", full.error().message));
  }
  if (auto sessions = drive.session_info()) description.sessions = *sessions;
  TRY(description.disc, disc_without_full_toc(drive, description));
  return {};
}

void compare_tocs(DiscDescription& description) {
  for (const cd::TrackRef& track : cd::track_ranges(description.disc)) {
    const auto& formatted = description.formatted_toc.tracks;
    const auto other = std::find_if(formatted.begin(), formatted.end(),
                                    [&](const cd::TocTrack& t) { return t.number == track.track->number; });
    if (other == formatted.end()) {
      description.notes.push_back(fmt::format("track {}: not in the formatted TOC", track.track->number));
    } else if (other->start != track.track->start()) {
      description.notes.push_back(
          fmt::format("track {}: starts at {} in the full TOC, at {} in the formatted one",
                      track.track->number, track.track->start().value, other->start.value));
    }
  }
}

std::string_view name_of(drive::C2Support c2) {
  switch (c2) {
    case drive::C2Support::none:
      return "none";
    case drive::C2Support::bits:
      return "bits";
    case drive::C2Support::bits_and_block:
      return "bits and block";
  }
  return "";
}

std::string_view name_of(drive::SubSupport sub) {
  switch (sub) {
    case drive::SubSupport::none:
      return "none";
    case drive::SubSupport::formatted_q:
      return "formatted q";
    case drive::SubSupport::raw:
      return "raw";
  }
  return "";
}

// The first data track of the last session that has one; null: there is none.
const cd::Track* labelled_track(const cd::Disc& disc) {
  const cd::Track* found = nullptr;
  for (const cd::Session& session : disc.sessions) {
    const auto track = std::find_if(session.tracks.begin(), session.tracks.end(),
                                    [](const cd::Track& each) { return each.is_data(); });
    if (track != session.tracks.end()) found = &*track;
  }
  return found;
}

// Whether it was asked for at all. A drive that does not give the sector leaves the disc without a label.
bool ask_volume_label(drive::Drive& drive, DiscDescription& description) {
  const cd::Track* track = labelled_track(description.disc);
  if (track == nullptr) return false;
  constexpr cd::SectorCount kDescriptor{16};
  constexpr std::chrono::seconds kTimeout{20};
  const drive::ReadCd request{.start = track->start() + kDescriptor};
  ByteVector sector(drive::record_size(request));
  const auto completion = drive.read_cd(request, sector, kTimeout);
  if (completion && completion->good && sector.size() == cd::kSectorSize) {
    description.volume_label = volume_label(cd::SectorBytes(sector));
  }
  return true;
}

}  // namespace

Result<DriveDescription> describe_drive(drive::Drive& drive, const drive::ConfigFile& config,
                                        const drive::ProfileOverrides& overrides) {
  DriveDescription description;
  TRY(description.inquiry, drive.inquiry());
  if (auto serial = drive.serial_number()) description.serial = *serial;
  const auto configuration = drive.configuration();
  TRY(description.profile, drive::reported_profile(drive, configuration));
  const drive::DriveIdentity identity{description.inquiry.vendor, description.inquiry.product,
                                      description.inquiry.revision, description.serial};
  if (const auto known = drive::table_lookup(identity)) {
    apply(*known, drive::ProfileSource::table, description.profile);
  }
  if (const auto listed = drive::listed_offset(config.listed, identity)) {
    description.profile.read_offset.set(*listed, drive::ProfileSource::list);
  }
  if (const auto configured = drive::config_lookup(config, identity)) {
    apply(*configured, drive::ProfileSource::configured, description.profile);
  }
  apply(overrides, drive::ProfileSource::command_line, description.profile);
  if (configuration) description.current_profile = configuration->current_profile;
  TRY_VOID(check_medium(drive, description.current_profile));
  return description;
}

Result<DiscDescription> describe_disc(drive::Drive& drive) {
  DiscDescription description;
  TRY_VOID(read_tocs(drive, description));
  compare_tocs(description);
  if (auto atip = drive.atip()) description.atip = *atip;
  if (auto packs = drive.cdtext_packs(); packs && !packs->empty()) {
    description.disc.cdtext_packs = std::move(*packs);
    description.cdtext = cd::decode_cdtext(description.disc.cdtext_packs);
    cd::apply_cdtext(description.cdtext, description.disc);
    if (description.cdtext.bad_packs > 0) {
      description.notes.push_back(
          fmt::format("CD-TEXT: {} packs with a wrong CRC", description.cdtext.bad_packs));
    }
  }
  description.ids = verify::disc_ids(description.disc);
  return description;
}

std::string volume_label(cd::SectorBytes sector) {
  const cd::SectorKind kind = cd::classify(sector);
  if (kind != cd::SectorKind::mode1 && kind != cd::SectorKind::mode2_form1) return {};
  constexpr std::size_t kSubheaderSize = 8, kLabelOffset = 40, kLabelSize = 32;
  constexpr std::array<Byte, 7> kPrimary = {1, 'C', 'D', '0', '0', '1', 1};
  const std::size_t header = kind == cd::SectorKind::mode1 ? 0 : kSubheaderSize;
  const Bytes data = sector.subspan(cd::kSubheaderOffset + header, cd::kUserDataSize);
  if (!std::equal(kPrimary.begin(), kPrimary.end(), data.begin())) return {};
  std::string label;
  for (const Byte byte : data.subspan(kLabelOffset, kLabelSize)) label += static_cast<char>(byte);
  label.erase(label.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return image::as_utf8(label);
}

Result<void> ask_more(drive::Drive& drive, DiscDescription& description) {
  const bool label_asked = ask_volume_label(drive, description);
  // Each is a seek, and a second of reading where there is none.
  const int most_isrcs = label_asked ? 1 : 2;
  int asked = 0;
  if (auto mcn = drive.mcn(); mcn && *mcn && cd::is_valid_mcn(**mcn)) description.disc.mcn = **mcn;
  for (cd::Session& session : description.disc.sessions) {
    for (cd::Track& track : session.tracks) {
      if (track.is_data()) continue;
      if (asked++ == most_isrcs) {
        description.notes.push_back(
            most_isrcs == 1
                ? "the ISRC of the first audio track only: a rip finds all"
                : fmt::format("the ISRC of the first {} audio tracks only: a rip finds all", most_isrcs));
        return {};
      }
      auto isrc = drive.isrc(track.number);
      // A disc whose first audio track has none has none.
      if (!isrc || !*isrc || !cd::is_valid_isrc(**isrc)) return {};
      track.isrc = **isrc;
    }
  }
  return {};
}

std::vector<image::ReportValue> profile_values(const drive::Profile& profile) {
  std::vector<image::ReportValue> values;
  const auto add = [&](std::string name, std::string value, drive::ProfileSource source) {
    values.push_back({std::move(name), std::move(value), std::string(drive::to_string(source))});
  };
  add("read-offset", fmt::format("{:+}", profile.read_offset.value), profile.read_offset.source);
  add("c2", std::string(name_of(profile.c2.value)), profile.c2.source);
  add("subchannel", std::string(name_of(profile.sub.value)), profile.sub.source);
  add("order", profile.order.value == drive::FieldOrder::main_c2_sub ? "main-c2-sub" : "main-sub-c2",
      profile.order.source);
  add("c2-and-subchannel",
      profile.combination.value == drive::Combination::together ? "together" : "separate",
      profile.combination.source);
  add("max-transfer", fmt::format("{}", profile.max_transfer.value), profile.max_transfer.source);
  add("overread-lead-in", fmt::format("{}", profile.overread_lead_in.value), profile.overread_lead_in.source);
  add("overread-lead-out", fmt::format("{}", profile.overread_lead_out.value),
      profile.overread_lead_out.source);
  add("accurate-stream", profile.accurate_stream.value ? "yes" : "no", profile.accurate_stream.source);
  add("cache-kib", fmt::format("{}", profile.cache_kib.value), profile.cache_kib.source);
  add("vendor-d8", profile.vendor_d8.value ? "yes" : "no", profile.vendor_d8.source);
  return values;
}

std::vector<image::ReportValue> id_values(const verify::DiscIds& ids) {
  std::vector<image::ReportValue> values;
  const auto add = [&](std::string name, const std::string& value) {
    if (!value.empty()) values.push_back({std::move(name), value, "toc"});
  };
  add("musicbrainz", ids.musicbrainz);
  add("cddb", ids.cddb);
  add("accuraterip", ids.accuraterip);
  add("ctdb", ids.ctdb);
  return values;
}

}  // namespace binrip::job
