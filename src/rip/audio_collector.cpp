#include "audio_collector.hpp"

#include <algorithm>
#include <cstring>

namespace binrip::rip {

using cd::Lba;
using cd::LbaRange;
using cd::SectorCount;

namespace {

std::size_t sample_index(SectorCount sectors) {
  return static_cast<std::size_t>(sectors.value) * cd::kSamplesPerSector;
}

}  // namespace

void AudioCollector::begin_pass(const Pass& pass, Judge::Freshness freshness) {
  if (pass.reading == 1) stretches_.clear();
  stretch_ = stretches_.size();
  counts_ = freshness == Judge::Freshness::fresh;
  has_sub_ = pass.sub != drive::SubMode::none;
}

void AudioCollector::begin_run(const BeginRun& run) {
  const auto known = std::find_if(stretches_.begin(), stretches_.end(),
                                  [&](const Stretch& s) { return s.run.targets == run.targets; });
  stretch_ = static_cast<std::size_t>(known - stretches_.begin());
  if (known == stretches_.end()) stretches_.push_back({run, {}});
  if (!counts_) return;
  AudioReading& reading = stretches_[stretch_].readings.emplace_back();
  reading.samples.resize(sample_index(stretches_[stretch_].run.window.size()));
  reading.usable.resize(reading.samples.size());
}

// A drive without any subchannel cannot say where its bytes come from; zeros from it may be a lost transfer.
bool AudioCollector::has_come(const Delivered& sector) const {
  if (sector.arrival == Arrival::missing || cd::has_sync(sector.main)) return false;
  return has_sub_ ? sector.arrival == Arrival::proven : !all_zero(sector.main);
}

void AudioCollector::keep(const Delivered& sector, Stretch& stretch, AudioReading& reading) const {
  if (!stretch.run.window.contains(sector.lba) || !has_come(sector)) return;
  const std::size_t at = sample_index(sector.lba - stretch.run.window.begin);
  std::memcpy(reading.samples.data() + at, sector.main.data(), cd::kSectorSize);
  for (std::size_t i = 0; i < cd::kSamplesPerSector; ++i) {
    const unsigned flags = sector.has_c2 ? sector.c2[i / 2] >> (i % 2 == 0 ? 4U : 0U) & 0xFU : 0U;
    reading.usable[at + i] = static_cast<Byte>(kAllUsable & ~flags);
  }
}

void AudioCollector::add(const Transfer& transfer) {
  if (!counts_ || stretch_ >= stretches_.size()) return;
  Stretch& stretch = stretches_[stretch_];
  AudioReading& reading = stretch.readings.back();
  for (std::uint32_t i = 0; i < transfer.count(); ++i) {
    transfer.decode(i, sector_);
    keep(sector_, stretch, reading);
  }
  const Lba start = transfer.request().start;
  const Lba begin = std::max(start, stretch.run.window.begin);
  const Lba end =
      std::min(start + SectorCount{static_cast<std::int32_t>(transfer.count())}, stretch.run.window.end);
  if (begin >= end || transfer.failed()) return;
  reading.transfers.push_back({static_cast<std::int64_t>(sample_index(begin - stretch.run.window.begin)),
                               static_cast<std::int64_t>(sample_index(end - stretch.run.window.begin))});
}

Result<void> AudioCollector::hand_on() {
  for (const Stretch& stretch : stretches_) TRY_VOID(hand_on(stretch));
  return {};
}

Result<void> AudioCollector::hand_on(const Stretch& stretch) {
  const PlacedAudio placed = place_audio(stretch.readings);
  if (placed.samples.empty()) return {};
  if (placed.shifted_transfers > 0) judge_.note_shifts(placed.shifted_transfers, placed.furthest);
  composer_.begin(stretch.run.targets, stretch.run.image, stretch.run.readable);
  const LbaRange needed = Composer::window(reach_, stretch.run.targets, stretch.run.readable);
  for (Lba lba = needed.begin; lba < needed.end; ++lba) {
    sector_.lba = lba;
    take_sector(placed, sample_index(lba - stretch.run.window.begin), sector_);
    TRY_VOID(composer_.push(sector_));
  }
  return composer_.end();
}

// What is settled is as good as a read under C2 without any error.
void AudioCollector::take_sector(const PlacedAudio& placed, std::size_t at, Delivered& sector) {
  const auto first = placed.sure.begin() + static_cast<std::ptrdiff_t>(at);
  const Sureness least = *std::min_element(first, first + cd::kSamplesPerSector);
  sector.arrival = least == Sureness::settled   ? Arrival::proven
                   : least == Sureness::guessed ? Arrival::unproven
                                                : Arrival::missing;
  sector.has_sub = false;
  sector.q_says_data = false;
  sector.has_c2 = least == Sureness::settled;
  sector.c2.fill(0);
  std::memcpy(sector.main.data(), placed.samples.data() + at, cd::kSectorSize);
}

Result<void> AudioCollector::on_main(const Composed& sector) {
  if (sector.arrival == Arrival::missing || sector.absent_bytes > 0) return {};
  return judge_.on_main(sector);
}

}  // namespace binrip::rip
