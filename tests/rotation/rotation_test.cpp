// The part of a long test that a run takes.
#include "support/rotation.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace binrip::test {
namespace {

TEST(Rotation, ARowOfRunsTakesEachCaseOnce) {
  for (const std::uint64_t period : {1U, 2U, 7U, 50U}) {
    for (std::uint64_t first : {0U, 1U, 1234U}) {
      for (std::uint64_t index = 0; index < 3 * period; ++index) {
        int times = 0;
        for (std::uint64_t number = first; number < first + period; ++number)
          times += Rotation::run(number).takes(index, period) ? 1 : 0;
        EXPECT_EQ(times, 1) << "index " << index << ", period " << period << ", from run " << first;
      }
    }
  }
}

TEST(Rotation, AllTakesEverything) {
  for (std::uint64_t index = 0; index < 20; ++index) EXPECT_TRUE(Rotation::all().takes(index, 7));
  EXPECT_TRUE(Rotation::all().is_all());
  EXPECT_FALSE(Rotation::run(0).is_all());
}

TEST(Rotation, TheRunsAreNumbered) {
  ASSERT_TRUE(Rotation::parse("1083"));
  EXPECT_EQ(Rotation::parse("1083")->number(), 1083U);
  EXPECT_TRUE(Rotation::parse("1083")->takes(1083 % 11, 11));
  EXPECT_EQ(Rotation::parse("007")->number(), 7U);
  EXPECT_EQ(Rotation::parse("18446744073709551615")->number(), 18446744073709551615U);
  ASSERT_TRUE(Rotation::parse("all"));
  EXPECT_TRUE(Rotation::parse("all")->is_all());
}

TEST(Rotation, NothingElseIsANumberOfARun) {
  for (const char* text :
       {"", " ", "-1", "+1", "1.5", "1 ", " 1", "ALL", "all ", "0x1", "18446744073709551616"})
    EXPECT_FALSE(Rotation::parse(text)) << '"' << text << '"';
}

TEST(Rotation, ComesFromTheEnvironment) {
  ASSERT_EQ(::unsetenv(Rotation::kVariable), 0);
  EXPECT_EQ(Rotation::from_environment().number(), 0U);
  EXPECT_FALSE(Rotation::from_environment().is_all());
  ASSERT_EQ(::setenv(Rotation::kVariable, "12", 1), 0);
  EXPECT_EQ(Rotation::from_environment().number(), 12U);
  ASSERT_EQ(::setenv(Rotation::kVariable, "all", 1), 0);
  EXPECT_TRUE(Rotation::from_environment().is_all());
}

TEST(RotationDeathTest, EndsTheProgramWhereItMakesNoSense) {
  for (const char* text : {"", "some"}) {
    ASSERT_EQ(::setenv(Rotation::kVariable, text, 1), 0);
    EXPECT_EXIT(Rotation::from_environment(), testing::ExitedWithCode(2),
                "^BINRIP_ROTATION: expected a whole number or \"all\", got \"[a-z]*\"\n$");
  }
}

}  // namespace
}  // namespace binrip::test
