#include "ask_drive.hpp"

#include "binrip/drive/drive.hpp"
#include "binrip/drive/open_drive.hpp"

namespace binrip::cli {
namespace {

constexpr std::uint16_t kFeatureCdRead = 0x001E;
constexpr Byte kCdReadC2 = 0x02;
constexpr Byte kCdReadCdText = 0x01;

}  // namespace

void ask_open_drive(drive::Transport& transport, DriveState& state) {
  drive::Drive drive(transport);
  // Takes the unit attention of a disc that was just put in; whether it is ready does not matter here.
  static_cast<void>(drive.wait_ready(std::chrono::milliseconds(0)));
  if (const auto configuration = drive.configuration()) {
    // CD Read Feature: its first byte has C2 Flags in bit 1 and CD-Text in bit 0.
    if (const drive::Feature* cd_read = configuration->find(kFeatureCdRead)) {
      state.reads_cd_da = true;
      const Byte bits = cd_read->data.empty() ? Byte{0} : cd_read->data[0];
      state.c2 = (bits & kCdReadC2) != 0;
      state.cd_text = (bits & kCdReadCdText) != 0;
    }
  }
  if (const auto capabilities = drive.capabilities()) {
    state.reads_cd_da = state.reads_cd_da || capabilities->reads_cd_da;
    state.c2 = state.c2 || capabilities->reads_c2;
    state.raw_subchannel = capabilities->reads_rw_subchannel;
    state.accurate_stream = capabilities->accurate_stream;
  }
  if (const auto event = drive.media_event(); event && *event) {
    const drive::MediaEvent& media = **event;
    state.medium = media.tray_open ? "tray open" : media.media_present ? "disc" : "none";
  }
}

DriveState ask_drive(const drive::FoundDrive& found) {
  DriveState state;
  state.found = found;
  state.medium = found.media_present ? "disc" : "none";
  const auto device = drive::open_drive(found.node);
  if (!device) {
    state.problem = device.error().message;
    return state;
  }
  ask_open_drive(*device->transport, state);
  return state;
}

}  // namespace binrip::cli
