// Addresses on a CD. Lba is a point, SectorCount a distance; Msf is a notation, converted at the edges.
// LBA 0 is 00:02:00, the first sector after the 150 of the first pregap; addresses below are negative.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace binrip::cd {

inline constexpr int kSectorsPerSecond = 75;
inline constexpr int kSectorsPerMinute = 60 * kSectorsPerSecond;
inline constexpr int kPregapSectors = 150;  // LBA -150 … -1

// A number of sectors; may be negative.
struct SectorCount {
  std::int32_t value = 0;
  friend constexpr auto operator<=>(SectorCount, SectorCount) = default;
  friend constexpr SectorCount operator+(SectorCount a, SectorCount b) { return {a.value + b.value}; }
  friend constexpr SectorCount operator-(SectorCount a, SectorCount b) { return {a.value - b.value}; }
  constexpr SectorCount& operator+=(SectorCount b) { return value += b.value, *this; }
};

// A sector's logical block address, -45150 (in the lead-in) … 449849 (99:59:74).
struct Lba {
  std::int32_t value = 0;
  friend constexpr auto operator<=>(Lba, Lba) = default;
  friend constexpr Lba operator+(Lba a, SectorCount n) { return {a.value + n.value}; }
  friend constexpr Lba operator-(Lba a, SectorCount n) { return {a.value - n.value}; }
  friend constexpr SectorCount operator-(Lba a, Lba b) { return {a.value - b.value}; }
  constexpr Lba& operator+=(SectorCount n) { return value += n.value, *this; }
  constexpr Lba& operator++() { return ++value, *this; }
};

inline constexpr Lba kFirstPregapLba{-kPregapSectors};
inline constexpr Lba kLastLba{449'849};

// A run of sectors, [begin, end).
struct LbaRange {
  Lba begin;
  Lba end;
  friend constexpr auto operator<=>(LbaRange, LbaRange) = default;
  constexpr SectorCount size() const { return end - begin; }
  constexpr bool empty() const { return end <= begin; }
  constexpr bool contains(Lba lba) const { return begin <= lba && lba < end; }
};

// A number of stereo samples (4 bytes each, 588 a sector); may be negative.
inline constexpr int kSamplesPerSector = 588;
inline constexpr int kBytesPerSample = 4;
struct SampleCount {
  std::int32_t value = 0;
  friend constexpr auto operator<=>(SampleCount, SampleCount) = default;
};

// Minutes, seconds, frames as plain (not BCD) numbers. No range is enforced: what a disc says is kept.
struct Msf {
  int minute = 0;
  int second = 0;
  int frame = 0;
  friend constexpr auto operator<=>(const Msf&, const Msf&) = default;
};

// Absolute time on the disc. Addresses in the lead-in count up to 99:59:74 and come back as negative.
constexpr Lba to_lba(Msf m) {
  const int lba = m.minute * kSectorsPerMinute + m.second * kSectorsPerSecond + m.frame - kPregapSectors;
  return {m.minute >= 90 ? lba - 450'000 : lba};
}
constexpr Msf to_msf(Lba lba) {
  int n = lba.value + kPregapSectors;
  if (n < 0) n += 450'000;
  return {n / kSectorsPerMinute, n / kSectorsPerSecond % 60, n % kSectorsPerSecond};
}
// A length, or an offset into a file: 00:00:00 is nothing. Minutes may exceed 99.
constexpr SectorCount to_count(Msf m) {
  return {m.minute * kSectorsPerMinute + m.second * kSectorsPerSecond + m.frame};
}
constexpr Msf to_msf(SectorCount n) {
  return {n.value / kSectorsPerMinute, n.value / kSectorsPerSecond % 60, n.value % kSectorsPerSecond};
}
constexpr bool is_valid(Msf m) {
  return m.minute >= 0 && m.minute <= 99 && m.second >= 0 && m.second < 60 && m.frame >= 0 && m.frame < 75;
}

// "mm:ss:ff", at least two digits each.
std::string to_string(Msf m);
// Exactly "mm:ss:ff" with two digits each (minutes may have three), seconds < 60, frames < 75.
std::optional<Msf> parse_msf(std::string_view text);

}  // namespace binrip::cd
