#include "binrip/cli/text.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace binrip::cli {
namespace {

using std::chrono::seconds;

TEST(SafeText, KeepsPrintableUtf8) { EXPECT_EQ(safe_text("Björk – 夜に駆ける 🎵"), "Björk – 夜に駆ける 🎵"); }

TEST(SafeText, EscapesWhatSteersATerminal) {
  EXPECT_EQ(safe_text("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(safe_text("one\ntwo\r\tthree\x7f"), "one\\ntwo\\r\\tthree\\x7f");
  EXPECT_EQ(safe_text("\xc2\x9b"), "\\x9b");        // C1: control sequence introducer
  EXPECT_EQ(safe_text("\xe2\x80\xae"), "\\u202e");  // right-to-left override
  EXPECT_EQ(safe_text("\xe2\x80\xa8"), "\\u2028");  // line separator
  EXPECT_EQ(safe_text(std::string_view("\0", 1)), "\\x00");
}

TEST(SafeText, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(safe_text("Bj\xf6rk"), "Bj\\xf6rk");            // Latin-1
  EXPECT_EQ(safe_text("\xc0\x9b"), "\\xc0\\x9b");           // overlong
  EXPECT_EQ(safe_text("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(safe_text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(safe_text("x\xe2\x82"), "x\\xe2\\x82");  // cut off
}

TEST(Numbers, AreGroupedByThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1 000");
  EXPECT_EQ(grouped(137812), "137 812");
  EXPECT_EQ(grouped(-1234567), "-1 234 567");
  EXPECT_EQ(grouped(-123), "-123");
}

TEST(Numbers, CountWithSingularAndPlural) {
  EXPECT_EQ(counted(0, "track"), "0 tracks");
  EXPECT_EQ(counted(1, "track"), "1 track");
  EXPECT_EQ(counted(1200, "sector"), "1 200 sectors");
}

TEST(ClockTime, ShowsHoursOnlyWhereThereAreAny) {
  EXPECT_EQ(clock_time(seconds(0)), "0:00");
  EXPECT_EQ(clock_time(seconds(112)), "1:52");
  EXPECT_EQ(clock_time(seconds(3599)), "59:59");
  EXPECT_EQ(clock_time(seconds(3723)), "1:02:03");
  EXPECT_EQ(clock_time(seconds(-5)), "0:00");
}

TEST(PrintError, GivesOneLineAndAHint) {
  std::ostringstream err;
  print_error(err, {ErrorKind::no_device, "no such drive: /dev/\nsr9", "`binrip drives` lists them"});
  EXPECT_EQ(err.str(), "binrip: error: no such drive: /dev/\\nsr9\nhint: `binrip drives` lists them\n");
}

TEST(PrintError, LeavesOutAnEmptyHint) {
  std::ostringstream err;
  print_error(err, {ErrorKind::io, "cannot write out.bin"});
  EXPECT_EQ(err.str(), "binrip: error: cannot write out.bin\n");
}

TEST(DisplayWidth, CountsCodePointsAndNotColours) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("▕█░▏×"), 5);
  EXPECT_EQ(display_width("\x1b[31merr 1\x1b[0m"), 5);
}

}  // namespace
}  // namespace binrip::cli
