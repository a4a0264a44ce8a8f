// MODE SENSE and MODE SELECT: pages 01h (error recovery), 0Dh, 0Eh, 1Ah, and 2Ah (capabilities).
#include <algorithm>
#include <cmath>

#include "unit.hpp"

namespace binrip::sim {
namespace {

constexpr Byte kErrorRecovery = 0x01;
constexpr Byte kCdParameters = 0x0D;
constexpr Byte kCdAudio = 0x0E;
constexpr Byte kPower = 0x1A;
constexpr Byte kCapabilities = 0x2A;
constexpr Byte kAllPages = 0x3F;
constexpr Byte kControlChangeable = 1;
constexpr Byte kControlSaved = 3;

std::uint16_t kilobytes(double times) { return static_cast<std::uint16_t>(std::lround(times * 176.4)); }

// With `mask`: ones where the page can be changed.
ByteVector error_recovery_page(Byte parameters, Byte retries, bool mask) {
  ByteVector page(12);
  page[0] = kErrorRecovery;
  page[1] = 10;
  page[2] = mask ? 0x37 : parameters;
  page[3] = mask ? 0xFF : retries;
  return page;
}

}  // namespace

// MMC-3, CD capabilities and mechanical status page.
ByteVector Unit::capabilities_page() const {
  ByteVector page(26);
  page[0] = kCapabilities;
  page[1] = static_cast<Byte>(page.size() - 2);
  page[2] = 0x0B;  // reads CD-R, CD-RW, DVD-ROM
  page[4] = 0x71;  // audio play, Mode 2 form 1 and 2, multi-session
  const bool has_sub = habits_.sub == drive::SubSupport::raw;
  const bool has_c2 = habits_.c2 != drive::C2Support::none;
  const bool accurate = habits_.reported_accurate_stream.value_or(habits_.jitter == 0);
  // CD-DA commands, accurate stream, R-W, C2 pointers, ISRC, UPC
  page[5] =
      static_cast<Byte>(0x61U | (accurate ? 0x02U : 0U) | (has_sub ? 0x04U : 0U) | (has_c2 ? 0x10U : 0U));
  page[6] = static_cast<Byte>(0x29U | (locked_ ? 2U : 0U));  // tray; can lock and eject
  store_be16(page, 8, kilobytes(habits_.max_speed));
  store_be16(page, 10, 256);  // volume levels
  store_be16(
      page, 12,
      static_cast<std::uint16_t>(std::min(habits_.reported_cache_kib.value_or(habits_.cache_kib), 0xFFFFU)));
  store_be16(page, 14, kilobytes(time_.current_max()));
  return page;
}

std::optional<ByteVector> Unit::mode_pages(Byte wanted, Byte control) const {
  const bool mask = control == kControlChangeable;
  ByteVector out;
  const auto add = [&](const ByteVector& page) {
    if (wanted == kAllPages || wanted == (page[0] & 0x3FU)) out.insert(out.end(), page.begin(), page.end());
  };
  const auto add_fixed = [&](ByteVector page) {
    if (mask) std::fill(page.begin() + 2, page.end(), Byte{0});
    add(page);
  };
  const bool defaults = control == 2;
  add(error_recovery_page(defaults ? 0 : recovery_parameters_, defaults ? 32 : read_retries_, mask));
  add_fixed({kCdParameters, 6, 0, 0x0D, 0, 60, 0, 75});
  add_fixed({kCdAudio, 14, 4, 0, 0, 0, 0, 75, 1, 0xFF, 2, 0xFF, 0, 0, 0, 0});
  add_fixed({kPower, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  if (habits_.reports_capabilities) add_fixed(capabilities_page());
  if (out.empty()) return std::nullopt;
  return out;
}

Result<drive::Completion> Unit::mode_sense_6(const Command& c) {
  const auto control = static_cast<Byte>(c[2] >> 6U);
  if (control == kControlSaved) return refuse(5, 0x39, 0x00);  // saving parameters not supported
  const auto pages = mode_pages(c[2] & 0x3FU, control);
  if (!pages || c[3] != 0) return invalid_field();
  ByteVector reply(4);
  reply.insert(reply.end(), pages->begin(), pages->end());
  reply[0] = static_cast<Byte>(reply.size() - 1);
  return answer(c, reply, c[4]);
}

Result<drive::Completion> Unit::mode_sense_10(const Command& c) {
  const auto control = static_cast<Byte>(c[2] >> 6U);
  if (control == kControlSaved) return refuse(5, 0x39, 0x00);
  const auto pages = mode_pages(c[2] & 0x3FU, control);
  if (!pages || c[3] != 0) return invalid_field();
  ByteVector reply(8);
  reply.insert(reply.end(), pages->begin(), pages->end());
  store_be16(reply, 0, static_cast<std::uint16_t>(reply.size() - 2));
  return answer(c, reply, load_be16(c.bytes(), 7));
}

Result<drive::Completion> Unit::mode_select_6(const Command& c) {
  const Bytes list = c.data.first(std::min<std::size_t>(c[4], c.data.size()));
  if (list.empty()) return good();
  if (list.size() < 4 || list.size() < 4U + list[3]) return refuse(5, 0x1A, 0x00);
  return select_pages(list.subspan(4U + list[3]));
}

Result<drive::Completion> Unit::mode_select_10(const Command& c) {
  const Bytes list = c.data.first(std::min<std::size_t>(load_be16(c.bytes(), 7), c.data.size()));
  if (list.empty()) return good();
  if (list.size() < 8 || list.size() < 8U + load_be16(list, 6)) return refuse(5, 0x1A, 0x00);
  return select_pages(list.subspan(8U + load_be16(list, 6)));
}

drive::Completion Unit::select_pages(Bytes pages) {
  while (!pages.empty()) {
    if (pages.size() < 2 || pages.size() < 2U + pages[1]) return refuse(5, 0x1A, 0x00);
    const Bytes page = pages.first(2U + pages[1]);
    switch (page[0] & 0x3FU) {
      case kErrorRecovery:
        if (page.size() < 8) return refuse(5, 0x26, 0x00);  // MMC-1 has 8 bytes, later 12
        if ((page[2] & ~0x37U) != 0) return refuse(5, 0x26, 0x00);
        if (habits_.always_corrects && (page[2] & 0x21U) != 0) return refuse(5, 0x26, 0x00);
        recovery_parameters_ = page[2];
        read_retries_ = page[3];
        break;
      case kCdParameters:
      case kCdAudio:
      case kPower:
        break;  // taken, without effect on reading
      default:
        return refuse(5, 0x26, 0x00);
    }
    pages = pages.subspan(page.size());
  }
  return good();
}

}  // namespace binrip::sim
