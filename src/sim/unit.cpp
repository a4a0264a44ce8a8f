#include "unit.hpp"

#include <algorithm>
#include <array>

#include "binrip/cd/sector.hpp"

namespace binrip::sim {
namespace {

using drive::Direction;
using drive::Sense;

constexpr std::chrono::milliseconds kDefaultTimeout{60'000};
constexpr Sense kMediumChanged{6, 0x28, 0x00, std::nullopt};
constexpr Sense kReset{6, 0x29, 0x00, std::nullopt};

cd::SectorCount cache_sectors(const Habits& habits) {
  return {static_cast<std::int32_t>(std::uint64_t{habits.cache_kib} * 1024 / cd::kSectorSize)};
}

}  // namespace

const Unit::Entry* Unit::find(Byte opcode) {
  using enum Needs;
  static constexpr std::array<Entry, 28> kEntries = {{
      {0x00, medium, Direction::none, &Unit::test_unit_ready},
      {0x03, nothing, Direction::from_drive, &Unit::request_sense},
      {0x12, nothing, Direction::from_drive, &Unit::inquiry},
      {0x15, attention, Direction::to_drive, &Unit::mode_select_6},
      {0x1A, attention, Direction::from_drive, &Unit::mode_sense_6},
      {0x1B, attention, Direction::none, &Unit::start_stop},
      {0x1E, attention, Direction::none, &Unit::prevent_allow},
      {0x25, medium, Direction::from_drive, &Unit::read_capacity},
      {0x28, medium, Direction::from_drive, &Unit::read_10},
      {0x2B, medium, Direction::none, &Unit::seek},
      {0x42, medium, Direction::from_drive, &Unit::read_subchannel},
      {0x43, medium, Direction::from_drive, &Unit::read_toc},
      {0x44, medium, Direction::from_drive, &Unit::read_header},
      {0x46, nothing, Direction::from_drive, &Unit::get_configuration},
      {0x4A, nothing, Direction::from_drive, &Unit::get_event_status},
      {0x51, medium, Direction::from_drive, &Unit::read_disc_information},
      {0x52, medium, Direction::from_drive, &Unit::read_track_information},
      {0x55, attention, Direction::to_drive, &Unit::mode_select_10},
      {0x5A, attention, Direction::from_drive, &Unit::mode_sense_10},
      {0x5C, medium, Direction::from_drive, &Unit::read_buffer_capacity},
      {0xA8, medium, Direction::from_drive, &Unit::read_12},
      {0xB6, attention, Direction::to_drive, &Unit::set_streaming},
      {0xB9, medium, Direction::from_drive, &Unit::read_cd_msf},
      {0xBB, attention, Direction::none, &Unit::set_cd_speed},
      {0xBD, nothing, Direction::from_drive, &Unit::mechanism_status},
      {0xBE, medium, Direction::from_drive, &Unit::read_cd},
      {0xD8, medium, Direction::from_drive, &Unit::read_vendor_d8},
      {0xDA, attention, Direction::none, &Unit::set_cd_speed},
  }};
  const auto found =
      std::find_if(kEntries.begin(), kEntries.end(), [&](const Entry& e) { return e.opcode == opcode; });
  return found == kEntries.end() ? nullptr : &*found;
}

Unit::Unit(std::shared_ptr<image::DiscImage> disc, Habits habits, Clock clock, std::uint64_t seed)
    : habits_(std::move(habits)),
      time_(clock, habits_.max_speed, cache_sectors(habits_)),
      faults_(seed, habits_) {
  insert(std::move(disc));
}

// --- what an operator does ---

void Unit::insert(std::shared_ptr<image::DiscImage> disc) {
  unload();
  lay_on_tray(std::move(disc));
  loading_.tray = Tray::closed;
  set_medium(loading_.medium);
}

void Unit::lay_on_tray(std::shared_ptr<image::DiscImage> disc) {
  disc_ = std::move(disc);
  surface_.reset();
  if (disc_ && !disc_->disc().sessions.empty()) surface_.emplace(disc_);
  loading_.medium = disc_ ? Medium::disc : Medium::none;
}

void Unit::set_medium(Medium medium) {
  loading_.medium = medium;
  if (loading_.tray == Tray::closed) load();
}

void Unit::set_tray(Tray tray) {
  if (tray == loading_.tray) return;
  loading_.tray = tray;
  if (tray == Tray::open) {
    unload();
  } else {
    load();
  }
}

void Unit::load() {
  time_.spin_down();
  faults_.forget_all();
  position_ = {0};
  if (loading_.medium == Medium::none) return;
  loading_.polls_left = habits_.becoming_ready_polls;
  loading_.event = drive::MediaEvent::Code::new_media;
  if (habits_.unit_attention) loading_.attention = kMediumChanged;
}

void Unit::unload() {
  time_.spin_down();
  faults_.forget_all();
  locked_ = false;
  loading_.polls_left = 0;
  loading_.attention.reset();
  if (loading_.medium != Medium::none) loading_.event = drive::MediaEvent::Code::removal;
}

void Unit::reset() {
  time_.set_cap(std::nullopt);
  faults_.forget_all();
  recovery_parameters_ = 0;
  read_retries_ = 32;
  locked_ = false;
  loading_.attention = kReset;
}

void Unit::come_back() {
  vanished_ = false;
  load();
  reset();
}

// --- answers ---

drive::Completion Unit::good() { return {.good = true, .sense = {}, .transferred = 0}; }

drive::Completion Unit::refuse(Byte key, Byte asc, Byte ascq) {
  return {.good = false, .sense = {key, asc, ascq, std::nullopt}, .transferred = 0};
}

drive::Completion Unit::answer(const Command& command, Bytes reply, std::size_t allocation) {
  const std::size_t n = std::min({reply.size(), allocation, command.data.size()});
  std::copy_n(reply.begin(), n, command.data.begin());
  return {.good = true, .sense = {}, .transferred = n};
}

std::optional<drive::Completion> Unit::not_ready(Needs needs) {
  if (needs == Needs::nothing) return std::nullopt;
  const bool becoming_ready = loading_.polls_left > 0;
  if (loading_.attention && !becoming_ready) {
    const Sense sense = *loading_.attention;
    loading_.attention.reset();
    return Completion{.good = false, .sense = sense, .transferred = 0};
  }
  if (needs != Needs::medium) return std::nullopt;
  if (loading_.tray == Tray::open) return refuse(2, 0x3A, 0x02);
  if (loading_.medium == Medium::none) return refuse(2, 0x3A, 0x01);
  if (becoming_ready) {
    --loading_.polls_left;
    return refuse(2, 0x04, 0x01);
  }
  return std::nullopt;
}

Result<drive::Completion> Unit::execute(const drive::Cdb& cdb, Direction direction, MutableBytes data,
                                        std::chrono::milliseconds timeout) {
  if (vanished_) return fail(ErrorKind::no_device, "the drive has vanished");
  if (cdb.size == 0 || cdb.size > cdb.bytes.size()) {
    return fail(ErrorKind::invalid, "a command block has 1 to 16 bytes");
  }
  if (data.size() > habits_.transfer_limit) {
    return fail(ErrorKind::bus, "the transfer of " + std::to_string(data.size()) + " bytes is too large");
  }
  ++statistics_.commands;
  ++statistics_.by_opcode[cdb.opcode()];
  const auto limit = timeout.count() > 0 ? timeout : kDefaultTimeout;
  drive::Cdb whole = cdb;  // bytes beyond the block's size are not the drive's to see
  std::fill(whole.bytes.begin() + static_cast<std::ptrdiff_t>(cdb.size), whole.bytes.end(), Byte{0});
  const Command command{whole, direction, data, time_.now() + limit};
  const Entry* const entry = find(cdb.opcode());
  std::optional<Result<Completion>> result;
  if (entry == nullptr) {
    result = refuse(5, 0x20, 0x00);
  } else if (auto refusal = not_ready(entry->needs)) {
    result = *refusal;
  } else if (!data.empty() && direction != entry->direction) {
    // Data in a phase that the drive does not have: the host adapter gives up.
    return fail(ErrorKind::bus, "data goes the wrong way for this command");
  } else {
    result = (this->*entry->handler)(command);
  }
  // Reads have their own reckoning, in which it overlaps with reading ahead.
  if (cdb.opcode() != 0xBE && cdb.opcode() != 0xD8) time_.wait_until(time_.now() + kCommandOverhead);
  statistics_.tray_locked = locked_;
  statistics_.cache_age = faults_.age();
  statistics_.host_wait = time_.host_wait();
  statistics_.times_full = time_.times_full();
  return *std::move(result);
}

Time Unit::ideal_pass() const {
  if (!has_disc()) return Time{0};
  const MediaSpeed speed(habits_.max_speed);
  Time total = kSpinUp;
  for (const cd::LbaRange& range : cd::image_ranges(surface_->disc())) {
    total += speed.time(range.begin, range.end);
  }
  return total;
}

}  // namespace binrip::sim
