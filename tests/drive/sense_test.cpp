#include "binrip/drive/sense.hpp"

#include <gtest/gtest.h>

namespace binrip::drive {
namespace {

Sense make(int key, int asc, int ascq, std::optional<std::uint32_t> information = {}) {
  return {.key = static_cast<Byte>(key),
          .asc = static_cast<Byte>(asc),
          .ascq = static_cast<Byte>(ascq),
          .information = information};
}

const ByteVector kFixed = {0xF0, 0, 0x03, 0, 1, 0x86, 0xA0, 0x0A, 0, 0, 0, 0, 0x11, 0x05, 0, 0, 0, 0};
// A descriptor of another kind first, then the information.
const ByteVector kDescriptors = {0x72, 0x03, 0x11, 0x05, 0, 0, 0, 0x10, 0x02, 0x02, 0,    0,
                                 0x00, 0x0A, 0x80, 0x00, 0, 0, 0, 0x00, 0x00, 0x00, 0x12, 0x34};

TEST(Sense, ReadsFixedFormat) { EXPECT_EQ(parse_sense(kFixed), make(3, 0x11, 5, 100'000)); }

TEST(Sense, IgnoresInformationThatIsNotValid) {
  ByteVector data = kFixed;
  data[0] = 0x70;
  EXPECT_EQ(parse_sense(data), make(3, 0x11, 5));
}

TEST(Sense, ReadsDescriptorFormat) { EXPECT_EQ(parse_sense(kDescriptors), make(3, 0x11, 5, 0x1234)); }

TEST(Sense, TruncationOnlyLosesWhatWasCutOff) {
  for (std::size_t n = 0; n <= kFixed.size(); ++n) {
    EXPECT_EQ(parse_sense(Bytes(kFixed).first(n)),
              make(n > 2 ? 3 : 0, n > 12 ? 0x11 : 0, n > 13 ? 5 : 0,
                   n >= 7 ? std::optional<std::uint32_t>(100'000) : std::nullopt))
        << n;
  }
  for (std::size_t n = 0; n <= kDescriptors.size(); ++n) {
    EXPECT_EQ(parse_sense(Bytes(kDescriptors).first(n)),
              make(n > 1 ? 3 : 0, n > 2 ? 0x11 : 0, n > 3 ? 5 : 0,
                   n == kDescriptors.size() ? std::optional<std::uint32_t>(0x1234) : std::nullopt))
        << n;
  }
}

TEST(Sense, DescriptorsOfNoLengthEnd) {
  const ByteVector data = {0x72, 0x05, 0x21, 0x00, 0, 0, 0, 0xFF, 0x09, 0x00, 0x09, 0x00, 0x09, 0x00};
  EXPECT_EQ(classify(parse_sense(data)), SenseClass::out_of_range);
}

TEST(Sense, UnknownResponseCodeIsNothing) {
  EXPECT_EQ(parse_sense(ByteVector(18, 0x55)), Sense{});
  EXPECT_EQ(parse_sense({}), Sense{});
}

TEST(Sense, EncodesFixedFormat) {
  EXPECT_EQ(encode_sense(make(3, 0x11, 5, 100'000)), kFixed);
  EXPECT_EQ(encode_sense(make(2, 0x3A, 1)),
            (ByteVector{0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x3A, 1, 0, 0, 0, 0}));
}

TEST(Sense, ClassesFollowKeyAndCode) {
  const auto of = [](int key, int asc, int ascq = 0) { return classify(make(key, asc, ascq)); };
  EXPECT_EQ(of(0, 0), SenseClass::none);
  EXPECT_EQ(of(1, 0x17), SenseClass::recovered);
  EXPECT_EQ(of(2, 0x04, 1), SenseClass::becoming_ready);
  EXPECT_EQ(of(2, 0x3A), SenseClass::no_medium);
  EXPECT_EQ(of(2, 0x30), SenseClass::not_ready);
  EXPECT_EQ(of(3, 0x11), SenseClass::medium);
  EXPECT_EQ(of(4, 0x44), SenseClass::hardware);
  EXPECT_EQ(of(5, 0x64), SenseClass::illegal_mode);
  EXPECT_EQ(of(5, 0x21), SenseClass::out_of_range);
  EXPECT_EQ(of(5, 0x24), SenseClass::illegal);
  EXPECT_EQ(of(6, 0x28), SenseClass::medium_changed);
  EXPECT_EQ(of(6, 0x29), SenseClass::reset);
  EXPECT_EQ(of(6, 0x2A), SenseClass::unit_attention);
  EXPECT_EQ(of(7, 0), SenseClass::protected_data);
  EXPECT_EQ(of(8, 0), SenseClass::blank);
  EXPECT_EQ(of(0xB, 0), SenseClass::aborted);
  EXPECT_EQ(of(0xE, 0), SenseClass::other);
}

TEST(Sense, SaysCodesAndWords) {
  EXPECT_EQ(to_string(make(3, 2, 0)), "3/02/00 no seek complete");
  EXPECT_EQ(to_string(make(5, 0x64, 0)), "5/64/00 illegal mode for this track");
  // An unknown qualifier falls back to its code, an unknown code to the key.
  EXPECT_EQ(to_string(make(6, 0x29, 0x77)), "6/29/77 power on, reset, or bus device reset occurred");
  EXPECT_EQ(to_string(make(0xB, 0xEE, 0xEE)), "B/EE/EE aborted command");
}

TEST(Sense, ErrorsFitTheClass) {
  EXPECT_EQ(sense_error(make(3, 2, 0), "read the TOC"),
            (Error{ErrorKind::medium, "cannot read the TOC: 3/02/00 no seek complete"}));
  EXPECT_EQ(sense_error(make(2, 0x3A, 0), "x").kind, ErrorKind::no_medium);
  EXPECT_EQ(sense_error(make(2, 0x04, 1), "x").kind, ErrorKind::not_ready);
  EXPECT_EQ(sense_error(make(6, 0x28, 0), "x").kind, ErrorKind::medium_changed);
  EXPECT_EQ(sense_error(make(5, 0x24, 0), "x").kind, ErrorKind::illegal);
  EXPECT_EQ(sense_error(make(0xB, 0, 0), "x").kind, ErrorKind::hardware);
  EXPECT_EQ(sense_error({}, "read the TOC"),
            (Error{ErrorKind::bus, "cannot read the TOC: the command failed and no reason was given"}));
}

}  // namespace
}  // namespace binrip::drive
