// Faults and habits of drives that answer success with what was not asked for.
#include "sim_support.hpp"

namespace binrip::sim {
namespace {

using drive::C2Mode;
using drive::SubMode;
using Kind = Fault::Kind;

constexpr std::size_t kWhole = 2352 + 294 + 96;

std::shared_ptr<image::DiscImage> audio_disc() {
  return make_disc(plain_recipe(cd::TrackMode::audio, 2, {2000}));
}
Bytes main_in(const Answered& got, std::size_t index, std::size_t record = 2352) {
  return Bytes(got.data).subspan(index * record, 2352);
}
Bytes c2_in(const Answered& got, std::size_t index) {
  return Bytes(got.data).subspan(index * kWhole + 2352, 294);
}
// The address that the Q of a whole record gives.
int q_address(const Answered& got, std::size_t index) {
  const cd::QBytes q = cd::q_of_wire(Bytes(got.data).subspan(index * kWhole + 2352 + 294).first<96>());
  EXPECT_TRUE(cd::q_crc_right(q));
  const auto number = [&](std::size_t at) { return (q[at] >> 4U) * 10 + (q[at] & 15U); };
  return static_cast<int>((number(7) * 60 + number(8)) * 75 + number(9)) - 150;
}
drive::ReadCd whole(int start, std::uint32_t count) {
  return {.start = {start}, .count = count, .c2 = C2Mode::bits, .sub = SubMode::raw};
}
bool same(Bytes got, const std::array<Byte, 2352>& truth) {
  return std::equal(got.begin(), got.end(), truth.begin());
}

TEST(SimLies, ThePreviousReadsBytesStandWhereTheFaultBegins) {
  const auto disc = audio_disc();
  SimDrive drive(disc, quiet_habits());
  drive.set_faults({{502, {.kind = Kind::previous}}});
  read(drive, {.start = {800}, .count = 3});
  const auto got = read(drive, {.start = {500}, .count = 4});
  EXPECT_TRUE(got.completion.good);
  EXPECT_TRUE(same(main_in(got, 1), main_of(*disc, {501})));
  EXPECT_TRUE(same(main_in(got, 2), main_of(*disc, {802})));
  EXPECT_EQ(main_in(got, 3)[0], 0xA5);  // the one before was shorter
}

TEST(SimLies, TheNeighbourComesWithOrWithoutItsQ) {
  const auto disc = audio_disc();
  for (const auto part : {Fault::Part::all, Fault::Part::main, Fault::Part::sub}) {
    SimDrive drive(disc, quiet_habits());
    drive.set_faults({{600, {.kind = Kind::neighbour, .distance = -3, .part = part}}});
    const auto got = read(drive, whole(599, 3));
    const int main_from = part == Fault::Part::sub ? 600 : 597;
    EXPECT_TRUE(same(main_in(got, 1, kWhole), main_of(*disc, {main_from})));
    EXPECT_EQ(q_address(got, 1), part == Fault::Part::main ? 600 : 597);
    EXPECT_TRUE(same(main_in(got, 2, kWhole), main_of(*disc, {601})));
    EXPECT_EQ(q_address(got, 2), 601);
  }
}

TEST(SimLies, ANeighbourOfADataSectorHasItsOwnAddress) {
  const auto disc = make_disc(plain_recipe(cd::TrackMode::mode1, 1, {2000}));
  SimDrive drive(disc, quiet_habits());
  drive.set_faults({{600, {.kind = Kind::neighbour, .distance = 2}}});
  EXPECT_TRUE(same(main_in(read(drive, {.start = {600}}), 0), main_of(*disc, {602})));
}

// A slip of n samples: the bytes from there on stand 4n earlier, until the transfer ends.
TEST(SimLies, ASlipDisplacesAudioToTheEndOfItsTransfer) {
  const auto disc = audio_disc();
  for (const int samples : {7, -7}) {
    SimDrive drive(disc, quiet_habits());
    drive.set_faults({{702, {.kind = Kind::slip, .distance = samples}}});
    const auto got = read(drive, {.start = {700}, .count = 6});
    const auto clean = [&](int lba) { return main_of(*disc, {lba}); };
    EXPECT_TRUE(same(main_in(got, 1), clean(701)));
    for (std::size_t i = 2; i < 6; ++i) {
      const auto here = clean(700 + static_cast<int>(i));
      const auto from = main_in(got, i);
      if (samples > 0) {
        EXPECT_TRUE(std::equal(from.begin(), from.end() - 28, here.begin() + 28));
      } else {
        EXPECT_TRUE(std::equal(from.begin() + 28, from.end(), here.begin()));
      }
    }
    EXPECT_TRUE(same(main_in(read(drive, {.start = {706}, .count = 2}), 0), clean(706)));
    // The cache holds it as it was read.
    EXPECT_EQ(read(drive, {.start = {700}, .count = 6}).data, got.data);
  }
}

TEST(SimLies, JitterMovesWholeTransfersAndTheCacheKeepsIt) {
  const auto disc = audio_disc();
  Habits habits = quiet_habits();
  habits.jitter = 3;
  SimDrive drive(disc, habits);
  std::map<int, int> seen;
  for (int i = 0; i < 60; ++i) {
    const int lba = 100 + 900 * (i % 2);  // far apart: never from the cache
    const auto got = read(drive, {.start = {lba}, .count = 2});
    const auto truth = read(drive, {.start = {lba}, .count = 2}).data;
    EXPECT_EQ(got.data, truth) << "from the cache";
    std::vector<Byte> around;
    for (int s = lba - 1; s < lba + 3; ++s) {
      const auto sector = main_of(*disc, {s});
      around.insert(around.end(), sector.begin(), sector.end());
    }
    for (int shift = -4; shift <= 4; ++shift) {
      if (std::equal(got.data.begin(), got.data.end(), around.begin() + 2352 + 4 * shift)) ++seen[shift];
    }
  }
  int all = 0;
  for (const auto& [shift, times] : seen) all += times;
  EXPECT_EQ(all, 60);
  EXPECT_GT(seen.size(), 4U);
  EXPECT_GE(seen.begin()->first, -3);
  EXPECT_LE(seen.rbegin()->first, 3);
}

TEST(SimLies, JitterComesWithItsChance) {
  const auto disc = audio_disc();
  Habits habits = quiet_habits();
  habits.jitter = 5;
  habits.jitter_chance = 0;
  SimDrive drive(disc, habits);
  EXPECT_TRUE(same(main_in(read(drive, {.start = {100}}), 0), main_of(*disc, {100})));
}

TEST(SimLies, C2CanBeAlwaysOnOrAlwaysOff) {
  for (const auto manner : {C2Manner::always_on, C2Manner::silent}) {
    Habits habits = quiet_habits();
    habits.c2_manner = manner;
    SimDrive drive(audio_disc(), habits);
    drive.set_faults({{600, {.kind = Kind::c2, .bytes = 50}}});
    const auto got = read(drive, whole(600, 2));
    const Byte expected = manner == C2Manner::always_on ? 0xFF : 0;
    for (const std::size_t i : {0U, 1U}) {
      const Bytes c2 = c2_in(got, i);
      EXPECT_TRUE(std::all_of(c2.begin(), c2.end(), [&](Byte b) { return b == expected; }));
    }
  }
}

TEST(SimLies, C2CanComeWithAnotherSector) {
  for (const int late : {1, -1}) {
    SimDrive straight(audio_disc(), quiet_habits());
    Habits habits = quiet_habits();
    habits.c2_late = late;
    SimDrive drive(audio_disc(), habits);
    const FaultMap faults = {{600, {.kind = Kind::c2, .repeats = true, .bytes = 50}}};
    straight.set_faults(faults);
    drive.set_faults(faults);
    const auto right = read(straight, whole(598, 5));
    const auto got = read(drive, whole(598, 5));
    const auto at = static_cast<std::size_t>(2 + late);
    EXPECT_TRUE(std::equal(c2_in(got, at).begin(), c2_in(got, at).end(), c2_in(right, 2).begin()));
    EXPECT_EQ(c2_in(got, 2)[0] | c2_in(got, 2)[100], 0);
    EXPECT_TRUE(std::equal(main_in(got, 2, kWhole).begin(), main_in(got, 2, kWhole).end(),
                           main_in(right, 2, kWhole).begin()));
  }
}

TEST(SimLies, AFaultThatRepeatsGivesTheSameWrongBytesAtEveryReading) {
  const auto disc = audio_disc();
  SimDrive drive(disc, quiet_habits());
  drive.set_faults({{600, {.kind = Kind::c2, .flagged = false, .repeats = true, .bytes = 5}},
                    {601, {.kind = Kind::c2, .flagged = false, .repeats = true, .bytes = 5}}});
  const auto first = read(drive, {.start = {600}, .count = 2});
  ask(drive, drive::read_12_fua_cdb({600}, 0), 0);
  EXPECT_EQ(read(drive, {.start = {600}, .count = 2}).data, first.data);
  EXPECT_FALSE(same(main_in(first, 0), main_of(*disc, {600})));
}

TEST(SimLies, ACacheCanBeLargerThanItSays) {
  Habits habits = quiet_habits();
  habits.reported_cache_kib = 128;
  SimDrive drive(audio_disc(), habits);
  ByteVector page(64);
  ASSERT_TRUE(drive.execute(drive::mode_sense_cdb(0x2A, 64), drive::Direction::from_drive, page, kPatience));
  EXPECT_EQ(load_be16(page, 8 + 12), 128);
  drive.set_faults({{600, {.kind = Kind::c2, .bytes = 5}}});
  const auto first = read(drive, {.start = {600}});
  read(drive, {.start = {601}, .count = 50});
  read(drive, {.start = {651}, .count = 50});  // 230 KiB on
  const auto age = drive.statistics().cache_age;
  EXPECT_EQ(read(drive, {.start = {600}}).data, first.data);
  EXPECT_EQ(drive.statistics().cache_age, age);
  read(drive, {.start = {1700}});
  EXPECT_NE(read(drive, {.start = {600}}).data, first.data);
  EXPECT_GT(drive.statistics().cache_age, age);
}

TEST(SimEvents, AResetForgetsTheSpeedAndIsToldOnce) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{600, {.kind = Kind::reset, .reads_until_good = 1}}});
  const auto got = read(drive, {.start = {599}, .count = 2});
  EXPECT_EQ(sense_of(got.completion), "6/29/00");
  EXPECT_EQ(got.completion.transferred, 2352U);
  EXPECT_TRUE(read(drive, {.start = {599}, .count = 2}).completion.good);
}

