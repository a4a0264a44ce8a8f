#include "composer.hpp"

#include <algorithm>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;

namespace {

// Pregaps between tracks of different kinds last two or three seconds.
constexpr SectorCount kLongestUsualPregap{3 * cd::kSectorsPerSecond};

// Drives are known to give the C2 flags of a sector nearby.
constexpr SectorCount kClose{2};

}  // namespace

OffsetReach::OffsetReach(int read_offset) {
  const int size = static_cast<int>(cd::kSectorSize);
  const int bytes = read_offset * cd::kBytesPerSample;
  first = bytes >= 0 ? bytes / size : -((-bytes + size - 1) / size);
  shift = bytes - first * size;
  before = std::max(0, -first);
  after = std::max(0, first + (shift != 0 ? 1 : 0));
}

Composer::Composer(const cd::Disc& disc, int read_offset, SectorSink& sink)
    : reach_(read_offset), sink_(sink) {
  for (const cd::Session& session : disc.sessions) {
    for (const cd::Track& track : session.tracks) data_from_.emplace_back(track.start(), track.is_data());
  }
}

LbaRange Composer::window(const OffsetReach& reach, LbaRange targets, LbaRange readable) {
  return {std::max(targets.begin - SectorCount{reach.before}, readable.begin),
          std::min(targets.end + SectorCount{reach.after}, readable.end)};
}

void Composer::begin(LbaRange targets, LbaRange image, LbaRange readable, Stored stored) {
  stored_ = stored;
  targets_ = targets;
  image_ = image;
  readable_ = readable;
  composed_ = targets;
  if (stored == Stored::as_it_is) {
    // Records hold data where it stands, and audio as far away as the offset reaches.
    const LbaRange read = window(reach_, targets, readable);
    composed_ = {std::min(std::max(read.begin - SectorCount{reach_.after}, image.begin), targets.begin),
                 std::max(std::min(read.end + SectorCount{reach_.before}, image.end), targets.end)};
  }
  next_ = composed_.begin;
  while (!held_.empty()) {
    spare_.push_back(std::move(held_.front()));
    held_.pop_front();
  }
}

Result<void> Composer::push(const Delivered& sector) {
  std::unique_ptr<Held> held;
  if (spare_.empty()) {
    held = std::make_unique<Held>();
  } else {
    held = std::move(spare_.back());
    spare_.pop_back();
  }
  held->sector = sector;
  held->flagged = sector.arrival != Arrival::missing && sector.has_c2 && !all_zero(sector.c2);
  const bool follows = !held_.empty() && held_.back()->sector.lba + SectorCount{1} == sector.lba;
  if (!sector.q_says_data && follows) held->sector.q_says_data = held_.back()->sector.q_says_data;
  held_.push_back(std::move(held));
  if (sector.has_sub && targets_.contains(sector.lba)) TRY_VOID(sink_.on_sub(sector));

  while (next_ < composed_.end && next_ + SectorCount{reach_.after} + kClose <= sector.lba) {
    TRY_VOID(compose(next_));
    ++next_;
  }
  while (!held_.empty() && held_.front()->sector.lba < next_ - SectorCount{reach_.before} - kClose) {
    spare_.push_back(std::move(held_.front()));
    held_.pop_front();
  }
  return {};
}

Result<void> Composer::end(RunEnd how) {
  if (how == RunEnd::broken_off) return {};
  for (; next_ < composed_.end; ++next_) TRY_VOID(compose(next_));
  return {};
}

const Composer::Held* Composer::find_held(Lba lba) const {
  if (held_.empty() || lba < held_.front()->sector.lba || held_.back()->sector.lba < lba) return nullptr;
  return held_[static_cast<std::size_t>((lba - held_.front()->sector.lba).value)].get();
}

const Delivered* Composer::find(Lba lba) const {
  const Held* held = find_held(lba);
  return held == nullptr ? nullptr : &held->sector;
}

bool Composer::flags_close_to(Lba first, Lba last) const {
  for (Lba lba = first - kClose; lba <= last + kClose; ++lba) {
    const Held* held = find_held(lba);
    if (held != nullptr ? held->flagged : !out_.asked_for) return true;
  }
  return false;
}

