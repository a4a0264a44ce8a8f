// Discs of noise for the tests of AccurateRip, and its sums as its formulas say them, one sample after the
// other in 64 bits.
#pragma once

#include <array>
#include <cstdlib>
#include <random>
#include <vector>

#include "binrip/verify/accuraterip.hpp"

namespace binrip::verify::test {

struct Start {
  cd::TrackMode mode;
  int lba;          // INDEX 01
  int index0 = -1;  // -1: none
};

inline cd::Session session_of(int number, int first_track, const std::vector<Start>& starts, int lead_out) {
  cd::Session session;
  session.number = static_cast<Byte>(number);
  session.lead_out = cd::Lba{lead_out};
  for (const Start& start : starts) {
    cd::Track track;
    track.number = static_cast<Byte>(first_track++);
    track.mode = start.mode;
    if (start.index0 >= 0) track.indexes.push_back({0, cd::Lba{start.index0}});
    track.indexes.push_back({1, cd::Lba{start.lba}});
    session.tracks.push_back(track);
  }
  return session;
}

inline cd::Disc disc_of(const std::vector<Start>& starts, int lead_out) {
  cd::Disc disc;
  disc.sessions = {session_of(1, 1, starts, lead_out)};
  return disc;
}

inline cd::Disc audio_disc(const std::vector<int>& starts, int lead_out) {
  std::vector<Start> all;
  for (const int start : starts) all.push_back({cd::TrackMode::audio, start});
  return disc_of(all, lead_out);
}

// The samples of a disc from LBA 0 on; those before and after are 0.
using Samples = std::vector<std::uint32_t>;

inline Samples noise(int sectors, unsigned seed) {
  std::mt19937 random(seed);
  Samples samples(static_cast<std::size_t>(sectors) * 588);
  for (std::uint32_t& sample : samples) sample = static_cast<std::uint32_t>(random());
  return samples;
}

inline std::uint32_t at(const Samples& samples, std::int64_t place) {
  const bool inside = place >= 0 && place < static_cast<std::int64_t>(samples.size());
  return inside ? samples[static_cast<std::size_t>(place)] : 0;
}

// What a drive with this read offset correction delivers of that disc: disc[x] = delivered[x + offset].
inline Samples shifted(const Samples& disc, int offset) {
  Samples delivered(disc.size());
  for (std::size_t i = 0; i < disc.size(); ++i) {
    delivered[i] = at(disc, static_cast<std::int64_t>(i) - offset);
  }
  return delivered;
}

inline SectorSource source_of(const Samples& samples) {
  return [&samples](cd::LbaRange range, MutableBytes out) -> Result<void> {
    for (std::int64_t i = 0; i < std::int64_t{range.size().value} * 588; ++i) {
      store_le32(out, static_cast<std::size_t>(4 * i),
                 at(samples, std::int64_t{range.begin.value} * 588 + i));
    }
    return {};
  };
}

// Places i = first … last of a track that begins at sector `lba`.
inline std::uint32_t naive_v1(const Samples& samples, int lba, std::int64_t first, std::int64_t last, int k) {
  std::uint64_t sum = 0;
  for (std::int64_t i = first; i <= last; ++i) {
    sum += std::uint64_t{at(samples, std::int64_t{lba} * 588 + i - 1 + k)} * static_cast<std::uint64_t>(i);
  }
  return static_cast<std::uint32_t>(sum);
}

inline std::uint32_t naive_v2(const Samples& samples, int lba, std::int64_t first, std::int64_t last, int k) {
  std::uint64_t sum = 0;
  for (std::int64_t i = first; i <= last; ++i) {
    const std::uint64_t product =
        std::uint64_t{at(samples, std::int64_t{lba} * 588 + i - 1 + k)} * static_cast<std::uint64_t>(i);
    sum += (product & 0xFFFFFFFFU) + (product >> 32U);
  }
  return static_cast<std::uint32_t>(sum);
}

inline void append_u32(ByteVector& data, std::uint32_t value) {
  data.resize(data.size() + 4);
  store_le32(data, data.size() - 4, value);
}

// A dBAR answer.
inline ByteVector answer_of(const AccurateRipIds& ids,
                            const std::vector<std::vector<AccurateRipEntry>>& pressings) {
  ByteVector data;
  for (const auto& pressing : pressings) {
    data.push_back(static_cast<Byte>(pressing.size()));
    for (const std::uint32_t id : {ids.id1, ids.id2, ids.cddb}) append_u32(data, id);
    for (const AccurateRipEntry& entry : pressing) {
      data.push_back(static_cast<Byte>(entry.confidence));
      append_u32(data, entry.sum);
      append_u32(data, entry.frame450);
    }
  }
  return data;
}

inline Samples samples_of(image::DiscImage& disc) {
  const int sectors = disc.disc().sessions.back().lead_out.value;
  Samples samples;
  for (int lba = 0; lba < sectors; ++lba) {
    std::array<Byte, cd::kSectorSize> sector{};
    if (!disc.read_main(cd::Lba{lba}, sector)) std::abort();
    for (std::size_t i = 0; i < cd::kSamplesPerSector; ++i) samples.push_back(load_le32(sector, 4 * i));
  }
  return samples;
}

// What people who own a pressing with this audio would have sent in: tracks of one length, from LBA 0 on.
inline std::vector<AccurateRipEntry> pressing(const Samples& samples, int tracks, int track_sectors,
                                              int confidence) {
  std::vector<AccurateRipEntry> entries;
  for (int i = 0; i < tracks; ++i) {
    const std::int64_t first = i == 0 ? 2940 : 1;
    const std::int64_t last = std::int64_t{track_sectors} * 588 - (i == tracks - 1 ? 2940 : 0);
    const int lba = i * track_sectors;
    entries.push_back(
        {confidence, naive_v2(samples, lba, first, last, 0), naive_v1(samples, lba + 450, 1, 588, 0)});
  }
  return entries;
}

}  // namespace binrip::verify::test
