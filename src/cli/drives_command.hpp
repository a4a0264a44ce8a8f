// `binrip drives`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct DrivesInvocation;
struct Host;

int drives_command(const DrivesInvocation& options, Host& host);

}  // namespace binrip::cli
