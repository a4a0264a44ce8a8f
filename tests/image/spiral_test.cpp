#include "binrip/image/spiral.hpp"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace binrip::image {
namespace {

using cd::Lba;
using cd::LbaRange;

TEST(Spiral, BeginsAtTheProgramArea) {
  EXPECT_DOUBLE_EQ(Spiral(1.3).at(0).radius, 25);
  EXPECT_DOUBLE_EQ(Spiral(1.3).at(0).turns, 0);
  EXPECT_LT(Spiral(1.3).at(-150).radius, 25);
}

// 1.3 m/s over 75 sectors a second are 17.33 mm a sector; the first turn is 157.09 mm long.
TEST(Spiral, HasNineSectorsInTheFirstTurn) {
  EXPECT_NEAR(Spiral(1.3).at(157.0846 / 17.33333).turns, 1, 1e-4);
}

// The Red Book's 74 minutes at 1.2 m/s fill a ring of 86.05 cm²: 25 mm to 58 mm at 1.6 µm.
TEST(Spiral, FillsTheDiscIn74MinutesAtTheSlowestVelocity) {
  EXPECT_NEAR(Spiral(1.2).at(74.7 * 60 * 75).radius, 58, 0.05);
  EXPECT_NEAR(Spiral(1.2).at(74.7 * 60 * 75).turns, 33 / 0.0016, 40);
}

// Walks the spiral turn by turn, each turn a circle a pitch wider than the one before.
TEST(Spiral, AgreesWithWalkingIt) {
  double radius = 25;
  double length = 0;
  for (int turn = 0; turn < 10'000; ++turn) {
    length += 2 * std::acos(-1.0) * (radius + 0.0008);
    radius += 0.0016;
  }
  const SpiralPlace place = Spiral(1.25).at(length / (1250.0 / 75));
  EXPECT_NEAR(place.turns, 10'000, 0.01);
  EXPECT_NEAR(place.radius, 41, 1e-4);
}

TEST(Velocity, IsLowerWhenTheDiscWouldNotHold) {
  EXPECT_DOUBLE_EQ(velocity_that_holds(Lba{200'000}), 1.3);
  const double slower = velocity_that_holds(Lba{359'000});
  EXPECT_NEAR(Spiral(slower).at(359'000).radius, 58, 1e-6);
  EXPECT_DOUBLE_EQ(velocity_that_holds(Lba{0}), 1.3);
}

// The sectors under a mark at one angle, a twentieth of a turn wide, from radius to radius.
std::vector<LbaRange> scratch(double velocity, double from_mm, double to_mm, double angle = 0.3) {
  std::vector<LbaRange> damage;
  const Spiral spiral(velocity);
  for (int lba = 0; lba < 300'000; ++lba) {
    const SpiralPlace begin = spiral.at(lba);
    if (begin.radius < from_mm || begin.radius > to_mm) continue;
    const double end = spiral.at(lba + 1).turns;
    const double next = std::ceil(begin.turns - angle) + angle;  // where the mark is passed next
    if (next < end) damage.push_back({Lba{lba}, Lba{lba + 1}});
  }
  return damage;
}

TEST(Velocity, IsFoundFromAScratch) {
  for (const double velocity : {1.2113, 1.2790, 1.3651}) {
    const auto found = velocity_from_damage(scratch(velocity, 30, 34), Lba{250'000});
    ASSERT_TRUE(found) << velocity;
    EXPECT_NEAR(*found, velocity, 1e-4);
  }
}

TEST(Velocity, IsNotBentByASecondScratchAtAnotherAngle) {
  auto damage = scratch(1.2345, 30, 40);
  const auto second = scratch(1.2345, 42, 50, 0.55);
  damage.insert(damage.end(), second.begin(), second.end());
  const auto found = velocity_from_damage(damage, Lba{300'000});
  ASSERT_TRUE(found);
  EXPECT_NEAR(*found, 1.2345, 2e-5);
}

TEST(Velocity, IsNotMadeUpFromChance) {
  std::mt19937 random(7);
  for (int round = 0; round < 3; ++round) {
    std::vector<LbaRange> damage;
    for (int lba = 0; lba < 300'000;) {
      lba += 1 + static_cast<int>(random() % 3000);
      damage.push_back({Lba{lba}, Lba{lba + 2}});
    }
    EXPECT_FALSE(velocity_from_damage(damage, Lba{300'000}));
  }
}

TEST(Velocity, IsNotFoundFromFewMarksOrLongOnes) {
  EXPECT_FALSE(velocity_from_damage({}, Lba{300'000}));
  auto few = scratch(1.3, 30, 34);
  few.resize(20);
  EXPECT_FALSE(velocity_from_damage(few, Lba{300'000}));
  std::vector<LbaRange> rings(100, LbaRange{Lba{1000}, Lba{1100}});
  EXPECT_FALSE(velocity_from_damage(rings, Lba{300'000}));
}

}  // namespace
}  // namespace binrip::image
