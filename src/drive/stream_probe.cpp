// Whether the drive keeps its place in audio.
#include <algorithm>
#include <functional>
#include <vector>

#include "drive/prober.hpp"

#include "binrip/drive/profile.hpp"

namespace binrip::drive {
namespace {

constexpr std::size_t kSample = 4;
constexpr std::size_t kSector = 2352;
constexpr std::uint32_t kSectors = 8;
constexpr std::int32_t kPlaces = 2;
// Sectors from one to the next: short ways for the head, and more than most caches hold.
constexpr std::int32_t kFarApart = 1500;
// How many sectors before a place its second read begins, so that it is not the first one's twin.
constexpr std::int32_t kEarlier = 5;
// What is compared, and how far it is sought: samples.
constexpr std::size_t kCompared = 1176, kReach = 588;

// Where the first sample of `window` lies in `audio`, for what has one place alone there.
std::optional<std::size_t> find(Bytes window, Bytes audio) {
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at + window.size() <= audio.size(); at += kSample) {
    if (!std::equal(window.begin(), window.end(), audio.begin() + static_cast<std::ptrdiff_t>(at))) continue;
    if (found) return std::nullopt;
    found = at;
  }
  return found;
}

class StreamProbe {
 public:
  StreamProbe(Drive& drive, std::stop_token stop) : prober_(drive, std::move(stop)) {}

  // True when some place came shifted.
  Result<bool> run(cd::Lba begin, cd::SectorCount apart) {
    for (std::int32_t i = 1; i <= kPlaces; ++i) TRY_VOID(read_once(begin + cd::SectorCount{i * apart.value}));
    return read_again();
  }

 private:
  Result<void> read_once(cd::Lba place) {
    TRY(Reading reading,
        prober_.read({.start = place, .count = kSectors, .expected = ExpectedSector::cd_da}));
    first_.push_back({place, std::move(reading)});
    return {};
  }

  Result<bool> read_again() {
    for (const auto& [place, before] : first_) {
      if (before.outcome != Outcome::delivered) continue;
      const ReadCd request{.start = place - cd::SectorCount{kEarlier},
                           .count = kSectors + kEarlier,
                           .expected = ExpectedSector::cd_da};
      TRY(const Reading now, prober_.read(request));
      if (now.outcome == Outcome::delivered && shifted(before.data, now.data)) return true;
    }
    return false;
  }

  static bool shifted(Bytes before, Bytes now) {
    constexpr std::size_t kFrom = (kSector / kSample * kSectors - kCompared) / 2 * kSample;
    const Bytes window = before.subspan(kFrom, kCompared * kSample);
    const std::size_t expected = kFrom + kEarlier * kSector;
    const std::size_t from = expected - kReach * kSample;
    const auto found = find(window, now.subspan(from, (kCompared + 2 * kReach) * kSample));
    return found && from + *found != expected;
  }

  struct Place {
    cd::Lba lba;
    Reading reading;
  };
  Prober prober_;
  std::vector<Place> first_;
};

}  // namespace

Result<void> probe_stream(Drive& drive, cd::LbaRange audio, Profile& profile, std::stop_token stop) {
  if (profile.accurate_stream.source > ProfileSource::probed) return {};
  // Places that a cache keeps side by side say nothing.
  const std::int32_t apart = std::min(audio.size().value / (kPlaces + 1), kFarApart);
  if (apart < 2 * static_cast<std::int32_t>(kSectors + kEarlier)) return {};
  StreamProbe probe(drive, std::move(stop));
  const Result<bool> shifted = probe.run(audio.begin, cd::SectorCount{apart});
  // A place where the drive hangs tells nothing here; the rip has its ways to deal with it.
  if (!shifted) return shifted.error().kind == ErrorKind::timeout ? Result<void>() : fail(shifted.error());
  if (*shifted) profile.accurate_stream.set(false, ProfileSource::probed);
  return {};
}

}  // namespace binrip::drive
