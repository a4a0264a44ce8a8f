// Command blocks, laid out as MMC-6 clause 6 and SPC-4 clause 6 give them.
#include "binrip/drive/commands.hpp"

namespace binrip::drive {
namespace {

Cdb command(Opcode opcode, std::size_t size) {
  Cdb cdb;
  cdb.bytes[0] = static_cast<Byte>(opcode);
  cdb.size = size;
  return cdb;
}

// The allocation length of nearly all commands of 10 bytes stands in bytes 7 and 8.
Cdb command_10(Opcode opcode, std::uint16_t length) {
  Cdb cdb = command(opcode, 10);
  store_be16(cdb.bytes, 7, length);
  return cdb;
}

constexpr std::size_t kMainSize = 2352;

Cdb encode_vendor_d8(const ReadCd& request) {
  constexpr Byte kWithC2AndSubchannel = 8;
  Cdb cdb = command(Opcode::plextor_read_cd_da, 12);
  store_be32(cdb.bytes, 2, static_cast<std::uint32_t>(request.start.value));
  store_be32(cdb.bytes, 6, request.count);
  if (request.c2 == C2Mode::bits && request.sub == SubMode::raw) cdb.bytes[10] = kWithC2AndSubchannel;
  return cdb;
}

}  // namespace

std::size_t c2_size(C2Mode mode) {
  switch (mode) {
    case C2Mode::none:
      return 0;
    case C2Mode::bits:
      return 294;
    case C2Mode::bits_and_block:
      return 296;
  }
  return 0;
}

std::size_t sub_size(SubMode mode) {
  switch (mode) {
    case SubMode::none:
      return 0;
    case SubMode::raw:
      return 96;
    case SubMode::q:
      return 16;
  }
  return 0;
}

std::size_t record_size(const ReadCd& request) {
  return (request.main_channel ? kMainSize : 0) + c2_size(request.c2) + sub_size(request.sub);
}

Cdb encode(const ReadCd& request) {
  if (request.by == ReadBy::vendor_d8) return encode_vendor_d8(request);
  constexpr Byte kSyncHeadersDataEcc = 0x80 | 0x60 | 0x10 | 0x08;
  Cdb cdb = command(Opcode::read_cd, 12);
  cdb.bytes[1] = static_cast<Byte>(static_cast<Byte>(request.expected) << 2);
  store_be32(cdb.bytes, 2, static_cast<std::uint32_t>(request.start.value));
  store_be24(cdb.bytes, 6, request.count);
  if (request.main_channel) cdb.bytes[9] = kSyncHeadersDataEcc;
  if (request.c2 == C2Mode::bits) cdb.bytes[9] |= 0x02;
  if (request.c2 == C2Mode::bits_and_block) cdb.bytes[9] |= 0x04;
  if (request.sub == SubMode::raw) cdb.bytes[10] = 1;
  if (request.sub == SubMode::q) cdb.bytes[10] = 2;
  return cdb;
}

Cdb test_unit_ready_cdb() { return command(Opcode::test_unit_ready, 6); }

Cdb inquiry_cdb(Byte length) {
  Cdb cdb = command(Opcode::inquiry, 6);
  cdb.bytes[4] = length;
  return cdb;
}

Cdb inquiry_vpd_cdb(Byte page, Byte length) {
  Cdb cdb = inquiry_cdb(length);
  cdb.bytes[1] = 0x01;  // EVPD
  cdb.bytes[2] = page;
  return cdb;
}

Cdb get_configuration_cdb(std::uint16_t first_feature, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::get_configuration, length);
  store_be16(cdb.bytes, 2, first_feature);
  return cdb;
}

// Block descriptors are not forbidden (DBD 0): the parsers skip them, and some old drives refuse the bit.
Cdb mode_sense_cdb(Byte page, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::mode_sense_10, length);
  cdb.bytes[2] = static_cast<Byte>(page & 0x3F);
  return cdb;
}

