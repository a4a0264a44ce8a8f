// What is done for every sector, in every way that there is, to be timed and counted.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "binrip/cd/sector.hpp"
#include "binrip/cd/subchannel.hpp"

namespace binrip::bench {

// Sectors as a drive delivers them, the same in every run.
struct Samples {
  static constexpr std::size_t kCount = 64;
  Samples();
  std::vector<std::array<Byte, cd::kSectorSize>> mode1, audio;
  std::vector<std::array<Byte, cd::kC2Size>> c2;    // clear
  std::vector<std::array<Byte, cd::kSubSize>> sub;  // as it comes from the wire; fits mode1 and audio
  Bytes bytes() const { return {mode1.front().data(), kCount * cd::kSectorSize}; }
};

// Runs over all samples once. What it returns depends on everything that was computed.
using Run = std::uint64_t (*)(const Samples&);

struct Kernel {
  std::string name, way;
  Run run;
};
// Those that this processor can do. The way is "reference" for plain code that no attention was paid to.
std::vector<Kernel> kernels();

// What peers' programs do, bit by bit or with one table.
namespace reference {
std::uint32_t edc(Bytes data);
bool ecc_right(cd::SectorBytes sector);
void descramble(cd::MutableSectorBytes sector);
bool is_clear(Bytes c2);
bool q_right(cd::SubBytes wire);
void deinterleave(cd::SubBytes wire, cd::MutableSubBytes file);
}  // namespace reference

}  // namespace binrip::bench
