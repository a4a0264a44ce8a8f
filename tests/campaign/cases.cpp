#include "cases.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "../../src/sim/disc_builder.hpp"

namespace binrip::campaign {
namespace {

using Kind = sim::Fault::Kind;

// SplitMix64: the same everywhere, unlike the distributions of <random>.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}
  std::uint64_t next() {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }
  int from_to(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return from_to(1, 100) <= percent; }
  template <class T, std::size_t N>
  T of(const std::array<T, N>& choices) {
    return choices[next() % N];
  }

 private:
  std::uint64_t state_;
};

// --- discs ---

enum class Content { any, audio, data };

sim::DiscRecipe make_recipe(Dice& dice, Content content) {
  using cd::TrackMode;
  constexpr std::array kData = {TrackMode::mode1, TrackMode::mode1, TrackMode::mode2};
  sim::DiscBuilder builder;
  const int size = dice.from_to(300, 1200);
  int shape = dice.from_to(0, 9);
  if (content == Content::audio) shape = dice.from_to(0, 4);
  if (content == Content::data) shape = dice.from_to(5, 6);
  const TrackMode data = dice.of(kData);
  const auto type = data == TrackMode::mode2 ? cd::DiscType::cd_xa : cd::DiscType::cd_da_or_rom;
  if (shape <= 4) {  // audio
    builder.session(cd::DiscType::cd_da_or_rom);
    const int tracks = dice.from_to(1, 3);
    for (int i = 0; i < tracks; ++i)
      builder.track(TrackMode::audio, i > 0 && dice.chance(50) ? 75 : 0, 300 + size / tracks);
  } else if (shape <= 6) {  // data
    builder.session(type);
    builder.track(data, 0, size);
  } else if (shape <= 8) {  // mixed mode
    builder.session(type);
    builder.track(data, 0, 300 + size / 2);
    builder.track(TrackMode::audio, 150, 300 + size / 2);
  } else {  // CD-Extra
    builder.session(cd::DiscType::cd_da_or_rom);
    builder.track(TrackMode::audio, 0, 300 + size / 2);
    builder.session(cd::DiscType::cd_xa);
    builder.track(TrackMode::mode2, 0, 300 + size / 2);
  }
  sim::DiscRecipe recipe;
  recipe.name = "campaign";
  recipe.disc = builder.finish();
  recipe.seed = dice.next();
  recipe.form2_every = dice.chance(50) ? dice.from_to(2, 40) : 0;
  return recipe;
}

// --- drives ---

sim::Habits make_habits(Dice& dice) {
  constexpr std::array kOffsets = {0, 0, 6, 30, 102, 667, -472, -1164};
  constexpr std::array<std::uint32_t, 6> kCaches = {0, 64, 128, 512, 1024, 2048};
  constexpr std::array<std::uint32_t, 3> kTransfers = {32 * 1024, 64 * 1024, 128 * 1024};
  sim::Habits habits;
  habits.read_offset = dice.of(kOffsets);
  habits.c2 = dice.chance(40) ? drive::C2Support::bits : drive::C2Support::bits_and_block;
  const int sub = dice.from_to(1, 100);
  if (sub > 80) habits.sub = drive::SubSupport::formatted_q;
  if (sub > 92) habits.sub = drive::SubSupport::none;
  if (dice.chance(30)) habits.order = drive::FieldOrder::main_sub_c2;
  if (dice.chance(10)) habits.combination = drive::Combination::separate;
  habits.transfer_limit = dice.of(kTransfers);
  habits.cache_kib = dice.of(kCaches);
  habits.honours_fua = dice.chance(70);
  habits.overread_lead_in = dice.chance(70) ? 150 : 0;
  habits.overread_lead_out = dice.chance(70) ? 2 : 0;
  habits.audio_over_data = dice.chance(50);
  habits.max_speed = dice.chance(70) ? 48 : 24;
  return habits;
}

// --- faults ---

cd::Lba some_lba(Dice& dice, const cd::Disc& disc) {
  auto n = dice.from_to(0, cd::image_size(disc).value - 1);
  for (const cd::LbaRange& range : cd::image_ranges(disc)) {
    if (n < range.size().value) return range.begin + cd::SectorCount{n};
    n -= range.size().value;
  }
  return {};
}

// Spots of neighbouring sectors, each with a fault of its own.
template <class MakeFault>
void add_spots(Case& c, Dice& dice, int spots, int longest, MakeFault make) {
  for (int spot = 0; spot < spots; ++spot) {
    const cd::Lba begin = some_lba(dice, c.disc.disc);
    const int length = dice.from_to(1, longest);
    for (int i = 0; i < length; ++i) c.faults.emplace(begin.value + i, make());
  }
}
sim::Fault c2_fault(Dice& dice) {
  sim::Fault fault;
  fault.kind = Kind::c2;
  constexpr std::array kBytes = {1, 4, 30, 100, 300, 1000};
  fault.bytes = dice.of(kBytes);
  return fault;
}

void clean(Case&, Dice&) {}
void c2_chance(Case& c, Dice& dice) {
  const double p = dice.from_to(10, 60) / 100.0;
  add_spots(c, dice, dice.from_to(1, 5), 30, [&] {
    sim::Fault fault = c2_fault(dice);
    fault.success = p;
    return fault;
  });
}
void c2_yields(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 5), 30, [&] {
    sim::Fault fault = c2_fault(dice);
    fault.reads_until_good = dice.from_to(1, 4);
    return fault;
  });
}
void c2_stays(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 5), 30, [&] { return c2_fault(dice); });
}
void c2_stays_at_the_same_bytes(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 5), 30, [&] {
    sim::Fault fault = c2_fault(dice);
    fault.repeats = true;
    return fault;
  });
}
void no_c2(Case& c, Dice& dice) {
  c.habits.c2 = drive::C2Support::none;
  c2_chance(c, dice);
}
void c2_always_on(Case& c, Dice& dice) {
  c.habits.c2_manner = sim::C2Manner::always_on;
  if (dice.chance(50)) c2_chance(c, dice);
}
void c2_late(Case& c, Dice& dice) {
  c.habits.c2_late = dice.chance(50) ? 1 : -1;
  c2_chance(c, dice);
}
void c2_silent(Case& c, Dice& dice) {
  c.habits.c2_manner = sim::C2Manner::silent;
  c2_chance(c, dice);
}
void lies_anew(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 4), 5, [&] {
    sim::Fault fault = c2_fault(dice);
    fault.flagged = false;
    return fault;
  });
}
void lies_anew_no_c2(Case& c, Dice& dice) {
  c.habits.c2 = drive::C2Support::none;
  lies_anew(c, dice);
}
void lies_alike(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 4), 5, [&] {
    sim::Fault fault = c2_fault(dice);
    fault.flagged = false;
    fault.repeats = true;
    return fault;
  });
}
void hard_yields(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 4), 12, [&] {
    sim::Fault fault;
    fault.bytes = dice.from_to(1, 60);
    fault.reads_until_good = dice.from_to(1, 4);
    return fault;
  });
}
void hard_chance(Case& c, Dice& dice) {
  const double p = dice.from_to(20, 70) / 100.0;
  add_spots(c, dice, dice.from_to(1, 4), 12, [&] {
    sim::Fault fault;
    fault.bytes = dice.from_to(1, 60);
    fault.success = p;
    return fault;
  });
}
void hard_stays(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 3), 12, [&] {
    sim::Fault fault;
    fault.bytes = dice.from_to(1, 200);
    return fault;
  });
}
void hard_and_slow(Case& c, Dice& dice) {
  c.habits.slow_after_error = 8;
  c.habits.long_error_chance = 0.1;
  hard_chance(c, dice);
}
void wrong_q(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 6), 60, [&] {
    sim::Fault fault;
    fault.kind = Kind::q;
    fault.bytes = dice.from_to(1, 4);
    fault.success = dice.chance(50) ? 0.5 : 0.0;
    return fault;
  });
}
void stale_cache(Case& c, Dice& dice) {
  c.habits.c2 = drive::C2Support::none;
  c.habits.honours_fua = dice.chance(20);
  c.habits.cache_kib = static_cast<std::uint32_t>(dice.from_to(512, 4096));
  if (dice.chance(60)) c.habits.reported_cache_kib = static_cast<std::uint32_t>(dice.from_to(0, 128));
  c2_chance(c, dice);
}
template <Kind kKind>
void of_command(Case& c, Dice& dice) {
  const double success = dice.chance(50) ? 0.5 : 0.0;
  const int yields = dice.from_to(1, 3);
  add_spots(c, dice, dice.from_to(1, 3), 3, [&] {
    sim::Fault fault;
    fault.kind = kKind;
    fault.success = success;
    if (success == 0.0) fault.reads_until_good = yields;
    return fault;
  });
}
void hang(Case& c, Dice& dice) {
  add_spots(c, dice, 1, 2, [&] {
    sim::Fault fault;
    fault.kind = Kind::hang;
    fault.reads_until_good = dice.from_to(1, 4);
    return fault;
  });
}
void neighbour(Case& c, Dice& dice, sim::Fault::Part part) {
  add_spots(c, dice, dice.from_to(1, 4), 3, [&] {
    sim::Fault fault;
    fault.kind = Kind::neighbour;
    fault.part = part;
    fault.distance = dice.from_to(1, 3) * (dice.chance(50) ? 1 : -1);
    fault.success = 0.5;
    return fault;
  });
}
void neighbour_all(Case& c, Dice& dice) { neighbour(c, dice, sim::Fault::Part::all); }
void neighbour_main(Case& c, Dice& dice) { neighbour(c, dice, sim::Fault::Part::main); }
void neighbour_sub(Case& c, Dice& dice) { neighbour(c, dice, sim::Fault::Part::sub); }
void jitter(Case& c, Dice& dice) {
  c.habits.jitter = dice.from_to(1, 40);
  c.habits.jitter_chance = dice.from_to(1, 30) / 100.0;
}
void slip(Case& c, Dice& dice) {
  add_spots(c, dice, dice.from_to(1, 4), 1, [&] {
    sim::Fault fault;
    fault.kind = Kind::slip;
    fault.distance = dice.from_to(1, 200) * (dice.chance(50) ? 1 : -1);
    fault.success = 0.5;
    return fault;
  });
}
void jitter_no_c2(Case& c, Dice& dice) {
  c.habits.c2 = drive::C2Support::none;
  jitter(c, dice);
  if (dice.chance(30)) c.habits.reported_accurate_stream = true;
}
void slip_no_c2(Case& c, Dice& dice) {
  c.habits.c2 = drive::C2Support::none;
  slip(c, dice);
}
void vanish(Case& c, Dice& dice) {
  c.faults.emplace(some_lba(dice, c.disc.disc).value, sim::Fault{.kind = Kind::vanish});
  c.may_end_with = {ErrorKind::no_device};
}
void changed(Case& c, Dice& dice) {
  c2_chance(c, dice);
  c.habits.becoming_ready_polls = dice.chance(50) ? 2 : 0;
  if (dice.chance(80)) {
    c.laid_by = c.disc;  // the same TOC, so that only the attention tells
    c.laid_by->seed = dice.next();
  }
  c.faults.emplace(some_lba(dice, c.disc.disc).value,
                   sim::Fault{.kind = Kind::changed, .reads_until_good = 1});
  c.may_end_with = {ErrorKind::medium_changed, ErrorKind::no_medium};
}
void several(Case& c, Dice& dice) {
  c2_chance(c, dice);
  hard_chance(c, dice);
  wrong_q(c, dice);
  if (dice.chance(50)) of_command<Kind::aborted>(c, dice);
  if (dice.chance(50)) of_command<Kind::zeros>(c, dice);
}