TEST(SimEvents, AChangedMediumIsAnotherDisc) {
  const auto other = make_disc(plain_recipe(cd::TrackMode::mode1, 1, {2000}));
  for (const int polls : {0, 1}) {
    Habits habits;
    habits.becoming_ready_polls = polls;
    SimDrive drive(audio_disc(), habits);
    while (!ask(drive, drive::test_unit_ready_cdb(), 0).completion.good) continue;
    drive.lay_by(other);
    drive.set_faults({{600, {.kind = Kind::changed, .reads_until_good = 1}}});
    EXPECT_EQ(sense_of(read(drive, {.start = {600}}).completion), polls == 0 ? "6/28/00" : "2/3A/02");
    while (!ask(drive, drive::test_unit_ready_cdb(), 0).completion.good) continue;
    EXPECT_TRUE(same(main_in(read(drive, {.start = {600}}), 0), main_of(*other, {600})));
  }
}

TEST(SimEvents, ADriveThatVanishesInAReadIsGone) {
  SimDrive drive(audio_disc(), quiet_habits());
  drive.set_faults({{600, {.kind = Kind::vanish}}});
  ByteVector buffer(2352);
  for (const int lba : {600, 100}) {
    const auto result =
        drive.execute(encode(drive::ReadCd{.start = {lba}}), drive::Direction::from_drive, buffer, kPatience);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::no_device);
  }
}