Cdb mode_select_cdb(std::uint16_t length) {
  Cdb cdb = command_10(Opcode::mode_select_10, length);
  cdb.bytes[1] = 0x10;  // PF
  return cdb;
}

Cdb read_toc_cdb(Byte format, Byte from, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::read_toc, length);
  cdb.bytes[2] = static_cast<Byte>(format & 0x0F);
  cdb.bytes[6] = from;
  return cdb;
}

Cdb read_disc_information_cdb(std::uint16_t length) {
  return command_10(Opcode::read_disc_information, length);
}

Cdb read_track_information_cdb(Byte track, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::read_track_information, length);
  cdb.bytes[1] = 0x01;  // bytes 2-5 are a track number
  store_be32(cdb.bytes, 2, track);
  return cdb;
}

Cdb read_subchannel_cdb(Byte format, Byte track, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::read_subchannel, length);
  cdb.bytes[2] = 0x40;  // SubQ
  cdb.bytes[3] = format;
  cdb.bytes[6] = track;
  return cdb;
}

Cdb read_capacity_cdb() { return command(Opcode::read_capacity, 10); }

Cdb set_cd_speed_cdb(std::uint16_t read_kb_per_second) {
  Cdb cdb = command(Opcode::set_cd_speed, 12);
  store_be16(cdb.bytes, 2, read_kb_per_second);
  store_be16(cdb.bytes, 4, 0xFFFF);  // writing: the fastest
  return cdb;
}

Cdb set_streaming_cdb() {
  Cdb cdb = command(Opcode::set_streaming, 12);
  store_be16(cdb.bytes, 9, 28);
  return cdb;
}

ByteVector set_streaming_descriptor(std::uint32_t last_lba, std::uint32_t read_kb_per_second) {
  ByteVector out(28, 0);
  if (read_kb_per_second == 0) out[0] = 0x04;  // RDD: back to the drive's defaults
  store_be32(out, 8, last_lba);
  store_be32(out, 12, read_kb_per_second);
  store_be32(out, 16, 1000);  // read time, ms
  store_be32(out, 20, read_kb_per_second);
  store_be32(out, 24, 1000);  // write time, ms
  return out;
}

Cdb prevent_allow_cdb(TrayLock lock) {
  Cdb cdb = command(Opcode::prevent_allow, 6);
  cdb.bytes[4] = lock == TrayLock::locked ? 1 : 0;
  return cdb;
}

Cdb start_stop_cdb(StartStop what) {
  constexpr Byte kStart = 0x01, kLoadEject = 0x02;
  Cdb cdb = command(Opcode::start_stop_unit, 6);
  switch (what) {
    case StartStop::stop:
      break;
    case StartStop::start:
      cdb.bytes[4] = kStart;
      break;
    case StartStop::eject:
      cdb.bytes[4] = kLoadEject;
      break;
    case StartStop::load:
      cdb.bytes[4] = kLoadEject | kStart;
      break;
  }
  return cdb;
}

Cdb get_event_status_cdb(Byte classes, std::uint16_t length) {
  Cdb cdb = command_10(Opcode::get_event_status, length);
  cdb.bytes[1] = 0x01;  // Polled
  cdb.bytes[4] = classes;
  return cdb;
}

Cdb mechanism_status_cdb(std::uint16_t length) {
  Cdb cdb = command(Opcode::mechanism_status, 12);
  store_be16(cdb.bytes, 8, length);
  return cdb;
}

Cdb read_12_fua_cdb(cd::Lba start, std::uint32_t count) {
  Cdb cdb = command(Opcode::read_12, 12);
  cdb.bytes[1] = 0x08;  // FUA
  store_be32(cdb.bytes, 2, static_cast<std::uint32_t>(start.value));
  store_be32(cdb.bytes, 6, count);
  return cdb;
}

}  // namespace binrip::drive
