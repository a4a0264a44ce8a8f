// Gets sectors that were read before out of the drive's cache, so that reading them again tells something.
//
// What a drive says of its cache, and whether it honours FORCE UNIT ACCESS, is not believed where the clock
// can tell: a sector from the cache comes within a millisecond or two, one from the disc waits for the disc
// to come round.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "issuer.hpp"

namespace binrip::rip {

enum class Freshness {
  fresh,         // what is read now comes from the disc
  told_to_drop,  // the same, as far as the drive can be believed that it dropped its cache
  may_be_cached,
};

class Evictor {
 public:
  // All by reference.
  Evictor(drive::Drive& drive, const drive::Profile& profile, Issuer& issuer)
      : drive_(drive), profile_(profile), issuer_(issuer) {}

  // ascending_again: the pass goes over its targets in ascending order, as the one before it did.
  enum class Walk { ascending_again, otherwise };
  // Before a pass over these targets, ascending and not empty. Errors: those of Issuer::read, and cancelled.
  Result<Freshness> evict(const std::vector<cd::LbaRange>& targets, Walk walk, const SectorMap& map,
                          std::stop_token stop);

 private:
  enum class Means { nothing_needed, sectors_elsewhere, unit_access };
  struct Method {
    Means means = Means::nothing_needed;
    std::int32_t sectors = 0;
  };
  using Places = std::vector<cd::LbaRange>;

  bool clock_tells();
  Result<Freshness> by_the_clock(const std::vector<cd::LbaRange>& targets, cd::Lba here,
                                 const Places& places);
  Result<Freshness> by_its_word(const std::vector<cd::LbaRange>& targets, Walk walk, const Places& places);
  Result<bool> works(const Method& method, cd::Lba here, const Places& places);
  Result<bool> apply(const Method& method, cd::Lba here, const Places& places);
  Result<std::optional<std::chrono::nanoseconds>> read(cd::Lba lba, std::uint32_t count);
  Result<bool> read_all(cd::LbaRange range);
  Result<bool> force_unit_access(cd::Lba lba);
  std::int32_t cache_sectors() const;

  drive::Drive& drive_;
  const drive::Profile& profile_;
  Issuer& issuer_;
  std::stop_token stop_;
  bool clock_tells_ = false;
  std::optional<Method> worked_;  // the last time
  Transfer transfer_;
  std::uint64_t salt_ = 0;
};

}  // namespace binrip::rip
