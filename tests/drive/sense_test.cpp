#include "binrip/drive/sense.hpp"

#include <gmock/gmock.h>
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

// By additional sense code: words that the text of SPC-4 (annex E) for it has, too.
TEST(Sense, CodesHaveTheWordsOfTheStandard) {
  const struct {
    Byte asc, ascq;
    std::string_view words;
  } standard[] = {{0x00, 0x11, "audio play"},
                  {0x02, 0x00, "no seek"},
                  {0x04, 0x00, "not reportable"},
                  {0x04, 0x01, "becoming ready"},
                  {0x04, 0x02, "initializing"},
                  {0x04, 0x03, "manual"},
                  {0x04, 0x04, "format in"},
                  {0x04, 0x07, "operation in"},
                  {0x04, 0x08, "long write"},
                  {0x05, 0x00, "selection"},
                  {0x06, 0x00, "reference position"},
                  {0x08, 0x00, "communication failure"},
                  {0x08, 0x01, "time-out"},
                  {0x08, 0x02, "parity"},
                  {0x08, 0x03, "CRC"},
                  {0x09, 0x00, "track following"},
                  {0x09, 0x01, "tracking servo"},
                  {0x09, 0x02, "focus servo"},
                  {0x09, 0x03, "spindle"},
                  {0x11, 0x00, "unrecovered read"},
                  {0x11, 0x01, "retries exhausted"},
                  {0x11, 0x02, "too long"},
                  {0x11, 0x05, "L-EC"},
                  {0x11, 0x06, "CIRC"},
                  {0x11, 0x0F, "UPC/EAN"},
                  {0x11, 0x10, "ISRC"},
                  {0x15, 0x00, "random positioning"},
                  {0x15, 0x01, "mechanical"},
                  {0x15, 0x02, "read of medium"},
                  {0x17, 0x00, "no error correction"},
                  {0x17, 0x01, "with retries"},
                  {0x18, 0x00, "error correction"},
                  {0x18, 0x03, "CIRC"},
                  {0x18, 0x04, "L-EC"},
                  {0x1A, 0x00, "list length"},
                  {0x20, 0x00, "operation code"},
                  {0x21, 0x00, "out of range"},
                  {0x24, 0x00, "invalid field in the command"},
                  {0x26, 0x00, "parameter list"},
                  {0x28, 0x00, "changed"},
                  {0x28, 0x01, "import or export"},
                  {0x29, 0x00, "power on, reset"},
                  {0x29, 0x01, "power on occurred"},
                  {0x29, 0x02, "bus reset"},
                  {0x29, 0x03, "bus device reset"},
                  {0x29, 0x04, "internal reset"},
                  {0x2A, 0x00, "parameters changed"},
                  {0x2A, 0x01, "mode parameters"},
                  {0x2B, 0x00, "copy cannot"},
                  {0x2C, 0x00, "sequence error"},
                  {0x2E, 0x00, "insufficient time"},
                  {0x30, 0x00, "incompatible medium"},
                  {0x30, 0x01, "unknown format"},
                  {0x30, 0x02, "incompatible format"},
                  {0x39, 0x00, "saving parameters"},
                  {0x3A, 0x00, "not present"},
                  {0x3A, 0x01, "tray closed"},
                  {0x3A, 0x02, "tray open"},
                  {0x3E, 0x00, "self-configured"},
                  {0x3E, 0x01, "unit failure"},
                  {0x3E, 0x02, "timeout"},
                  {0x3F, 0x00, "operating conditions"},
                  {0x3F, 0x01, "microcode"},
                  {0x44, 0x00, "internal target"},
                  {0x47, 0x00, "parity"},
                  {0x4E, 0x00, "overlapped"},
                  {0x53, 0x00, "load or eject"},
                  {0x53, 0x02, "removal prevented"},
                  {0x57, 0x00, "table of contents"},
                  {0x5A, 0x00, "operator request"},
                  {0x5A, 0x01, "removal request"},
                  {0x5D, 0x00, "failure prediction"},
                  {0x5E, 0x00, "low power"},
                  {0x63, 0x00, "end of user area"},
                  {0x64, 0x00, "illegal mode"},
                  {0x6F, 0x00, "authentication failure"},
                  {0x6F, 0x01, "not present"},
                  {0x6F, 0x02, "not established"},
                  {0x6F, 0x03, "without authentication"},
                  {0x6F, 0x04, "region"},
                  {0x72, 0x00, "session fixation"},
                  {0x73, 0x00, "control error"}};
  for (const auto& [asc, ascq, words] : standard) {
    EXPECT_THAT(to_string(make(3, asc, ascq)), testing::HasSubstr(std::string(words)));
  }
}

// The length in byte 7 counts what comes behind it.
TEST(Sense, ReadsTheLastDescriptorThatItsLengthHolds) {
  ByteVector data = kDescriptors;
  EXPECT_TRUE(parse_sense(data).information);
  data[7] = 0;  // none
  EXPECT_FALSE(parse_sense(data).information);
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
