#include "binrip/drive/drive.hpp"

#include <deque>

#include <gtest/gtest.h>

#include "drive/scripted_transport.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;
using test::deliver;
using test::is;
using test::ScriptedTransport;
using test::sense_of;

// Answers with these completions one after another, then GOOD.
ScriptedTransport::Answer in_turn(std::deque<Completion> answers) {
  return [answers = std::move(answers)](const Cdb&, MutableBytes) mutable -> Result<Completion> {
    if (answers.empty()) return Completion{};
    const Completion next = answers.front();
    answers.pop_front();
    return next;
  };
}
ScriptedTransport::Answer always(Completion completion) {
  return [completion](const Cdb&, MutableBytes) -> Result<Completion> { return completion; };
}

TEST(Drive, AsksAgainAfterUnitAttention) {
  ScriptedTransport transport(in_turn({sense_of(6, 0x29, 0), sense_of(6, 0x2A, 1)}));
  Drive drive(transport);
  EXPECT_TRUE(drive.lock_tray(TrayLock::locked).has_value());
  EXPECT_EQ(transport.commands.size(), 3U);
  EXPECT_EQ(drive.resets(), 1);
}

TEST(Drive, GivesUpOnEndlessUnitAttention) {
  ScriptedTransport transport(always(sense_of(6, 0x2A, 1)));
  Drive drive(transport);
  EXPECT_EQ(drive.set_speed(8).error().kind, ErrorKind::not_ready);
  EXPECT_LT(transport.commands.size(), 10U);
}

TEST(Drive, AnotherDiscIsAnErrorAtOnce) {
  ScriptedTransport transport(in_turn({sense_of(6, 0x28, 0)}));
  Drive drive(transport);
  const auto result = drive.lock_tray(TrayLock::unlocked);
  EXPECT_EQ(result.error().kind, ErrorKind::medium_changed);
  EXPECT_EQ(result.error().message, "cannot unlock the tray (/dev/test): 6/28/00 medium may have changed");
}

TEST(Drive, RecoveredErrorIsSuccess) {
  ScriptedTransport transport(in_turn({sense_of(1, 0x17, 1)}));
  Drive drive(transport);
  EXPECT_TRUE(drive.start_stop(StartStop::start).has_value());
}

TEST(Drive, ReadCdHandsTheCompletionOn) {
  ScriptedTransport transport(in_turn({sense_of(6, 0x28, 0), sense_of(3, 0x11, 5)}));
  Drive drive(transport);
  ByteVector data(2352);
  EXPECT_EQ(classify(drive.read_cd({.start = {0}}, data, milliseconds(1))->sense),
            SenseClass::medium_changed);
  EXPECT_EQ(classify(drive.read_cd({.start = {0}}, data, milliseconds(1))->sense), SenseClass::medium);
  EXPECT_EQ(transport.commands.size(), 2U);
}

TEST(Drive, ReadCdWantsABufferThatFits) {
  ScriptedTransport transport(in_turn({}));
  Drive drive(transport);
  ByteVector data(2351);
  EXPECT_EQ(drive.read_cd({.start = {0}}, data, milliseconds(1)).error().kind, ErrorKind::usage);
  EXPECT_TRUE(transport.commands.empty());
}

TEST(Drive, SpeedIsInKilobytes) {
  ScriptedTransport transport(in_turn({}));
  Drive drive(transport);
  ASSERT_TRUE(drive.set_speed(8).has_value());
  EXPECT_EQ(load_be16(transport.commands.back().view(), 2), 1412);  // 8 × 176.4, rounded up
  ASSERT_TRUE(drive.set_speed({}).has_value());
  EXPECT_EQ(load_be16(transport.commands.back().view(), 2), 0xFFFF);
  EXPECT_EQ(drive.set_speed(0).error().kind, ErrorKind::usage);
}

TEST(Drive, StreamingSpeedCoversTheDiscInTheDrive) {
  ScriptedTransport transport([](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    if (is(cdb, Opcode::read_capacity)) return deliver(ByteVector{0, 5, 0, 0, 0, 0, 8, 0}, data);
    return Completion{};
  });
  Drive drive(transport);
  ASSERT_TRUE(drive.set_streaming(4).has_value());
  ASSERT_EQ(transport.sent.size(), 28U);
  EXPECT_EQ(load_be32(transport.sent, 8), 0x50000U);
  EXPECT_EQ(load_be32(transport.sent, 12), 706U);
}

TEST(Drive, SerialNumberFallsBackToTheFeature) {
  ScriptedTransport transport([](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    if (is(cdb, Opcode::inquiry)) return sense_of(5, 0x24, 0);
    return deliver(ByteVector{0, 0, 0, 12, 0, 0, 0, 8, 1, 8, 3, 4, 'X', 'Y', '1', '2'}, data);
  });
  Drive drive(transport);
  EXPECT_EQ(*drive.serial_number(), "XY12");
}

TEST(Drive, HasNoSerialNumberWhenItRefusesBoth) {
  ScriptedTransport transport(always(sense_of(5, 0x20, 0)));
  Drive drive(transport);
  EXPECT_EQ(*drive.serial_number(), "");
}

TEST(Drive, LongConfigurationIsAskedForAgain) {
  ByteVector whole(3004, 0);
  store_be32(whole, 0, 3000);
  for (std::size_t at = 8; at + 4 <= whole.size(); at += 4) store_be16(whole, at, 0x0107);
  ScriptedTransport transport(
      [&](const Cdb&, MutableBytes data) -> Result<Completion> { return deliver(whole, data); });
  Drive drive(transport);
  EXPECT_EQ(drive.configuration()->features.size(), (3004U - 8) / 4);
  EXPECT_EQ(transport.commands.size(), 2U);
}

