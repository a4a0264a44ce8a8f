// Commands as a confused or hostile host might send them: mostly known operation codes, with fields that are
// now sensible, now random.
#pragma once

#include <array>
#include <random>

#include "binrip/drive/transport.hpp"

namespace binrip::sim {

struct RandomCommand {
  drive::Cdb cdb;
  drive::Direction direction = drive::Direction::none;
  std::size_t length = 0;
};

class CommandSource {
 public:
  explicit CommandSource(std::uint32_t seed) : random_(seed) {}

  RandomCommand next() {
    static constexpr std::array<Byte, 28> kOpcodes = {
        0x00, 0x03, 0x12, 0x15, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x2B, 0x42, 0x43, 0x44, 0x46,
        0x4A, 0x51, 0x52, 0x55, 0x5A, 0x5C, 0xA8, 0xB6, 0xB9, 0xBB, 0xBD, 0xBE, 0xDA, 0xBE};
    RandomCommand command;
    drive::Cdb& cdb = command.cdb;
    constexpr std::array<std::size_t, 5> kSizes = {6, 10, 12, 16, 1};
    cdb.size = kSizes[below(20) == 0 ? below(5) : 2];
    for (Byte& b : cdb.bytes) b = static_cast<Byte>(below(3) == 0 ? below(256) : 0);
    cdb.bytes[0] = below(30) == 0 ? static_cast<Byte>(below(256)) : kOpcodes[below(kOpcodes.size())];
    // Addresses and counts of reads mostly near to what the disc has.
    const bool reads = cdb.bytes[0] == 0xBE || cdb.bytes[0] == 0x28 || cdb.bytes[0] == 0xA8;
    if (reads && below(10) != 0) {
      store_be32(cdb.bytes, 2, static_cast<std::uint32_t>(static_cast<int>(below(4000)) - 200));
      store_be24(cdb.bytes, 6, static_cast<std::uint32_t>(below(12)));
      cdb.bytes[1] &= 0x1C;
      if (below(4) != 0) {
        constexpr std::array<Byte, 6> kFields = {0xF8, 0xFA, 0xFC, 0x10, 0x78, 0x00};
        cdb.bytes[1] = 0;
        cdb.bytes[9] = kFields[below(kFields.size())];
        cdb.bytes[10] = static_cast<Byte>(below(3));
      }
    }
    const auto way = below(10);
    command.direction = way == 0 ? drive::Direction::to_drive : drive::Direction::from_drive;
    if (cdb.bytes[0] == 0x15 || cdb.bytes[0] == 0x55 || cdb.bytes[0] == 0xB6) {
      command.direction = drive::Direction::to_drive;
    }
    command.length = below(6) == 0 ? below(64) : below(40'000);
    if (way == 1) command.length = 0;
    return command;
  }

 private:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  std::mt19937 random_;
};

}  // namespace binrip::sim
