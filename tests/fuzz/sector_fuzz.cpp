// A sector and, behind its 2352 bytes, doubtful positions as 16-bit numbers. The last byte of a longer input
// chooses how the header counts.
#include <algorithm>
#include <cstdlib>

#include "binrip/cd/ecc.hpp"
#include "binrip/cd/sector.hpp"

namespace {

using namespace binrip;
using namespace binrip::cd;
using Sector = std::array<Byte, kSectorSize>;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_correction(const Sector& given, EccHeader header, const std::vector<std::uint16_t>& erasures) {
  Sector sector = given;
  const bool right_before = ecc_check(sector, header);
  const EccCorrection result = ecc_correct(sector, header, erasures);
  require(result.converged == ecc_check(sector, header));
  require(!right_before || (result.converged && sector == given));
  const std::size_t untouched = header == EccHeader::as_is ? 12 : 16;
  require(std::equal(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(untouched), sector.begin()));
  int changed = 0;
  for (std::size_t i = 0; i < kSectorSize; ++i) changed += given[i] != sector[i] ? 1 : 0;
  require(changed == result.bytes_changed);
}

void check_generation(Sector sector, EccHeader header) {
  ecc_generate(sector, header);
  require(ecc_check(sector, header));
}

void check_scrambling(const Sector& given) {
  Sector sector = given;
  scramble(sector);
  scramble(sector);
  require(sector == given);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  Sector sector{};
  const std::size_t main_size = std::min(size, kSectorSize);
  std::copy_n(input.begin(), main_size, sector.begin());
  const Bytes rest = input.subspan(main_size);
  std::vector<std::uint16_t> erasures;
  for (std::size_t i = 0; i + 2 <= rest.size(); i += 2) erasures.push_back(load_le16(rest, i));
  const auto header = !rest.empty() && rest.back() % 2 != 0 ? EccHeader::taken_as_zero : EccHeader::as_is;

  const SectorCheck check = check_sector(sector);
  require(check.kind == classify(sector));
  require(has_sync(sector) == (check.kind != SectorKind::audio));
  check_correction(sector, header, erasures);
  check_generation(sector, header);
  check_scrambling(sector);
  return 0;
}
