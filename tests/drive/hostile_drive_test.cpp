// A drive that answers every command with garbage, cut-off replies, absurd lengths, any sense or any failure.
// Whatever it does, the typed commands, the report and the probe return, in a bounded number of commands.
#include <random>

#include <gtest/gtest.h>

#include "drive/little_drive.hpp"

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;
using test::deliver;
using test::LittleHabits;
using test::ScriptedTransport;

constexpr std::size_t kManyCommands = 250;

class Hostile {
 public:
  explicit Hostile(unsigned seed) : random_(seed), temper_(seed % 4) {}

  Result<Completion> operator()(const Cdb& cdb, MutableBytes data) {
    switch (roll(temper_ == 0 ? 10 : 6)) {
      case 0:
        return any_sense();
      case 1:
        return any_failure();
      case 2:  // success, nothing or only a part delivered
        std::fill_n(data.begin(), data.empty() ? 0 : static_cast<std::ptrdiff_t>(random_() % data.size()),
                    Byte{0});
        return Completion{};
      case 3:
        return garbage(data, 256);
      case 4:
        return garbage(data, 4);  // small numbers: lengths that nearly fit
      default:
        return twisted(cdb, data);
    }
  }

 private:
  unsigned roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  Completion any_sense() {
    Completion completion =
        test::sense_of(static_cast<int>(roll(16)), static_cast<int>(roll(256)), static_cast<int>(roll(256)));
    if (roll(3) == 0) completion.sense = Sense{};
    if (roll(8) == 0) completion.sense = {.key = 6, .asc = 0x29, .ascq = 0, .information = {}};
    completion.good = roll(8) == 0;
    return completion;
  }
  Result<Completion> any_failure() {
    constexpr std::array kKinds = {ErrorKind::bus, ErrorKind::bus, ErrorKind::timeout, ErrorKind::permission};
    return fail(kKinds[roll(kKinds.size())], "hostile");
  }
  Completion garbage(MutableBytes data, unsigned range) {
    for (Byte& b : data) b = static_cast<Byte>(roll(range));
    if (roll(2) == 0 && data.size() >= 4) store_be16(data, 0, static_cast<std::uint16_t>(roll(0x10000)));
    return Completion{.good = true, .sense = {}, .transferred = random_()};  // even its count is a lie
  }
  // The answer of an honest drive with a few bytes changed.
  Result<Completion> twisted(const Cdb& cdb, MutableBytes data) {
    auto answer = honest_(cdb, data);
    for (unsigned i = roll(8); i > 0 && !data.empty(); --i) {
      data[random_() % std::min<std::size_t>(data.size(), 64)] = static_cast<Byte>(roll(256));
    }
    return answer;
  }

  std::mt19937_64 random_;
  unsigned temper_;
  ScriptedTransport::Answer honest_ = test::little_drive();
};

class HostileDrive : public testing::TestWithParam<unsigned> {
 protected:
  // Runs `what`, and says how many commands it took.
  template <class F>
  void bounded(ScriptedTransport& transport, F what) {
    transport.commands.clear();
    static_cast<void>(what());
    EXPECT_LE(transport.commands.size(), kManyCommands);
  }
};

TEST_P(HostileDrive, TypedCommandsReturn) {
  for (unsigned seed = GetParam() * 1000; seed < GetParam() * 1000 + 150; ++seed) {
    ScriptedTransport transport{Hostile(seed)};
    transport.limit = seed % 3 == 0 ? 4096 : 65536;
    Drive drive(transport);
    bounded(transport, [&] { return drive.wait_ready(milliseconds(5000)); });
    bounded(transport, [&] { return drive.inquiry(); });
    bounded(transport, [&] { return drive.serial_number(); });
    bounded(transport, [&] { return drive.configuration(); });
    bounded(transport, [&] { return drive.capabilities(); });
    bounded(transport, [&] { return drive.error_recovery(); });
    bounded(transport, [&] { return drive.formatted_toc(); });
    bounded(transport, [&] { return drive.session_info(); });
    bounded(transport, [&] { return drive.full_toc(); });
    bounded(transport, [&] { return drive.atip(); });
    bounded(transport, [&] { return drive.cdtext_packs(); });
    bounded(transport, [&] { return drive.disc_information(); });
    bounded(transport, [&] { return drive.track_information(1); });
    bounded(transport, [&] { return drive.mcn(); });
    bounded(transport, [&] { return drive.isrc(1); });
    bounded(transport, [&] { return drive.set_speed(8); });
    bounded(transport, [&] { return drive.set_streaming(8); });
    bounded(transport, [&] { return drive.lock_tray(TrayLock::locked); });
    bounded(transport, [&] { return drive.media_event(); });
    bounded(transport, [&] { return drive.mechanism_status(); });
  }
}

TEST_P(HostileDrive, ReportAndProbeReturnWithSaneValues) {
  for (unsigned seed = GetParam() * 1000; seed < GetParam() * 1000 + 40; ++seed) {
    ScriptedTransport transport{Hostile(seed)};
    Drive drive(transport);
    Profile profile;
    bounded(transport, [&] {
      auto reported = reported_profile(drive);
      if (reported) profile = *reported;
      return reported;
    });
    if (profile.max_transfer.value == 0) profile.max_transfer.value = 64 * 1024;
    bounded(transport, [&] {
      return probe_profile(drive, {{1000}, {1000 + static_cast<int>(seed % 50)}}, {20'000}, profile);
    });
    EXPECT_GE(profile.overread_lead_in.value, 0);
    EXPECT_LE(profile.overread_lead_in.value, 150);
    EXPECT_LE(profile.overread_lead_out.value, 4);
    EXPECT_GE(profile.max_transfer.value, 2352U);
    EXPECT_LE(profile.max_transfer.value, 64U * 1024);
  }
}

// A probe that never ends would be worse than a wrong one: every command fails in the same way.
TEST(HostileDrive, TheSameFailureForEverEndsTheProbe) {
  for (int key = 0; key < 16; ++key) {
    for (const int asc : {0x00, 0x04, 0x20, 0x28, 0x29, 0x3A, 0x64}) {
      ScriptedTransport transport(
          [&](const Cdb&, MutableBytes) -> Result<Completion> { return test::sense_of(key, asc, 0); });
      Drive drive(transport);
      Profile profile;
      static_cast<void>(probe_profile(drive, {{0}, {100}}, {100}, profile));
      static_cast<void>(reported_profile(drive));
      static_cast<void>(drive.wait_ready(milliseconds(10'000)));
      EXPECT_LE(transport.commands.size(), kManyCommands) << key << '/' << asc;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileDrive, testing::Range(0U, 4U));

}  // namespace
}  // namespace binrip::drive
