#include "sim_support.hpp"

#include "binrip/drive/sense.hpp"

namespace binrip::sim {
namespace {

using drive::C2Mode;
using drive::SubMode;
using Kind = Fault::Kind;

std::shared_ptr<image::DiscImage> audio_disc() {
  return make_disc(plain_recipe(cd::TrackMode::audio, 2, {2000}));
}
Fault fault(Kind kind) {
  Fault f;
  f.kind = kind;
  return f;
}
Fault c2_fault(int bytes, bool flagged) {
  Fault f = fault(Kind::c2);
  f.bytes = bytes;
  f.flagged = flagged;
  return f;
}
// Positions where a delivered sector differs from the disc, and those that C2 names.
std::vector<std::size_t> differing(const Answered& got, const std::array<Byte, 2352>& truth) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < 2352; ++i) {
    if (got.data[i] != truth[i]) out.push_back(i);
  }
  return out;
}
std::vector<std::size_t> named(const Answered& got) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < 2352; ++i) {
    if ((got.data[2352 + i / 8] >> (7 - i % 8)) & 1) out.push_back(i);
  }
  return out;
}

TEST(SimFaults, C2NamesTheWrongBytes) {
  const auto disc = audio_disc();
  SimDrive drive(disc, quiet_habits());
  drive.set_faults({{700, c2_fault(12, true)}, {701, c2_fault(5, false)}});
  const auto flagged = read(drive, {.start = {700}, .c2 = C2Mode::bits_and_block});
  EXPECT_EQ(differing(flagged, main_of(*disc, {700})).size(), 12U);
  EXPECT_EQ(differing(flagged, main_of(*disc, {700})), named(flagged));
  EXPECT_NE(flagged.data[2352 + 294], 0);  // block error
  const auto silent = read(drive, {.start = {701}, .c2 = C2Mode::bits});
  EXPECT_EQ(differing(silent, main_of(*disc, {701})).size(), 5U);
  EXPECT_TRUE(named(silent).empty());
}

TEST(SimFaults, C2MovesWithTheReadOffset) {
  const auto disc = audio_disc();
  Habits habits = quiet_habits();
  habits.read_offset = 100;
  SimDrive drive(disc, habits);
  drive.set_faults({{700, c2_fault(600, true)}});
  SimDrive clean(disc, habits);
  std::size_t total = 0;
  for (const int lba : {700, 701}) {
    const auto bad = read(drive, {.start = {lba}, .c2 = C2Mode::bits});
    const auto good = read(clean, {.start = {lba}});
    std::array<Byte, 2352> truth{};
    std::copy_n(good.data.begin(), 2352, truth.begin());
    EXPECT_EQ(differing(bad, truth), named(bad));
    total += named(bad).size();
  }
  EXPECT_EQ(total, 600U);
}

TEST(SimFaults, HardErrorGivesTheSectorsBeforeItAndNamesTheAddress) {
  const auto disc = audio_disc();
  SimDrive drive(disc, quiet_habits());
  drive.set_faults({{505, fault(Kind::hard)}});
  const auto got = read(drive, {.start = {500}, .count = 10});
  EXPECT_EQ(sense_of(got.completion), "3/11/05");
  EXPECT_EQ(got.completion.sense.information, 505U);
  EXPECT_EQ(got.completion.transferred, 5U * 2352);
  EXPECT_EQ(got.data[5 * 2352], 0xA5);  // nothing beyond
}

TEST(SimFaults, YieldAfterSoManyReads) {
  SimDrive drive(audio_disc(), quiet_habits());
  Fault f = fault(Kind::hard);
  f.reads_until_good = 3;
  drive.set_faults({{505, f}});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(read(drive, {.start = {505}}).completion.good);
  EXPECT_TRUE(read(drive, {.start = {505}}).completion.good);
}

TEST(SimFaults, SucceedByChanceTheSameWayForTheSameSeed) {
  const auto run = [](std::uint64_t seed) {
    SimDrive drive(audio_disc(), quiet_habits(), Clock::virtual_time, seed);
    Fault f = fault(Kind::hard);
    f.success = 0.3;
    drive.set_faults({{505, f}});
    std::vector<bool> out;
    for (int i = 0; i < 60; ++i) {
      out.push_back(read(drive, {.start = {505}}).completion.good);
      ask(drive, drive::read_12_fua_cdb({505}, 0), 0);
    }
    return out;
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
  const auto outcome = run(7);
  const auto good = std::count(outcome.begin(), outcome.end(), true);
  EXPECT_GT(good, 8);
  EXPECT_LT(good, 30);
}

TEST(SimFaults, TheCacheRepeatsWhatWasRead) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{505, c2_fault(20, true)}});
  const auto first = read(drive, {.start = {505}});
  const auto cached = read(drive, {.start = {505}});
  EXPECT_EQ(first.data, cached.data);
  ask(drive, drive::read_12_fua_cdb({505}, 0), 0);
  EXPECT_NE(read(drive, {.start = {505}}).data, first.data);
}

