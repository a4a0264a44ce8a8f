// Every parser of a drive's reply; the first byte chooses, the rest is the reply.
#include "binrip/drive/commands.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace binrip;
  using namespace binrip::drive;
  if (size == 0) return 0;
  const Bytes reply(data + 1, size - 1);
  switch (data[0] % 12) {
    case 0:
      static_cast<void>(parse_inquiry(reply));
      break;
    case 1:
      static_cast<void>(parse_serial_number(reply));
      break;
    case 2:
      if (const auto configuration = parse_configuration(reply)) {
        static_cast<void>(configuration->serial());
        static_cast<void>(profile_name(configuration->current_profile));
      }
      break;
    case 3:
      static_cast<void>(parse_capabilities(reply));
      break;
    case 4:
      if (const auto page = parse_error_recovery(reply)) {
        // A page goes back to the drive as it came: the same length, parameters and rest.
        const ByteVector list = mode_select_error_recovery(*page);
        if (!page->rest.empty() && list.size() != 8 + 4 + page->rest.size()) __builtin_trap();
      }
      break;
    case 5:
      static_cast<void>(parse_disc_information(reply));
      break;
    case 6:
      static_cast<void>(parse_track_information(reply));
      break;
    case 7:
      static_cast<void>(parse_last_lba(reply));
      break;
    case 8:
      static_cast<void>(parse_subchannel_mcn(reply));
      break;
    case 9:
      static_cast<void>(parse_subchannel_isrc(reply));
      break;
    case 10:
      static_cast<void>(parse_media_event(reply));
      break;
    default:
      static_cast<void>(parse_mechanism_status(reply));
      break;
  }
  return 0;
}
