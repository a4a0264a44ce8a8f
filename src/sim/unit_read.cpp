// READ CD and its kin: which sectors, in what form, how long it takes, and what stops it.
#include <algorithm>

#include "unit.hpp"

namespace binrip::sim {
namespace {

constexpr Time kGapTime = std::chrono::seconds(5);  // until a drive gives up between two sessions
constexpr Time kAbortTime = std::chrono::milliseconds(20);

// Bytes 1, 9 and 10 of READ CD and READ CD MSF. Nothing: an invalid field.
std::optional<ReadRequest> decode_read_cd(Bytes cdb, const Habits& habits) {
  ReadRequest request;
  const unsigned expected = (cdb[1] >> 2U) & 7U;
  const unsigned c2 = (cdb[9] >> 1U) & 3U;
  const unsigned sub = cdb[10] & 7U;
  if (expected > 5 || (cdb[1] & 1U) != 0 || (cdb[9] & 1U) != 0 || c2 == 3) return std::nullopt;
  request.expected = static_cast<Expected>(expected);
  request.selection = cdb[9] & kSelectMain;
  constexpr std::array<drive::C2Mode, 3> kC2 = {drive::C2Mode::none, drive::C2Mode::bits,
                                                drive::C2Mode::bits_and_block};
  request.c2 = kC2[c2];
  if (sub == 1) {
    request.sub = drive::SubMode::raw;
  } else if (sub == 2) {
    request.sub = drive::SubMode::q;
  } else if (sub != 0) {
    return std::nullopt;
  }
  const bool c2_known = c2 == 0 || habits.c2 == drive::C2Support::bits_and_block ||
                        (c2 == 1 && habits.c2 == drive::C2Support::bits);
  const bool sub_known = sub == 0 || habits.sub == drive::SubSupport::raw ||
                         (sub == 2 && habits.sub == drive::SubSupport::formatted_q);
  const bool both_known = c2 == 0 || sub == 0 || habits.combination == drive::Combination::together;
  if (!c2_known || !sub_known || !both_known) return std::nullopt;
  return request;
}

cd::Lba lba_at(Bytes cdb, std::size_t at) { return {static_cast<std::int32_t>(load_be32(cdb, at))}; }

}  // namespace

Result<drive::Completion> Unit::read_cd(const Command& c) {
  auto request = decode_read_cd(c.bytes(), habits_);
  if (!request) return invalid_field();
  request->begin = lba_at(c.bytes(), 2);
  request->count = load_be24(c.bytes(), 6);
  return transfer(c, *request);
}

Result<drive::Completion> Unit::read_cd_msf(const Command& c) {
  auto request = decode_read_cd(c.bytes(), habits_);
  const cd::Msf from{c[3], c[4], c[5]};
  const cd::Msf to{c[6], c[7], c[8]};
  if (!request || !cd::is_valid(from) || !cd::is_valid(to)) return invalid_field();
  request->begin = cd::to_lba(from);
  const cd::SectorCount count = cd::to_lba(to) - request->begin;
  if (count.value < 0) return invalid_field();
  request->count = static_cast<std::uint32_t>(count.value);
  return transfer(c, *request);
}

Result<drive::Completion> Unit::read_vendor_d8(const Command& c) {
  if (habits_.vendor_d8 == VendorD8::filtered) {
    return fail(ErrorKind::permission, "the system does not let this command pass");
  }
  if (habits_.vendor_d8 == VendorD8::none) return refuse(5, 0x20, 0x00);
  ReadRequest request;
  request.begin = lba_at(c.bytes(), 2);
  request.count = load_be32(c.bytes(), 6);
  request.expected = Expected::any_as_audio;
  request.selection = kSelectMain;
  if (c[10] == 8 && habits_.c2 != drive::C2Support::none && habits_.sub == drive::SubSupport::raw) {
    request.c2 = drive::C2Mode::bits;
    request.sub = drive::SubMode::raw;
  } else if (c[10] != 0) {
    return invalid_field();
  }
  return transfer(c, request);
}

Result<drive::Completion> Unit::read_10(const Command& c) {
  return read_blocks(c, lba_at(c.bytes(), 2), load_be16(c.bytes(), 7), (c[1] & 0x08U) != 0);
}

Result<drive::Completion> Unit::read_12(const Command& c) {
  return read_blocks(c, lba_at(c.bytes(), 2), load_be32(c.bytes(), 6), (c[1] & 0x08U) != 0);
}

Result<drive::Completion> Unit::read_blocks(const Command& c, cd::Lba begin, std::uint32_t count,
                                            bool force_unit_access) {
  if (force_unit_access && habits_.honours_fua) {
    time_.drop_cache();
    faults_.forget_all();
  }
  ReadRequest request;
  request.begin = begin;
  request.count = count;
  request.expected = Expected::user_blocks;
  request.selection = kSelectUser;
  return transfer(c, request);
}

Result<drive::Completion> Unit::finish(const Command& c, Time at, Completion completion) {
  if (at > c.deadline) {
    time_.wait_until(c.deadline);
    return fail(ErrorKind::timeout, "the drive did not answer in time");
  }
  time_.wait_until(at);
  return completion;
}

Result<drive::Completion> Unit::transfer(const Command& c, const ReadRequest& request) {
  ++statistics_.read_commands;
  const auto with_info = [](Completion completion, cd::Lba lba) {
    completion.sense.information = static_cast<std::uint32_t>(lba.value);
    return completion;
  };
  if (loading_.medium == Medium::blank) return with_info(refuse(8, 0x00, 0x00), request.begin);
  if (!has_disc()) return refuse(5, 0x30, 0x02);  // cannot read medium: incompatible format
  const std::int64_t last = std::int64_t{request.begin.value} + request.count;
  if (request.begin.value < -habits_.overread_lead_in ||
      last > std::int64_t{surface_->last_lead_out().value} + habits_.overread_lead_out) {
    return finish(c, time_.now() + kCommandOverhead, refuse(5, 0x21, 0x00));
  }
  if (request.count == 0) return finish(c, time_.now() + kCommandOverhead, good());
  return stream_out(c, request);
}

// Sector by sector until all are delivered or something stops it.
Result<drive::Completion> Unit::stream_out(const Command& c, const ReadRequest& request) {
  const cd::Lba end = request.begin + cd::SectorCount{static_cast<std::int32_t>(request.count)};
  const auto access = time_.approach(request.begin, end, readable_end(request.begin));
  if (!access.kept) faults_.forget_all();
  faults_.begin_transfer();
  if (access.sought) ++statistics_.seeks;
  if (access.cached) ++statistics_.cache_hits;
  SectorReader reader(*surface_, faults_, habits_, recovery_parameters_);
  Delivered sector;
  MutableBytes room = c.data;
  Stop stop;
  cd::Lba lba = request.begin;
  std::optional<cd::SectorKind> first_kind;
  for (; lba < end; ++lba) {
    stop = stop_before(request, reader, lba, sector, first_kind);
    if (stop.reason != Stop::Reason::none) break;
    if (!reader.emit(request, sector, room)) {
      return fail(ErrorKind::bus, "the drive has more data than the buffer holds");
    }
    ++statistics_.sectors_read;
  }
  const Time arrived = time_.arrive(lba);
  position_ = lba;
  // A reading stays the same for as long as its sector is in the cache; audio reaches a few sectors back.
  faults_.forget_below(time_.cache_begin() - cd::SectorCount{4});
  const std::size_t done = c.data.size() - room.size();
  auto result = conclude(c, stop, lba, arrived, done);
  if (!faults_.empty()) last_transfer_.assign(c.data.begin(), c.data.end());
  return result;
}

Unit::Stop Unit::stop_before(const ReadRequest& request, SectorReader& reader, cd::Lba lba, Delivered& sector,
                             std::optional<cd::SectorKind>& first_kind) {
  if (const auto fault = faults_.command_fault(lba)) return {Stop::Reason::command, good(), *fault};
  const Area& area = surface_->layout().at(lba);
  if (in_session_gap(area, lba, habits_.overread_lead_out, surface_->disc().sessions.size())) {
    ++statistics_.gap_reads;
    return {Stop::Reason::gap, refuse(3, 0x02, 0x00)};
  }
  if (const auto refusal = reader.deliver(request, lba, sector)) {
    switch (*refusal) {
      case Refusal::illegal_mode:
        return {Stop::Reason::refused, refuse(5, 0x64, 0x00)};
      case Refusal::field:
        return {Stop::Reason::refused, invalid_field()};
      case Refusal::unreadable:
        return {Stop::Reason::unreadable, refuse(3, 0x11, 0x05)};
      case Refusal::image:
        return {Stop::Reason::refused, refuse(4, 0x44, 0x00)};
    }
  }
  const bool has_main = request.selection != 0 || request.c2 != drive::C2Mode::none;
  if (!has_main) return {};
  if (request.expected == Expected::user_blocks && sector.damaged) {
    return {Stop::Reason::unreadable, refuse(3, 0x11, 0x05)};
  }
  // The kind of track must not change within one transfer.
  const bool is_audio = sector.kind == cd::SectorKind::audio;
  if (first_kind && is_audio != (*first_kind == cd::SectorKind::audio)) {
    return {Stop::Reason::refused, refuse(5, 0x64, 0x00)};
  }
  if (!first_kind) first_kind = sector.kind;
  return {};
}

Result<drive::Completion> Unit::conclude(const Command& c, const Stop& stop, cd::Lba lba, Time arrived,
                                         std::size_t done) {
  Completion completion = stop.completion;
  completion.transferred = done;
  if (!completion.good) completion.sense.information = static_cast<std::uint32_t>(lba.value);
  switch (stop.reason) {
    case Stop::Reason::none:
    case Stop::Reason::refused:
      return finish(c, arrived, completion);
    case Stop::Reason::command:
      return conclude_faulty(c, stop.fault, arrived, completion);
    case Stop::Reason::gap:
    case Stop::Reason::unreadable:
      break;
  }
  const Time tried = stop.reason == Stop::Reason::gap ? kGapTime : faults_.give_up_time();
  faults_.forget_unreadable();
  time_.give_up(lba, arrived + tried);
  const bool slows_down = habits_.slow_after_error > 0 && stop.reason == Stop::Reason::unreadable;
  if (slows_down) time_.slow_down(habits_.slow_after_error, arrived + tried + habits_.slow_time);
  return finish(c, arrived + tried, completion);
}

// `completion` says how much was delivered before the fault.
Result<drive::Completion> Unit::conclude_faulty(const Command& c, Fault::Kind fault, Time arrived,
                                                Completion completion) {
  const std::size_t done = completion.transferred.value_or(0);
  const auto refused = [&](Completion refusal) {
    refusal.transferred = done;
    return finish(c, arrived + kAbortTime, refusal);
  };
  switch (fault) {
    case Fault::Kind::hang:
      return finish(c, c.deadline + Time{1}, completion);
    case Fault::Kind::reset:
      reset();
      loading_.attention.reset();  // told now
      return refused(refuse(6, 0x29, 0x00));
    case Fault::Kind::changed:
      return refused(change_disc());
    case Fault::Kind::vanish:
      vanish();
      return fail(ErrorKind::no_device, "the drive has vanished");
    case Fault::Kind::zeros:
      std::fill(c.data.begin() + static_cast<std::ptrdiff_t>(done), c.data.end(), Byte{0});
      break;
    case Fault::Kind::previous:
      for (std::size_t i = done; i < std::min(c.data.size(), last_transfer_.size()); ++i) {
        c.data[i] = last_transfer_[i];
      }
      break;
    case Fault::Kind::untouched:
      break;
    default:
      return refused(refuse(0x0B, 0x00, 0x00));
  }
  completion.transferred = c.data.size();  // a lie, as some bridges tell it
  return finish(c, arrived, completion);
}

// Somebody opened the tray in the middle of a command.
drive::Completion Unit::change_disc() {
  insert(laid_by_ ? std::exchange(laid_by_, disc_) : disc_);
  if (!loading_.attention || loading_.polls_left > 0) return refuse(2, 0x3A, 0x02);
  const drive::Sense sense = *loading_.attention;
  loading_.attention.reset();
  return {.good = false, .sense = sense, .transferred = 0};
}

// How far the drive reads ahead from an address: to the end of its session.
cd::Lba Unit::readable_end(cd::Lba lba) const {
  const cd::Session& session = surface_->disc().sessions[surface_->layout().at(lba).session];
  return session.lead_out + cd::SectorCount{habits_.overread_lead_out};
}

}  // namespace binrip::sim
