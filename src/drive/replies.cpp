// Parsers of replies. Each takes any bytes: what the reply's own length field says is held against what was
// delivered, and nothing is read beyond either.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "binrip/drive/commands.hpp"

namespace binrip::drive {
namespace {

tl::unexpected<Error> too_short(std::string_view reply, std::size_t expected, std::size_t got) {
  return fail(ErrorKind::invalid,
              fmt::format("{} reply: expected at least {} bytes, got {}", reply, expected, got));
}

// The part of `reply` that its length field covers: a 16-bit number at the start that counts what follows.
Bytes declared(Bytes reply) {
  if (reply.size() < 2) return reply.first(0);
  return reply.first(std::min(reply.size(), std::size_t{2} + load_be16(reply)));
}

bool is_printable(Byte b) { return b >= 0x20 && b <= 0x7E; }

std::string ascii_field(Bytes field) {
  std::string text;
  for (const Byte b : field) text += is_printable(b) ? static_cast<char>(b) : ' ';
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The page in a MODE SENSE(10) reply (SPC-4 clause 7.5): header of 8 bytes, block descriptors, page.
Result<Bytes> mode_page(Bytes reply, Byte code, std::size_t at_least) {
  const Bytes whole = declared(reply);
  if (whole.size() < 8) return too_short("MODE SENSE", 8, whole.size());
  const std::size_t at = std::size_t{8} + load_be16(whole, 6);
  if (at + 2 > whole.size()) return too_short("MODE SENSE", at + 2, whole.size());
  if ((whole[at] & 0x3F) != code) {
    return fail(ErrorKind::invalid,
                fmt::format("MODE SENSE reply: expected page {:02X}h, got {:02X}h", code, whole[at] & 0x3F));
  }
  const std::size_t size = std::min(whole.size() - at, std::size_t{2} + whole[at + 1]);
  if (size < at_least) return too_short(fmt::format("mode page {:02X}h", code), at_least, size);
  return whole.subspan(at, size);
}

std::uint16_t be16_or_zero(Bytes data, std::size_t at) {
  return at + 2 <= data.size() ? load_be16(data, at) : std::uint16_t{0};
}

struct ProfileName {
  std::uint16_t code;
  std::string_view name;
};
// MMC-6 table of profiles.
constexpr auto kProfileNames = std::to_array<ProfileName>({
    {0x0000, "no disc"},        {0x0001, "non-removable disk"},
    {0x0002, "removable disk"}, {0x0003, "MO"},
    {0x0008, "CD-ROM"},         {0x0009, "CD-R"},
    {0x000A, "CD-RW"},          {0x0010, "DVD-ROM"},
    {0x0011, "DVD-R"},          {0x0012, "DVD-RAM"},
    {0x0013, "DVD-RW"},         {0x0014, "DVD-RW"},
    {0x0015, "DVD-R DL"},       {0x0016, "DVD-R DL"},
    {0x001A, "DVD+RW"},         {0x001B, "DVD+R"},
    {0x002A, "DVD+RW DL"},      {0x002B, "DVD+R DL"},
    {0x0040, "BD-ROM"},         {0x0041, "BD-R"},
    {0x0042, "BD-R"},           {0x0043, "BD-RE"},
    {0x0050, "HD DVD-ROM"},     {0x0051, "HD DVD-R"},
    {0x0052, "HD DVD-RAM"},     {0x0053, "HD DVD-RW"},
});

// READ SUB-CHANNEL formats 2 and 3: header of 4 bytes, then format code … valid bit in byte 8, then
// characters.
Result<std::optional<std::string>> subchannel_code(Bytes reply, Byte format, std::size_t length) {
  if (reply.size() < 4) return too_short("READ SUB-CHANNEL", 4, reply.size());
  const Bytes whole = reply.first(std::min(reply.size(), std::size_t{4} + load_be16(reply, 2)));
  if (whole.size() == 4) return std::nullopt;
  if (whole.size() < 9 + length) return too_short("READ SUB-CHANNEL", 9 + length, whole.size());
  if (whole[4] != format) {
    return fail(ErrorKind::invalid,
                fmt::format("READ SUB-CHANNEL reply: expected format {}, got {}", format, whole[4]));
  }
  if ((whole[8] & 0x80) == 0) return std::nullopt;
  const Bytes field = whole.subspan(9, length);
  if (!std::all_of(field.begin(), field.end(), is_printable)) {
    return fail(ErrorKind::invalid, "READ SUB-CHANNEL reply: expected printable characters");
  }
  return std::string(field.begin(), field.end());
}

}  // namespace

Result<Inquiry> parse_inquiry(Bytes reply) {
  if (reply.size() < 36) return too_short("INQUIRY", 36, reply.size());
  if (all_zero(reply)) {
    return fail(ErrorKind::invalid, "INQUIRY reply: expected a drive's identity, got zeros");
  }
  Inquiry inquiry;
  inquiry.device_type = static_cast<Byte>(reply[0] & 0x1F);
  inquiry.vendor = ascii_field(reply.subspan(8, 8));
  inquiry.product = ascii_field(reply.subspan(16, 16));
  inquiry.revision = ascii_field(reply.subspan(32, 4));
  const std::size_t end = std::min({reply.size(), std::size_t{56}, std::size_t{5} + reply[4]});
  if (end > 36) inquiry.vendor_specific = ascii_field(reply.subspan(36, end - 36));
  return inquiry;
}

// A drive that ignores EVPD answers with standard data, which looks like this page (its RMB bit is byte 1's
// 80h), but has unprintable bytes where the number would be.
Result<std::string> parse_serial_number(Bytes reply) {
  if (reply.size() < 4) return too_short("INQUIRY page 80h", 4, reply.size());
  if (reply[1] != 0x80) return std::string();
  Bytes field = reply.subspan(4, std::min<std::size_t>(reply.size() - 4, reply[3]));
  while (!field.empty() && field.back() == 0) field = field.first(field.size() - 1);
  if (!std::all_of(field.begin(), field.end(), is_printable)) return std::string();
  return ascii_field(field);
}

const Feature* Configuration::find(std::uint16_t code) const {
  const auto it =
      std::find_if(features.begin(), features.end(), [&](const Feature& f) { return f.code == code; });
  return it == features.end() ? nullptr : &*it;
}

std::string Configuration::serial() const {
  const Feature* feature = find(0x0108);
  return feature == nullptr ? std::string() : ascii_field(feature->data);
}

// MMC-6 clause 6.6: header of 8 bytes, then features of 4 bytes and their additional length. A feature that
// was cut off by the allocation length is left out.
Result<Configuration> parse_configuration(Bytes reply) {
  if (reply.size() < 8) return too_short("GET CONFIGURATION", 8, reply.size());
  const std::size_t length = load_be32(reply);
  if (length < 4) return too_short("GET CONFIGURATION", 8, length + 4);
  const Bytes whole = reply.first(std::min(reply.size(), length + 4));
  Configuration configuration;
  configuration.current_profile = load_be16(whole, 6);
  for (std::size_t at = 8; at + 4 <= whole.size();) {
    const std::size_t size = whole[at + 3];
    if (at + 4 + size > whole.size()) break;
    const Bytes data = whole.subspan(at + 4, size);
    configuration.features.push_back({.code = load_be16(whole, at),
                                      .current = (whole[at + 2] & 0x01) != 0,
                                      .data = ByteVector(data.begin(), data.end())});
    at += 4 + size;
  }
  return configuration;
}

std::string profile_name(std::uint16_t profile) {
  for (const ProfileName& entry : kProfileNames) {
    if (entry.code == profile) return std::string(entry.name);
  }
  return fmt::format("profile {:04X}h", profile);
}

bool is_cd_profile(std::uint16_t profile) {
  return profile == kProfileCdRom || profile == kProfileCdR || profile == kProfileCdRw;
}

Result<Capabilities> parse_capabilities(Bytes mode_sense_reply) {
  TRY(const Bytes page, mode_page(mode_sense_reply, 0x2A, 6));
  const auto bit = [&](std::size_t at, int n) { return ((page[at] >> n) & 1) != 0; };
  Capabilities c;
  c.reads_mode2_form1 = bit(4, 4);
  c.reads_mode2_form2 = bit(4, 5);
  c.multi_session = bit(4, 6);
  c.reads_cd_da = bit(5, 0);
  c.accurate_stream = bit(5, 1);
  c.reads_rw_subchannel = bit(5, 2);
  c.reads_rw_corrected = bit(5, 3);
  c.reads_c2 = bit(5, 4);
  c.max_speed_kb = be16_or_zero(page, 8);
  c.buffer_kib = be16_or_zero(page, 12);
  c.current_speed_kb = be16_or_zero(page, 14);
  return c;
}

Result<ErrorRecovery> parse_error_recovery(Bytes mode_sense_reply) {
  TRY(const Bytes page, mode_page(mode_sense_reply, 0x01, 4));
  return ErrorRecovery{
      .parameters = page[2], .read_retries = page[3], .rest = ByteVector(page.begin() + 4, page.end())};
}

ByteVector mode_select_error_recovery(const ErrorRecovery& page) {
  // MMC-6 gives this page 12 bytes, the first ATAPI drives 8: a drive takes back the length that it gave.
  ByteVector rest = page.rest.empty() ? ByteVector(8, 0) : page.rest;
  rest.resize(std::min<std::size_t>(rest.size(), 253));
  // Header: all reserved in MODE SELECT, no block descriptors; then the page.
  const std::array<Byte, 12> head = {
      0, 0, 0, 0, 0, 0, 0, 0, 0x01, static_cast<Byte>(rest.size() + 2), page.parameters, page.read_retries};
  ByteVector out;
  out.reserve(head.size() + rest.size());
  for (const Byte b : head) out.push_back(b);
  for (const Byte b : rest) out.push_back(b);
  return out;
}

Result<DiscInformation> parse_disc_information(Bytes reply) {
  const Bytes whole = declared(reply);
  if (whole.size() < 9) return too_short("READ DISC INFORMATION", 9, whole.size());
  return DiscInformation{.status = static_cast<DiscInformation::Status>(whole[2] & 0x03),
                         .erasable = (whole[2] & 0x10) != 0,
                         .sessions = whole[4],
                         .first_track = whole[3],
                         .last_track_in_last_session = whole[6],
                         .disc_type = whole[8]};
}

Result<cd::Lba> parse_last_lba(Bytes reply) {
  if (reply.size() < 8) return too_short("READ CAPACITY", 8, reply.size());
  const std::uint32_t last = load_be32(reply);
  if (last > static_cast<std::uint32_t>(cd::kLastLba.value)) {
    return fail(ErrorKind::invalid,
                fmt::format("READ CAPACITY reply: expected an address on a CD, got {}", last));
  }
  return cd::Lba{static_cast<std::int32_t>(last)};
}

Result<TrackInformation> parse_track_information(Bytes reply) {
  const Bytes whole = declared(reply);
  if (whole.size() < 28) return too_short("READ TRACK INFORMATION", 28, whole.size());
  const auto number = [&](std::size_t low, std::size_t high) {
    const int upper = high < whole.size() ? whole[high] : 0;
    return static_cast<std::uint16_t>((upper << 8) | whole[low]);
  };
  return TrackInformation{.track = number(2, 32),
                          .session = number(3, 33),
                          .track_mode = static_cast<Byte>(whole[5] & 0x0F),
                          .data_mode = static_cast<Byte>(whole[6] & 0x0F),
                          .blank = (whole[6] & 0x40) != 0,
                          .start = {static_cast<std::int32_t>(load_be32(whole, 8))},
                          .size = {static_cast<std::int32_t>(load_be32(whole, 24))}};
}

Result<std::optional<std::string>> parse_subchannel_mcn(Bytes reply) { return subchannel_code(reply, 2, 13); }
Result<std::optional<std::string>> parse_subchannel_isrc(Bytes reply) {
  return subchannel_code(reply, 3, 12);
}

// MMC-6 clause 6.7: event header of 4 bytes (NEA: no event of the classes asked for), media event descriptor.
Result<std::optional<MediaEvent>> parse_media_event(Bytes reply) {
  constexpr Byte kNoEventAvailable = 0x80, kMediaClass = 4;
  const Bytes whole = declared(reply);
  if (whole.size() < 4) return too_short("GET EVENT STATUS NOTIFICATION", 4, whole.size());
  if ((whole[2] & kNoEventAvailable) != 0 || (whole[2] & 0x07) != kMediaClass) return std::nullopt;
  if (whole.size() < 6) return too_short("GET EVENT STATUS NOTIFICATION", 6, whole.size());
  const int code = whole[4] & 0x0F;
  return MediaEvent{.code = code <= 4 ? static_cast<MediaEvent::Code>(code) : MediaEvent::Code::none,
                    .tray_open = (whole[5] & 0x01) != 0,
                    .media_present = (whole[5] & 0x02) != 0};
}

Result<MechanismStatus> parse_mechanism_status(Bytes reply) {
  if (reply.size() < 8) return too_short("MECHANISM STATUS", 8, reply.size());
  return MechanismStatus{.door_open = (reply[1] & 0x10) != 0,
                         .fault = (reply[0] & 0x80) != 0,
                         .current_slot = static_cast<Byte>((reply[0] & 0x1F) | ((reply[1] & 0x07) << 5)),
                         .slots = static_cast<std::uint16_t>(reply[5] & 0x3F)};
}

}  // namespace binrip::drive
