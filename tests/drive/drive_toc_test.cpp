#include <gtest/gtest.h>

#include "drive/scripted_transport.hpp"

#include "binrip/drive/drive.hpp"

namespace binrip::drive {
namespace {

using test::deliver;
using test::ScriptedTransport;
using test::sense_of;

// Answers READ TOC with these replies by format, cut to the allocation length.
ScriptedTransport::Answer toc(Byte format, ByteVector reply) {
  return [=](const Cdb& cdb, MutableBytes data) -> Result<Completion> {
    if (cdb.bytes[2] != format) return sense_of(5, 0x24, 0);
    return deliver(reply, data);
  };
}

TEST(DriveToc, FormattedTocInOneCommand) {
  ScriptedTransport transport(
      toc(0, {0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0, 0, 0x4E, 0x20}));
  Drive drive(transport);
  const auto result = drive.formatted_toc();
  ASSERT_TRUE(result.has_value()) << result.error().message;
  ASSERT_EQ(result->tracks.size(), 2U);
  EXPECT_EQ(result->tracks[1].start.value, 20'000);
  EXPECT_EQ(transport.commands.size(), 1U);
}

TEST(DriveToc, LostReplyIsAnError) {
  ScriptedTransport transport([](const Cdb&, MutableBytes) -> Result<Completion> { return Completion{}; });
  Drive drive(transport);
  EXPECT_EQ(drive.formatted_toc().error().kind, ErrorKind::invalid);
  EXPECT_EQ(drive.full_toc().error().kind, ErrorKind::invalid);
  EXPECT_EQ(drive.session_info().error().kind, ErrorKind::invalid);
}

TEST(DriveToc, CdTextIsAskedForByItsLength) {
  ByteVector reply(4 + 18 * 3, 0x80);
  store_be16(reply, 0, static_cast<std::uint16_t>(reply.size() - 2));
  ScriptedTransport transport(toc(5, reply));
  Drive drive(transport);
  const auto packs = drive.cdtext_packs();
  ASSERT_TRUE(packs.has_value()) << packs.error().message;
  EXPECT_EQ(packs->size(), 54U);
  ASSERT_EQ(transport.commands.size(), 2U);
  EXPECT_EQ(load_be16(transport.commands[1].view(), 7), reply.size());
}

TEST(DriveToc, OddLengthsAreAskedForEven) {
  ByteVector reply(4 + 19, 0);
  store_be16(reply, 0, static_cast<std::uint16_t>(reply.size() - 2));
  ScriptedTransport transport(toc(5, reply));
  Drive drive(transport);
  static_cast<void>(drive.cdtext_packs());
  ASSERT_EQ(transport.commands.size(), 2U);
  EXPECT_EQ(load_be16(transport.commands[1].view(), 7), 24);
}

TEST(DriveToc, NoCdTextAndNoAtipAreNoErrors) {
  ScriptedTransport refusing(
      [](const Cdb&, MutableBytes) -> Result<Completion> { return sense_of(5, 0x24, 0); });
  Drive drive(refusing);
  EXPECT_TRUE(drive.cdtext_packs()->empty());
  EXPECT_EQ(*drive.atip(), std::nullopt);

  ScriptedTransport empty(toc(5, {0, 2, 0, 0}));
  Drive other(empty);
  EXPECT_TRUE(other.cdtext_packs()->empty());
  EXPECT_EQ(other.full_toc().error().kind, ErrorKind::illegal);
}

TEST(DriveToc, LengthBeyondTheTransferLimitIsAnErrorNotAnOverrun) {
  ScriptedTransport transport(toc(5, ByteVector(65536, 0xFF)));
  transport.limit = 16'384;
  Drive drive(transport);
  const auto packs = drive.cdtext_packs();
  for (const Cdb& cdb : transport.commands) EXPECT_LE(load_be16(cdb.view(), 7), 16'384);
  if (packs) {
    EXPECT_LE(packs->size(), 16'384U);
  }
}

}  // namespace
}  // namespace binrip::drive
