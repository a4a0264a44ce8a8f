// A drive as the rest of the program sees it: typed commands over a Transport. Each sends its command, asks
// again after a unit attention (6/28, another disc, is an Error instead), and turns CHECK CONDITION into an
// Error; the reads alone hand the Completion on, since a failed read is data for the engine.
// One thread at a time.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "binrip/cd/toc.hpp"
#include "binrip/drive/commands.hpp"

namespace binrip::drive {

class Drive {
 public:
  explicit Drive(Transport& transport);  // kept by reference; must outlive the Drive

  Transport& transport() { return transport_; }
  std::string name() const { return transport_.name(); }
  // How often a typed command met 6/29: speed and error recovery have to be set again after each.
  int resets() const { return resets_; }

  // Waits until a disc is ready to be read. Errors: no_medium, not_ready (with what the drive says),
  // no_device, cancelled. An open tray is no_medium with a message that says so.
  Result<void> wait_ready(std::chrono::milliseconds limit, std::stop_token stop = {});

  Result<Inquiry> inquiry();
  Result<std::string> serial_number();  // VPD page 80h, or feature 0108h; empty when the drive has none
  Result<Configuration> configuration();
  Result<Capabilities> capabilities();
  Result<ErrorRecovery> error_recovery();
  Result<void> set_error_recovery(const ErrorRecovery& page);

  Result<cd::FormattedToc> formatted_toc();
  Result<cd::SessionInfo> session_info();
  Result<cd::FullToc> full_toc();
  Result<std::optional<cd::Atip>> atip();  // nothing for a pressed disc
  Result<ByteVector> cdtext_packs();       // empty when the disc has none
  Result<DiscInformation> disc_information();
  Result<TrackInformation> track_information(Byte track);
  Result<std::optional<std::string>> mcn();
  Result<std::optional<std::string>> isrc(Byte track);

  Result<void> set_speed(std::optional<int> times);  // nothing: as fast as it can
  Result<void> set_streaming(std::optional<int> times);
  Result<void> lock_tray(TrayLock lock);
  Result<void> start_stop(StartStop what);
  Result<std::optional<MediaEvent>> media_event();
  Result<MechanismStatus> mechanism_status();

  // `data` must hold count × record_size(request) bytes.
  Result<Completion> read_cd(const ReadCd& request, MutableBytes data, std::chrono::milliseconds timeout);
  Result<Completion> read_12_fua(cd::Lba start, std::uint32_t count, MutableBytes data);

 private:
  Result<void> run(const Cdb& cdb, Direction direction, MutableBytes data, std::chrono::milliseconds timeout,
                   std::string_view doing);
  Result<ByteVector> ask(const Cdb& cdb, std::size_t size, std::string_view doing);
  Result<ByteVector> toc_reply(Byte format, Byte from, std::uint16_t first_size, std::string_view doing);
  Result<void> no_medium_or_wait(const Sense& sense, std::chrono::nanoseconds& seen_empty_since);

  Transport& transport_;
  int resets_ = 0;
};

}  // namespace binrip::drive
