// `binrip verify`, from its options to its exit code.
#pragma once

namespace binrip::cli {

struct Host;
struct VerifyInvocation;

int verify_command(const VerifyInvocation& options, Host& host);

}  // namespace binrip::cli
