// Qs of a disc of two sessions, in records of 12 bytes: address (2 bytes; the highest bit spoils the CRC),
// then the first 10 bytes of Q. Bit 14 of the address puts the right absolute time in.
#include "binrip/cd/q_analysis.hpp"

using namespace binrip;

namespace {

cd::Disc disc_of_two_sessions() {
  cd::Track one;
  one.indexes = {{0, cd::Lba{0}}, {1, cd::Lba{40}}};
  cd::Track two;
  two.number = 2;
  two.indexes = {{1, cd::Lba{500}}};
  cd::Track three;
  three.number = 3;
  three.control = cd::kControlData;
  three.mode = cd::TrackMode::mode2;
  three.indexes = {{1, cd::Lba{12'900}}};
  cd::Disc disc;
  disc.sessions = {{1, cd::DiscType::cd_da_or_rom, {one, two}, cd::Lba{1'500}},
                   {2, cd::DiscType::cd_xa, {three}, cd::Lba{15'000}}};
  return disc;
}

void require(bool condition) {
  if (!condition) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cd::Disc toc = disc_of_two_sessions();
  cd::QAnalysis analysis(toc);
  for (std::size_t at = 0; at + 12 <= size; at += 12) {
    const unsigned head = load_be16({data + at, 2});
    const cd::Lba lba{static_cast<std::int32_t>(head & 0x3FFF)};
    cd::QBytes q{};
    std::copy_n(data + at + 2, 10, q.begin());
    if ((head & 0x4000) != 0) {
      const cd::Msf m = cd::to_msf(lba);
      q[7] = to_bcd(m.minute);
      q[8] = to_bcd(m.second);
      q[9] = to_bcd(m.frame);
    }
    cd::set_q_crc(q);
    if ((head & 0x8000) != 0) q[11] ^= 1;
    analysis.add(lba, q);
    analysis.add_rw(lba, q[3] != 0);
    cd::decode_q_mcn(q);
    cd::decode_q_isrc(q);
  }
  const auto findings = analysis.finish();
  require(cd::toc_identity(findings.disc) == cd::toc_identity(toc));
  cd::Lba end{0};
  for (const cd::TrackRef& ref : cd::track_ranges(findings.disc)) {
    require(ref.range.begin >= end && !ref.range.empty());
    end = ref.range.end;
    const auto& indexes = ref.track->indexes;
    for (std::size_t i = 1; i < indexes.size(); ++i) {
      require(indexes[i].number > indexes[i - 1].number && indexes[i].lba > indexes[i - 1].lba);
    }
    require(indexes.back().lba < end);
  }
  return 0;
}
