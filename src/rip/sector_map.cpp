#include "binrip/rip/sector_map.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorState;

std::string_view to_string(SubState state) {
  switch (state) {
    case SubState::untried:
      return "untried";
    case SubState::read:
      return "read";
    case SubState::confirmed:
      return "confirmed";
    case SubState::voted:
      return "voted";
    case SubState::right:
      return "right";
  }
  return {};
}

SectorMap::SectorMap(std::string disc_identity, std::vector<LbaRange> ranges)
    : identity_(std::move(disc_identity)), ranges_(std::move(ranges)) {
  assert(!ranges_.empty());
  for (const LbaRange& range : ranges_) {
    assert(!range.empty());
    parts_.push_back({range,
                      {range.begin.value, range.end.value, SectorState::untried},
                      {range.begin.value, range.end.value, SubState::untried},
                      {range.begin.value, range.end.value, Mending::none},
                      {range.begin.value, range.end.value, false}});
  }
}

void SectorMap::add_drive(const MapDrive& drive) {
  if (std::find(drives_.begin(), drives_.end(), drive) == drives_.end()) drives_.push_back(drive);
}

bool SectorMap::contains(Lba lba) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const LbaRange& r) { return r.contains(lba); });
}

const SectorMap::Part& SectorMap::part_of(Lba lba) const {
  const auto part =
      std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.range.contains(lba); });
  assert(part != parts_.end());
  return *part;
}

SectorState SectorMap::state(Lba lba) const { return part_of(lba).states.at(lba.value); }
SubState SectorMap::sub_state(Lba lba) const { return part_of(lba).subs.at(lba.value); }

void SectorMap::raise(LbaRange range, SectorState state) {
  for (Part& part : parts_) {
    part.states.transform(range.begin.value, range.end.value,
                          [&](SectorState old) { return std::max(old, state); });
  }
}

void SectorMap::raise_sub(LbaRange range, SubState state) {
  for (Part& part : parts_) {
    part.subs.transform(range.begin.value, range.end.value,
                        [&](SubState old) { return std::max(old, state); });
  }
}

void SectorMap::doubt(LbaRange range) {
  for (Part& part : parts_) {
    part.states.transform(range.begin.value, range.end.value, [](SectorState old) {
      return old == SectorState::consistent ? SectorState::unproven : old;
    });
  }
}

void SectorMap::forget_subs() {
  for (Part& part : parts_) part.subs.assign(part.range.begin.value, part.range.end.value, SubState::untried);
}

void SectorMap::note_mending(LbaRange range, Mending how) {
  for (Part& part : parts_) part.mendings.assign(range.begin.value, range.end.value, how);
}

std::vector<LbaRange> SectorMap::mended(Mending how) const {
  std::vector<LbaRange> found;
  for (const Part& part : parts_) {
    part.mendings.for_each([&](const auto& run) {
      if (run.value == how) found.push_back({{run.begin}, {run.end}});
    });
  }
  return found;
}

void SectorMap::note_edge(Lba lba, int samples) {
  if (samples > 0) {
    edges_[lba] = samples;
  } else if (!edges_.empty()) {
    edges_.erase(lba);
  }
}

void SectorMap::note_wrong_edc(LbaRange range) {
  for (Part& part : parts_) part.wrong_edc.assign(range.begin.value, range.end.value, true);
}

std::int64_t SectorMap::edge_samples() const {
  std::int64_t sum = 0;
  for (const auto& [lba, samples] : edges_) sum += samples;
  return sum;
}

std::int64_t SectorMap::wrong_edc() const {
  std::int64_t sum = 0;
  for (const Part& part : parts_) {
    part.wrong_edc.for_each([&](const auto& wrong) {
      if (!wrong.value) return;
      part.states.for_each(wrong.begin, wrong.end, [&](const auto& run) {
        if (run.value < SectorState::proven) sum += run.end - run.begin;
      });
    });
  }
  return sum;
}

