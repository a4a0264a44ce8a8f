#include "binrip/cd/toc.hpp"

#include <algorithm>
#include <bitset>

#include <fmt/format.h>

namespace binrip::cd {
namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::size_t kLengthSize = 2;  // the length field counts what follows it
constexpr std::size_t kFormattedSize = 8;
constexpr std::size_t kFullSize = 11;
constexpr std::size_t kMaxFullEntries = 2048;  // 99 tracks, and several pointers in each of 99 sessions
constexpr std::size_t kPackSize = 18;          // CD-TEXT
constexpr std::size_t kMaxPacks = 8 * 256;     // 8 blocks, each with sequence numbers of one byte
constexpr Lba kEnd{kLastLba.value + 1};        // where a lead-out may start at the latest
constexpr std::int32_t kMinLba = kFirstPregapLba.value;

bool is_track_number(Byte number) { return number >= 1 && number <= 99; }

// The bytes that a reply really has: what its length field says, or what came when that is less. Drives pad,
// cut off at the allocation length, and lie.
Result<Bytes> delivered(Bytes reply, const char* what) {
  if (reply.size() < kHeaderSize) {
    return fail(ErrorKind::invalid, fmt::format("{}: the reply has {} bytes, no header", what, reply.size()));
  }
  return reply.first(std::min(reply.size(), std::size_t{load_be16(reply)} + kLengthSize));
}

ByteVector start_reply(std::size_t body_size, Byte third, Byte fourth) {
  ByteVector reply;
  reply.reserve(kHeaderSize + body_size);
  const auto length =
      static_cast<std::uint16_t>(std::min<std::size_t>(body_size + kHeaderSize - kLengthSize, 0xFFFF));
  reply = {static_cast<Byte>(length >> 8), static_cast<Byte>(length), third, fourth};
  return reply;
}

void append_address(ByteVector& out, Lba lba, bool msf) {
  const std::size_t at = out.size();
  out.resize(at + 4);
  if (!msf) {
    store_be32(out, at, static_cast<std::uint32_t>(lba.value));
    return;
  }
  const Msf m = to_msf(lba);
  out[at + 1] = static_cast<Byte>(m.minute);
  out[at + 2] = static_cast<Byte>(m.second);
  out[at + 3] = static_cast<Byte>(m.frame);
}

std::optional<Lba> load_lba(Bytes b, std::size_t at) {
  const auto value = static_cast<std::int32_t>(load_be32(b, at));
  if (value < kMinLba || value > kEnd.value) return std::nullopt;
  return Lba{value};
}

Byte adr_control(Byte adr, Byte control) { return static_cast<Byte>((adr << 4) | (control & 0x0F)); }

Msf load_msf(Bytes b, std::size_t at) { return {b[at], b[at + 1], b[at + 2]}; }

void append_msf(ByteVector& out, Msf m) {
  out.insert(out.end(),
             {static_cast<Byte>(m.minute), static_cast<Byte>(m.second), static_cast<Byte>(m.frame)});
}

}  // namespace

Result<FormattedToc> parse_formatted_toc(Bytes reply) {
  TRY(const Bytes data, delivered(reply, "READ TOC"));
  FormattedToc toc;
  std::bitset<256> seen;
  for (std::size_t at = kHeaderSize; at + kFormattedSize <= data.size(); at += kFormattedSize) {
    const Byte number = data[at + 2];
    const auto start = load_lba(data, at + 4);
    if ((!is_track_number(number) && number != kLeadOutTrack) || !start || seen[number]) continue;
    seen.set(number);
    const Byte both = data[at + 1];
    toc.tracks.push_back({static_cast<Byte>(both >> 4), static_cast<Byte>(both & 0x0F), number, *start});
  }
  if (toc.tracks.empty()) return fail(ErrorKind::invalid, "READ TOC: no track in the reply");

  toc.first_track = data[2];
  toc.last_track = data[3];
  if (is_track_number(toc.first_track) && toc.first_track <= toc.last_track && toc.last_track <= 99)
    return toc;
  // A header that makes no sense: the descriptors say it too.
  toc.first_track = toc.last_track = 0;
  for (const TocTrack& track : toc.tracks) {
    if (track.number == kLeadOutTrack) continue;
    toc.first_track = toc.first_track == 0 ? track.number : std::min(toc.first_track, track.number);
    toc.last_track = std::max(toc.last_track, track.number);
  }
  return toc;
}

ByteVector encode_formatted_toc(const FormattedToc& toc, Byte from_track, bool msf) {
  ByteVector body;
  for (const TocTrack& track : toc.tracks) {
    if (track.number < from_track) continue;
    body.insert(body.end(), {0, adr_control(track.adr, track.control), track.number, 0});
    append_address(body, track.start, msf);
  }
  ByteVector reply = start_reply(body.size(), toc.first_track, toc.last_track);
  reply.insert(reply.end(), body.begin(), body.end());
  return reply;
}

