// Subchannel of one sector: 96 bytes P-W. On the wire (READ CD, raw P-W) each byte holds one bit of every
// channel, bit 7 = P … bit 0 = W; in files (CloneCD's .sub, and everywhere in this program) it is
// deinterleaved: 12 bytes P, 12 bytes Q, … 12 bytes W.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "binrip/base/bytes.hpp"
#include "binrip/cd/address.hpp"

namespace binrip::cd {

inline constexpr std::size_t kSubSize = 96;
inline constexpr std::size_t kSubChannelSize = 12;
inline constexpr std::size_t kQOffset = 12;  // in deinterleaved form

using SubBytes = std::span<const Byte, kSubSize>;
using MutableSubBytes = std::span<Byte, kSubSize>;
using QBytes = std::array<Byte, kSubChannelSize>;

// The two may not overlap.
void deinterleave(SubBytes wire, MutableSubBytes file);
void interleave(SubBytes file, MutableSubBytes wire);

// Q of a deinterleaved record, and of one as it comes from the wire.
QBytes q_of(SubBytes file);
QBytes q_of_wire(SubBytes wire);
// True when R-W hold anything: CD+G or other graphics.
bool has_rw(SubBytes file);

bool q_crc_right(const QBytes& q);
void set_q_crc(QBytes& q);

// Control nibble of Q and TOC.
inline constexpr Byte kControlPreEmphasis = 0x1;
inline constexpr Byte kControlCopyPermitted = 0x2;
inline constexpr Byte kControlData = 0x4;
inline constexpr Byte kControlFourChannel = 0x8;

inline constexpr Byte kLeadOutTrack = 0xAA;

// ADR 1 in the program area and lead-out. Times are plain numbers.
struct QPosition {
  Byte control = 0;
  Byte track = 0;  // 1 … 99, or kLeadOutTrack; 0 in the lead-in
  Byte index = 0;  // 0 … 99
  Msf relative;    // counts down in a pregap (index 0)
  Msf absolute;
  friend bool operator==(const QPosition&, const QPosition&) = default;
};
// ADR 2: 13 digits; frame is the absolute frame number (0 … 74) of the sector.
struct QMcn {
  Byte control = 0;
  std::string digits;
  Byte frame = 0;
  friend bool operator==(const QMcn&, const QMcn&) = default;
};
// ADR 3: 12 characters (5 letters or digits, 7 digits).
struct QIsrc {
  Byte control = 0;
  std::string code;
  Byte frame = 0;
  friend bool operator==(const QIsrc&, const QIsrc&) = default;
};

inline Byte q_control(const QBytes& q) { return static_cast<Byte>(q[0] >> 4); }
inline Byte q_adr(const QBytes& q) { return static_cast<Byte>(q[0] & 0x0F); }

// Decoders look at the contents only; ask q_crc_right first. Nothing: another ADR, or fields out of range.
std::optional<QPosition> decode_q_position(const QBytes& q);
std::optional<QMcn> decode_q_mcn(const QBytes& q);
std::optional<QIsrc> decode_q_isrc(const QBytes& q);
// Encoders set the CRC. Track and index are encoded in BCD, kLeadOutTrack as 0xAA. An MCN or ISRC with
// characters that do not fit is encoded as zeros.
QBytes encode_q(const QPosition& q);
QBytes encode_q(const QMcn& q);
QBytes encode_q(const QIsrc& q);

// 13 digits with a right EAN-13 check digit is the norm, but discs exist without: is_valid_mcn wants 13
// digits, not all zero. ISRC: 2 letters, 3 letters or digits, 7 digits (ISO 3901).
bool is_valid_mcn(std::string_view digits);
bool is_valid_isrc(std::string_view code);

// The absolute frame (BCD decoded) that the Q of any ADR 1-3 claims, and whether this Q can belong to `lba`:
// ADR 1 must give the whole address, ADR 2 and 3 its frame.
bool q_fits(const QBytes& q, Lba lba);
// The record's Q has a right CRC, and can belong to `lba`.
bool has_right_q(SubBytes sub, Lba lba);

}  // namespace binrip::cd
