#include "binrip/drive/trace.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "drive/little_drive.hpp"
#include "drive/transport_conformance.hpp"

#include "binrip/base/crc.hpp"

namespace binrip::drive {

// --- conformance: the small drive by itself, and behind the recorder ---
namespace test {

std::ostream& forgotten() {
  static std::ostringstream out;
  out.str({});
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Little, TransportConformance,
    testing::Values(Subject{"scripted",
                            [] { return std::make_unique<ScriptedTransport>(little_drive()); },
                            {{100}, {200}}},
                    Subject{"recorded",
                            [] {
                              return record(std::make_unique<ScriptedTransport>(little_drive()), forgotten(),
                                            TraceData::full);
                            },
                            {{100}, {200}}}),
    subject_name);

}  // namespace test

namespace {

using test::little_drive;
using test::ScriptedTransport;
using test::sense_of;

constexpr std::chrono::milliseconds kTimeout{1000};

// One command of each sort, and what came of it.
void exercise(Transport& transport, std::vector<Result<Completion>>& outcomes, ByteVector& inquiry) {
  inquiry.assign(36, 0);
  outcomes.push_back(transport.execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout));
  outcomes.push_back(transport.execute(inquiry_cdb(36), Direction::from_drive, inquiry, kTimeout));
  ByteVector list = mode_select_error_recovery({.parameters = 0x20, .read_retries = 3, .rest = {}});
  const auto size = static_cast<std::uint16_t>(list.size());
  outcomes.push_back(transport.execute(mode_select_cdb(size), Direction::to_drive, list, kTimeout));
  ByteVector sector(2352, 0x55);
  outcomes.push_back(
      transport.execute(encode(ReadCd{.start = {400'000}}), Direction::from_drive, sector, kTimeout));
  ByteVector large(128 * 1024);
  const Cdb read = encode(ReadCd{.start = {0}, .count = 50});
  outcomes.push_back(transport.execute(read, Direction::from_drive, large, kTimeout));
}

std::string recorded(TraceData form) {
  std::ostringstream out;
  const auto transport = record(std::make_unique<ScriptedTransport>(little_drive()), out, form);
  std::vector<Result<Completion>> outcomes;
  ByteVector inquiry;
  exercise(*transport, outcomes, inquiry);
  return out.str();
}

TEST(Trace, LinesSayWhatWentOverTheSeam) {
  std::ostringstream out;
  auto transport = record(std::make_unique<ScriptedTransport>([](const Cdb&, MutableBytes data) {
                            if (!data.empty()) data[0] = 0xAB;
                            Completion completion = sense_of(3, 0x11, 5);
                            completion.sense.information = 0x1234;
                            return Result<Completion>(completion);
                          }),
                          out, TraceData::full);
  ByteVector data(3, 0);
  static_cast<void>(transport->execute(inquiry_cdb(3), Direction::from_drive, data, kTimeout));
  EXPECT_EQ(out.str(),
            "# binrip trace 1\n# max transfer 65536\n"
            "0+1000 120000000300 in 3 -> check 3/11/05@00001234 =ab0000\n");
}

TEST(Trace, DigestHoldsNoData) {
  const std::string trace = recorded(TraceData::digest);
  EXPECT_EQ(trace.find('='), std::string::npos);
  EXPECT_NE(trace.find(" ~"), std::string::npos);
  EXPECT_EQ(replay(trace, "t").error().message.substr(0, 56),
            "t:4: expected data in full (a digest cannot be replayed)");
}

TEST(Trace, ReplayAnswersAsTheDriveDid) {
  std::vector<Result<Completion>> direct, replayed;
  ByteVector direct_inquiry, replayed_inquiry;
  ScriptedTransport transport(little_drive());
  exercise(transport, direct, direct_inquiry);
  const auto player = replay(recorded(TraceData::full), "t");
  ASSERT_TRUE(player.has_value()) << player.error().message;
  exercise(**player, replayed, replayed_inquiry);
  ASSERT_EQ(direct.size(), replayed.size());
  for (std::size_t i = 0; i < direct.size(); ++i) {
    ASSERT_EQ(direct[i].has_value(), replayed[i].has_value()) << i;
    if (direct[i]) {
      EXPECT_EQ(*direct[i], *replayed[i]) << i;
    } else {
      EXPECT_EQ(direct[i].error().kind, replayed[i].error().kind) << i;
    }
  }
  EXPECT_EQ(direct_inquiry, replayed_inquiry);
  EXPECT_EQ((*player)->max_transfer(), transport.max_transfer());
  EXPECT_EQ((*player)->now(), transport.now());
}

TEST(Trace, ReplayRefusesAnotherCommand) {
  const auto player = replay(recorded(TraceData::full), "t");
  ByteVector data(36);
  const auto other = (*player)->execute(inquiry_cdb(36), Direction::from_drive, data, kTimeout);
  EXPECT_EQ(other.error().kind, ErrorKind::invalid);
  EXPECT_EQ(other.error().message, "t:3: expected command 000000000000 none 0, got 120000002400 in 36");
}

TEST(Trace, ReplayEndsWithItsTrace) {
  const auto player = replay("# binrip trace 1\n", "t");
  const auto beyond = (*player)->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout);
  EXPECT_EQ(beyond.error().message, "t: expected the end, got command 000000000000");
}

TEST(Trace, BadLinesAreNamed) {
  const auto message = [](std::string line) {
    const auto player = replay("# binrip trace 1\n" + line, "t");
    return player ? std::string("no error") : player.error().message;
  };
  EXPECT_EQ(message(""), "no error");
  EXPECT_EQ(message("# a remark\n\n"), "no error");
  EXPECT_EQ(message("0+1 00 none 0 -> good 0/00/00 -"), "no error");
  EXPECT_EQ(message("0+1 00 none 0 good"),
            "t:2: expected a command and its outcome, got \"0+1 00 none 0 good\"");
  EXPECT_EQ(message("x+1 00 none 0 -> good 0/00/00 -"), "t:2: expected microseconds, got \"x+1\"");
  EXPECT_EQ(message("-1+1 00 none 0 -> good 0/00/00 -"), "t:2: expected microseconds, got \"-1+1\"");
  EXPECT_EQ(message("0 00 none 0 -> good 0/00/00 -"), "t:2: expected microseconds, got \"0\"");
  EXPECT_EQ(message("0+1 0 none 0 -> good 0/00/00 -"), "t:2: expected a command block in hex, got \"0\"");
  EXPECT_EQ(message("0+1 00 up 0 -> good 0/00/00 -"), "t:2: expected none, in or out, got \"up\"");
  EXPECT_EQ(message("0+1 00 in 99999999999 -> good 0/00/00 -"),
            "t:2: expected a length in bytes, got \"99999999999\"");
  EXPECT_EQ(message("0+1 00 in 1 -> fine 0/00/00 -"), "t:2: expected good, check or error, got \"fine\"");
  EXPECT_EQ(message("0+1 00 in 1 -> good 0/0/00 -"), "t:2: expected key/asc/ascq, got \"0/0/00\"");
  EXPECT_EQ(message("0+1 00 in 1 -> error sleepy -"), "t:2: expected a kind of error, got \"sleepy\"");
  EXPECT_EQ(message("0+1 00 in 2 -> good 0/00/00 =ab"), "t:2: expected 2 bytes of data in hex, got \"=ab\"");
  EXPECT_EQ(replay("hello\n", "t").error().message, "t:1: expected \"# binrip trace 1\", got \"hello\"");
  EXPECT_EQ(message("# max transfer much"), "t:2: expected a length in bytes, got \"much\"");
}

TEST(Trace, SurvivesEveryTruncation) {
  std::string trace = recorded(TraceData::full);
  trace.resize(trace.find("be", 200));  // the long reads add nothing here
  for (std::size_t n = 0; n <= trace.size(); ++n) static_cast<void>(replay(trace.substr(0, n), "t"));
}

}  // namespace
}  // namespace binrip::drive