// --- waiting for a disc ---

TEST(WaitReady, SwallowsUnitAttentionsAndWaitsForTheDisc) {
  ScriptedTransport transport(
      in_turn({sense_of(6, 0x29, 0), sense_of(6, 0x28, 0), sense_of(2, 4, 1), sense_of(2, 4, 1)}));
  Drive drive(transport);
  EXPECT_TRUE(drive.wait_ready(milliseconds(30'000)).has_value());
  EXPECT_EQ(transport.count(Opcode::test_unit_ready), 5);
  EXPECT_GE(transport.now(), milliseconds(500));
}

TEST(WaitReady, EndsAtItsLimitWithWhatTheDriveSays) {
  ScriptedTransport transport(always(sense_of(2, 0x04, 1)));
  Drive drive(transport);
  const auto result = drive.wait_ready(milliseconds(10'000));
  EXPECT_EQ(result.error().kind, ErrorKind::not_ready);
  EXPECT_EQ(result.error().message, "/dev/test did not become ready in 10 s: 2/04/01 becoming ready");
  EXPECT_GE(transport.now(), milliseconds(9'500));
  EXPECT_LE(transport.now(), milliseconds(11'000));
}

TEST(WaitReady, StartsADriveThatWantsToBeStarted) {
  bool started = false;
  ScriptedTransport transport([&](const Cdb& cdb, MutableBytes) -> Result<Completion> {
    if (is(cdb, Opcode::start_stop_unit)) started = true;
    return started ? Completion{} : sense_of(2, 0x04, 2);
  });
  Drive drive(transport);
  EXPECT_TRUE(drive.wait_ready(milliseconds(5'000)).has_value());
  EXPECT_EQ(transport.count(Opcode::start_stop_unit), 1);
}

TEST(WaitReady, OpenTrayIsSaidAtOnce) {
  ScriptedTransport transport(always(sense_of(2, 0x3A, 2)));
  Drive drive(transport);
  const auto result = drive.wait_ready(milliseconds(30'000));
  EXPECT_EQ(result.error().kind, ErrorKind::no_medium);
  EXPECT_EQ(result.error().message, "the tray of /dev/test is open");
  EXPECT_EQ(transport.count(Opcode::test_unit_ready), 1);
}

TEST(WaitReady, OpenTrayIsFoundByMediaEvent) {
  ScriptedTransport transport([](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    if (is(cdb, Opcode::get_event_status)) return deliver(ByteVector{0, 6, 4, 0x10, 0, 1, 0, 0}, data);
    return sense_of(2, 0x3A, 0);
  });
  Drive drive(transport);
  EXPECT_EQ(drive.wait_ready(milliseconds(30'000)).error().message, "the tray of /dev/test is open");
}

TEST(WaitReady, EmptyDriveIsGivenAMomentOnly) {
  ScriptedTransport transport([](const Cdb& cdb, MutableBytes) -> Result<Completion> {
    return is(cdb, Opcode::test_unit_ready) ? sense_of(2, 0x3A, 1) : sense_of(5, 0x20, 0);
  });
  Drive drive(transport);
  const auto result = drive.wait_ready(milliseconds(60'000));
  EXPECT_EQ(result.error().kind, ErrorKind::no_medium);
  EXPECT_EQ(result.error().message, "no disc in /dev/test");
  EXPECT_FALSE(result.error().hint.empty());
  EXPECT_LE(transport.now(), milliseconds(3'000));
}

TEST(WaitReady, DiscFoundJustAfterTheTrayClosed) {
  ScriptedTransport transport([n = 0](const Cdb& cdb, MutableBytes) mutable -> Result<Completion> {
    if (!is(cdb, Opcode::test_unit_ready)) return sense_of(5, 0x20, 0);
    return ++n <= 4 ? sense_of(2, 0x3A, 1) : Completion{};
  });
  Drive drive(transport);
  EXPECT_TRUE(drive.wait_ready(milliseconds(60'000)).has_value());
}

TEST(WaitReady, IncompatibleDiscIsNotWaitedFor) {
  ScriptedTransport transport(always(sense_of(2, 0x30, 2)));
  Drive drive(transport);
  EXPECT_EQ(drive.wait_ready(milliseconds(60'000)).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(transport.commands.size(), 1U);
}

TEST(WaitReady, HandsOnThatTheDriveIsGone) {
  ScriptedTransport transport(
      [](const Cdb&, MutableBytes) -> Result<Completion> { return fail(ErrorKind::no_device, "gone"); });
  Drive drive(transport);
  EXPECT_EQ(drive.wait_ready(milliseconds(60'000)).error().kind, ErrorKind::no_device);
}

TEST(WaitReady, StopsWhenAsked) {
  std::stop_source source;
  ScriptedTransport transport([&, n = 0](const Cdb&, MutableBytes) mutable -> Result<Completion> {
    if (++n == 3) source.request_stop();
    return sense_of(2, 0x04, 1);
  });
  Drive drive(transport);
  EXPECT_EQ(drive.wait_ready(milliseconds(60'000), source.get_token()).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(transport.commands.size(), 3U);
}

TEST(WaitReady, EndlessUnitAttentionEnds) {
  ScriptedTransport transport(always(sense_of(6, 0x28, 0)));
  Drive drive(transport);
  EXPECT_EQ(drive.wait_ready(milliseconds(10'000)).error().kind, ErrorKind::not_ready);
  EXPECT_LT(transport.commands.size(), 60U);
}

}  // namespace
}  // namespace binrip::drive
