#include "binrip/job/describe.hpp"

#include <algorithm>

#include <fmt/format.h>

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

Result<void> ask_mcn_and_isrc(drive::Drive& drive, DiscDescription& description) {
  constexpr int kMostIsrcs = 2;  // each is a seek, and a second of reading where there is none
  int asked = 0;
  if (auto mcn = drive.mcn(); mcn && *mcn && cd::is_valid_mcn(**mcn)) description.disc.mcn = **mcn;
  for (cd::Session& session : description.disc.sessions) {
    for (cd::Track& track : session.tracks) {
      if (track.is_data()) continue;
      if (asked++ == kMostIsrcs) {
        description.notes.push_back(
            fmt::format("the ISRC of the first {} audio tracks only: a rip finds all", kMostIsrcs));
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
