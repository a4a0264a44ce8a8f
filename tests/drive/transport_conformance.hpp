// What every Transport must do, whatever is behind it. Include this in one test file of a program and say
//   INSTANTIATE_TEST_SUITE_P(Sim, TransportConformance, testing::Values(Subject{…}), subject_name);
// in namespace binrip::drive::test. The drive behind the subject holds a disc whose sectors in `readable` can
// be read with READ CD and always give the same bytes.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "binrip/drive/commands.hpp"

namespace binrip::drive::test {

struct Subject {
  std::string name;
  std::function<std::unique_ptr<Transport>()> make;
  cd::LbaRange readable;
};
inline void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }
inline std::string subject_name(const testing::TestParamInfo<Subject>& subject) { return subject.param.name; }

class TransportConformance : public testing::TestWithParam<Subject> {
 protected:
  static constexpr Byte kPattern = 0xA7;
  static constexpr std::chrono::milliseconds kTimeout{20'000};

  void SetUp() override {
    transport_ = GetParam().make();
    ASSERT_NE(transport_, nullptr);
    // Unit attentions and a slow start are the drive's right; here they are out of the way first.
    for (int i = 0; i < 40; ++i) {
      const auto answer = transport_->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout);
      ASSERT_TRUE(answer.has_value()) << answer.error().message;
      if (answer->good) return;
      transport_->wait(std::chrono::milliseconds(50));
    }
    FAIL() << "the drive does not become ready";
  }

  Result<Completion> read(const Cdb& cdb, ByteVector& data) {
    std::fill(data.begin(), data.end(), kPattern);
    return transport_->execute(cdb, Direction::from_drive, data, kTimeout);
  }
  // The reply to a command that has to succeed.
  ByteVector reply(const Cdb& cdb, std::size_t size) {
    ByteVector data(size);
    const auto answer = read(cdb, data);
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
    if (answer) {
      EXPECT_TRUE(answer->good) << to_string(answer->sense);
      if (answer->transferred) {
        EXPECT_LE(*answer->transferred, size);
      }
    }
    return data;
  }
  void expect_good(const Result<Completion>& answer) {
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_TRUE(answer->good) << to_string(answer->sense);
  }
  static bool starts_equal(const ByteVector& a, const ByteVector& b, std::size_t n) {
    return a.size() >= n && b.size() >= n &&
           std::equal(a.begin(), a.begin() + static_cast<int>(n), b.begin());
  }

  std::unique_ptr<Transport> transport_;
};

TEST_P(TransportConformance, HasANameAndRoomForASectorWithAllItsFields) {
  EXPECT_FALSE(transport_->name().empty());
  EXPECT_GE(transport_->max_transfer(), std::size_t{2352 + 296 + 96});
}

TEST_P(TransportConformance, WaitingTakesThatLong) {
  const auto before = transport_->now();
  transport_->wait(std::chrono::milliseconds(2));
  EXPECT_GE(transport_->now() - before, std::chrono::milliseconds(2));
}

TEST_P(TransportConformance, CommandWithoutDataSucceeds) {
  expect_good(transport_->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout));
}

TEST_P(TransportConformance, InquiryNamesAnOpticalDrive) {
  const auto inquiry = parse_inquiry(reply(inquiry_cdb(96), 96));
  ASSERT_TRUE(inquiry.has_value()) << inquiry.error().message;
  EXPECT_EQ(inquiry->device_type, 5);
  EXPECT_FALSE(inquiry->product.empty());
}

TEST_P(TransportConformance, ShortAllocationLengthGivesTheStartOfTheReply) {
  const ByteVector whole = reply(inquiry_cdb(36), 36);
  EXPECT_TRUE(starts_equal(reply(inquiry_cdb(5), 5), whole, 5));
  EXPECT_TRUE(starts_equal(reply(inquiry_cdb(5), 36), whole, 5));
  EXPECT_TRUE(starts_equal(reply(inquiry_cdb(252), 252), whole, 36));
}