struct Class {
  std::string_view name;
  Content content;
  void (*add)(Case&, Dice&);
};

constexpr Class kClasses[] = {
    {"clean", Content::any, clean},
    {"C2, by chance", Content::any, c2_chance},
    {"C2, yields", Content::any, c2_yields},
    {"C2, stays", Content::any, c2_stays},
    {"C2, same bytes", Content::any, c2_stays_at_the_same_bytes},
    {"C2 absent", Content::any, no_c2},
    {"C2 always on", Content::any, c2_always_on},
    {"C2 late", Content::any, c2_late},
    {"C2 silent", Content::any, c2_silent},
    {"lies anew", Content::any, lies_anew},
    {"lies anew, no C2", Content::any, lies_anew_no_c2},
    {"lies alike", Content::any, lies_alike},
    {"hard, yields", Content::any, hard_yields},
    {"hard, by chance", Content::any, hard_chance},
    {"hard, stays", Content::any, hard_stays},
    {"hard, then slow", Content::any, hard_and_slow},
    {"wrong Q", Content::any, wrong_q},
    {"stale cache", Content::any, stale_cache},
    {"aborted", Content::any, of_command<Kind::aborted>},
    {"hang", Content::any, hang},
    {"reset", Content::any, of_command<Kind::reset>},
    {"zeros", Content::any, of_command<Kind::zeros>},
    {"untouched", Content::any, of_command<Kind::untouched>},
    {"previous bytes", Content::any, of_command<Kind::previous>},
    {"neighbour", Content::any, neighbour_all},
    {"neighbour's main", Content::any, neighbour_main},
    {"neighbour's Q", Content::any, neighbour_sub},
    {"jitter", Content::audio, jitter},
    {"lost streaming", Content::audio, slip},
    {"vanishes", Content::any, vanish},
    {"disc changed", Content::any, changed},
    {"several", Content::any, several},
    {"jitter, no C2", Content::audio, jitter_no_c2},
    {"slip, no C2", Content::audio, slip_no_c2},
};

}  // namespace

