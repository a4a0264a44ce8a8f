#include "fault_board.hpp"

#include <algorithm>

#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::sim {
namespace {

const Reading kGoodReading{};

bool concerns_command(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::aborted:
    case Fault::Kind::hang:
    case Fault::Kind::zeros:
    case Fault::Kind::untouched:
      return true;
    case Fault::Kind::c2:
    case Fault::Kind::hard:
    case Fault::Kind::q:
      return false;
  }
  return false;
}

}  // namespace

void FaultBoard::set(const FaultMap& faults) {
  faults_.clear();
  readings_.clear();
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
      apply(it->second.fault, known->second);
  }
  return known->second;
}

void FaultBoard::apply(const Fault& fault, Reading& reading) {
  switch (fault.kind) {
    case Fault::Kind::hard:
      reading.unreadable = true;
      reading.uncorrected_bytes = std::max(1, fault.bytes);
      break;
    case Fault::Kind::c2:
      for (const auto& spot : damage(fault.bytes, cd::kSectorSize)) {
        reading.wrong.push_back(spot);
        if (fault.flagged) reading.flagged.push_back(spot.first);
      }
      break;
    case Fault::Kind::q:
      reading.wrong_q = damage(std::clamp(fault.bytes, 1, 4), cd::kSubChannelSize);
      break;
    case Fault::Kind::aborted:
    case Fault::Kind::hang:
    case Fault::Kind::zeros:
    case Fault::Kind::untouched:
      break;
  }
}

std::vector<std::pair<std::uint16_t, Byte>> FaultBoard::damage(int bytes, std::size_t size) {
  std::map<std::uint16_t, Byte> wrong;
  const auto wanted = std::min(static_cast<std::size_t>(std::max(0, bytes)), size);
  while (wrong.size() < wanted) {
    wrong[static_cast<std::uint16_t>(noise_.below(size))] = static_cast<Byte>(1 + noise_.below(255));
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

void FaultBoard::forget_below(cd::Lba lba) {
  readings_.erase(readings_.begin(), readings_.lower_bound(lba.value));
}

void FaultBoard::forget_unreadable() {
  std::erase_if(readings_, [](const auto& entry) { return entry.second.unreadable; });
}

Time FaultBoard::give_up_time() {
  const double u = noise_.unit();
  return std::chrono::milliseconds(500 + static_cast<std::int64_t>(9500 * u * u * u));
}

}  // namespace binrip::sim
