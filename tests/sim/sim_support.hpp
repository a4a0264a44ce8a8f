// Shared by the tests of the software drive.
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "binrip/drive/commands.hpp"
#include "binrip/sim/generated_disc.hpp"
#include "binrip/sim/sim_drive.hpp"

namespace binrip::sim {

inline constexpr std::chrono::milliseconds kPatience{120'000};

inline drive::Cdb raw_cdb(std::initializer_list<int> bytes) {
  drive::Cdb cdb;
  for (const int b : bytes) cdb.bytes[cdb.size++] = static_cast<Byte>(b);
  return cdb;
}

struct Answered {
  drive::Completion completion;
  ByteVector data;
};

inline Answered ask(drive::Transport& drive, const drive::Cdb& cdb, std::size_t size) {
  Answered answered;
  answered.data.assign(size, 0xA5);
  const auto direction = size == 0 ? drive::Direction::none : drive::Direction::from_drive;
  auto result = drive.execute(cdb, direction, answered.data, kPatience);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  if (result) answered.completion = *result;
  return answered;
}

inline Answered read(drive::Transport& drive, const drive::ReadCd& request) {
  return ask(drive, encode(request), record_size(request) * request.count);
}

// "5/24/00", or "good".
inline std::string sense_of(const drive::Completion& completion) {
  if (completion.good) return "good";
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%X/%02X/%02X", static_cast<unsigned>(completion.sense.key),
                static_cast<unsigned>(completion.sense.asc), static_cast<unsigned>(completion.sense.ascq));
  return text.data();
}

inline Habits quiet_habits() {
  Habits habits;
  habits.unit_attention = false;
  return habits;
}

inline std::array<Byte, cd::kSectorSize> main_of(image::DiscImage& disc, cd::Lba lba) {
  std::array<Byte, cd::kSectorSize> out{};
  EXPECT_TRUE(disc.read_main(lba, out).has_value());
  return out;
}

}  // namespace binrip::sim