double took(SimDrive& drive, int start, int count) {
  const auto before = drive.now();
  for (int at = start; at < start + count; at += 25) {
    EXPECT_TRUE(read(drive, {.start = {at}, .count = 25}).completion.good);
  }
  return std::chrono::duration<double>(drive.now() - before).count();
}

TEST(SimEvents, AfterAHardErrorADriveCanStaySlowForAWhile) {
  Habits habits = quiet_habits();
  habits.slow_after_error = 8;
  SimDrive drive(make_disc(plain_recipe(cd::TrackMode::audio, 1, {60'000})), habits);
  drive.set_faults({{600, {.kind = Kind::hard}}});
  const double before = took(drive, 10'000, 3000);
  EXPECT_EQ(sense_of(read(drive, {.start = {600}}).completion), "3/11/05");
  took(drive, 20'000, 25);  // there
  EXPECT_NEAR(took(drive, 20'025, 3000), 3000 / 75.0 / 8, 0.1);
  drive.wait(std::chrono::seconds(90));
  took(drive, 10'000, 25);
  EXPECT_LT(took(drive, 10'025, 3000), before);
}

TEST(SimEvents, AHardErrorCanTakeFiftySeconds) {
  Habits habits = quiet_habits();
  habits.long_error_chance = 1;
  SimDrive drive(audio_disc(), habits);
  drive.set_faults({{600, {.kind = Kind::hard}}});
  const auto before = drive.now();
  EXPECT_EQ(sense_of(read(drive, {.start = {600}}).completion), "3/11/05");
  EXPECT_GE(drive.now() - before, std::chrono::seconds(50));
  EXPECT_LT(drive.now() - before, std::chrono::seconds(60));
}

}  // namespace
}  // namespace binrip::sim
