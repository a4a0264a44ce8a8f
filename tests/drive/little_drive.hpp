// A small drive for tests of this layer: an audio or data disc whose bytes follow from their address, with
// the habits that the probe has to find out. (The software drive proper lives a layer above.)
#pragma once

#include <array>
#include <random>

#include "drive/scripted_transport.hpp"

#include "binrip/base/crc.hpp"
#include "binrip/drive/profile.hpp"

namespace binrip::drive::test {

struct LittleHabits {
  C2Support c2 = C2Support::bits_and_block;  // bits_and_block: takes both requests
  bool c2_stuck = false;                     // all ones
  SubSupport sub = SubSupport::raw;
  FieldOrder order = FieldOrder::main_c2_sub;
  Combination combination = Combination::together;
  std::size_t limit = 64 * 1024;      // a larger transfer is a bus error
  bool ignores_extra_fields = false;  // delivers the main channel only, packed
  int overread_lead_in = 150, overread_lead_out = 2;
  bool overread_gives_lba_0 = false;  // answers addresses below 0 with the sector at 0
  bool data = false;                  // Mode 1 sectors instead of audio
  bool audio_over_data = false;
};

inline constexpr int kLittleLeadOut = 20'000;

// Bytes of the main channel at this address.
inline std::array<Byte, 2352> little_main(int lba, bool data, bool scrambled) {
  std::array<Byte, 2352> main{};
  std::minstd_rand random(static_cast<unsigned>(lba + 1000) * (scrambled ? 77U : 1U));
  for (Byte& b : main) b = static_cast<Byte>(random() >> 8);
  if (!data) return main;
  std::fill(main.begin(), main.begin() + 12, Byte{0xFF});
  main[0] = main[11] = 0;
  return main;
}

// Q written bit by bit, with the CRC worked out here: control, ADR 1, track 1, index 1, times.
inline std::array<Byte, 12> little_q(int lba, bool data) {
  const auto bcd = [](int v) { return static_cast<Byte>(v / 10 * 16 + v % 10); };
  const int frame = lba + 150;
  std::array<Byte, 12> q{};
  q[0] = data ? 0x41 : 0x01;
  q[1] = lba >= kLittleLeadOut ? 0xAA : 0x01;
  q[2] = lba < 0 ? 0x00 : 0x01;
  const int relative = lba < 0 ? -lba : lba >= kLittleLeadOut ? lba - kLittleLeadOut : lba;
  q[3] = bcd(relative / 4500);
  q[4] = bcd(relative / 75 % 60);
  q[5] = bcd(relative % 75);
  q[7] = bcd(frame / 4500);
  q[8] = bcd(frame / 75 % 60);
  q[9] = bcd(frame % 75);
  unsigned crc = 0;
  for (int bit = 0; bit < 80; ++bit) {
    const unsigned in = (unsigned{q[static_cast<std::size_t>(bit / 8)]} >> (7 - bit % 8)) & 1U;
    const unsigned out = (crc >> 15) & 1U;
    crc = (crc << 1) & 0xFFFFU;
    if ((in ^ out) != 0) crc ^= 0x1021U;
  }
  q[10] = static_cast<Byte>(~crc >> 8);
  q[11] = static_cast<Byte>(~crc);
  return q;
}

inline ByteVector little_record(int lba, C2Mode c2, SubMode sub, bool scrambled, const LittleHabits& habits) {
  const auto main = little_main(lba, habits.data, scrambled);
  ByteVector out(main.begin(), main.end());
  if (habits.ignores_extra_fields) return out;
  ByteVector c2_field(c2_size(c2), habits.c2_stuck ? Byte{0xFF} : Byte{0});
  if (c2 == C2Mode::bits_and_block) c2_field.back() = 0;  // padding, whatever the bits are
  ByteVector sub_field(sub_size(sub), 0);
  const auto q = little_q(lba, habits.data);
  for (std::size_t i = 0; sub == SubMode::raw && i < 96; ++i) {
    sub_field[i] = static_cast<Byte>((((q[i / 8] >> (7 - i % 8)) & 1) << 6) | 0x80);
  }
  if (sub == SubMode::q) std::copy(q.begin(), q.end(), sub_field.begin());
  const bool sub_first = habits.order == FieldOrder::main_sub_c2;
  for (const ByteVector* field : {sub_first ? &sub_field : &c2_field, sub_first ? &c2_field : &sub_field}) {
    out.insert(out.end(), field->begin(), field->end());
  }
  return out;
}

inline Result<Completion> little_read_cd(const Cdb& cdb, MutableBytes data, const LittleHabits& habits) {
  const auto lba = static_cast<std::int32_t>(load_be32(cdb.view(), 2));
  const auto count = static_cast<int>(load_be24(cdb.view(), 6));
  const int c2_bits = cdb.bytes[9] & 0x06;
  const C2Mode c2 = c2_bits == 0 ? C2Mode::none : c2_bits == 2 ? C2Mode::bits : C2Mode::bits_and_block;
  const SubMode sub = cdb.bytes[10] == 0 ? SubMode::none : cdb.bytes[10] == 1 ? SubMode::raw : SubMode::q;
  const bool as_audio = ((cdb.bytes[1] >> 2) & 7) == 1;
  if (data.size() > habits.limit) return fail(ErrorKind::bus, "transfer too large");
  if (!habits.ignores_extra_fields) {
    const bool c2_ok = c2 == C2Mode::none || habits.c2 == C2Support::bits_and_block ||
                       (habits.c2 == C2Support::bits && c2 == C2Mode::bits);
    const bool sub_ok = sub == SubMode::none || habits.sub == SubSupport::raw ||
                        (habits.sub == SubSupport::formatted_q && sub == SubMode::q);
    const bool both = c2 != C2Mode::none && sub != SubMode::none;
    if (!c2_ok || !sub_ok || (both && habits.combination == Combination::separate)) {
      return sense_of(5, 0x24, 0);
    }
  }
  if (habits.data && as_audio && !habits.audio_over_data) return sense_of(5, 0x64, 0);
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    int here = lba + i;
    if (here < -habits.overread_lead_in || here >= kLittleLeadOut + habits.overread_lead_out) {
      return sense_of(5, 0x21, 0);
    }
    if (here < 0 && habits.overread_gives_lba_0) here = 0;
    const ByteVector record = little_record(here, c2, sub, habits.data && as_audio, habits);
    if (at + record.size() > data.size()) break;
    std::copy(record.begin(), record.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
    at += record.size();
  }
  return Completion{.good = true, .sense = {}, .transferred = at};
}

// Everything that the conformance suite and the probe ask for.
inline ScriptedTransport::Answer little_drive(LittleHabits habits = {}) {
  return [habits](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    switch (static_cast<Opcode>(cdb.opcode())) {
      case Opcode::test_unit_ready:
      case Opcode::mode_select_10:
        return Completion{};
      case Opcode::inquiry: {
        ByteVector reply = {5, 0x80, 5, 0x32, 31, 0, 0, 0};
        for (const char c : std::string_view("BINRIP  LITTLE DRIVE    1.0 "))
          reply.push_back(static_cast<Byte>(c));
        reply.resize(std::min<std::size_t>(reply.size(), cdb.bytes[4]));
        return deliver(reply, data);
      }
      case Opcode::read_toc:
        return deliver(ByteVector{0, 18, 1, 1, 0, 0x10, 1, 0, 0, 0, 0, 0, 0, 0x10, 0xAA, 0, 0, 0, 0x4E, 0x20},
                       data);
      case Opcode::mode_sense_10:
        if (cdb.bytes[2] != 1) return sense_of(5, 0x24, 0);
        return deliver(ByteVector{0, 18, 0, 0, 0, 0, 0, 0, 1, 10, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0}, data);
      case Opcode::read_cd:
        return little_read_cd(cdb, data, habits);
      default:
        return sense_of(5, 0x20, 0);
    }
  };
}

}  // namespace binrip::drive::test
