#include "binrip/drive/sense.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace binrip::drive {
namespace {

// Additional sense codes that optical drives give (SPC-4 annex E lists them all).
struct Words {
  Byte asc, ascq;
  std::string_view text;
};
constexpr auto kWords = std::to_array<Words>({
    {0x00, 0x11, "audio play operation in progress"},
    {0x02, 0x00, "no seek complete"},
    {0x04, 0x00, "not ready, cause not reportable"},
    {0x04, 0x01, "becoming ready"},
    {0x04, 0x02, "initializing command required"},
    {0x04, 0x03, "manual intervention required"},
    {0x04, 0x04, "format in progress"},
    {0x04, 0x07, "operation in progress"},
    {0x04, 0x08, "long write in progress"},
    {0x05, 0x00, "no response to selection"},
    {0x06, 0x00, "no reference position found"},
    {0x08, 0x00, "communication failure"},
    {0x08, 0x01, "communication time-out"},
    {0x08, 0x02, "communication parity error"},
    {0x08, 0x03, "communication CRC error"},
    {0x09, 0x00, "track following error"},
    {0x09, 0x01, "tracking servo failure"},
    {0x09, 0x02, "focus servo failure"},
    {0x09, 0x03, "spindle servo failure"},
    {0x11, 0x00, "unrecovered read error"},
    {0x11, 0x01, "read retries exhausted"},
    {0x11, 0x02, "error too long to correct"},
    {0x11, 0x05, "L-EC uncorrectable error"},
    {0x11, 0x06, "CIRC unrecovered error"},
    {0x11, 0x0F, "error reading UPC/EAN number"},
    {0x11, 0x10, "error reading ISRC number"},
    {0x15, 0x00, "random positioning error"},
    {0x15, 0x01, "mechanical positioning error"},
    {0x15, 0x02, "positioning error detected by read of medium"},
    {0x17, 0x00, "recovered data with no error correction applied"},
    {0x17, 0x01, "recovered data with retries"},
    {0x18, 0x00, "recovered data with error correction applied"},
    {0x18, 0x03, "recovered data with CIRC"},
    {0x18, 0x04, "recovered data with L-EC"},
    {0x1A, 0x00, "parameter list length error"},
    {0x20, 0x00, "invalid command operation code"},
    {0x21, 0x00, "logical block address out of range"},
    {0x24, 0x00, "invalid field in the command"},
    {0x26, 0x00, "invalid field in the parameter list"},
    {0x28, 0x00, "medium may have changed"},
    {0x28, 0x01, "import or export element accessed"},
    {0x29, 0x00, "power on, reset, or bus device reset occurred"},
    {0x29, 0x01, "power on occurred"},
    {0x29, 0x02, "bus reset occurred"},
    {0x29, 0x03, "bus device reset occurred"},
    {0x29, 0x04, "device internal reset"},
    {0x2A, 0x00, "parameters changed"},
    {0x2A, 0x01, "mode parameters changed"},
    {0x2B, 0x00, "copy cannot execute"},
    {0x2C, 0x00, "command sequence error"},
    {0x2E, 0x00, "insufficient time for operation"},
    {0x30, 0x00, "incompatible medium installed"},
    {0x30, 0x01, "cannot read medium, unknown format"},
    {0x30, 0x02, "cannot read medium, incompatible format"},
    {0x39, 0x00, "saving parameters not supported"},
    {0x3A, 0x00, "medium not present"},
    {0x3A, 0x01, "medium not present, tray closed"},
    {0x3A, 0x02, "medium not present, tray open"},
    {0x3E, 0x00, "logical unit has not self-configured yet"},
    {0x3E, 0x01, "logical unit failure"},
    {0x3E, 0x02, "timeout on logical unit"},
    {0x3F, 0x00, "target operating conditions have changed"},
    {0x3F, 0x01, "microcode has been changed"},
    {0x44, 0x00, "internal target failure"},
    {0x47, 0x00, "SCSI parity error"},
    {0x4E, 0x00, "overlapped commands attempted"},
    {0x53, 0x00, "media load or eject failed"},
    {0x53, 0x02, "medium removal prevented"},
    {0x57, 0x00, "unable to recover table of contents"},
    {0x5A, 0x00, "operator request or state change"},
    {0x5A, 0x01, "operator medium removal request"},
    {0x5D, 0x00, "failure prediction threshold exceeded"},
    {0x5E, 0x00, "low power condition on"},
    {0x63, 0x00, "end of user area encountered on this track"},
    {0x64, 0x00, "illegal mode for this track"},
    {0x6F, 0x00, "copy protection key exchange failure, authentication failure"},
    {0x6F, 0x01, "copy protection key exchange failure, key not present"},
    {0x6F, 0x02, "copy protection key exchange failure, key not established"},
    {0x6F, 0x03, "read of scrambled sector without authentication"},
    {0x6F, 0x04, "media region code is mismatched to logical unit region"},
    {0x72, 0x00, "session fixation error"},
    {0x73, 0x00, "CD control error"},
});

constexpr std::array<std::string_view, 16> kKeys = {
    "no sense",        "recovered error", "not ready",      "medium error",
    "hardware error",  "illegal request", "unit attention", "data protected",
    "blank",           "vendor specific", "copy aborted",   "aborted command",
    "obsolete key Ch", "volume overflow", "miscompare",     "completed"};

std::string_view words(const Sense& sense) {
  const auto exact = std::find_if(kWords.begin(), kWords.end(),
                                  [&](const Words& w) { return w.asc == sense.asc && w.ascq == sense.ascq; });
  if (exact != kWords.end()) return exact->text;
  const auto group = std::find_if(kWords.begin(), kWords.end(), [&](const Words& w) {
    return w.asc == sense.asc && w.ascq == 0 && w.asc != 0;
  });
  return group != kWords.end() ? group->text : kKeys[sense.key & 0x0F];
}

Byte byte_at(Bytes data, std::size_t at) { return at < data.size() ? data[at] : Byte{0}; }

Sense parse_fixed(Bytes data) {
  Sense sense{.key = static_cast<Byte>(byte_at(data, 2) & 0x0F),
              .asc = byte_at(data, 12),
              .ascq = byte_at(data, 13),
              .information = {}};
  const bool valid = (data[0] & 0x80) != 0;
  if (valid && data.size() >= 7) sense.information = load_be32(data, 3);
  return sense;
}

Sense parse_descriptors(Bytes data) {
  Sense sense{.key = static_cast<Byte>(byte_at(data, 1) & 0x0F),
              .asc = byte_at(data, 2),
              .ascq = byte_at(data, 3),
              .information = {}};
  const std::size_t end = std::min(data.size(), std::size_t{8} + byte_at(data, 7));
  for (std::size_t at = 8; at + 2 <= end;) {
    const std::size_t size = std::size_t{2} + data[at + 1];
    if (at + size > end) break;
    const bool information = data[at] == 0x00 && size >= 12 && (data[at + 2] & 0x80) != 0;
    // Eight bytes wide; an address on a CD fits the lower four.
    if (information && load_be32(data, at + 4) == 0) sense.information = load_be32(data, at + 8);
    at += size;
  }
  return sense;
}

}  // namespace

