// The transport to a real drive, in the bed, where /dev/sr0 is: what every transport must do, and what comes
// of a drive or a kernel in trouble. CMakeLists.txt runs each suite with the drive that it is about.
#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "drive/transport_conformance.hpp"

#include "binrip/drive/cdio_transport.hpp"

namespace binrip::drive::test {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};
constexpr Byte kPattern = 0xA7;
// Where CMakeLists.txt puts the faults.
constexpr cd::Lba kHard{60}, kHang{50};

std::unique_ptr<Transport> open_drive() {
  auto opened = open_cdio("/dev/sr0");
  if (!opened) {
    ADD_FAILURE() << opened.error().message;
    return nullptr;
  }
  return std::move(opened->transport);
}

Result<Completion> read_sectors(Transport& transport, cd::Lba start, std::uint32_t count, ByteVector& data) {
  data.assign(std::size_t{count} * 2352, kPattern);
  const ReadCd request{.start = start, .count = count};
  return transport.execute(encode(request), Direction::from_drive, data, kTimeout);
}
bool untouched(const ByteVector& data) {
  return std::all_of(data.begin(), data.end(), [](Byte b) { return b == kPattern; });
}

INSTANTIATE_TEST_SUITE_P(Cdio, TransportConformance,
                         testing::Values(Subject{"cdio", open_drive, {cd::Lba{0}, cd::Lba{40}}}));

TEST(CdioFaults, MediumErrorComesWithItsSense) {
  const auto transport = open_drive();
  ByteVector data;
  const auto answer = read_sectors(*transport, kHard, 1, data);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_FALSE(answer->good);
  EXPECT_EQ(classify(answer->sense), SenseClass::medium) << to_string(answer->sense);
}

// Why a sector is good only for what stands in it. The mocked kernel gives up before the time is over.
TEST(CdioMockedFaults, CommandThatTimedOutIsCalledGoodWithItsBufferUntouched) {
  const auto transport = open_drive();
  ByteVector data;
  const auto answer = read_sectors(*transport, kHang, 1, data);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_TRUE(answer->good);
  EXPECT_TRUE(untouched(data));
}

// A real kernel takes its time, and only the clock tells.
TEST(CdioRealFaults, CommandThatTimedOutIsToldByTheClock) {
  const auto transport = open_drive();
  ByteVector data;
  const auto answer = read_sectors(*transport, kHang, 1, data);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::timeout) << answer.error().message;
}

TEST(CdioMockedFaults, TransferAboveTheLimitIsABusErrorAndSaysSo) {
  const auto transport = open_drive();
  ByteVector data;
  const auto count = static_cast<std::uint32_t>(transport->max_transfer() / 2352) + 1;
  const auto answer = read_sectors(*transport, cd::Lba{100}, count, data);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::bus) << answer.error().message;
  EXPECT_TRUE(untouched(data));
}

// libcdio itself sends none with its commands.
TEST(CdioOpen, TimeoutIsTheDevicesDefaultForAsLongAsItIsOpen) {
  const int other = ::open("/dev/sr0", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(other, 0);
  const auto ticks = [&] { return ::ioctl(other, SG_GET_TIMEOUT, nullptr); };
  EXPECT_EQ(ticks(), 0);  // as the kernel begins
  {
    const auto transport = open_drive();
    ASSERT_TRUE(transport->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout).has_value());
    EXPECT_EQ(ticks(), kTimeout.count() * ::sysconf(_SC_CLK_TCK) / 1000);
  }
  EXPECT_EQ(ticks(), 0);
  ::close(other);
}

TEST(CdioOpen, FollowsLinksToTheDrive) {
  for (const char* name : {"/dev/cdrom", "/dev/disk/by-path/pci-0000:00:1f.2-ata-1"}) {
    const auto opened = open_cdio(name);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_EQ(opened->transport->name(), "/dev/sr0");
  }
}

TEST(CdioVanishing, DriveThatIsUnpluggedIsNoDevice) {
  const auto transport = open_drive();
  for (int i = 0; i < 20'000; ++i) {  // a kernel may take a while over it
    const auto answer = transport->execute(test_unit_ready_cdb(), Direction::none, {}, kTimeout);
    if (answer || answer.error().kind == ErrorKind::bus) continue;  // the command that was under way
    EXPECT_EQ(answer.error().kind, ErrorKind::no_device) << answer.error().message;
    return;
  }
  FAIL() << "the drive has not vanished";
}

TEST(CdioReadOnly, DriveThatMayOnlyBeReadIsOpenedSo) {
  const auto opened = open_cdio("/dev/sr0");
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

TEST(CdioDenied, DriveOfOthersIsAPermissionErrorWithAHint) {
  const auto opened = open_cdio("/dev/sr0");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, ErrorKind::permission) << opened.error().message;
  EXPECT_FALSE(opened.error().hint.empty());
}

}  // namespace
}  // namespace binrip::drive::test

// libcdio 2.1.0 forgets the name that it makes for a command it does not know.
extern "C" const char* __lsan_default_suppressions() { return "leak:mmc_cmd2str\n"; }
