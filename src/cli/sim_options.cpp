#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "binrip/cli/sim_setup.hpp"

namespace binrip::cli {
namespace {

constexpr int kMostFaults = 100'000;

tl::unexpected<Error> option_error(std::string_view key, std::string_view expected, std::string_view got) {
  return fail(ErrorKind::usage, fmt::format("--sim-option {}: expected {}, got \"{}\"", key, expected, got),
              "binrip(1) lists the options of software drives");
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
struct Word {
  std::string_view word;
  T value;
};

template <class T, std::size_t N>
Result<void> set_word(std::string_view key, std::string_view text, const Word<T> (&words)[N], T& target) {
  std::string expected;
  for (const Word<T>& each : words) {
    if (each.word == text) {
      target = each.value;
      return {};
    }
    expected += expected.empty() ? "" : ", ";
    expected += each.word;
  }
  return option_error(key, expected, text);
}

template <class T>
Result<void> set_number(std::string_view key, std::string_view text, int lowest, int highest, T& target) {
  const std::optional<int> value = whole_number(text);
  if (!value || *value < lowest || *value > highest) {
    return option_error(key, fmt::format("a number from {} to {}", lowest, highest), text);
  }
  target = static_cast<T>(*value);
  return {};
}

constexpr Word<bool> kYesNo[] = {{"yes", true}, {"no", false}};
constexpr Word<drive::C2Support> kC2[] = {{"none", drive::C2Support::none},
                                          {"bits", drive::C2Support::bits},
                                          {"bits-and-block", drive::C2Support::bits_and_block}};
constexpr Word<drive::SubSupport> kSub[] = {{"none", drive::SubSupport::none},
                                            {"q", drive::SubSupport::formatted_q},
                                            {"raw", drive::SubSupport::raw}};
constexpr Word<drive::FieldOrder> kOrder[] = {{"main-c2-sub", drive::FieldOrder::main_c2_sub},
                                              {"main-sub-c2", drive::FieldOrder::main_sub_c2}};
constexpr Word<drive::Combination> kCombination[] = {{"together", drive::Combination::together},
                                                     {"separate", drive::Combination::separate}};
constexpr Word<sim::Medium> kMedium[] = {{"disc", sim::Medium::disc},
                                         {"none", sim::Medium::none},
                                         {"blank", sim::Medium::blank},
                                         {"dvd", sim::Medium::dvd}};
constexpr Word<sim::Tray> kTrayWords[] = {{"closed", sim::Tray::closed}, {"open", sim::Tray::open}};

constexpr Word<sim::VendorD8> kVendorD8[] = {
    {"none", sim::VendorD8::none}, {"reads", sim::VendorD8::reads}, {"filtered", sim::VendorD8::filtered}};
constexpr Word<sim::C2Manner> kC2Manner[] = {{"honest", sim::C2Manner::honest},
                                             {"always-on", sim::C2Manner::always_on},
                                             {"silent", sim::C2Manner::silent}};
constexpr Word<sim::Fault::Part> kPart[] = {
    {"all", sim::Fault::Part::all}, {"main", sim::Fault::Part::main}, {"sub", sim::Fault::Part::sub}};

Result<void> set_percent(std::string_view key, std::string_view text, double& target) {
  int percent = 0;
  TRY_VOID(set_number(key, text, 0, 100, percent));
  target = percent / 100.0;
  return {};
}

// One "NAME=VALUE" behind a fault's place.
Result<void> set_trait(std::string_view key, std::string_view text, sim::Fault& fault) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(std::min(equals + 1, text.size()));
  if (name == "bytes") return set_number(key, value, 1, 2352, fault.bytes);
  if (name == "success") return set_percent(key, value, fault.success);
  if (name == "distance") return set_number(key, value, -5880, 5880, fault.distance);
  if (name == "flagged") return set_word(key, value, kYesNo, fault.flagged);
  if (name == "repeats") return set_word(key, value, kYesNo, fault.repeats);
  if (name == "part") return set_word(key, value, kPart, fault.part);
  return option_error(key, "bytes=, success=, distance=, flagged=, repeats= or part=", text);
}

// "LBA" or "LBA+COUNT", with ":N" at the end for a fault that is gone after N reads, and ",NAME=VALUE"s.
Result<void> add_faults(std::string_view key, std::string_view text, sim::Fault fault,
                        sim::FaultMap& faults) {
  std::size_t comma = std::min(text.find(','), text.size());
  std::string_view place = text.substr(0, comma);
  while (comma < text.size()) {
    const std::size_t next = std::min(text.find(',', comma + 1), text.size());
    TRY_VOID(set_trait(key, text.substr(comma + 1, next - comma - 1), fault));
    comma = next;
  }
  if (const std::size_t colon = place.find(':'); colon != std::string_view::npos) {
    const std::optional<int> reads = whole_number(place.substr(colon + 1));
    if (!reads || *reads < 0) return option_error(key, "a number of reads after \":\"", text);
    fault.reads_until_good = *reads;
    place = place.substr(0, colon);
  }
  const std::size_t plus = std::min(place.find('+'), place.size());
  const std::optional<int> lba = whole_number(place.substr(0, plus));
  const std::optional<int> count = plus == place.size() ? 1 : whole_number(place.substr(plus + 1));
  if (!lba || !count || *lba < -cd::kPregapSectors || *lba > cd::kLastLba.value || *count < 1 ||
      *count > kMostFaults) {
    return option_error(key, "LBA[+COUNT][:READS][,NAME=VALUE...]", text);
  }
  for (int i = 0; i < *count; ++i) faults.emplace(*lba + i, fault);
  return {};
}

using Kind = sim::Fault::Kind;
constexpr std::pair<std::string_view, Kind> kFaultKeys[] = {
    {"fault-hard", Kind::hard},           {"fault-c2", Kind::c2},       {"fault-q", Kind::q},
    {"fault-neighbour", Kind::neighbour}, {"fault-slip", Kind::slip},   {"fault-aborted", Kind::aborted},
    {"fault-hang", Kind::hang},           {"fault-reset", Kind::reset}, {"fault-changed", Kind::changed},
    {"fault-vanish", Kind::vanish},       {"fault-zeros", Kind::zeros}, {"fault-untouched", Kind::untouched},
    {"fault-previous", Kind::previous},
};

// A bus is reset and a disc changed once, unless more is asked for.
sim::Fault fault_of(Kind kind) {
  sim::Fault fault;
  fault.kind = kind;
  if (kind == Kind::reset || kind == Kind::changed) fault.reads_until_good = 1;
  return fault;
}

struct SimKey {
  std::string_view name;
  Result<void> (*apply)(std::string_view key, std::string_view value, SimSetup& setup);
};

constexpr SimKey kKeys[] = {
    {"read-offset",
     [](auto k, auto v, SimSetup& s) { return set_number(k, v, -5880, 5880, s.habits.read_offset); }},
    {"c2", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kC2, s.habits.c2); }},
    {"sub", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kSub, s.habits.sub); }},
    {"order", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kOrder, s.habits.order); }},
    {"combination",
     [](auto k, auto v, SimSetup& s) { return set_word(k, v, kCombination, s.habits.combination); }},
    {"transfer-limit",
     [](auto k, auto v, SimSetup& s) { return set_number(k, v, 4096, 1 << 24, s.habits.transfer_limit); }},
    {"overread-lead-in",
     [](auto k, auto v, SimSetup& s) { return set_number(k, v, 0, 150, s.habits.overread_lead_in); }},
    {"overread-lead-out",
     [](auto k, auto v, SimSetup& s) { return set_number(k, v, 0, 6750, s.habits.overread_lead_out); }},
    {"full-toc", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kYesNo, s.habits.full_toc); }},
    {"cd-text", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kYesNo, s.habits.cd_text); }},
    {"cache", [](auto k, auto v, SimSetup& s) { return set_number(k, v, 0, 65536, s.habits.cache_kib); }},
    {"reported-cache",
     [](auto k, auto v, SimSetup& s) {
       s.habits.reported_cache_kib.emplace();
       return set_number(k, v, 0, 65535, *s.habits.reported_cache_kib);
     }},
    {"fua", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kYesNo, s.habits.honours_fua); }},
    {"audio-over-data",
     [](auto k, auto v, SimSetup& s) { return set_word(k, v, kYesNo, s.habits.audio_over_data); }},
    {"vendor-d8", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kVendorD8, s.habits.vendor_d8); }},
    {"c2-manner", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kC2Manner, s.habits.c2_manner); }},
    {"c2-late", [](auto k, auto v, SimSetup& s) { return set_number(k, v, -8, 8, s.habits.c2_late); }},
    {"jitter", [](auto k, auto v, SimSetup& s) { return set_number(k, v, 0, 588, s.habits.jitter); }},
    {"jitter-chance", [](auto k, auto v, SimSetup& s) { return set_percent(k, v, s.habits.jitter_chance); }},
    {"accurate-stream",
     [](auto k, auto v, SimSetup& s) {
       s.habits.reported_accurate_stream.emplace();
       return set_word(k, v, kYesNo, *s.habits.reported_accurate_stream);
     }},
    {"slow-after-error",
     [](auto k, auto v, SimSetup& s) { return set_number(k, v, 0, 100, s.habits.slow_after_error); }},
    {"slow-time",
     [](auto k, auto v, SimSetup& s) -> Result<void> {
       int seconds = 0;
       TRY_VOID(set_number(k, v, 0, 3600, seconds));
       s.habits.slow_time = std::chrono::seconds(seconds);
       return {};
     }},
    {"long-errors",
     [](auto k, auto v, SimSetup& s) { return set_percent(k, v, s.habits.long_error_chance); }},
    {"always-corrects",
     [](auto k, auto v, SimSetup& s) { return set_word(k, v, kYesNo, s.habits.always_corrects); }},
    {"max-speed", [](auto k, auto v, SimSetup& s) { return set_number(k, v, 1, 100, s.habits.max_speed); }},
    {"polls", [](auto k, auto v,
                 SimSetup& s) { return set_number(k, v, 0, 1'000'000, s.habits.becoming_ready_polls); }},
    {"medium", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kMedium, s.medium); }},
    {"tray", [](auto k, auto v, SimSetup& s) { return set_word(k, v, kTrayWords, s.tray); }},
};

Result<void> apply_option(std::string_view option, SimSetup& setup) {
  const std::size_t equals = option.find('=');
  if (equals == std::string_view::npos) return option_error(option, "KEY=VALUE", option);
  const std::string_view key = option.substr(0, equals);
  const std::string_view value = option.substr(equals + 1);
  std::string names;
  for (const SimKey& each : kKeys) {
    if (each.name == key) return each.apply(key, value, setup);
    names += names.empty() ? "" : ", ";
    names += each.name;
  }
  for (const auto& [name, kind] : kFaultKeys) {
    if (name == key) return add_faults(key, value, fault_of(kind), setup.faults);
    names += ", ";
    names += name;
  }
  return fail(ErrorKind::usage, fmt::format("--sim-option: no such key \"{}\"", key), "keys are " + names);
}

}  // namespace

Result<SimSetup> parse_sim_options(const std::vector<std::string>& options, SimSetup setup) {
  for (const std::string& option : options) TRY_VOID(apply_option(option, setup));
  return setup;
}

}  // namespace binrip::cli
