// The commands that binrip sends (MMC-6, SPC-4): command blocks, and the replies as values. Builders only
// encode; parsers take any bytes and answer with an Error (invalid) for a reply that cannot be right.
#pragma once

#include <string>
#include <vector>

#include "binrip/cd/address.hpp"
#include "binrip/drive/transport.hpp"

namespace binrip::drive {

enum class Opcode : Byte {
  test_unit_ready = 0x00,
  request_sense = 0x03,
  inquiry = 0x12,
  start_stop_unit = 0x1B,
  prevent_allow = 0x1E,
  read_capacity = 0x25,
  read_10 = 0x28,
  read_subchannel = 0x42,
  read_toc = 0x43,
  get_configuration = 0x46,
  get_event_status = 0x4A,
  read_disc_information = 0x51,
  read_track_information = 0x52,
  mode_select_10 = 0x55,
  mode_sense_10 = 0x5A,
  read_12 = 0xA8,
  set_streaming = 0xB6,
  set_cd_speed = 0xBB,
  mechanism_status = 0xBD,
  read_cd = 0xBE,
  plextor_read_cd_da = 0xD8,
};

// --- READ CD ---
enum class C2Mode { none, bits, bits_and_block };  // 0, 294, 296 bytes
enum class SubMode { none, raw, q };               // 0, 96, 16 bytes
// Expected sector type, byte 1 bits 4-2.
enum class ExpectedSector : Byte {
  any = 0,
  cd_da = 1,
  mode1 = 2,
  mode2 = 3,
  mode2_form1 = 4,
  mode2_form2 = 5
};
enum class FieldOrder { main_c2_sub, main_sub_c2 };

// Which command carries the request.
enum class ReadBy {
  read_cd,
  // A vendor command of SCSI-2 times that Plextor's own drives take: sectors of any kind as audio, so that
  // data comes scrambled, in its place in the stream. It gives C2 (bits) and subchannel (raw) together or not
  // at all, in this order. No standard has it; its block is laid out here as DiscImageCreator and Aaru send
  // it.
  vendor_d8,
};

struct ReadCd {
  cd::Lba start = {};
  std::uint32_t count = 1;  // at most 0xFFFFFF
  C2Mode c2 = C2Mode::none;
  SubMode sub = SubMode::none;
  ExpectedSector expected = ExpectedSector::any;  // not for vendor_d8
  bool main_channel = true;  // sync, all headers, user data, EDC/ECC: 2352 bytes of any kind
  ReadBy by = ReadBy::read_cd;
};
std::size_t c2_size(C2Mode mode);
std::size_t sub_size(SubMode mode);
// Bytes that one sector takes in the reply.
std::size_t record_size(const ReadCd& request);
Cdb encode(const ReadCd& request);

// --- others ---
Cdb test_unit_ready_cdb();
Cdb inquiry_cdb(Byte length);
Cdb inquiry_vpd_cdb(Byte page, Byte length);
Cdb get_configuration_cdb(std::uint16_t first_feature, std::uint16_t length);
Cdb mode_sense_cdb(Byte page, std::uint16_t length);
Cdb mode_select_cdb(std::uint16_t length);
Cdb read_toc_cdb(Byte format, Byte from, std::uint16_t length);  // MSF bit 0
Cdb read_disc_information_cdb(std::uint16_t length);
Cdb read_track_information_cdb(Byte track, std::uint16_t length);
Cdb read_subchannel_cdb(Byte format, Byte track, std::uint16_t length);  // 1 position, 2 MCN, 3 ISRC
Cdb read_capacity_cdb();                                                 // 8 bytes
Cdb set_cd_speed_cdb(std::uint16_t read_kb_per_second);                  // 0xFFFF: the fastest
Cdb set_streaming_cdb();                                                 // takes 28 bytes
// A speed of 0 restores the drive's defaults.
ByteVector set_streaming_descriptor(std::uint32_t last_lba, std::uint32_t read_kb_per_second);
enum class TrayLock { locked, unlocked };
Cdb prevent_allow_cdb(TrayLock lock);
enum class StartStop { stop, start, eject, load };
Cdb start_stop_cdb(StartStop what);
Cdb get_event_status_cdb(Byte classes, std::uint16_t length);
Cdb mechanism_status_cdb(std::uint16_t length);
// A read of nothing with force unit access: makes some drives drop what they hold of this address.
Cdb read_12_fua_cdb(cd::Lba start, std::uint32_t count);

struct Inquiry {
  Byte device_type = 0;                   // 5 is CD/DVD
  std::string vendor, product, revision;  // trimmed, printable ASCII only
  std::string vendor_specific;            // bytes 36-55, trimmed
  friend bool operator==(const Inquiry&, const Inquiry&) = default;
};
Result<Inquiry> parse_inquiry(Bytes reply);
// VPD page 80h; empty when the reply is another page or holds no serial number.
Result<std::string> parse_serial_number(Bytes reply);

// Profiles as GET CONFIGURATION names the medium.
inline constexpr std::uint16_t kProfileNone = 0x0000;
inline constexpr std::uint16_t kProfileCdRom = 0x0008;
inline constexpr std::uint16_t kProfileCdR = 0x0009;
inline constexpr std::uint16_t kProfileCdRw = 0x000A;
struct Feature {
  std::uint16_t code = 0;
  bool current = false;
  ByteVector data;
  friend bool operator==(const Feature&, const Feature&) = default;
};
struct Configuration {
  std::uint16_t current_profile = 0;
  std::vector<Feature> features;
  const Feature* find(std::uint16_t code) const;
  std::string serial() const;  // feature 0108h, or empty
};
Result<Configuration> parse_configuration(Bytes reply);
std::string profile_name(std::uint16_t profile);  // "CD-ROM", "DVD-ROM", …
bool is_cd_profile(std::uint16_t profile);

// Mode page 2Ah, MM capabilities and mechanical status (MMC-3; legacy since, but drives give it).
struct Capabilities {
  bool reads_c2 = false;
  bool reads_rw_subchannel = false;  // R-W supported
  bool reads_rw_corrected = false;   // R-W de-interleaved and corrected
  bool accurate_stream = false;
  bool reads_cd_da = false;
  bool reads_mode2_form1 = false, reads_mode2_form2 = false, multi_session = false;
  std::uint16_t max_speed_kb = 0, current_speed_kb = 0;  // 176.4 kB/s is 1x
  std::uint16_t buffer_kib = 0;
  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};
Result<Capabilities> parse_capabilities(Bytes mode_sense_reply);

// Mode page 01h, read/write error recovery.
struct ErrorRecovery {
  Byte parameters = 0;  // AWRE ARRE TB RC - PER DTE DCR
  Byte read_retries = 0;
  ByteVector rest;  // the page from byte 4 on, as the drive gave it; empty: zeros
  friend bool operator==(const ErrorRecovery&, const ErrorRecovery&) = default;
};
Result<ErrorRecovery> parse_error_recovery(Bytes mode_sense_reply);
ByteVector mode_select_error_recovery(const ErrorRecovery& page);

struct DiscInformation {
  enum class Status : Byte { empty = 0, appendable = 1, complete = 2, other = 3 };
  Status status = Status::complete;
  bool erasable = false;
  Byte sessions = 0;
  Byte first_track = 0;
  Byte last_track_in_last_session = 0;
  Byte disc_type = 0;  // 00 CD-DA/ROM, 10 CD-i, 20 XA, FF undefined
  friend bool operator==(const DiscInformation&, const DiscInformation&) = default;
};
Result<DiscInformation> parse_disc_information(Bytes reply);
// READ CAPACITY: the last address that can be read.
Result<cd::Lba> parse_last_lba(Bytes reply);

struct TrackInformation {
  std::uint16_t track = 0, session = 0;
  Byte track_mode = 0;  // control nibble
  Byte data_mode = 0;   // 1, 2, or Fh unknown
  bool blank = false;
  cd::Lba start = {};
  cd::SectorCount size;
  friend bool operator==(const TrackInformation&, const TrackInformation&) = default;
};
Result<TrackInformation> parse_track_information(Bytes reply);

// READ SUB-CHANNEL formats 2 and 3: 13 digits, 12 characters; nothing when the drive says not valid.
Result<std::optional<std::string>> parse_subchannel_mcn(Bytes reply);
Result<std::optional<std::string>> parse_subchannel_isrc(Bytes reply);

// GET EVENT STATUS NOTIFICATION, media class.
struct MediaEvent {
  enum class Code : Byte { none = 0, eject_request = 1, new_media = 2, removal = 3, changed = 4 };
  Code code = Code::none;
  bool tray_open = false, media_present = false;
  friend bool operator==(const MediaEvent&, const MediaEvent&) = default;
};
Result<std::optional<MediaEvent>> parse_media_event(Bytes reply);

struct MechanismStatus {
  bool door_open = false, fault = false;
  Byte current_slot = 0;
  std::uint16_t slots = 0;
  friend bool operator==(const MechanismStatus&, const MechanismStatus&) = default;
};
Result<MechanismStatus> parse_mechanism_status(Bytes reply);

}  // namespace binrip::drive
