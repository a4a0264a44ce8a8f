// Commands about the disc: its tables of contents, sessions, tracks, subchannel.
#include <algorithm>
#include <array>

#include "unit.hpp"

namespace binrip::sim {
namespace {

constexpr Byte kFormatToc = 0, kFormatSessions = 1, kFormatFull = 2, kFormatAtip = 4, kFormatCdText = 5;

// An address as READ TOC and READ SUB-CHANNEL give it.
void store_address(MutableBytes out, std::size_t at, cd::Lba lba, bool msf) {
  if (!msf) return store_be32(out, at, static_cast<std::uint32_t>(lba.value));
  const cd::Msf m = cd::to_msf(lba);
  out[at] = 0;
  out[at + 1] = static_cast<Byte>(m.minute);
  out[at + 2] = static_cast<Byte>(m.second);
  out[at + 3] = static_cast<Byte>(m.frame);
}

// One data track from 0, as drives make it up for a DVD.
ByteVector dvd_toc(bool msf) {
  ByteVector reply(20);
  reply[1] = 18;
  reply[2] = reply[3] = 1;
  reply[5] = reply[13] = 0x14;
  reply[6] = 1;
  reply[14] = cd::kLeadOutTrack;
  store_address(reply, 8, {0}, msf);
  if (!msf) store_be32(reply, 16, 2'295'104);
  return reply;
}

}  // namespace

Result<drive::Completion> Unit::read_toc(const Command& c) {
  Byte format = c[2] & 0x0F;
  if (format == 0) format = static_cast<Byte>(c[9] >> 6U);  // where SFF-8020 had it; Linux' sr still uses it
  if (!has_disc()) return read_toc_without_cd(c, format);
  const auto reply = toc_reply(format, c[6], (c[1] & 2U) != 0);
  return reply ? answer(c, *reply, load_be16(c.bytes(), 7)) : invalid_field();
}

Result<drive::Completion> Unit::read_toc_without_cd(const Command& c, Byte format) {
  const std::size_t allocation = load_be16(c.bytes(), 7);
  const bool is_dvd = loading_.medium == Medium::dvd;
  if (is_dvd && format == kFormatToc) return answer(c, dvd_toc((c[1] & 2U) != 0), allocation);
  if (!is_dvd && format == kFormatAtip) {
    return answer(
        c,
        cd::encode_atip({.rewritable = false, .lead_in_start = {97, 24, 1}, .last_lead_out = {79, 59, 74}}),
        allocation);
  }
  // A blank disc has no lead-in; drives answer as if the format did not exist.
  return invalid_field();
}

std::optional<ByteVector> Unit::toc_reply(Byte format, Byte from, bool msf) const {
  const cd::Disc& toc = surface_->toc();
  switch (format) {
    case kFormatToc: {
      const cd::FormattedToc formatted = cd::formatted_toc_of(toc);
      if (from > formatted.last_track && from != cd::kLeadOutTrack) return std::nullopt;
      return cd::encode_formatted_toc(formatted, from, msf);
    }
    case kFormatSessions:
      return cd::encode_session_info(cd::session_info_of(toc), msf);
    case kFormatFull:
      if (!habits_.full_toc || from > toc.sessions.size()) return std::nullopt;
      return cd::encode_full_toc(cd::full_toc_of(toc), from);
    case kFormatCdText:
      if (!habits_.cd_text) return std::nullopt;
      return cd::encode_cdtext_toc(toc.cdtext_packs);
    case kFormatAtip: {
      const auto atip = surface_->atip();
      if (!atip) return std::nullopt;  // pressed
      return cd::encode_atip(*atip);
    }
    default:
      return std::nullopt;
  }
}

Result<drive::Completion> Unit::read_disc_information(const Command& c) {
  if ((c[1] & 7U) != 0) return invalid_field();
  ByteVector reply(34);
  store_be16(reply, 0, 32);
  reply[3] = 1;
  if (loading_.medium == Medium::blank) {
    reply[4] = reply[5] = reply[6] = 1;
    reply[7] = 0x20;  // unrestricted use
    reply[8] = 0xFF;
  } else if (!has_disc()) {
    reply[2] = 0x0E;
    reply[4] = reply[5] = reply[6] = 1;
  } else {
    const cd::Disc& toc = surface_->toc();
    const cd::Session& last = toc.sessions.back();
    reply[2] = 0x0E;  // last session complete, disc complete
    reply[3] = toc.sessions.front().tracks.front().number;
    reply[4] = static_cast<Byte>(toc.sessions.size());
    reply[5] = last.tracks.front().number;
    reply[6] = last.tracks.back().number;
    reply[7] = 0x20;
    reply[8] = static_cast<Byte>(toc.sessions.front().type);
  }
  std::fill(reply.begin() + 16, reply.begin() + 24, Byte{0xFF});  // nothing more can be written
  return answer(c, reply, load_be16(c.bytes(), 7));
}

std::optional<ByteVector> Unit::track_information_of(std::size_t session, std::size_t track) const {
  const auto areas = surface_->layout().areas();
  const auto area = std::find_if(areas.begin(), areas.end(), [&](const Area& a) {
    return a.kind == AreaKind::track && a.session == session && a.track == track;
  });
  if (area == areas.end()) return std::nullopt;
  const cd::Track& t = surface_->toc().sessions[session].tracks[track];
  ByteVector reply(36);
  store_be16(reply, 0, 34);
  reply[2] = t.number;
  reply[3] = static_cast<Byte>(session + 1);
  reply[5] = t.control;
  reply[6] = t.mode == cd::TrackMode::audio ? 0x0F : t.mode == cd::TrackMode::mode1 ? 0x01 : 0x02;
  store_be32(reply, 8, static_cast<std::uint32_t>(t.start().value));
  store_be32(reply, 24, static_cast<std::uint32_t>((area->range.end - t.start()).value));
  return reply;
}

Result<drive::Completion> Unit::read_track_information(const Command& c) {
  const std::size_t allocation = load_be16(c.bytes(), 7);
  const std::uint32_t wanted = load_be32(c.bytes(), 2);
  if (loading_.medium == Medium::blank && (c[1] & 3U) == 1 && (wanted == 1 || wanted == 0xFF)) {
    ByteVector reply(36);
    store_be16(reply, 0, 34);
    reply[2] = reply[3] = 1;
    reply[6] = 0x4F;  // blank, mode unknown
    return answer(c, reply, allocation);
  }
  if (!has_disc()) return invalid_field();
  const auto place = find_track(c[1] & 3U, wanted);
  const auto reply = place ? track_information_of(place->first, place->second) : std::nullopt;
  return reply ? answer(c, *reply, allocation) : invalid_field();
}

// READ TRACK INFORMATION names a track by an address in it (0), its number (1) or its session (2).
std::optional<std::pair<std::size_t, std::size_t>> Unit::find_track(unsigned by, std::uint32_t wanted) const {
  if (by == 0) {
    const cd::Lba lba{static_cast<std::int32_t>(wanted)};
    if (lba.value < 0 || lba >= surface_->last_lead_out()) return std::nullopt;
    const Area& area = surface_->layout().at(lba);
    return std::pair{area.session, area.track};
  }
  const auto& sessions = surface_->toc().sessions;
  if (by == 2) {
    if (wanted == 0 || wanted > sessions.size()) return std::nullopt;
    return std::pair{std::size_t{wanted - 1}, std::size_t{0}};
  }
  for (std::size_t s = 0; by == 1 && s < sessions.size(); ++s) {
    for (std::size_t t = 0; t < sessions[s].tracks.size(); ++t) {
      if (sessions[s].tracks[t].number == wanted) return std::pair{s, t};
    }
  }
  return std::nullopt;
}

Result<drive::Completion> Unit::read_subchannel(const Command& c) {
  constexpr Byte kNoAudioStatus = 0x15;
  const std::size_t allocation = load_be16(c.bytes(), 7);
  ByteVector reply(4);
  reply[1] = kNoAudioStatus;
  if ((c[2] & 0x40U) == 0) return answer(c, reply, allocation);
  if (!has_disc()) return invalid_field();
  switch (c[3]) {
    case 1:
      append_position(reply, (c[1] & 2U) != 0);
      break;
    case 2:
      append_mcn(reply);
      break;
    case 3:
      if (!append_isrc(reply, c[6])) return invalid_field();
      break;
    default:
      return invalid_field();
  }
  store_be16(reply, 2, static_cast<std::uint16_t>(reply.size() - 4));
  return answer(c, reply, allocation);
}

void Unit::append_position(ByteVector& reply, bool msf) const {
  const Area& area = surface_->layout().at(position_);
  const cd::Track& track = surface_->disc().sessions[area.session].tracks[area.track];
  reply.resize(16);
  reply[4] = 1;
  reply[5] = static_cast<Byte>(0x10U | track.control);
  reply[6] = area.kind == AreaKind::lead_out ? cd::kLeadOutTrack : track.number;
  reply[7] = position_ < track.start() ? 0 : 1;
  for (const cd::Index& index : track.indexes) {
    if (index.lba <= position_) reply[7] = index.number;
  }
  store_address(reply, 8, position_, msf);
  const cd::SectorCount relative = position_ - track.start();
  // Relative times have no 150 added.
  if (msf) {
    store_address(reply, 12, cd::Lba{std::abs(relative.value) - cd::kPregapSectors}, true);
  } else {
    store_be32(reply, 12, static_cast<std::uint32_t>(relative.value));
  }
}

void Unit::append_mcn(ByteVector& reply) const {
  reply.resize(24);
  reply[4] = 2;
  const std::string& mcn = surface_->disc().mcn;
  if (!cd::is_valid_mcn(mcn)) return;
  reply[8] = 0x80;
  std::copy(mcn.begin(), mcn.end(), reply.begin() + 9);
}

bool Unit::append_isrc(ByteVector& reply, Byte number) const {
  for (const cd::Session& session : surface_->disc().sessions) {
    for (const cd::Track& track : session.tracks) {
      if (track.number != number) continue;
      reply.resize(24);
      reply[4] = 3;
      reply[5] = static_cast<Byte>(0x30U | track.control);
      reply[6] = number;
      if (cd::is_valid_isrc(track.isrc)) {
        reply[8] = 0x80;
        std::copy(track.isrc.begin(), track.isrc.end(), reply.begin() + 9);
      }
      return true;
    }
  }
  return false;
}

Result<drive::Completion> Unit::read_header(const Command& c) {
  if (!has_disc()) return invalid_field();
  const cd::Lba lba{static_cast<std::int32_t>(load_be32(c.bytes(), 2))};
  if (lba.value < 0 || lba >= surface_->last_lead_out()) return refuse(5, 0x21, 0x00);
  if (!surface_->layout().at(lba).is_data()) return refuse(5, 0x64, 0x00);
  std::array<Byte, cd::kSectorSize> sector{};
  if (!surface_->main(lba, sector)) return refuse(3, 0x11, 0x05);
  std::array<Byte, 8> reply{};
  reply[0] = sector[15];
  store_address(reply, 4, lba, (c[1] & 2U) != 0);
  return answer(c, reply, load_be16(c.bytes(), 7));
}

Result<drive::Completion> Unit::read_capacity(const Command& c) {
  ByteVector reply(8);
  std::uint32_t last = loading_.medium == Medium::dvd ? 2'295'103 : 0;
  if (has_disc()) last = static_cast<std::uint32_t>(std::max(0, surface_->last_lead_out().value - 1));
  store_be32(reply, 0, last);
  store_be32(reply, 4, cd::kUserDataSize);
  return answer(c, reply, reply.size());
}

Result<drive::Completion> Unit::seek(const Command& c) {
  const cd::Lba lba{static_cast<std::int32_t>(load_be32(c.bytes(), 2))};
  if (!has_disc() || lba.value < 0 || lba >= surface_->last_lead_out()) return refuse(5, 0x21, 0x00);
  position_ = lba;
  return good();
}

}  // namespace binrip::sim
