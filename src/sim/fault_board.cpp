#include "fault_board.hpp"

#include <algorithm>

#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::sim {
namespace {

const Reading kGoodReading{};
constexpr Time kLongError = std::chrono::seconds(50);

bool concerns_command(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::aborted:
    case Fault::Kind::hang:
    case Fault::Kind::reset:
    case Fault::Kind::changed:
    case Fault::Kind::vanish:
    case Fault::Kind::zeros:
    case Fault::Kind::untouched:
    case Fault::Kind::previous:
      return true;
    case Fault::Kind::c2:
    case Fault::Kind::hard:
    case Fault::Kind::q:
    case Fault::Kind::neighbour:
    case Fault::Kind::slip:
      return false;
  }
  return false;
}

}  // namespace

void FaultBoard::set(const FaultMap& faults) {
  faults_.clear();
  forget_all();
  for (const auto& [lba, fault] : faults) faults_.emplace(lba, Entry{fault, 0});
}

bool FaultBoard::strikes(Entry& entry) {
  const Fault& fault = entry.fault;
  if (fault.reads_until_good >= 0 && entry.reads >= fault.reads_until_good) return false;
  ++entry.reads;
  return fault.success <= 0 || noise_.unit() >= fault.success;
}

const Reading& FaultBoard::reading(cd::Lba lba) {
  if (faults_.empty()) return kGoodReading;
  const auto [first, last] = faults_.equal_range(lba.value);
  if (first == last) return kGoodReading;
  const auto [known, is_new] = readings_.try_emplace(lba.value);
  if (!is_new) return known->second;
  for (auto it = first; it != last; ++it) {
    if (!concerns_command(it->second.fault.kind) && strikes(it->second))
      apply(it->second.fault, lba, known->second);
  }
  return known->second;
}

void FaultBoard::apply(const Fault& fault, cd::Lba lba, Reading& reading) {
  Noise fixed(mix64(static_cast<std::uint64_t>(std::int64_t{lba.value} + cd::kPregapSectors)));
  switch (fault.kind) {
    case Fault::Kind::hard:
      reading.unreadable = true;
      reading.uncorrected_bytes = std::max(1, fault.bytes);
      break;
    case Fault::Kind::c2:
      for (const auto& spot : damage(fault.bytes, cd::kSectorSize, fault.repeats ? fixed : noise_)) {
        reading.wrong.push_back(spot);
        if (fault.flagged) reading.flagged.push_back(spot.first);
      }
      break;
    case Fault::Kind::q:
      reading.wrong_q =
          damage(std::clamp(fault.bytes, 1, 4), cd::kSubChannelSize, fault.repeats ? fixed : noise_);
      break;
    case Fault::Kind::neighbour:
      if (fault.part != Fault::Part::sub) reading.main_from.value = fault.distance;
      if (fault.part != Fault::Part::main) reading.sub_from.value = fault.distance;
      break;
    case Fault::Kind::slip:
      reading.slip = fault.distance;
      break;
    case Fault::Kind::aborted:
    case Fault::Kind::hang:
    case Fault::Kind::reset:
    case Fault::Kind::changed:
    case Fault::Kind::vanish:
    case Fault::Kind::zeros:
    case Fault::Kind::untouched:
    case Fault::Kind::previous:
      break;
  }
}

std::vector<std::pair<std::uint16_t, Byte>> FaultBoard::damage(int bytes, std::size_t size, Noise& noise) {
  std::map<std::uint16_t, Byte> wrong;
  const auto wanted = std::min(static_cast<std::size_t>(std::max(0, bytes)), size);
  while (wrong.size() < wanted) {
    wrong[static_cast<std::uint16_t>(noise.below(size))] = static_cast<Byte>(1 + noise.below(255));
  }
  return {wrong.begin(), wrong.end()};
}

std::optional<Fault::Kind> FaultBoard::command_fault(cd::Lba lba) {
  if (faults_.empty()) return std::nullopt;
  const auto [first, last] = faults_.equal_range(lba.value);
  for (auto it = first; it != last; ++it) {
    if (concerns_command(it->second.fault.kind) && strikes(it->second)) return it->second.fault.kind;
  }
  return std::nullopt;
}

void FaultBoard::begin_transfer() {
  displaced_ = 0;
  if (habits_.jitter <= 0 || noise_.unit() >= habits_.jitter_chance) return;
  const auto most = static_cast<std::uint64_t>(habits_.jitter);
  displaced_ = static_cast<int>(noise_.below(2 * most + 1)) - habits_.jitter;
}

int FaultBoard::displacement(cd::Lba lba) {
  if (habits_.jitter <= 0 && faults_.empty()) return 0;
  const auto [known, is_new] = displacements_.try_emplace(lba.value, 0);
  if (is_new) {
    displaced_ += reading(lba).slip;
    known->second = displaced_;
  }
  return known->second;
}

void FaultBoard::forget_all() {
  readings_.clear();
  displacements_.clear();
  ++age_;
}

void FaultBoard::forget_below(cd::Lba lba) {
  readings_.erase(readings_.begin(), readings_.lower_bound(lba.value));
  displacements_.erase(displacements_.begin(), displacements_.lower_bound(lba.value));
}

void FaultBoard::forget_unreadable() {
  std::erase_if(readings_, [](const auto& entry) { return entry.second.unreadable; });
}

Time FaultBoard::give_up_time() {
  if (habits_.long_error_chance > 0 && noise_.unit() < habits_.long_error_chance) return kLongError;
  const double u = noise_.unit();
  return std::chrono::milliseconds(500 + static_cast<std::int64_t>(9500 * u * u * u));
}

}  // namespace binrip::sim