const std::vector<std::string_view>& kinds() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Class& each : kClasses) all.push_back(each.name);
    return all;
  }();
  return names;
}

Case make_case(std::uint64_t seed) {
  const Class& kind = kClasses[seed % std::size(kClasses)];
  Dice dice(seed);
  Case c;
  c.seed = seed;
  c.kind = kind.name;
  c.disc = make_recipe(dice, kind.content);
  c.habits = make_habits(dice);
  kind.add(c, dice);
  return c;
}

std::string describe(const Case& c) {
  const sim::Habits& h = c.habits;
  return fmt::format(
      "{}: {} sectors, {} session(s), {} track(s), {}; offset {:+}, C2 {}, sub {}, order {}, {}, cache {} "
      "KiB{}, "
      "FUA {}, limit {}, {} faults",
      c.kind, cd::image_size(c.disc.disc).value, c.disc.disc.sessions.size(),
      c.disc.disc.sessions.back().tracks.back().number,
      c.disc.disc.sessions.front().tracks.front().is_data() ? "data first" : "audio first", h.read_offset,
      static_cast<int>(h.c2), static_cast<int>(h.sub), static_cast<int>(h.order),
      h.combination == drive::Combination::together ? "together" : "separate", h.cache_kib,
      h.reported_cache_kib ? fmt::format(" (says {})", *h.reported_cache_kib) : "",
      h.honours_fua ? "yes" : "no", h.transfer_limit, c.faults.size());
}

}  // namespace binrip::campaign
