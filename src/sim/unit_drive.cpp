// Commands about the drive itself: who it is, what it can, its tray and its speed.
#include <algorithm>
#include <string_view>

#include "unit.hpp"

namespace binrip::sim {
namespace {

constexpr Byte kLoadEject = 0x02;
constexpr Byte kStart = 0x01;
constexpr Byte kMediaClass = 4;
constexpr double kKilobytesPerSpeed = 176.4;

void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void append_text(ByteVector& out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }
void append_padded(ByteVector& out, std::string_view text, std::size_t length) {
  append_text(out, text.substr(0, length));
  out.resize(out.size() + length - std::min(length, text.size()), Byte{' '});
}

struct Feature {
  std::uint16_t code;
  Byte version;
  bool persistent;
  bool current;
  ByteVector data;
};

// MMC-6 clause 5.2: code, version and flags, additional length, data padded to four bytes.
void append_feature(ByteVector& out, const Feature& feature) {
  const std::size_t padded = (feature.data.size() + 3) / 4 * 4;
  const auto flags = static_cast<Byte>((unsigned{feature.version} << 2U) | (feature.persistent ? 2U : 0U) |
                                       (feature.current ? 1U : 0U));
  append(out, std::array<Byte, 4>{static_cast<Byte>(feature.code >> 8U), static_cast<Byte>(feature.code),
                                  flags, static_cast<Byte>(padded)});
  append(out, feature.data);
  out.resize(out.size() + padded - feature.data.size());
}

std::vector<Feature> features_of(const Habits& habits, std::uint16_t profile) {
  const bool cd = drive::is_cd_profile(profile);
  const bool dvd = profile == 0x0010;
  ByteVector profiles;
  for (const std::uint16_t p :
       {std::uint16_t{0x0010}, drive::kProfileCdRw, drive::kProfileCdR, drive::kProfileCdRom}) {
    append(profiles, std::array<Byte, 4>{static_cast<Byte>(p >> 8U), static_cast<Byte>(p),
                                         static_cast<Byte>(p == profile ? 1 : 0), 0});
  }
  const bool has_c2 = habits.c2 != drive::C2Support::none;
  const auto cd_read = static_cast<Byte>((has_c2 ? 2U : 0U) | (habits.cd_text ? 1U : 0U));
  ByteVector serial;
  append_text(serial, habits.serial);
  std::vector<Feature> features = {
      {0x0000, 0, true, true, profiles},                        // profile list
      {0x0001, 2, true, true, {0, 0, 0, 1, 1, 0, 0, 0}},        // core: SCSI family
      {0x0002, 1, true, true, {2, 0, 0, 0}},                    // morphing, with OCEvent
      {0x0003, 1, true, true, {0x29, 0, 0, 0}},                 // tray, can eject and lock
      {0x0010, 0, false, cd || dvd, {0, 0, 8, 0, 0, 1, 1, 0}},  // random readable
      {0x001D, 0, true, cd || dvd, {}},                         // multi-read
      {0x001E, 2, false, cd, {cd_read, 0, 0, 0}},               // CD read
      {0x001F, 0, false, dvd, {}},                              // DVD read
      {0x0100, 0, true, true, {}},                              // power management
      {0x0107, 4, false, cd || dvd, {0x10, 0, 0, 0}},           // real-time streaming: SCS
  };
  if (!habits.serial.empty()) features.push_back({0x0108, 0, true, true, serial});
  return features;
}

}  // namespace

Result<drive::Completion> Unit::test_unit_ready(const Command& /*c*/) { return good(); }

Result<drive::Completion> Unit::request_sense(const Command& c) {
  drive::Sense sense;
  if (loading_.attention && loading_.polls_left == 0) {
    sense = *loading_.attention;
    loading_.attention.reset();
  }
  return answer(c, drive::encode_sense(sense), c[4]);
}

ByteVector Unit::vital_product_data(Byte page) const {
  ByteVector body;
  if (page == 0x00) append(body, std::array<Byte, 2>{0x00, 0x80});
  if (page == 0x80) append_text(body, habits_.serial);
  ByteVector reply = {0x05, page, 0, static_cast<Byte>(body.size())};
  append(reply, body);
  return reply;
}

Result<drive::Completion> Unit::inquiry(const Command& c) {
  const std::size_t allocation = load_be16(c.bytes(), 3);
  if ((c[1] & 1U) != 0) {
    const bool known = c[2] == 0x00 || (c[2] == 0x80 && !habits_.serial.empty());
    return known ? answer(c, vital_product_data(c[2]), allocation) : invalid_field();
  }
  if (c[2] != 0) return invalid_field();
  ByteVector reply = {0x05, 0x80, 0x05, 0x32, 0, 0, 0, 0};  // removable CD device, SPC-3, format 2
  append_padded(reply, habits_.vendor, 8);
  append_padded(reply, habits_.product, 16);
  append_padded(reply, habits_.revision, 4);
  append_padded(reply, "", 20);
  reply.resize(96);
  reply[4] = static_cast<Byte>(reply.size() - 5);
  return answer(c, reply, allocation);
}

Result<drive::Completion> Unit::start_stop(const Command& c) {
  const unsigned what = c[4] & (kLoadEject | kStart);
  if (what == kLoadEject) {
    if (locked_) return refuse(5, 0x53, 0x02);
    set_tray(Tray::open);
  } else if (what == (kLoadEject | kStart)) {
    set_tray(Tray::closed);
  } else if (what == 0) {
    time_.spin_down();
    faults_.forget_all();
  } else if (loading_.tray == Tray::open) {
    return refuse(2, 0x3A, 0x02);
  } else if (loading_.medium == Medium::none) {
    return refuse(2, 0x3A, 0x01);
  }
  return good();
}

Result<drive::Completion> Unit::prevent_allow(const Command& c) {
  locked_ = (c[4] & 1U) != 0;
  return good();
}

std::uint16_t Unit::current_profile() const {
  if (loading_.tray == Tray::open) return drive::kProfileNone;
  switch (loading_.medium) {
    case Medium::none:
      return drive::kProfileNone;
    case Medium::disc: {
      const auto atip = has_disc() ? surface_->atip() : std::nullopt;
      if (!atip) return drive::kProfileCdRom;
      return atip->rewritable ? drive::kProfileCdRw : drive::kProfileCdR;
    }
    case Medium::blank:
      return drive::kProfileCdR;
    case Medium::dvd:
      return 0x0010;
  }
  return drive::kProfileNone;
}

Result<drive::Completion> Unit::get_configuration(const Command& c) {
  const unsigned which = c[1] & 3U;  // 0 all, 1 the current ones, 2 one
  if (which == 3) return invalid_field();
  const std::uint16_t from = load_be16(c.bytes(), 2);
  ByteVector reply(8);
  store_be16(reply, 6, current_profile());
  for (const Feature& feature : features_of(habits_, current_profile())) {
    const bool wanted = which == 2 ? feature.code == from : feature.code >= from;
    if (wanted && (which != 1 || feature.current)) append_feature(reply, feature);
  }
  store_be32(reply, 0, static_cast<std::uint32_t>(reply.size() - 4));
  return answer(c, reply, load_be16(c.bytes(), 7));
}

Result<drive::Completion> Unit::get_event_status(const Command& c) {
  if ((c[1] & 1U) == 0) return invalid_field();  // asynchronous notification is not supported
  const std::size_t allocation = load_be16(c.bytes(), 7);
  constexpr Byte kSupported = 1U << kMediaClass;
  if ((c[4] & kSupported) == 0) return answer(c, std::array<Byte, 4>{0, 2, 0x80, kSupported}, allocation);
  const bool open = loading_.tray == Tray::open;
  const bool present = !open && loading_.medium != Medium::none;
  const std::array<Byte, 8> reply = {0,
                                     6,
                                     kMediaClass,
                                     kSupported,
                                     static_cast<Byte>(loading_.event),
                                     static_cast<Byte>((open ? 1U : 0U) | (present ? 2U : 0U)),
                                     0,
                                     0};
  if (allocation > 4) loading_.event = drive::MediaEvent::Code::none;
  return answer(c, reply, allocation);
}

Result<drive::Completion> Unit::mechanism_status(const Command& c) {
  ByteVector reply(8);
  reply[1] = loading_.tray == Tray::open ? 0x10 : 0x00;
  store_be24(reply, 2, static_cast<std::uint32_t>(position_.value) & 0xFFFFFFU);
  return answer(c, reply, load_be16(c.bytes(), 8));
}

Result<drive::Completion> Unit::set_cd_speed(const Command& c) {
  // Opcode DAh is an old vendor command with the speed as a factor; 0 is its fastest.
  const std::uint16_t wanted = load_be16(c.bytes(), 2);
  if (c[0] == 0xDA) {
    time_.set_cap(wanted == 0 ? std::nullopt : std::optional<double>(wanted));
  } else {
    time_.set_cap(wanted == 0xFFFF ? std::nullopt : std::optional<double>(wanted / kKilobytesPerSpeed));
  }
  return good();
}

// The performance descriptor of SET STREAMING: so many kilobytes in so many milliseconds.
Result<drive::Completion> Unit::set_streaming(const Command& c) {
  const std::size_t length = std::min<std::size_t>(load_be16(c.bytes(), 9), c.data.size());
  if (c[8] != 0) return invalid_field();
  if (length < 28) return refuse(5, 0x1A, 0x00);  // parameter list length error
  const Bytes descriptor = c.data.first(28);
  const bool restore = (descriptor[0] & 0x04U) != 0;
  const std::uint32_t size = load_be32(descriptor, 12);
  const std::uint32_t milliseconds = load_be32(descriptor, 16);
  if (restore) {
    time_.set_cap(std::nullopt);
    return good();
  }
  if (milliseconds == 0) return refuse(5, 0x26, 0x00);  // invalid field in parameter list
  time_.set_cap(size / (milliseconds / 1000.0) / kKilobytesPerSpeed);
  return good();
}

Result<drive::Completion> Unit::read_buffer_capacity(const Command& c) {
  ByteVector reply(12);
  store_be16(reply, 0, 10);
  const std::uint32_t kib = habits_.reported_cache_kib.value_or(habits_.cache_kib);
  store_be32(reply, 4, kib * 1024U);
  store_be32(reply, 8, kib * 1024U);
  return answer(c, reply, load_be16(c.bytes(), 7));
}

}  // namespace binrip::sim
