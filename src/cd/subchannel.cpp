#include "binrip/cd/subchannel.hpp"

#include <algorithm>

#include "binrip/base/crc.hpp"

namespace binrip::cd {
namespace {

constexpr Lba kFirstLba{-45'150};  // 90:00:00, in the lead-in
constexpr std::size_t kMcnDigits = 13;
constexpr std::size_t kIsrcCharacters = 12;
constexpr std::size_t kIsrcLetters = 5;  // in six bits each; the rest are BCD digits

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

std::optional<Msf> decode_bcd_msf(const QBytes& q, std::size_t at) {
  const Msf msf{from_bcd(q[at]), from_bcd(q[at + 1]), from_bcd(q[at + 2])};
  if (!is_valid(msf)) return std::nullopt;
  return msf;
}

void encode_bcd_msf(QBytes& q, std::size_t at, Msf msf) {
  q[at] = to_bcd(msf.minute);
  q[at + 1] = to_bcd(msf.second);
  q[at + 2] = to_bcd(msf.frame);
}

std::optional<Byte> decode_frame(const QBytes& q) {
  const int frame = from_bcd(q[9]);
  if (frame < 0 || frame >= kSectorsPerSecond) return std::nullopt;
  return static_cast<Byte>(frame);
}

constexpr int nibble(const QBytes& q, std::size_t at_byte, std::size_t n) {
  const Byte b = q[at_byte + n / 2];
  return n % 2 == 0 ? b >> 4 : b & 0x0F;
}

void set_nibble(QBytes& q, std::size_t at_byte, std::size_t n, int value) {
  Byte& b = q[at_byte + n / 2];
  b = static_cast<Byte>(b | (n % 2 == 0 ? value << 4 : value));
}

QBytes start_q(Byte control, Byte adr) {
  QBytes q{};
  q[0] = static_cast<Byte>((control << 4) | adr);
  return q;
}

}  // namespace

QBytes q_of(SubBytes file) {
  QBytes q;
  std::copy_n(file.begin() + kQOffset, q.size(), q.begin());
  return q;
}

bool has_rw(SubBytes file) { return !all_zero(file.subspan<2 * kSubChannelSize>()); }

bool q_crc_right(const QBytes& q) {
  return static_cast<std::uint16_t>(~crc16(Bytes(q).first(10))) == load_be16(q, 10);
}

void set_q_crc(QBytes& q) { store_be16(q, 10, static_cast<std::uint16_t>(~crc16(Bytes(q).first(10)))); }

std::optional<QPosition> decode_q_position(const QBytes& q) {
  if (q_adr(q) != 1) return std::nullopt;
  const int track = q[1] == kLeadOutTrack ? kLeadOutTrack : from_bcd(q[1]);
  const int index = from_bcd(q[2]);
  const auto relative = decode_bcd_msf(q, 3);
  const auto absolute = decode_bcd_msf(q, 7);
  if (track < 0 || index < 0 || !relative || !absolute) return std::nullopt;
  return QPosition{q_control(q), static_cast<Byte>(track), static_cast<Byte>(index), *relative, *absolute};
}

std::optional<QMcn> decode_q_mcn(const QBytes& q) {
  const auto frame = decode_frame(q);
  if (q_adr(q) != 2 || !frame) return std::nullopt;
  QMcn mcn{q_control(q), std::string(kMcnDigits, '0'), *frame};
  for (std::size_t i = 0; i < kMcnDigits; ++i) {
    const int digit = nibble(q, 1, i);
    if (digit > 9) return std::nullopt;
    mcn.digits[i] = static_cast<char>('0' + digit);
  }
  return mcn;
}

std::optional<QIsrc> decode_q_isrc(const QBytes& q) {
  const auto frame = decode_frame(q);
  if (q_adr(q) != 3 || !frame) return std::nullopt;
  QIsrc isrc{q_control(q), std::string(kIsrcCharacters, '0'), *frame};
  const std::uint32_t letters = load_be32(q, 1);
  for (std::size_t i = 0; i < kIsrcLetters; ++i) {
    const char c = static_cast<char>('0' + ((letters >> (26 - 6 * i)) & 0x3F));
    if (!is_digit(c) && !is_letter(c)) return std::nullopt;
    isrc.code[i] = c;
  }
  for (std::size_t i = kIsrcLetters; i < kIsrcCharacters; ++i) {
    const int digit = nibble(q, 5, i - kIsrcLetters);
    if (digit > 9) return std::nullopt;
    isrc.code[i] = static_cast<char>('0' + digit);
  }
  return isrc;
}

QBytes encode_q(const QPosition& position) {
  QBytes q = start_q(position.control, 1);
  q[1] = position.track == kLeadOutTrack ? kLeadOutTrack : to_bcd(position.track);
  q[2] = to_bcd(position.index);
  encode_bcd_msf(q, 3, position.relative);
  encode_bcd_msf(q, 7, position.absolute);
  set_q_crc(q);
  return q;
}

QBytes encode_q(const QMcn& mcn) {
  QBytes q = start_q(mcn.control, 2);
  if (mcn.digits.size() == kMcnDigits && std::all_of(mcn.digits.begin(), mcn.digits.end(), is_digit)) {
    for (std::size_t i = 0; i < kMcnDigits; ++i) set_nibble(q, 1, i, mcn.digits[i] - '0');
  }
  q[9] = to_bcd(mcn.frame);
  set_q_crc(q);
  return q;
}

QBytes encode_q(const QIsrc& isrc) {
  QBytes q = start_q(isrc.control, 3);
  const std::string_view code = isrc.code;
  const auto fits_six_bits = [](char c) { return is_digit(c) || is_letter(c); };
  if (code.size() == kIsrcCharacters &&
      std::all_of(code.begin(), code.begin() + kIsrcLetters, fits_six_bits) &&
      std::all_of(code.begin() + kIsrcLetters, code.end(), is_digit)) {
    std::uint32_t letters = 0;
    for (std::size_t i = 0; i < kIsrcLetters; ++i) {
      letters = (letters << 6) | static_cast<std::uint32_t>(code[i] - '0');
    }
    store_be32(q, 1, letters << 2);
    for (std::size_t i = kIsrcLetters; i < kIsrcCharacters; ++i) {
      set_nibble(q, 5, i - kIsrcLetters, code[i] - '0');
    }
  }
  q[9] = to_bcd(isrc.frame);
  set_q_crc(q);
  return q;
}

bool is_valid_mcn(std::string_view digits) {
  return digits.size() == kMcnDigits && std::all_of(digits.begin(), digits.end(), is_digit) &&
         digits.find_first_not_of('0') != std::string_view::npos;
}

bool is_valid_isrc(std::string_view code) {
  const auto fits_owner = [](char c) { return is_digit(c) || is_letter(c); };
  return code.size() == kIsrcCharacters && is_letter(code[0]) && is_letter(code[1]) &&
         std::all_of(code.begin() + 2, code.begin() + kIsrcLetters, fits_owner) &&
         std::all_of(code.begin() + kIsrcLetters, code.end(), is_digit);
}

bool q_fits(const QBytes& q, Lba lba) {
  if (lba < kFirstLba || lba > kLastLba) return false;
  const Msf here = to_msf(lba);
  switch (q_adr(q)) {
    case 1: {
      const auto position = decode_q_position(q);
      // In the lead-in (track 0) these fields hold the table of contents, not an address.
      return position && position->track != 0 && position->absolute == here;
    }
    case 2:
    case 3:
      return decode_frame(q) == static_cast<Byte>(here.frame);
    default:
      return false;
  }
}

bool has_right_q(SubBytes sub, Lba lba) {
  const QBytes q = q_of(sub);
  return q_crc_right(q) && q_fits(q, lba);
}

}  // namespace binrip::cd
