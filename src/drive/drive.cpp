#include "binrip/drive/drive.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace binrip::drive {
namespace {

using std::chrono::milliseconds;

// Answered from the drive's memory, but a drive that spins up or re-reads a spot answers nothing until then.
constexpr milliseconds kQuickTimeout{30'000};
// Moves the tray or spins the disc up: 4 s on a good disc, over a minute seen on a bad one.
constexpr milliseconds kMechanicalTimeout{120'000};
// A read of the disc: the drive's own retries of a hard error take up to 50 s.
constexpr milliseconds kReadTimeout{60'000};

// A drive may have several unit attentions waiting (power on, medium, mode parameters), never many.
constexpr int kUnitAttentionsInARow = 4;

constexpr std::size_t kInquirySize = 96;
constexpr std::uint16_t kModeSize = 256;
constexpr std::uint16_t kConfigurationSize = 1024;

std::uint16_t kb_per_second(int times) {
  // Rounded up: a drive takes the next speed at or below what is asked.
  return static_cast<std::uint16_t>(std::min((std::int64_t{times} * 1764 + 9) / 10, std::int64_t{0xFFFE}));
}

Result<void> check_speed(std::optional<int> times) {
  if (times && *times < 1) {
    return fail(ErrorKind::usage, fmt::format("speed: expected 1 or more, got {}", *times));
  }
  return {};
}

}  // namespace

Drive::Drive(Transport& transport) : transport_(transport) {}

Result<void> Drive::run(const Cdb& cdb, Direction direction, MutableBytes data, milliseconds timeout,
                        std::string_view doing) {
  Sense sense;
  for (int i = 0; i <= kUnitAttentionsInARow; ++i) {
    TRY(const Completion completion, transport_.execute(cdb, direction, data, timeout));
    if (completion.good) return {};
    sense = completion.sense;
    const SenseClass meaning = classify(sense);
    if (meaning == SenseClass::recovered) return {};
    if (meaning == SenseClass::reset) ++resets_;
    if (meaning != SenseClass::unit_attention && meaning != SenseClass::reset) break;
  }
  return fail(sense_error(sense, fmt::format("{} ({})", doing, name())));
}

// The buffer starts as zeros: what the drive leaves out, or what a lost transfer never brought, is no number.
Result<ByteVector> Drive::ask(const Cdb& cdb, std::size_t size, std::string_view doing) {
  ByteVector data(size, 0);
  TRY_VOID(run(cdb, Direction::from_drive, data, kQuickTimeout, doing));
  return data;
}

Result<Inquiry> Drive::inquiry() {
  TRY(const ByteVector reply, ask(inquiry_cdb(kInquirySize), kInquirySize, "identify the drive"));
  return parse_inquiry(reply);
}

Result<std::string> Drive::serial_number() {
  constexpr Byte kPageSize = 252;
  const auto page = ask(inquiry_vpd_cdb(0x80, kPageSize), kPageSize, "ask for the serial number");
  if (page) {
    const auto serial = parse_serial_number(*page);
    if (serial && !serial->empty()) return *serial;
  } else if (page.error().kind != ErrorKind::illegal) {
    return fail(page.error());
  }
  const auto features = configuration();
  if (features) return features->serial();
  if (features.error().kind == ErrorKind::illegal || features.error().kind == ErrorKind::invalid) {
    return std::string();
  }
  return fail(features.error());
}

Result<Configuration> Drive::configuration() {
  constexpr std::string_view kDoing = "ask for the drive's features";
  TRY(ByteVector reply, ask(get_configuration_cdb(0, kConfigurationSize), kConfigurationSize, kDoing));
  const std::size_t declared = std::min<std::size_t>(load_be32(reply), 0xFFF0) + 4;
  const std::size_t size = std::min(declared, transport_.max_transfer());
  if (size > reply.size()) {
    TRY(reply, ask(get_configuration_cdb(0, static_cast<std::uint16_t>(size)), size, kDoing));
  }
  return parse_configuration(reply);
}

Result<Capabilities> Drive::capabilities() {
  TRY(const ByteVector reply, ask(mode_sense_cdb(0x2A, kModeSize), kModeSize, "ask what the drive can do"));
  return parse_capabilities(reply);
}

Result<ErrorRecovery> Drive::error_recovery() {
  TRY(const ByteVector reply,
      ask(mode_sense_cdb(0x01, kModeSize), kModeSize, "ask how the drive recovers from errors"));
  return parse_error_recovery(reply);
}

Result<void> Drive::set_error_recovery(const ErrorRecovery& page) {
  ByteVector list = mode_select_error_recovery(page);
  return run(mode_select_cdb(static_cast<std::uint16_t>(list.size())), Direction::to_drive, list,
             kQuickTimeout, "set how the drive recovers from errors");
}

Result<DiscInformation> Drive::disc_information() {
  TRY(const ByteVector reply, ask(read_disc_information_cdb(34), 34, "read the disc information"));
  return parse_disc_information(reply);
}

Result<TrackInformation> Drive::track_information(Byte track) {
  TRY(const ByteVector reply,
      ask(read_track_information_cdb(track, 36), 36, fmt::format("read the information of track {}", track)));
  return parse_track_information(reply);
}

Result<std::optional<std::string>> Drive::mcn() {
  TRY(const ByteVector reply, ask(read_subchannel_cdb(2, 0, 24), 24, "read the media catalogue number"));
  return parse_subchannel_mcn(reply);
}

Result<std::optional<std::string>> Drive::isrc(Byte track) {
  TRY(const ByteVector reply,
      ask(read_subchannel_cdb(3, track, 24), 24, fmt::format("read the ISRC of track {}", track)));
  return parse_subchannel_isrc(reply);
}

Result<void> Drive::set_speed(std::optional<int> times) {
  TRY_VOID(check_speed(times));
  const std::uint16_t speed = times ? kb_per_second(*times) : std::uint16_t{0xFFFF};
  return run(set_cd_speed_cdb(speed), Direction::none, {}, kMechanicalTimeout, "set the speed");
}

Result<void> Drive::set_streaming(std::optional<int> times) {
  TRY_VOID(check_speed(times));
  // The range must lie on the disc; a drive that does not tell its end gets the end of all discs.
  std::uint32_t last = static_cast<std::uint32_t>(cd::kLastLba.value);
  if (const auto capacity = ask(read_capacity_cdb(), 8, "read the capacity")) {
    if (const auto end = parse_last_lba(*capacity)) last = static_cast<std::uint32_t>(end->value);
  }
  ByteVector list = set_streaming_descriptor(last, times ? kb_per_second(*times) : 0U);
  return run(set_streaming_cdb(), Direction::to_drive, list, kMechanicalTimeout, "set the streaming speed");
}

Result<void> Drive::lock_tray(TrayLock lock) {
  return run(prevent_allow_cdb(lock), Direction::none, {}, kQuickTimeout,
             lock == TrayLock::locked ? "lock the tray" : "unlock the tray");
}

Result<void> Drive::start_stop(StartStop what) {
  const std::string_view doing = what == StartStop::eject  ? "open the tray"
                                 : what == StartStop::load ? "close the tray"
                                 : what == StartStop::stop ? "stop the disc"
                                                           : "start the disc";
  return run(start_stop_cdb(what), Direction::none, {}, kMechanicalTimeout, doing);
}

Result<std::optional<MediaEvent>> Drive::media_event() {
  constexpr Byte kMediaClassBit = 1 << 4;
  TRY(const ByteVector reply, ask(get_event_status_cdb(kMediaClassBit, 8), 8, "ask for media events"));
  return parse_media_event(reply);
}

Result<MechanismStatus> Drive::mechanism_status() {
  TRY(const ByteVector reply, ask(mechanism_status_cdb(8), 8, "ask for the tray's state"));
  return parse_mechanism_status(reply);
}

Result<Completion> Drive::read_cd(const ReadCd& request, MutableBytes data, milliseconds timeout) {
  if (request.count > 0xFFFFFF || data.size() != request.count * record_size(request)) {
    return fail(ErrorKind::usage,
                fmt::format("READ CD of {} sectors: expected a buffer of {} bytes, got {}", request.count,
                            request.count * record_size(request), data.size()));
  }
  return transport_.execute(encode(request), Direction::from_drive, data, timeout);
}

Result<Completion> Drive::read_12_fua(cd::Lba start, std::uint32_t count, MutableBytes data) {
  const Direction direction = data.empty() ? Direction::none : Direction::from_drive;
  return transport_.execute(read_12_fua_cdb(start, count), direction, data, kReadTimeout);
}

}  // namespace binrip::drive
