#include "../../src/rip/versions.hpp"

#include <gtest/gtest.h>

namespace binrip::rip {
namespace {

using cd::Lba;
using Sector = std::array<Byte, cd::kSectorSize>;

Sector version(int n) {
  Sector bytes;
  bytes.fill(static_cast<Byte>(n));
  return bytes;
}
Testimony fresh(int pass) { return {.pass = pass, .fresh = true}; }

class VersionsTest : public testing::Test {
 protected:
  Standing add(int n, const Testimony& testimony, Lba lba = {7}) {
    return versions_.add(lba, version(n), testimony);
  }
  Versions versions_{{{Lba{0}, Lba{10}}, {Lba{11400}, Lba{11410}}}};
};

TEST_F(VersionsTest, OneReadIsOneVoiceAndTwoThatAgreeElect) {
  EXPECT_FALSE(versions_.knows({7}));
  EXPECT_FALSE(add(1, fresh(1)).elected());
  EXPECT_TRUE(versions_.knows({7}));
  const Standing standing = add(1, fresh(2));
  EXPECT_EQ(standing.votes, 2);
  EXPECT_TRUE(standing.elected());
}

TEST_F(VersionsTest, AReadThatMayComeFromTheCacheIsNoVoice) {
  add(1, fresh(1));
  EXPECT_EQ(add(1, {.pass = 2, .fresh = false}).votes, 1);
  EXPECT_EQ(add(1, fresh(3)).votes, 2);
}

TEST_F(VersionsTest, ReadsOfOnePassAreOneVoice) {
  add(1, fresh(1));
  EXPECT_EQ(add(1, fresh(1)).votes, 1);
}

TEST_F(VersionsTest, ItTakesTwiceAsManyVoicesAsAnyOther) {
  add(1, fresh(1));
  add(2, fresh(2));
  const Standing standing = add(1, fresh(3));
  EXPECT_EQ(standing.most_against, 1);
  EXPECT_EQ(standing.versions, 2);
  EXPECT_TRUE(standing.elected());
  EXPECT_FALSE(add(2, fresh(4)).elected());  // two against two
  EXPECT_FALSE(add(1, fresh(5)).elected());  // three against two
  EXPECT_TRUE(add(1, fresh(6)).elected());   // four against two
}

TEST_F(VersionsTest, WhatIsKnownOfAVersionComesTogether) {
  EXPECT_FALSE(add(1, {.pass = 1, .clean = true}).placed);
  add(2, {.pass = 2, .placed = true});
  const Standing standing = add(1, {.pass = 3, .placed = true});
  EXPECT_TRUE(standing.clean);
  EXPECT_TRUE(standing.placed);
  EXPECT_FALSE(add(2, {.pass = 4}).clean);
}

TEST_F(VersionsTest, SectorsHaveNothingToDoWithEachOther) {
  add(1, fresh(1), {9});
  add(1, fresh(1), {11400});
  EXPECT_EQ(add(1, fresh(2), {11400}).votes, 2);
  EXPECT_EQ(add(1, fresh(3), {9}).votes, 2);
  versions_.forget({9});
  EXPECT_FALSE(versions_.knows({9}));
  EXPECT_TRUE(versions_.knows({11400}));
}

TEST_F(VersionsTest, ADriveThatNeverRepeatsItselfIsBounded) {
  for (int n = 0; n < 200; ++n) {
    EXPECT_FALSE(add(n, fresh(n + 1)).elected());
  }
}

}  // namespace
}  // namespace binrip::rip