cd::StateCounts SectorMap::counts(LbaRange range) const {
  cd::StateCounts counts{};
  for (const Part& part : parts_) {
    part.states.for_each(range.begin.value, range.end.value, [&](const auto& run) {
      counts[static_cast<std::size_t>(run.value)] += run.end - run.begin;
    });
  }
  return counts;
}

std::vector<std::pair<LbaRange, SectorState>> SectorMap::runs() const {
  std::vector<std::pair<LbaRange, SectorState>> runs;
  for (const Part& part : parts_) {
    part.states.for_each([&](const auto& run) {
      runs.emplace_back(LbaRange{{run.begin}, {run.end}}, run.value);
    });
  }
  return runs;
}

template <class Predicate>
std::vector<LbaRange> SectorMap::runs_where(Predicate predicate) const {
  std::vector<LbaRange> found;
  for (const auto& [range, state] : runs()) {
    if (!predicate(state)) continue;
    const bool joins = !found.empty() && found.back().end == range.begin;
    if (joins) {
      found.back().end = range.end;
    } else {
      found.push_back(range);
    }
  }
  return found;
}

std::vector<LbaRange> SectorMap::below(SectorState limit) const {
  return runs_where([&](SectorState state) { return state < limit; });
}
std::vector<LbaRange> SectorMap::with(SectorState wanted) const {
  return runs_where([&](SectorState state) { return state == wanted; });
}

SubCounts SectorMap::sub_counts() const {
  SubCounts counts{};
  for (const Part& part : parts_) {
    part.subs.for_each(
        [&](const auto& run) { counts[static_cast<std::size_t>(run.value)] += run.end - run.begin; });
  }
  return counts;
}

std::vector<LbaRange> SectorMap::with_sub(SubState wanted) const {
  std::vector<LbaRange> found;
  for (const Part& part : parts_) {
    part.subs.for_each([&](const auto& run) {
      if (run.value == wanted) found.push_back({{run.begin}, {run.end}});
    });
  }
  return found;
}

std::string SectorMap::to_text() const {
  std::string text = fmt::format("# binrip map 1\n# disc {}\n", identity_);
  for (const MapDrive& drive : drives_)
    text += fmt::format("# drive {} offset={:+}\n", drive.name, drive.read_offset);
  for (const Part& part : parts_) {
    part.subs.for_each([&](const auto& run) {
      if (run.value == SubState::untried) return;
      text += fmt::format("# subchannel {} {} {}\n", run.begin, run.end - run.begin, to_string(run.value));
    });
  }
  for (const auto& [how, word] :
       {std::pair{Mending::merged, "merged"}, std::pair{Mending::repaired, "repaired"},
        std::pair{Mending::elected, "elected"}}) {
    for (const LbaRange& range : mended(how)) {
      text += fmt::format("# {} {} {}\n", word, range.begin.value, range.size().value);
    }
  }
  for (const auto& [lba, samples] : edges_) text += fmt::format("# edge {} {}\n", lba.value, samples);
  for (const Part& part : parts_) {
    part.wrong_edc.for_each([&](const auto& run) {
      if (run.value) text += fmt::format("# wrong-edc {} {}\n", run.begin, run.end - run.begin);
    });
  }
  for (const MapFill& fill : fills_) {
    text += fmt::format("# filled {} {} {}\n", fill.range.begin.value, fill.range.size().value, fill.with);
  }
  if (first_pregap_) {
    text += fmt::format("# first-pregap {} {}\n", first_pregap_->read, first_pregap_->not_silent);
  }
  if (jitter_.places > 0) text += fmt::format("# jitter {} {}\n", jitter_.places, jitter_.furthest);
  for (const auto& [range, state] : runs()) {
    text += fmt::format("{} {} {}\n", range.begin.value, range.size().value, cd::to_string(state));
  }
  return text;
}

}  // namespace binrip::rip
