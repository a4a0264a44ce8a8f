#include <gmock/gmock.h>

#include "sim_support.hpp"

namespace binrip::sim {
namespace {

using drive::C2Mode;
using drive::ReadCd;
using drive::SubMode;
using ::testing::Each;

std::shared_ptr<image::DiscImage> audio_disc() {
  return make_disc(plain_recipe(cd::TrackMode::audio, 3, {1200}));
}
std::shared_ptr<image::DiscImage> data_disc() {
  return make_disc(plain_recipe(cd::TrackMode::mode1, 1, {1200}));
}
ByteVector part(const Answered& a, std::size_t at, std::size_t size) {
  return {a.data.begin() + static_cast<std::ptrdiff_t>(at),
          a.data.begin() + static_cast<std::ptrdiff_t>(at + size)};
}
template <std::size_t N>
ByteVector vec(const std::array<Byte, N>& a) {
  return {a.begin(), a.end()};
}

TEST(SimRead, DeliversAudioAsTheDiscHoldsIt) {
  const auto disc = audio_disc();
  SimDrive drive(disc, quiet_habits());
  const auto got = read(drive, {.start = {500}, .count = 3});
  ASSERT_TRUE(got.completion.good);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(part(got, static_cast<std::size_t>(i) * 2352, 2352), vec(main_of(*disc, {500 + i})));
  }
}

TEST(SimRead, ShiftsAudioByTheReadOffset) {
  const auto disc = audio_disc();
  for (const int offset : {6, 667, -472, -1164, 1776}) {
    Habits habits = quiet_habits();
    habits.read_offset = offset;
    SimDrive drive(disc, habits);
    const auto got = read(drive, {.start = {500}, .count = 8});
    // disc[x] = delivered[x + N], sample by sample.
    const int samples = 8 * 588;
    for (int s = 0; s < samples; s += 97) {
      const int x = 500 * 588 + s - offset;
      const auto sector = main_of(*disc, {x / 588});
      const auto at = static_cast<std::size_t>(x % 588) * 4;
      ASSERT_EQ(
          part(got, static_cast<std::size_t>(s) * 4, 4),
          (ByteVector{sector.begin() + static_cast<long>(at), sector.begin() + static_cast<long>(at) + 4}))
          << offset << " " << s;
    }
  }
}

TEST(SimRead, DeliversDataAlignedWhateverTheOffset) {
  const auto disc = data_disc();
  Habits habits = quiet_habits();
  habits.read_offset = 667;
  SimDrive drive(disc, habits);
  const auto got = read(drive, {.start = {100}, .count = 2});
  EXPECT_EQ(part(got, 2352, 2352), vec(main_of(*disc, {101})));
}

TEST(SimRead, GivesC2AndSubchannelInTheDrivesOrder) {
  const auto disc = audio_disc();
  for (const auto order : {drive::FieldOrder::main_c2_sub, drive::FieldOrder::main_sub_c2}) {
    Habits habits = quiet_habits();
    habits.order = order;
    SimDrive drive(disc, habits);
    const auto got = read(drive, {.start = {600}, .count = 2, .c2 = C2Mode::bits, .sub = SubMode::raw});
    ASSERT_TRUE(got.completion.good);
    const std::size_t sub_at = 2742 + 2352 + (order == drive::FieldOrder::main_c2_sub ? 294 : 0);
    std::array<Byte, 96> wire{};
    std::copy_n(got.data.begin() + static_cast<long>(sub_at), 96, wire.begin());
    const auto q = cd::q_of_wire(wire);
    EXPECT_TRUE(cd::q_crc_right(q));
    const auto position = cd::decode_q_position(q);
    ASSERT_TRUE(position);
    EXPECT_EQ(cd::to_lba(position->absolute), cd::Lba{601});
    const std::size_t c2_at = 2742 + 2352 + (order == drive::FieldOrder::main_c2_sub ? 0 : 96);
    EXPECT_THAT(part(got, c2_at, 294), Each(0));
  }
}

TEST(SimRead, RefusesWhatTheDriveCannotDo) {
  Habits habits = quiet_habits();
  habits.c2 = drive::C2Support::bits;
  habits.sub = drive::SubSupport::formatted_q;
  habits.combination = drive::Combination::separate;
  SimDrive drive(audio_disc(), habits);
  EXPECT_EQ(sense_of(read(drive, {.start = {0}, .c2 = C2Mode::bits}).completion), "good");
  EXPECT_EQ(sense_of(read(drive, {.start = {0}, .c2 = C2Mode::bits_and_block}).completion), "5/24/00");
  EXPECT_EQ(sense_of(read(drive, {.start = {0}, .sub = SubMode::q}).completion), "good");
  EXPECT_EQ(sense_of(read(drive, {.start = {0}, .sub = SubMode::raw}).completion), "5/24/00");
  EXPECT_EQ(sense_of(read(drive, {.start = {0}, .c2 = C2Mode::bits, .sub = SubMode::q}).completion),
            "5/24/00");
}

TEST(SimRead, KeepsToItsOverReadLimits) {
  Habits habits = quiet_habits();
  habits.overread_lead_in = 10;
  habits.overread_lead_out = 2;
  SimDrive drive(audio_disc(), habits);
  EXPECT_EQ(sense_of(read(drive, {.start = {-10}}).completion), "good");
  EXPECT_EQ(sense_of(read(drive, {.start = {-11}}).completion), "5/21/00");
  EXPECT_EQ(sense_of(read(drive, {.start = {1198}, .count = 4}).completion), "good");
  EXPECT_EQ(sense_of(read(drive, {.start = {1199}, .count = 4}).completion), "5/21/00");
}

}  // namespace
}  // namespace binrip::sim
