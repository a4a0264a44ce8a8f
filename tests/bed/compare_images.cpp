// binrip-compare-images TRUTH FOUND [MAP]: counts the sectors of 2352 bytes of which FOUND says something
// else than TRUTH. Prints a line of words:
//   sectors N good N good_wrong N wrong N lost N
// good: what MAP calls proven or consistent, without a map all; good_wrong: how many of these differ. Of all
// that differ, lost: missing, zeros, or binrip's pattern for sectors that could not be read, and wrong:
// anything else. Ends with 0 when no good sector differs, with 1 when one does, with 2 when a file cannot be
// read.
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "binrip/base/file.hpp"
#include "binrip/rip/sector_map.hpp"

namespace binrip {
namespace {

struct Counts {
  std::int64_t sectors = 0, good = 0, good_wrong = 0, wrong = 0, lost = 0;
};

bool is_lost(Bytes sector) {
  constexpr std::string_view kPattern = "binrip: unreadable sector";
  const bool is_zero = std::all_of(sector.begin(), sector.end(), [](Byte b) { return b == 0; });
  return is_zero || std::equal(kPattern.begin(), kPattern.end(), sector.begin(),
                               [](char a, Byte b) { return static_cast<Byte>(a) == b; });
}

// In the order of the image: a byte for each sector that is called good.
Result<std::vector<bool>> good_sectors(const char* map_name, std::int64_t sectors) {
  if (map_name == nullptr) return std::vector<bool>(static_cast<std::size_t>(sectors), true);
  TRY(const std::string text, read_text(map_name));
  TRY(const rip::SectorMap map, rip::parse_map(text, map_name));
  std::vector<bool> good;
  for (const auto& [range, state] : map.runs()) {
    good.insert(good.end(), static_cast<std::size_t>(range.size().value),
                state >= cd::SectorState::consistent);
  }
  if (good.size() != static_cast<std::size_t>(sectors)) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: expected {} sectors, got {}", map_name, sectors, good.size()));
  }
  return good;
}

Result<Counts> compare(const char* truth_name, const char* found_name, const char* map_name) {
  TRY(const File truth, File::open_read(truth_name));
  TRY(const File found, File::open_read(found_name));
  TRY(const std::int64_t size, truth.size());
  Counts counts;
  counts.sectors = size / std::int64_t{cd::kSectorSize};
  TRY(const std::vector<bool> good, good_sectors(map_name, counts.sectors));
  for (std::int64_t i = 0; i < counts.sectors; ++i) {
    std::array<Byte, cd::kSectorSize> want{}, got{};
    TRY_VOID(truth.read_at(want, i * std::int64_t{cd::kSectorSize}));
    TRY_VOID(found.read_at(got, i * std::int64_t{cd::kSectorSize}));  // less at its end: the rest stays zero
    const bool is_good = good[static_cast<std::size_t>(i)];
    counts.good += is_good ? 1 : 0;
    if (want == got) continue;
    counts.good_wrong += is_good ? 1 : 0;
    ++(is_lost(got) ? counts.lost : counts.wrong);
  }
  return counts;
}

}  // namespace
}  // namespace binrip

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    fmt::print(stderr, "usage: binrip-compare-images TRUTH FOUND [MAP]\n");
    return 2;
  }
  const auto counts = binrip::compare(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
  if (!counts) {
    fmt::print(stderr, "binrip-compare-images: {}\n", counts.error().message);
    return 2;
  }
  fmt::print("sectors {} good {} good_wrong {} wrong {} lost {}\n", counts->sectors, counts->good,
             counts->good_wrong, counts->wrong, counts->lost);
  return counts->good_wrong == 0 ? 0 : 1;
}
