// READ TOC/PMA/ATIP in its forms.
#include <algorithm>

#include <fmt/format.h>

#include "binrip/cd/toc.hpp"
#include "binrip/drive/drive.hpp"

namespace binrip::drive {
namespace {

constexpr std::size_t kHeaderSize = 4;

std::size_t declared_size(Bytes reply) { return std::size_t{2} + load_be16(reply); }

}  // namespace

// Asks for `first_size` bytes, and for all when the reply's length field says that there are more. What comes
// back is as long as the length field says, unless the transfer cannot be so long.
Result<ByteVector> Drive::toc_reply(Byte format, Byte from, std::uint16_t first_size,
                                    std::string_view doing) {
  TRY(ByteVector reply, ask(read_toc_cdb(format, from, first_size), first_size, doing));
  const std::size_t limit = std::min<std::size_t>(transport_.max_transfer(), 0xFFFE);
  // Even: an odd length makes some ATAPI drives and bridges fail.
  const std::size_t whole = std::min((declared_size(reply) + 1) & ~std::size_t{1}, limit);
  if (whole > reply.size()) {
    TRY(reply, ask(read_toc_cdb(format, from, static_cast<std::uint16_t>(whole)), whole, doing));
  }
  reply.resize(std::min(reply.size(), declared_size(reply)));
  if (reply.size() < kHeaderSize) {
    return fail(ErrorKind::invalid, fmt::format("cannot {}: {} answered nothing", doing, name()));
  }
  return reply;
}

Result<cd::FormattedToc> Drive::formatted_toc() {
  constexpr std::uint16_t kTracks = 100;  // 99 and the lead-out
  TRY(const ByteVector reply, toc_reply(0, 0, kHeaderSize + 8 * kTracks, "read the TOC"));
  return cd::parse_formatted_toc(reply);
}

Result<cd::SessionInfo> Drive::session_info() {
  TRY(const ByteVector reply, toc_reply(1, 0, 12, "read the session information"));
  return cd::parse_session_info(reply);
}

Result<cd::FullToc> Drive::full_toc() {
  TRY(const ByteVector reply, toc_reply(2, 1, 2048, "read the full TOC"));
  return cd::parse_full_toc(reply);
}

Result<std::optional<cd::Atip>> Drive::atip() {
  const auto reply = toc_reply(4, 0, 32, "read the ATIP");
  if (!reply) {
    // A pressed disc has none: 5/24 or 5/30 from most drives, an empty reply from others.
    if (reply.error().kind == ErrorKind::illegal) return std::nullopt;
    return fail(reply.error());
  }
  if (reply->size() <= kHeaderSize) return std::nullopt;
  TRY(const cd::Atip atip, cd::parse_atip(*reply));
  return atip;
}

Result<ByteVector> Drive::cdtext_packs() {
  const auto reply = toc_reply(5, 0, kHeaderSize, "read the CD-TEXT");
  if (!reply) {
    if (reply.error().kind == ErrorKind::illegal) return ByteVector();
    return fail(reply.error());
  }
  if (reply->size() <= kHeaderSize) return ByteVector();
  return cd::parse_cdtext_toc(*reply);
}

}  // namespace binrip::drive