TEST(SimFaults, ADriveThatIgnoresForceUnitAccessKeepsItsCache) {
  Habits habits = quiet_habits();
  habits.honours_fua = false;
  SimDrive drive(audio_disc(), habits);
  drive.set_faults({{505, c2_fault(20, true)}});
  const auto first = read(drive, {.start = {505}});
  ask(drive, drive::read_12_fua_cdb({505}, 0), 0);
  EXPECT_EQ(read(drive, {.start = {505}}).data, first.data);
  read(drive, {.start = {1900}});  // far away
  EXPECT_NE(read(drive, {.start = {505}}).data, first.data);
}

TEST(SimFaults, WrongQHasAWrongCrc) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{505, fault(Kind::q)}});
  const auto got = read(drive, {.start = {504}, .count = 2, .sub = SubMode::raw});
  const auto q = [&](std::size_t record) {
    std::array<Byte, 96> wire{};
    std::copy_n(got.data.begin() + static_cast<long>(record * 2448 + 2352), 96, wire.begin());
    return cd::q_of_wire(wire);
  };
  EXPECT_TRUE(cd::q_crc_right(q(0)));
  EXPECT_FALSE(cd::q_crc_right(q(1)));
}

TEST(SimFaults, CommandsAreAbortedOrHang) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{505, fault(Kind::aborted)}, {605, fault(Kind::hang)}});
  EXPECT_EQ(sense_of(read(drive, {.start = {505}}).completion), "B/00/00");
  const auto before = drive.now();
  ByteVector buffer(2352);
  const auto result = drive.execute(encode(drive::ReadCd{.start = {605}}), drive::Direction::from_drive,
                                    buffer, std::chrono::seconds(7));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::timeout);
  EXPECT_EQ(drive.now() - before, std::chrono::seconds(7));
}

TEST(SimFaults, LiesOfTheBusLookLikeSuccess) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{505, fault(Kind::zeros)}, {605, fault(Kind::untouched)}});
  const auto zeros = read(drive, {.start = {504}, .count = 3});
  EXPECT_TRUE(zeros.completion.good);
  EXPECT_NE(zeros.data[2351], 0);
  EXPECT_EQ(std::count(zeros.data.begin() + 2352, zeros.data.end(), 0), 2 * 2352);
  const auto untouched = read(drive, {.start = {604}, .count = 3});
  EXPECT_TRUE(untouched.completion.good);
  EXPECT_EQ(std::count(untouched.data.begin() + 2352, untouched.data.end(), 0xA5), 2 * 2352);
}

TEST(SimFaults, WithCorrectionOffADataSectorComesWithItsErrors) {
  const auto disc = make_disc(plain_recipe(cd::TrackMode::mode1, 1, {1000}));
  SimDrive drive(disc, quiet_habits());
  Fault f = fault(Kind::hard);
  f.bytes = 30;
  drive.set_faults({{505, f}});
  EXPECT_EQ(sense_of(read(drive, {.start = {505}}).completion), "3/11/05");
  ByteVector page = drive::mode_select_error_recovery({.parameters = 0x21, .read_retries = 1, .rest = {}});
  ASSERT_TRUE(drive
                  .execute(drive::mode_select_cdb(static_cast<std::uint16_t>(page.size())),
                           drive::Direction::to_drive, page, kPatience)
                  ->good);
  const auto got = read(drive, {.start = {505}, .c2 = C2Mode::bits});
  ASSERT_TRUE(got.completion.good);
  EXPECT_EQ(differing(got, main_of(*disc, {505})).size(), 30U);
}

TEST(SimFaults, BlockReadsNeverGiveWrongData) {
  SimDrive drive(make_disc(plain_recipe(cd::TrackMode::mode1, 1, {1000})), quiet_habits());
  drive.set_faults({{505, c2_fault(3, false)}});
  EXPECT_EQ(sense_of(ask(drive, raw_cdb({0x28, 0, 0, 0, 0x01, 0xF9, 0, 0, 1, 0}), 2048).completion),
            "3/11/05");
}

}  // namespace
}  // namespace binrip::sim