SenseClass classify(const Sense& sense) {
  switch (sense.key) {
    case 0x0:
      return SenseClass::none;
    case 0x1:
      return SenseClass::recovered;
    case 0x2:
      if (sense.asc == 0x04) return SenseClass::becoming_ready;
      return sense.asc == 0x3A ? SenseClass::no_medium : SenseClass::not_ready;
    case 0x3:
      return SenseClass::medium;
    case 0x4:
      return SenseClass::hardware;
    case 0x5:
      if (sense.asc == 0x64) return SenseClass::illegal_mode;
      return sense.asc == 0x21 ? SenseClass::out_of_range : SenseClass::illegal;
    case 0x6:
      if (sense.asc == 0x28) return SenseClass::medium_changed;
      return sense.asc == 0x29 ? SenseClass::reset : SenseClass::unit_attention;
    case 0x7:
      return SenseClass::protected_data;
    case 0x8:
      return SenseClass::blank;
    case 0xB:
      return SenseClass::aborted;
    default:
      return SenseClass::other;
  }
}

// SPC-4 clause 4.5: response codes 70h and 71h are fixed, 72h and 73h descriptor format. Bytes that were not
// delivered read as zero. The additional length is not held against fixed format: ASC and ASCQ stand at their
// place in every drive's reply, whatever that byte says.
Sense parse_sense(Bytes data) {
  if (data.empty()) return {};
  const int code = data[0] & 0x7F;
  if (code == 0x70 || code == 0x71) return parse_fixed(data);
  if (code == 0x72 || code == 0x73) return parse_descriptors(data);
  return {};
}

ByteVector encode_sense(const Sense& sense) {
  ByteVector out(18, 0);
  out[0] = sense.information ? 0xF0 : 0x70;
  out[2] = static_cast<Byte>(sense.key & 0x0F);
  store_be32(out, 3, sense.information.value_or(0));
  out[7] = 10;
  out[12] = sense.asc;
  out[13] = sense.ascq;
  return out;
}

std::string to_string(const Sense& sense) {
  return fmt::format("{:X}/{:02X}/{:02X} {}", sense.key, sense.asc, sense.ascq, words(sense));
}

Error sense_error(const Sense& sense, std::string_view doing) {
  const auto error = [&](ErrorKind kind, std::string hint = {}) {
    return Error{kind, fmt::format("cannot {}: {}", doing, to_string(sense)), std::move(hint)};
  };
  switch (classify(sense)) {
    case SenseClass::none:
      return {ErrorKind::bus, fmt::format("cannot {}: the command failed and no reason was given", doing)};
    case SenseClass::no_medium:
      return error(ErrorKind::no_medium, "put a disc in and close the tray");
    case SenseClass::becoming_ready:
    case SenseClass::not_ready:
    case SenseClass::reset:
    case SenseClass::unit_attention:
      return error(ErrorKind::not_ready);
    case SenseClass::medium:
      return error(ErrorKind::medium);
    case SenseClass::illegal_mode:
    case SenseClass::out_of_range:
    case SenseClass::illegal:
      return error(ErrorKind::illegal);
    case SenseClass::medium_changed:
      return error(ErrorKind::medium_changed);
    case SenseClass::protected_data:
    case SenseClass::blank:
      return error(ErrorKind::unsupported);
    case SenseClass::recovered:
    case SenseClass::hardware:
    case SenseClass::aborted:
    case SenseClass::other:
      break;
  }
  return error(ErrorKind::hardware);
}

}  // namespace binrip::drive
