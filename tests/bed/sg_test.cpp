// The transport over SG_IO, in the bed, on both nodes of a drive: what every transport must do, and that a
// drive or a kernel in trouble is an error where libcdio knows only success. CMakeLists.txt runs each suite
// with the drive that it is about.
#include "drive/transport_conformance.hpp"

#include "binrip/drive/sg_transport.hpp"

namespace binrip::drive::test {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};
constexpr Byte kPattern = 0xA7;
// Where CMakeLists.txt puts the faults.
constexpr cd::Lba kHard{60}, kHang{50};
constexpr std::array<const char*, 2> kNodes{"/dev/sr0", "/dev/sg0"};

std::unique_ptr<Transport> open_drive(const char* node) {
  auto opened = open_sg(node);
  if (!opened) {
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }
  EXPECT_EQ(opened->access, Access::read_write);
  return std::move(opened->transport);
}

Result<Completion> read_sectors(Transport& transport, cd::Lba start, std::uint32_t count, ByteVector& data) {
  data.assign(std::size_t{count} * 2352, kPattern);
  const ReadCd request{.start = start, .count = count};
  return transport.execute(encode(request), Direction::from_drive, data, kTimeout);
}
bool untouched(Bytes data) {
  return std::all_of(data.begin(), data.end(), [](Byte b) { return b == kPattern; });
}

INSTANTIATE_TEST_SUITE_P(
    Sg, TransportConformance,
    testing::Values(Subject{"block", [] { return open_drive("/dev/sr0"); }, {cd::Lba{0}, cd::Lba{40}}},
                    Subject{"generic", [] { return open_drive("/dev/sg0"); }, {cd::Lba{0}, cd::Lba{40}}}),
    subject_name);

TEST(SgFaults, MediumErrorComesWithItsSense) {
  for (const char* node : kNodes) {
    const auto transport = open_drive(node);
    ByteVector data;
    const auto answer = read_sectors(*transport, kHard, 1, data);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_FALSE(answer->good);
    EXPECT_EQ(classify(answer->sense), SenseClass::medium) << to_string(answer->sense);
    EXPECT_EQ(answer->sense.information, static_cast<std::uint32_t>(kHard.value));
  }
}

TEST(SgFaults, SectorsBeforeTheFailedOneAreThereAndTheRestIsNotTouched) {
  for (const char* node : kNodes) {
    const auto transport = open_drive(node);
    ByteVector data;
    const auto answer = read_sectors(*transport, kHard - cd::SectorCount{3}, 6, data);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    ASSERT_TRUE(answer->transferred.has_value());
    EXPECT_EQ(*answer->transferred, 3U * 2352);
    EXPECT_FALSE(untouched(Bytes(data).first(*answer->transferred)));
    EXPECT_TRUE(untouched(Bytes(data).subspan(*answer->transferred)));
  }
}

TEST(SgFaults, CommandThatTimedOutIsATimeout) {
  for (const char* node : kNodes) {
    const auto transport = open_drive(node);
    ByteVector data;
    const auto answer = read_sectors(*transport, kHang, 1, data);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, ErrorKind::timeout) << answer.error().message;
    EXPECT_TRUE(untouched(data));
    EXPECT_TRUE(transport->reopen().has_value());
    EXPECT_TRUE(read_sectors(*transport, cd::Lba{0}, 1, data).has_value());
  }
}

TEST(SgFaults, ShortReplySaysHowMuchCame) {
  const auto transport = open_drive("/dev/sg0");
  ByteVector data(200, kPattern);
  const auto answer = transport->execute(inquiry_cdb(36), Direction::from_drive, data, kTimeout);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->transferred, std::size_t{36});
  EXPECT_TRUE(untouched(Bytes(data).subspan(36)));
}

TEST(SgFaults, TransferAboveTheLimitIsABusErrorAndSaysSo) {
  const auto transport = open_drive("/dev/sr0");
  ByteVector data;
  const auto count = static_cast<std::uint32_t>(transport->max_transfer() / 2352) + 1;
  const auto answer = read_sectors(*transport, cd::Lba{100}, count, data);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::bus) << answer.error().message;
  EXPECT_TRUE(untouched(data));
}

TEST(SgOpen, FollowsLinksToTheDrive) {
  for (const char* name : {"/dev/cdrom", "/dev/disk/by-path/pci-0000:00:1f.2-ata-1"}) {
    const auto opened = open_sg(name);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_EQ(opened->transport->name(), "/dev/sr0");
  }
}

TEST(SgOpen, TakesTheLimitThatTheCallerKnows) {
  const auto opened = open_sg("/dev/sg0", 12'345);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(opened->transport->max_transfer(), 12'345U);
}

TEST(SgVanishing, DriveThatIsUnpluggedIsNoDevice) {
  const auto transport = open_drive("/dev/sg0");
  for (int i = 0; i < 20'000; ++i) {  // a kernel may take a while over it
    const auto answer = transport->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout);
    if (answer || answer.error().kind == ErrorKind::bus) continue;  // the command that was under way
    EXPECT_EQ(answer.error().kind, ErrorKind::no_device) << answer.error().message;
    return;
  }
  FAIL() << "the drive has not vanished";
}

TEST(SgReadOnly, DriveThatMayOnlyBeReadIsOpenedSo) {
  for (const char* node : kNodes) {
    const auto opened = open_sg(node);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_EQ(opened->access, Access::read_only);
    ByteVector data;
    const auto read = read_sectors(*opened->transport, cd::Lba{0}, 1, data);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_TRUE(read->good);
    const auto speed = opened->transport->execute(set_cd_speed_cdb(0xFFFF), Direction::none, {}, kTimeout);
    ASSERT_FALSE(speed.has_value());
    EXPECT_EQ(speed.error().kind, ErrorKind::permission) << speed.error().message;
  }
}

TEST(SgDenied, DriveOfOthersIsAPermissionErrorWithAHint) {
  for (const char* node : kNodes) {
    const auto opened = open_sg(node);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, ErrorKind::permission) << opened.error().message;
    EXPECT_FALSE(opened.error().hint.empty());
  }
}

}  // namespace
}  // namespace binrip::drive::test
