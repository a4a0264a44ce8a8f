// What the kernel's words for a command mean. Host bytes are those of its <scsi/scsi_status.h>.
#include "drive/sg_status.hpp"

#include <gtest/gtest.h>

#include "drive/kernel_timeout.hpp"

namespace binrip::drive {
namespace {

constexpr Byte kCheck = 0x02, kBusy = 0x08;

SgStatus of_host(std::uint16_t host) { return {.host_status = host, .sense = {}, .asked = 2352}; }

ErrorKind kind_of(const SgStatus& status) {
  const auto result = understand(status, "/dev/sg0", 0xBE);
  EXPECT_FALSE(result.has_value());
  return result ? ErrorKind::usage : result.error().kind;
}

TEST(SgStatus, GoodDeliversWhatIsNotResidual) {
  for (const auto& [residual, transferred] :
       {std::pair{0, 2352}, {52, 2300}, {2352, 0}, {9999, 0}, {-4, 2352}}) {
    const auto result = understand({.sense = {}, .asked = 2352, .residual = residual}, "/dev/sg0", 0xBE);
    ASSERT_TRUE(result.has_value());
    EXPECT_TRUE(result->good);
    EXPECT_EQ(result->transferred, static_cast<std::size_t>(transferred)) << residual;
  }
}

TEST(SgStatus, HostStatusIsAnErrorThoughTheDriveSaidNothing) {
  EXPECT_EQ(kind_of(of_host(3)), ErrorKind::timeout);
  EXPECT_EQ(kind_of(of_host(1)), ErrorKind::no_device);
  EXPECT_EQ(kind_of(of_host(4)), ErrorKind::no_device);
  for (const int host : {2, 5, 6, 7, 8, 9, 11, 14, 20, 255}) {
    EXPECT_EQ(kind_of(of_host(static_cast<std::uint16_t>(host))), ErrorKind::bus) << host;
  }
}

TEST(SgStatus, DriverStatusOfOldKernels) {
  EXPECT_EQ(kind_of({.driver_status = 0x26, .sense = {}}), ErrorKind::timeout);  // with a suggestion above
  EXPECT_EQ(kind_of({.driver_status = 0x04, .sense = {}}), ErrorKind::bus);
  EXPECT_TRUE(understand({.driver_status = 0x08, .sense = {}}, "/dev/sg0", 0).has_value());
}

TEST(SgStatus, SenseOfTheDriveComesFirst) {
  const ByteVector sense = encode_sense({.key = 3, .asc = 0x11, .ascq = 5, .information = 60});
  const auto result = understand({.status = kCheck,
                                  .host_status = 7,
                                  .driver_status = 8,
                                  .sense = sense,
                                  .asked = 4704,
                                  .residual = 2352},
                                 "/dev/sg0", 0xBE);
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->good);
  EXPECT_EQ(result->sense.asc, 0x11);
  EXPECT_EQ(result->transferred, std::size_t{2352});
}

TEST(SgStatus, CheckConditionWithoutSenseIsNoSuccess) {
  const auto result = understand({.status = kCheck, .sense = {}}, "/dev/sg0", 0xBE);
  ASSERT_TRUE(result.has_value());
  EXPECT_FALSE(result->good);
  EXPECT_EQ(kind_of({.status = kCheck, .host_status = 3, .sense = {}}), ErrorKind::timeout);
}

TEST(SgStatus, OtherStatusIsABusError) {
  const auto result = understand({.status = kBusy, .sense = {}}, "/dev/sg0", 0xBE);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::bus);
  EXPECT_EQ(result.error().message,
            "/dev/sg0: command BEh: lost on the bus (status 08h, host 00h, driver 00h)");
}

// Linux 6.1, drivers/scsi/scsi_ioctl.c: 0 is the block layer's default of a minute, and 7 s the least.
TEST(KernelTimeout, IsWhatTheKernelMakesOfTheDefault) {
  using std::chrono::milliseconds;
  EXPECT_EQ(effective_timeout(milliseconds(0)), milliseconds(60'000));
  EXPECT_EQ(effective_timeout(milliseconds(1)), milliseconds(7'000));
  EXPECT_EQ(effective_timeout(milliseconds(30'000)), milliseconds(30'000));
}

}  // namespace
}  // namespace binrip::drive
