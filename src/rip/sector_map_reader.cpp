// Reading the map's text form. What comes in is a file that anyone may have touched.
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "binrip/rip/sector_map.hpp"

namespace binrip::rip {
namespace {

using cd::LbaRange;

std::optional<std::int32_t> parse_int(std::string_view word) {
  std::int32_t value = 0;
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// Cuts the next word off `line`.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

std::optional<Mending> parse_mending(std::string_view word) {
  if (word == "merged") return Mending::merged;
  if (word == "repaired") return Mending::repaired;
  if (word == "elected") return Mending::elected;
  return std::nullopt;
}

std::optional<SubState> parse_sub_state(std::string_view word) {
  for (const SubState state : {SubState::read, SubState::confirmed, SubState::voted, SubState::right}) {
    if (word == to_string(state)) return state;
  }
  return std::nullopt;
}

struct StateRun {
  LbaRange range;
  cd::SectorState state;
};

class MapReader {
 public:
  explicit MapReader(std::string_view name) : name_(name) {}

  Result<SectorMap> read(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      if (line.size() == text.size()) return expected("a line end", "the end of the file");
      text.remove_prefix(line.size() + 1);
      ++line_;
      TRY_VOID(read_line(line));
    }
    if (runs_.empty()) return expected("\"LBA COUNT state\"", "the end of the file");
    return build();
  }

 private:
  tl::unexpected<Error> expected(std::string_view what, std::string_view got) const {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: expected {}, got {}", name_, line_, what, got));
  }
  static std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text.substr(0, 60)); }

  Result<void> read_line(std::string_view line) {
    if (line_ == 1) {
      if (line != "# binrip map 1") return expected("\"# binrip map 1\"", quoted(line));
      return {};
    }
    if (line.empty()) return {};
    return line.front() == '#' ? read_remark(line.substr(1)) : read_run(line);
  }

  Result<void> read_remark(std::string_view line) {
    const std::string_view keyword = next_word(line);
    line.remove_prefix(std::min<std::size_t>(1, line.size()));
    if (keyword == "disc") {
      identity_ = line;
    } else if (keyword == "drive") {
      const std::size_t at = line.rfind(" offset=");
      const auto offset = at == line.npos ? std::nullopt : parse_int(line.substr(at + 8));
      if (!offset) return expected("\"# drive NAME offset=N\"", quoted(line));
      drives_.push_back({std::string(line.substr(0, at)), *offset});
    } else if (keyword == "subchannel") {
      TRY(const LbaRange range, read_range(line));
      const std::string_view word = next_word(line);
      const auto state = parse_sub_state(word);
      if (!state) return expected("a subchannel state", quoted(word));
      subs_.emplace_back(range, *state);
    } else if (const auto how = parse_mending(keyword)) {
      TRY(const LbaRange range, read_range(line));
      mendings_.emplace_back(range, *how);
    } else if (keyword == "edge") {
      TRY(const LbaRange edge, read_range(line));
      edges_.emplace_back(edge.begin, edge.size().value);
    } else if (keyword == "wrong-edc") {
      TRY(const LbaRange range, read_range(line));
      wrong_edc_.push_back(range);
    } else if (keyword == "filled") {
      TRY(const LbaRange range, read_range(line));
      const std::string_view with = next_word(line);
      if (with.empty()) return expected("\"# filled LBA COUNT WORD\"", quoted(with));
      fills_.push_back({range, std::string(with)});
    } else if (keyword == "first-pregap") {
      TRY_VOID(read_first_pregap(line));
    } else if (keyword == "jitter") {
      TRY_VOID(read_jitter(line));
    }
    return {};
  }

  Result<LbaRange> read_range(std::string_view& line) {
    const std::string_view lba_word = next_word(line);
    const auto lba = parse_int(lba_word);
    if (!lba || *lba < 0 || *lba > cd::kLastLba.value) return expected("an LBA", quoted(lba_word));
    const std::string_view count_word = next_word(line);
    const auto count = parse_int(count_word);
    if (!count || *count <= 0 || *count > cd::kLastLba.value + 1 - *lba) {
      return expected("a count of sectors", quoted(count_word));
    }
    return LbaRange{{*lba}, {*lba + *count}};
  }

  Result<void> read_first_pregap(std::string_view line) {
    const std::string whole = quoted(line);
    const auto read = parse_int(next_word(line));
    const auto not_silent = parse_int(next_word(line));
    if (!read || !not_silent || *not_silent < 0 || *not_silent > *read || *read > cd::kPregapSectors) {
      return expected("\"# first-pregap READ NOT-SILENT\"", whole);
    }
    first_pregap_ = FirstPregap{*read, *not_silent};
    return {};
  }

  Result<void> read_jitter(std::string_view line) {
    const std::string whole = quoted(line);
    const auto places = parse_int(next_word(line));
    const auto furthest = parse_int(next_word(line));
    if (!places || !furthest || *places < 1 || *furthest < 1) {
      return expected("\"# jitter PLACES SAMPLES\"", whole);
    }
    jitter_ = {*places, *furthest};
    return {};
  }

  Result<void> read_run(std::string_view line) {
    TRY(const LbaRange range, read_range(line));
    const std::string_view state_word = next_word(line);
    const auto state = cd::parse_sector_state(state_word);
    if (!state) return expected("a sector state", quoted(state_word));
    if (const std::string_view more = next_word(line); !more.empty())
      return expected("a line end", quoted(more));
    if (!runs_.empty() && range.begin < runs_.back().range.end) {
      return expected(fmt::format("an LBA of {} or more", runs_.back().range.end.value),
                      fmt::format("{}", range.begin.value));
    }
    runs_.push_back({range, *state});
    return {};
  }

  Result<SectorMap> build() const {
    std::vector<LbaRange> ranges;
    for (const StateRun& run : runs_) {
      if (!ranges.empty() && ranges.back().end == run.range.begin) {
        ranges.back().end = run.range.end;
      } else {
        ranges.push_back(run.range);
      }
    }
    SectorMap map(identity_, std::move(ranges));
    for (const MapDrive& drive : drives_) map.add_drive(drive);
    for (const auto& [range, state] : subs_) map.raise_sub(range, state);
    for (const auto& [range, how] : mendings_) map.note_mending(range, how);
    for (const StateRun& run : runs_) map.raise(run.range, run.state);
    for (const auto& [lba, samples] : edges_) {
      if (map.contains(lba)) map.note_edge(lba, std::min(samples, cd::kSamplesPerSector));
    }
    for (const LbaRange& range : wrong_edc_) map.note_wrong_edc(range);
    map.set_fills(fills_);
    if (first_pregap_) map.note_first_pregap(*first_pregap_);
    map.note_jitter(jitter_);
    return map;
  }

  std::string_view name_;
  int line_ = 0;
  std::string identity_;
  std::vector<MapDrive> drives_;
  std::vector<std::pair<LbaRange, SubState>> subs_;
  std::vector<std::pair<LbaRange, Mending>> mendings_;
  std::vector<std::pair<cd::Lba, std::int32_t>> edges_;
  std::vector<LbaRange> wrong_edc_;
  std::vector<MapFill> fills_;
  std::optional<FirstPregap> first_pregap_;
  Jitter jitter_;
  std::vector<StateRun> runs_;
};

}  // namespace

Result<SectorMap> parse_map(std::string_view text, std::string_view name) {
  return MapReader(name).read(text);
}

}  // namespace binrip::rip
