// `binrip tray`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct Host;
struct TrayInvocation;

int tray_command(const TrayInvocation& options, Host& host);

}  // namespace binrip::cli
