// `binrip offset`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct Host;
struct OffsetInvocation;

int offset_command(const OffsetInvocation& options, Host& host);

}  // namespace binrip::cli