bool Composer::toc_says_data(Lba lba) const {
  bool data = !data_from_.empty() && data_from_.front().second;
  for (const auto& [start, is_data] : data_from_) {
    if (start <= lba) data = is_data;
  }
  return data;
}

// The sync pattern with this sector's own address settles it, then Q. The TOC knows only where INDEX 01 is:
// the pregap before an audio track that follows data is audio.
bool Composer::is_data_sector(const Delivered& sector) const {
  if (stored_ == Stored::scrambled) return false;  // audio, as far as the drive knows
  const cd::SectorBytes main(sector.main);
  const bool toc = toc_says_data(sector.lba);
  if (cd::has_sync(main)) return toc || cd::header_address(main) == sector.lba;
  if (sector.q_says_data) return *sector.q_says_data;
  return toc && !is_before_audio_track(sector.lba);
}

bool Composer::is_before_audio_track(Lba lba) const {
  return std::any_of(data_from_.begin(), data_from_.end(), [&](const auto& track) {
    return !track.second && lba < track.first && track.first - lba <= kLongestUsualPregap;
  });
}

// Its own record did not come. In what may be the pregap before an audio track the records that hold its
// samples, if it is audio, tell.
bool Composer::is_data_unseen(Lba lba) const {
  if (!toc_says_data(lba) || !is_before_audio_track(lba)) return toc_says_data(lba);
  const Delivered* holder = find(lba + SectorCount{reach_.first});
  return holder == nullptr || holder->arrival == Arrival::missing || is_data_sector(*holder);
}

Result<void> Composer::compose(Lba lba) {
  out_.lba = lba;
  out_.asked_for = targets_.contains(lba);
  out_.kind_told = true;
  if (stored_ == Stored::scrambled) return compose_scrambled(lba);
  const Delivered* sector = find(lba);
  const bool delivered = sector != nullptr && sector->arrival != Arrival::missing;
  const bool is_data = delivered ? is_data_sector(*sector) : is_data_unseen(lba);
  out_.kind_told = is_data || is_kind_told(lba);
  if (!is_data) return compose_audio(lba);

  out_.is_data = true;
  out_.edge_samples = 0;
  out_.absent_bytes = 0;
  out_.flags_close = flags_close_to(lba, lba);
  out_.c2 = C2Verdict::unknown;
  out_.arrival = Arrival::missing;
  if (delivered) {
    out_.arrival = sector->arrival;
    out_.main = sector->main;
    if (sector->has_c2) {
      out_.c2 = all_zero(sector->c2) ? C2Verdict::clean : C2Verdict::set;
      out_.c2_bits = sector->c2;
    }
  }
  return hand_on();
}

// Of what came along nobody wants to know that it did not come.
Result<void> Composer::hand_on() {
  const bool of_use = out_.asked_for || (out_.arrival != Arrival::missing && out_.edge_samples == 0);
  return of_use ? sink_.on_main(out_) : Result<void>();
}

// In what may be the pregap before an audio track only Q tells that a sector is audio: without it, it may be
// data whose sync pattern is damaged.
bool Composer::is_kind_told(Lba lba) const {
  if (!toc_says_data(lba)) return true;
  const Delivered* sector = find(lba);
  if (sector == nullptr || sector->arrival == Arrival::missing)
    sector = find(lba + SectorCount{reach_.first});
  return sector != nullptr && sector->q_says_data.has_value();
}

// In what may be the pregap before an audio track, read as if it were scrambled data.
bool Composer::is_told_audio(Lba lba) const {
  const Lba first = lba + SectorCount{reach_.first};
  const auto told = [&](Lba at) {
    const Delivered* holder = find(at);
    return holder != nullptr && holder->arrival != Arrival::missing && holder->q_says_data == false;
  };
  return told(first) || (reach_.shift != 0 && told(first + SectorCount{1}));
}

Composer::Part Composer::part_at(Lba lba, const Delivered*& sector) const {
  sector = find(lba);
  if (sector == nullptr) return readable_.contains(lba) ? Part::missing : Part::edge;
  if (sector->arrival == Arrival::missing) return image_.contains(lba) ? Part::missing : Part::edge;
  return is_data_sector(*sector) ? Part::edge : Part::audio;
}

