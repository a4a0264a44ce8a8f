// READ TOC replies, and the disc models made from them. The first byte chooses the format.
#include "binrip/cd/disc.hpp"
#include "binrip/cd/q_synthesis.hpp"

using namespace binrip;

namespace {

void require(bool condition) {
  if (!condition) __builtin_trap();
}

// Whatever a TOC says, a disc made from it keeps the rules that everything else relies on.
void check(const Result<cd::Disc>& disc) {
  if (!disc) return;
  cd::Lba at{0};
  for (const cd::TrackRef& ref : cd::track_ranges(*disc)) {
    require(ref.range.begin >= at && !ref.range.empty());
    at = ref.range.end;
  }
  require(cd::image_position(*disc, at).has_value() == false);
  require(!cd::toc_identity(*disc).empty());
  require(cd::q_crc_right(cd::synthesize_q(*disc, at)));
  const auto again = cd::disc_from_full_toc(cd::full_toc_of(*disc));
  require(again && cd::toc_identity(*again) == cd::toc_identity(*disc));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes reply(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0:
      if (const auto toc = cd::parse_formatted_toc(reply)) {
        check(cd::disc_from_formatted_toc(*toc, std::nullopt));
        if (reply.size() >= 12) {
          const auto sessions = cd::parse_session_info(reply.last(12));
          check(cd::disc_from_formatted_toc(*toc, sessions ? std::optional(*sessions) : std::nullopt));
        }
      }
      break;
    case 1:
      if (const auto info = cd::parse_session_info(reply)) cd::encode_session_info(*info, true);
      break;
    case 2:
      if (const auto toc = cd::parse_full_toc(reply)) {
        const auto again = cd::parse_full_toc(cd::encode_full_toc(*toc, 0));
        require(again && again->entries == toc->entries);
        check(cd::disc_from_full_toc(*toc));
      }
      break;
    case 3:
      if (const auto atip = cd::parse_atip(reply)) require(*cd::parse_atip(cd::encode_atip(*atip)) == *atip);
      break;
    default:
      if (const auto packs = cd::parse_cdtext_toc(reply)) require(packs->size() % 18 == 0);
      break;
  }
  return 0;
}
