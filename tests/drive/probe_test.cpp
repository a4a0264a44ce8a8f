#include <gtest/gtest.h>

#include "drive/little_drive.hpp"

namespace binrip::drive {
namespace {

using test::little_drive;
using test::LittleHabits;
using test::ScriptedTransport;
using test::sense_of;

constexpr cd::LbaRange kReadable{{1000}, {9000}};
constexpr cd::Lba kLeadOut{test::kLittleLeadOut};

struct Probed {
  Profile profile;
  std::vector<Cdb> commands;
};

Probed probe(const LittleHabits& habits, std::size_t reported_limit = 64 * 1024, Profile start = {}) {
  ScriptedTransport transport(little_drive(habits));
  transport.limit = reported_limit;
  Drive drive(transport);
  if (start == Profile{}) start = *reported_profile(drive);
  transport.commands.clear();
  const auto result = probe_profile(drive, kReadable, kLeadOut, start);
  EXPECT_TRUE(result.has_value()) << result.error().message;
  EXPECT_LE(transport.commands.size(), 48U);
  return {start, transport.commands};
}

TEST(Probe, FindsAGoodDrive) {
  const Profile profile = probe({}).profile;
  EXPECT_EQ(profile.c2, (Known<C2Support>{C2Support::bits, ProfileSource::probed}));
  EXPECT_EQ(profile.sub, (Known<SubSupport>{SubSupport::raw, ProfileSource::probed}));
  EXPECT_EQ(profile.order, (Known<FieldOrder>{FieldOrder::main_c2_sub, ProfileSource::probed}));
  EXPECT_EQ(profile.combination, (Known<Combination>{Combination::together, ProfileSource::probed}));
  EXPECT_EQ(profile.max_transfer, (Known<std::uint32_t>{64 * 1024, ProfileSource::probed}));
  EXPECT_EQ(profile.overread_lead_in, (Known<int>{150, ProfileSource::probed}));
  EXPECT_EQ(profile.overread_lead_out, (Known<int>{2, ProfileSource::probed}));
  EXPECT_EQ(profile.read_offset.source, ProfileSource::assumed);
}

TEST(Probe, FindsTheOrderByTheQThatFits) {
  EXPECT_EQ(probe({.order = FieldOrder::main_sub_c2}).profile.order.value, FieldOrder::main_sub_c2);
  const LittleHabits formatted{.sub = SubSupport::formatted_q, .order = FieldOrder::main_sub_c2};
  const Profile profile = probe(formatted).profile;
  EXPECT_EQ(profile.order.value, FieldOrder::main_sub_c2);
  EXPECT_EQ(profile.sub.value, SubSupport::formatted_q);
  EXPECT_EQ(profile.combination.value, Combination::together);
}

TEST(Probe, FindsThatFieldsDoNotComeTogether) {
  const Profile profile = probe({.combination = Combination::separate}).profile;
  EXPECT_EQ(profile.combination, (Known<Combination>{Combination::separate, ProfileSource::probed}));
  EXPECT_EQ(profile.c2.value, C2Support::bits);
  EXPECT_EQ(profile.sub.value, SubSupport::raw);
}

TEST(Probe, FindsWhatIsMissing) {
  Profile profile = probe({.c2 = C2Support::none}).profile;
  EXPECT_EQ(profile.c2, (Known<C2Support>{C2Support::none, ProfileSource::probed}));
  EXPECT_EQ(profile.sub.value, SubSupport::raw);
  profile = probe({.sub = SubSupport::none}).profile;
  EXPECT_EQ(profile.sub, (Known<SubSupport>{SubSupport::none, ProfileSource::probed}));
  EXPECT_EQ(profile.c2.value, C2Support::bits);
}

TEST(Probe, StuckC2IsNone) {
  EXPECT_EQ(probe({.c2_stuck = true}).profile.c2.value, C2Support::none);
  EXPECT_EQ(probe({.c2_stuck = true, .sub = SubSupport::none}).profile.c2.value, C2Support::none);
}

TEST(Probe, FieldsThatDidNotArriveAreNone) {
  const Profile profile = probe({.ignores_extra_fields = true}).profile;
  EXPECT_EQ(profile.c2.value, C2Support::none);
  EXPECT_EQ(profile.sub.value, SubSupport::none);
}

TEST(Probe, FindsTheTransferThatWorks) {
  for (const std::size_t limit : {4096U, 10'000U, 16'000U, 32'768U, 61'440U, 65'536U, 120'000U}) {
    const Profile profile = probe({.limit = limit}, 128 * 1024).profile;
    EXPECT_LE(profile.max_transfer.value, limit);
    EXPECT_GT(profile.max_transfer.value, std::min<std::size_t>(limit, 128 * 1024) / 3);
    EXPECT_EQ(profile.max_transfer.source, ProfileSource::probed);
  }
}

TEST(Probe, FindsHowFarBelowZeroItReads) {
  for (const int limit : {0, 1, 3, 4, 30, 75, 135, 149, 150}) {
    const Profile profile = probe({.overread_lead_in = limit}).profile;
    EXPECT_EQ(profile.overread_lead_in.value, limit);
  }
}

TEST(Probe, AnotherPlacesDataIsNoOverread) {
  EXPECT_LE(probe({.overread_gives_lba_0 = true}).profile.overread_lead_in.value, 1);
}

TEST(Probe, FindsHowFarItReadsBeyondTheLeadOut) {
  for (const int limit : {0, 1, 2, 3}) {
    EXPECT_EQ(probe({.overread_lead_out = limit}).profile.overread_lead_out.value, limit);
  }
  for (const Cdb& cdb : probe({.overread_lead_out = 75}).commands) {
    EXPECT_LT(static_cast<std::int32_t>(load_be32(cdb.view(), 2)), test::kLittleLeadOut + 4);
  }
}

TEST(Probe, FindsScrambledReadsOfData) {
  EXPECT_EQ(probe({.data = true, .audio_over_data = true}).profile.audio_over_data.value, true);
  const Profile refused = probe({.data = true}).profile;
  EXPECT_EQ(refused.audio_over_data, (Known<bool>{false, ProfileSource::probed}));
  EXPECT_EQ(probe({}).profile.audio_over_data.source, ProfileSource::assumed);
}

TEST(Probe, LeavesAloneWhatIsKnownBetter) {
  Profile start;
  start.c2.set(C2Support::none, ProfileSource::configured);
  start.order.set(FieldOrder::main_sub_c2, ProfileSource::command_line);
  start.max_transfer.set(8192, ProfileSource::configured);
  start.overread_lead_in.set(10, ProfileSource::table);
  const Probed probed = probe({}, 64 * 1024, start);
  EXPECT_EQ(probed.profile.c2, start.c2);
  EXPECT_EQ(probed.profile.order, start.order);
  EXPECT_EQ(probed.profile.max_transfer, start.max_transfer);
  EXPECT_EQ(probed.profile.overread_lead_in, start.overread_lead_in);
  EXPECT_EQ(probed.profile.sub.source, ProfileSource::probed);
  for (const Cdb& cdb : probed.commands) EXPECT_EQ(cdb.bytes[9] & 0x06, 0);  // C2 is not asked for
}

TEST(Probe, ShortDiscIsProbedWithinItself) {
  ScriptedTransport transport(little_drive());
  Drive drive(transport);
  Profile profile = *reported_profile(drive);
  ASSERT_TRUE(probe_profile(drive, {{1000}, {1002}}, kLeadOut, profile).has_value());
  EXPECT_EQ(profile.sub.source, ProfileSource::probed);
  EXPECT_EQ(profile.max_transfer.source, ProfileSource::reported);  // no room to try it
  ASSERT_TRUE(probe_profile(drive, {{1000}, {1000}}, kLeadOut, profile).has_value());
}

TEST(Probe, StopsWhenTheDiscOrTheDriveGoes) {
  Profile profile;
  const auto with = [&](Result<Completion> answer) {
    ScriptedTransport transport([&](const Cdb&, MutableBytes) { return answer; });
    Drive drive(transport);
    const auto result = probe_profile(drive, kReadable, kLeadOut, profile);
    EXPECT_FALSE(result.has_value());
    EXPECT_LE(transport.commands.size(), 2U);
    return result ? ErrorKind::usage : result.error().kind;
  };
  EXPECT_EQ(with(sense_of(6, 0x28, 0)), ErrorKind::medium_changed);
  EXPECT_EQ(with(sense_of(2, 0x3A, 0)), ErrorKind::no_medium);
  EXPECT_EQ(with(fail(ErrorKind::no_device, "gone")), ErrorKind::no_device);
  EXPECT_EQ(with(fail(ErrorKind::timeout, "hangs")), ErrorKind::timeout);
}

TEST(Probe, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  ScriptedTransport transport(little_drive());
  Drive drive(transport);
  Profile profile;
  const auto result = probe_profile(drive, kReadable, kLeadOut, profile, source.get_token());
  EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace binrip::drive