// Copies `size` bytes of a delivered sector from `from` to `to` of the sector in the making, and what is
// known of them.
void Composer::take_from(Lba lba, std::size_t from, std::size_t to, std::size_t size) {
  const Delivered* sector = nullptr;
  const Part part = part_at(lba, sector);
  if (part != Part::audio) std::fill_n(out_.main.begin() + static_cast<std::ptrdiff_t>(to), size, Byte{0});
  if (part == Part::missing) {
    out_.absent_bytes += size;
    out_.absent_from = to;
    for (std::size_t i = to; i < to + size; ++i) flag(i);
    return;
  }
  if (part == Part::edge) {
    out_.edge_samples += static_cast<int>(size) / cd::kBytesPerSample;
    out_.silent_at_edge = out_.silent_at_edge && is_silent_next_to(lba);
    return;
  }
  std::copy_n(sector->main.begin() + static_cast<std::ptrdiff_t>(from), size,
              out_.main.begin() + static_cast<std::ptrdiff_t>(to));
  out_.arrival = std::min(out_.arrival, sector->arrival);
  if (sector->has_c2) {
    take_c2(*sector, from, to, size);
  } else if (out_.c2 == C2Verdict::clean) {
    out_.c2 = C2Verdict::unknown;
  }
}

void Composer::flag(std::size_t at) {
  out_.c2_bits[at / 8] = static_cast<Byte>(out_.c2_bits[at / 8] | (0x80U >> (at % 8)));
}

void Composer::take_c2(const Delivered& sector, std::size_t from, std::size_t to, std::size_t size) {
  if (all_zero(sector.c2)) return;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = from + i;
    if (at % 8 == 0 && sector.c2[at / 8] == 0) {
      i += 7;  // eight clean bytes at once
    } else if ((sector.c2[at / 8] & (0x80U >> (at % 8))) != 0) {
      if (out_.c2 == C2Verdict::clean) out_.c2 = C2Verdict::set;
      flag(to + i);
    }
  }
}

// The nearest delivered audio sector on either side of `edge`.
bool Composer::is_silent_next_to(Lba edge) const {
  for (int distance = 1; distance <= reach_.before + reach_.after + 1; ++distance) {
    for (const Lba lba : {edge - SectorCount{distance}, edge + SectorCount{distance}}) {
      const Delivered* sector = nullptr;
      if (part_at(lba, sector) != Part::audio) continue;
      return all_zero(sector->main);
    }
  }
  return false;
}

// Puts a sector together from the two delivered ones that it lies across.
void Composer::join_shifted(Lba lba) {
  out_.is_data = false;
  out_.edge_samples = 0;
  out_.silent_at_edge = true;
  out_.arrival = Arrival::proven;
  out_.c2 = C2Verdict::clean;
  out_.c2_bits.fill(0);
  out_.absent_bytes = 0;
  const auto shift = static_cast<std::size_t>(reach_.shift);
  const Lba first = lba + SectorCount{reach_.first};
  out_.flags_close = flags_close_to(first, shift != 0 ? first + SectorCount{1} : first);

  take_from(first, shift, 0, cd::kSectorSize - shift);
  if (shift != 0) take_from(first + SectorCount{1}, 0, cd::kSectorSize - shift, shift);
  if (out_.edge_samples == cd::kSamplesPerSector) out_.c2 = C2Verdict::unknown;
  if (out_.absent_bytes == 0) return;
  const bool nothing_came =
      out_.absent_bytes + static_cast<std::size_t>(out_.edge_samples) * cd::kBytesPerSample ==
      cd::kSectorSize;
  if (nothing_came || out_.c2 == C2Verdict::unknown) {
    out_.arrival = Arrival::missing;
  } else {
    out_.c2 = C2Verdict::set;
  }
}

Result<void> Composer::compose_audio(Lba lba) {
  join_shifted(lba);
  return hand_on();
}

// Zeros beyond the drive's reach are no sector's bytes here: the other part alone tells nothing.
Result<void> Composer::compose_scrambled(Lba lba) {
  join_shifted(lba);
  out_.is_data = true;
  if (out_.edge_samples > 0 || is_told_audio(lba)) out_.arrival = Arrival::missing;
  out_.edge_samples = 0;
  if (out_.arrival != Arrival::missing) cd::scramble(out_.main);
  return hand_on();
}

}  // namespace binrip::rip
