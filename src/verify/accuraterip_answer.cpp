#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "binrip/verify/accuraterip.hpp"
#include "binrip/verify/disc_ids.hpp"

namespace binrip::verify {
namespace {

constexpr std::size_t kHeadSize = 13;
constexpr std::size_t kEntrySize = 9;
constexpr int kMaxArTracks = 99;

tl::unexpected<Error> bad(std::string what) {
  return fail(ErrorKind::invalid, "AccurateRip's answer: " + std::move(what));
}

std::optional<std::uint32_t> hex(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<AccurateRipEntry> entries(Bytes data, std::size_t count) {
  std::vector<AccurateRipEntry> result;
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes entry = data.subspan(i * kEntrySize, kEntrySize);
    result.push_back({entry[0], load_le32(entry, 1), load_le32(entry, 5)});
  }
  return result;
}

}  // namespace

std::optional<AccurateRipIds> accuraterip_ids(const cd::Disc& disc) {
  const std::string text = disc_ids(disc).accuraterip;
  constexpr std::size_t kDigits = 8, kStep = kDigits + 1;
  if (text.size() != 3 * kStep - 1) return std::nullopt;
  const std::string_view view = text;
  const auto id1 = hex(view.substr(0, kDigits));
  const auto id2 = hex(view.substr(kStep, kDigits));
  const auto cddb = hex(view.substr(2 * kStep, kDigits));
  if (!id1 || !id2 || !cddb) return std::nullopt;
  int tracks = 0;
  for (const cd::Session& session : disc.sessions) {
    for (const cd::Track& track : session.tracks) tracks += track.is_data() ? 0 : 1;
  }
  return AccurateRipIds{tracks, *id1, *id2, *cddb};
}

std::string accuraterip_path(const AccurateRipIds& ids) {
  const auto digit = [&](int at) { return (ids.id1 >> (4 * at)) & 0xFU; };
  return fmt::format("{:x}/{:x}/{:x}/dBAR-{:03}-{:08x}-{:08x}-{:08x}.bin", digit(0), digit(1), digit(2),
                     ids.tracks, ids.id1, ids.id2, ids.cddb);
}

Result<AccurateRipAnswer> parse_accuraterip(Bytes data, const AccurateRipIds& ids) {
  if (data.empty()) return bad("it is empty");
  if (data.size() > kLargestAccurateRipAnswer) return bad("it is too long");
  AccurateRipAnswer answer;
  for (std::size_t at = 0; at < data.size();) {
    const Bytes rest = data.subspan(at);
    if (rest.size() < kHeadSize) return bad(fmt::format("it ends within the chunk at byte {}", at));
    const int tracks = rest[0];
    if (tracks < 1 || tracks > kMaxArTracks) {
      return bad(fmt::format("expected 1 to {} tracks at byte {}, got {}", kMaxArTracks, at, tracks));
    }
    const auto count = static_cast<std::size_t>(tracks);
    const std::size_t size = kHeadSize + count * kEntrySize;
    if (rest.size() < size) return bad(fmt::format("it ends within the chunk at byte {}", at));
    const AccurateRipIds of{tracks, load_le32(rest, 1), load_le32(rest, 5), load_le32(rest, 9)};
    if (of == ids) answer.pressings.push_back(entries(rest.subspan(kHeadSize), count));
    at += size;
  }
  if (answer.pressings.empty()) return bad("it is of another disc");
  return answer;
}

Result<std::optional<AccurateRipAnswer>> look_up_accuraterip(net::Fetcher& fetcher, std::string_view base_url,
                                                             const AccurateRipIds& ids) {
  net::Request request;
  request.url = base_url;
  if (!request.url.ends_with('/')) request.url += '/';
  request.url += accuraterip_path(ids);
  request.largest = kLargestAccurateRipAnswer;
  TRY(const net::Response response, fetcher.get(request));
  if (!response.found) return std::nullopt;
  TRY(AccurateRipAnswer answer, parse_accuraterip(response.body, ids));
  return answer;
}

}  // namespace binrip::verify