TEST_P(TransportConformance, AllocationLengthOfZeroIsNoError) {
  expect_good(transport_->execute(inquiry_cdb(0), Direction::none, {}, kTimeout));
}

TEST_P(TransportConformance, UnknownOperationCodeIsRefusedWithSense) {
  Cdb cdb;
  cdb.bytes[0] = 0x7B;
  cdb.size = 12;
  const auto answer = transport_->execute(cdb, Direction::none, {}, kTimeout);
  if (!answer) {  // the kernel lets only root send what it does not know
    EXPECT_EQ(answer.error().kind, ErrorKind::permission) << answer.error().message;
    return;
  }
  EXPECT_FALSE(answer->good);
  EXPECT_EQ(answer->sense.key, 5) << to_string(answer->sense);
  EXPECT_EQ(answer->sense.asc, 0x20) << to_string(answer->sense);
}

TEST_P(TransportConformance, AddressBeyondTheDiscIsRefusedWithSense) {
  ByteVector data(2352);
  const auto answer = read(encode(ReadCd{.start = {440'000}}), data);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_FALSE(answer->good);
  EXPECT_EQ(classify(answer->sense), SenseClass::out_of_range) << to_string(answer->sense);
}

TEST_P(TransportConformance, WorksAfterAFailedCommand) {
  ByteVector data(2352);
  ASSERT_TRUE(read(encode(ReadCd{.start = {440'000}}), data).has_value());
  expect_good(transport_->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout));
}

TEST_P(TransportConformance, ReadsOneSector) {
  const ByteVector data = reply(encode(ReadCd{.start = GetParam().readable.begin}), 2352);
  EXPECT_FALSE(std::all_of(data.begin(), data.end(), [](Byte b) { return b == kPattern; }));
}

TEST_P(TransportConformance, ReadOfNoSectorsIsNoError) {
  const ReadCd nothing{.start = GetParam().readable.begin, .count = 0};
  expect_good(transport_->execute(encode(nothing), Direction::none, {}, kTimeout));
}

TEST_P(TransportConformance, LargestTransferEqualsSingleReads) {
  const cd::LbaRange readable = GetParam().readable;
  const auto count = std::min(static_cast<std::uint32_t>(transport_->max_transfer() / 2352),
                              static_cast<std::uint32_t>(readable.size().value));
  ASSERT_GE(count, 1U);
  const ByteVector all = reply(encode(ReadCd{.start = readable.begin, .count = count}), count * 2352U);
  for (const std::uint32_t i : {0U, count / 2, count - 1}) {
    const cd::Lba lba = readable.begin + cd::SectorCount{static_cast<std::int32_t>(i)};
    const ByteVector one = reply(encode(ReadCd{.start = lba}), 2352);
    EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + static_cast<int>(i) * 2352)) << i;
  }
}

TEST_P(TransportConformance, TocLengthFieldDoesNotDependOnTheAllocationLength) {
  const ByteVector header = reply(read_toc_cdb(0, 0, 4), 4);
  const ByteVector whole = reply(read_toc_cdb(0, 0, 804), 804);
  EXPECT_TRUE(starts_equal(header, whole, 4));
  EXPECT_GE(load_be16(header), 2U + 2 * 8);  // a track and the lead-out
}

TEST_P(TransportConformance, DataGoesToTheDrive) {
  ByteVector sense(64);
  const auto answer = read(mode_sense_cdb(0x01, 64), sense);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  if (!answer->good) GTEST_SKIP() << "no mode page 01h: " << to_string(answer->sense);
  const auto page = parse_error_recovery(sense);
  ASSERT_TRUE(page.has_value()) << page.error().message;
  ByteVector list = mode_select_error_recovery(*page);
  const Cdb select = mode_select_cdb(static_cast<std::uint16_t>(list.size()));
  expect_good(transport_->execute(select, Direction::to_drive, list, kTimeout));
}

}  // namespace binrip::drive::test