Result<SessionInfo> parse_session_info(Bytes reply) {
  TRY(const Bytes data, delivered(reply, "READ TOC, sessions"));
  if (data.size() < kHeaderSize + kFormattedSize) {
    return fail(ErrorKind::invalid, "READ TOC, sessions: no session in the reply");
  }
  const auto start = load_lba(data, kHeaderSize + 4);
  const SessionInfo info{data[2], data[3], data[6], start.value_or(Lba{}), static_cast<Byte>(data[5] & 0x0F)};
  if (!start || info.first_session < 1 || info.first_session > info.last_session || info.last_session > 99 ||
      !is_track_number(info.first_track_in_last_session)) {
    return fail(ErrorKind::invalid, "READ TOC, sessions: fields out of range");
  }
  return info;
}

ByteVector encode_session_info(const SessionInfo& info, bool msf) {
  ByteVector reply = start_reply(kFormattedSize, info.first_session, info.last_session);
  reply.insert(reply.end(), {0, adr_control(1, info.control), info.first_track_in_last_session, 0});
  append_address(reply, info.start_of_last_session, msf);
  return reply;
}

Result<FullToc> parse_full_toc(Bytes reply) {
  TRY(const Bytes data, delivered(reply, "READ TOC, full"));
  FullToc toc;
  for (std::size_t at = kHeaderSize; at + kFullSize <= data.size(); at += kFullSize) {
    const Bytes d = data.subspan(at, kFullSize);
    const bool sensible = is_track_number(d[0]) && d[3] != 0;  // sessions are counted 1 … 99, too
    if (!sensible) continue;
    toc.entries.push_back({d[0], static_cast<Byte>(d[1] >> 4), static_cast<Byte>(d[1] & 0x0F), d[2], d[3],
                           load_msf(d, 4), d[7], load_msf(d, 8)});
    if (toc.entries.size() == kMaxFullEntries) break;
  }
  if (toc.entries.empty()) return fail(ErrorKind::invalid, "READ TOC, full: no entry in the reply");

  toc.first_session = data[2];
  toc.last_session = data[3];
  if (toc.first_session >= 1 && toc.first_session <= toc.last_session && toc.last_session <= 99) return toc;
  const auto [first, last] =
      std::minmax_element(toc.entries.begin(), toc.entries.end(),
                          [](const auto& a, const auto& b) { return a.session < b.session; });
  toc.first_session = first->session;
  toc.last_session = last->session;
  return toc;
}

ByteVector encode_full_toc(const FullToc& toc, Byte from_session) {
  ByteVector body;
  for (const FullTocEntry& e : toc.entries) {
    if (e.session < from_session) continue;
    body.insert(body.end(), {e.session, adr_control(e.adr, e.control), e.tno, e.point});
    append_msf(body, e.time);
    body.push_back(e.zero);
    append_msf(body, e.p_time);
  }
  ByteVector reply = start_reply(body.size(), toc.first_session, toc.last_session);
  reply.insert(reply.end(), body.begin(), body.end());
  return reply;
}

// The header is followed by the special information: three bytes of ITWP, DDCD and reference speed, URU, disc
// type; then at 8 the start of the lead-in and at 12 the last possible start of the lead-out.
Result<Atip> parse_atip(Bytes reply) {
  TRY(const Bytes data, delivered(reply, "READ TOC, ATIP"));
  if (data.size() < 15) return fail(ErrorKind::invalid, "READ TOC, ATIP: no ATIP in the reply");
  const Atip atip{(data[6] & 0x40) != 0, load_msf(data, 8), load_msf(data, 12)};
  if (!is_valid(atip.lead_in_start) || !is_valid(atip.last_lead_out) || atip.lead_in_start == Msf{}) {
    return fail(ErrorKind::invalid, "READ TOC, ATIP: times out of range");
  }
  return atip;
}

ByteVector encode_atip(const Atip& atip) {
  constexpr std::size_t kBodySize = 24;
  ByteVector reply = start_reply(kBodySize, 0, 0);
  reply.insert(reply.end(), {0x80, 0, static_cast<Byte>(0x80 | (atip.rewritable ? 0x40 : 0)), 0});
  append_msf(reply, atip.lead_in_start);
  reply.push_back(0);
  append_msf(reply, atip.last_lead_out);
  reply.resize(kHeaderSize + kBodySize);
  return reply;
}

Result<ByteVector> parse_cdtext_toc(Bytes reply) {
  TRY(const Bytes data, delivered(reply, "READ TOC, CD-TEXT"));
  const Bytes body = data.size() > kHeaderSize ? data.subspan(kHeaderSize) : Bytes{};
  const std::size_t packs = std::min(body.size() / kPackSize, kMaxPacks);
  const auto is_pack = [body](std::size_t n) { return (body[n * kPackSize] & 0xF0) == 0x80; };
  std::size_t n = 0;
  while (n < packs && !is_pack(n)) ++n;
  if (n == packs) return fail(ErrorKind::invalid, "READ TOC, CD-TEXT: no pack in the reply");
  return ByteVector(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(packs * kPackSize));
}

ByteVector encode_cdtext_toc(Bytes packs) {
  const Bytes whole = packs.first(std::min(packs.size() / kPackSize, kMaxPacks) * kPackSize);
  ByteVector reply = start_reply(whole.size(), 0, 0);
  reply.insert(reply.end(), whole.begin(), whole.end());
  return reply;
}

}  // namespace binrip::cd
